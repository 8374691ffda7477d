"""The Training tab's Augmentation part: what can be ticked, what is previewed, and the plan that comes of it."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QCheckBox, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from sciapp.records.plan.plan import TrainPlan, with_settings
from sciapp.records.project.project import Project
from sciapp.records.project.requests import PreviewAugmentation, read_request
from sciapp.records.run.preflight import AugmentationChoice, AugmentationPreview, AugmentedExample
from sciapp.ui.messages import Messages
from sciapp.ui.session import Session
from sciapp.ui.training.augmentation.editor import AugmentationEditor, StrengthSlider
from sciapp.ui.training.augmentation.preview import AugmentView
from sciapp.ui.training.tab import TrainingTab
from tests.helpers.tiny import tiny_project

SPELLINGS = AugmentationChoice(name="spelt", title="Spellings", help="h.", source="s", fits=True, averages=True)
NOISE = AugmentationChoice(name="noise", title="Noise", help="h.", source="s", fits=True, averages=False)
MOVES = AugmentationChoice(name="moves", title="Moves", help="h.", source="s", fits=False, averages=False)


def changed(**settings: object) -> TrainPlan:
    return with_settings(TrainPlan(dataset="d"), settings)


def box(editor: AugmentationEditor, name: str) -> QCheckBox:
    found = editor.findChild(QCheckBox, name)
    assert isinstance(found, QCheckBox)
    return found


@pytest.fixture
def editor(qtbot: QtBot) -> AugmentationEditor:
    made = AugmentationEditor()
    qtbot.addWidget(made)
    return made


def test_an_untouched_form_changes_nothing_of_a_plan(editor: AugmentationEditor) -> None:
    assert editor.applied_to(TrainPlan(dataset="d")) == TrainPlan(dataset="d")
    editor.setChoices((SPELLINGS, NOISE))
    assert editor.applied_to(TrainPlan(dataset="d")) == TrainPlan(dataset="d")


def test_a_plan_comes_back_from_the_form_before_and_after_the_choices_are_known(editor: AugmentationEditor) -> None:
    plan = changed(
        augmentations=("noise", "spelt"), augmentation_strength=0.35, augmented_share=0.8, token_masking=0.1,
        test_time=4,
    )  # fmt: skip
    editor.setValue(plan.augmentation.model_dump() | {"compare_augmentation": True})
    assert editor.applied_to(TrainPlan(dataset="d")) == plan and editor.wantsComparison()
    editor.setChoices((SPELLINGS, NOISE))
    assert editor.applied_to(TrainPlan(dataset="d")) == plan.model_copy(
        update={"augmentation": plan.augmentation.model_copy(update={"augmentations": ("spelt", "noise")})}
    )


def test_what_would_move_units_away_from_their_labels_cannot_be_ticked(editor: AugmentationEditor) -> None:
    editor.setValue({"augmentations": ("moves", "noise")})
    editor.setChoices((NOISE, MOVES))
    assert editor.value()["augmentations"] == ("noise",)
    assert not box(editor, "augmentation_moves").isEnabled()
    assert "labels" in box(editor, "augmentation_moves").toolTip()


def test_averaging_and_comparing_need_something_to_average_and_compare(
    editor: AugmentationEditor, qtbot: QtBot
) -> None:
    editor.setChoices((SPELLINGS, NOISE))
    editor.setValue({"test_time": 5, "compare_augmentation": True, "augmentations": ("noise",)})
    assert (editor.value()["test_time"], editor.value()["compare_augmentation"]) == (0, True)
    with qtbot.waitSignal(editor.valueChanged):
        box(editor, "augmentation_spelt").setChecked(True)
    assert editor.value()["test_time"] == 5
    for name in ("augmentation_spelt", "augmentation_noise"):
        box(editor, name).setChecked(False)
    assert (editor.value()["test_time"], editor.value()["compare_augmentation"]) == (0, False)
    assert not box(editor, "compare_augmentation").isEnabled()


def test_the_slider_says_its_number(editor: AugmentationEditor, qtbot: QtBot) -> None:
    slider = editor.findChild(StrengthSlider)
    assert slider is not None
    with qtbot.waitSignal(editor.valueChanged):
        slider.setValue(85)
    assert editor.value()["augmentation_strength"] == 0.85
    assert "0.85" in [label.text() for label in editor.findChildren(QLabel)]


def preview(*examples: AugmentedExample) -> AugmentationPreview:
    return AugmentationPreview(
        dataset="d", number=2, looked_at=90, changed=40, masked_share=0.1, examples=examples, choices=(NOISE,)
    )


def shown(view: AugmentView) -> str:
    return "\n".join(label.text() for label in view.findChildren(QLabel)).replace("\u200b", "")


def test_changed_places_are_marked_and_other_peoples_text_stays_text(qtbot: QtBot) -> None:
    view = AugmentView()
    qtbot.addWidget(view)
    one = AugmentedExample(
        line=7, original="a <b>word</b>", augmented="a <b>wrod</b>", augmentation="noise", removed=((2, 13),),
        added=((2, 13),),
    )  # fmt: skip
    view.show_preview(preview(one), chosen=True)
    said = shown(view)
    assert "Pass 2: 40 of" in said and " 90 " in said and "10% of" in said
    assert "&lt;b&gt;wrod&lt;/b&gt;</u>" in said and said.count("<u ") == 2 and "Noise" in said


def test_of_a_long_row_the_part_that_changed_is_shown(qtbot: QtBot) -> None:
    view = AugmentView()
    qtbot.addWidget(view)
    long = "A" * 900 + "W" + "C" * 900
    one = AugmentedExample(
        line=1, original=long, augmented=long.replace("W", "Y"), augmentation="noise", removed=((900, 901),),
        added=((900, 901),),
    )  # fmt: skip
    view.show_preview(preview(one), chosen=True)
    assert ">Y</u>C" in shown(view) and max(map(len, shown(view).splitlines())) < 300


@pytest.fixture
def tab(qtbot: QtBot, session: Session, messages: Messages, tmp_path: Path) -> TrainingTab:
    project, _ = tiny_project(tmp_path / "p", rows=60)
    made = TrainingTab(session, messages)
    qtbot.addWidget(made)
    session.open(Project.open(project.folder, lock=True))
    qtbot.waitUntil(lambda: made.editor.value() is not None, timeout=10_000)
    return made


def test_opening_the_part_offers_what_there_is_and_ticking_shows_rows(qtbot: QtBot, tab: TrainingTab) -> None:
    """With the real command in a process of its own."""
    editor, view = tab.editor.augmentation, tab.editor.augment_view
    wait: Callable[..., None] = qtbot.waitUntil
    assert editor.findChild(QCheckBox, "augmentation_end_crops") is None
    tab.editor.augmentation_fold.setOpen(True)
    wait(lambda: editor.findChild(QCheckBox, "augmentation_end_crops") is not None, timeout=60_000)
    assert "Tick" in shown(view)
    box(editor, "augmentation_end_crops").setChecked(True)
    wait(lambda: "as imported" in shown(view), timeout=60_000)
    assert "Pass 1: " in shown(view) and "<u " in shown(view)
    plan = tab.editor.value()
    assert plan is not None and plan.augmentation.augmentations == ("end_crops",)
    assert "augmentations=end_crops" in tab.command_line.text()
    button = view.findChild(QPushButton, "nextPass")
    assert isinstance(button, QPushButton)
    button.click()
    wait(lambda: "Pass 2: " in shown(view), timeout=60_000)


def test_the_request_for_a_preview_reaches_another_process_as_it_is(session: Session, tab: TrainingTab) -> None:
    project = session.project
    assert project is not None
    plan = changed(augmentations=("end_crops",), learning_rate=1e-4, seed=3, augmented_share=0.4)
    request = PreviewAugmentation(project=project.folder, plan=plan, rows=3, number=2)
    assert read_request(request.model_dump_json()) == request
