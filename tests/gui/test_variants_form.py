"""The Augmentation part of the window for what models write before training: which models, and what comes of them."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QCheckBox, QLabel, QLineEdit
from pytestqt.qtbot import QtBot

from sciapp.records.plan.plan import TrainPlan, with_settings
from sciapp.records.project.project import Project
from sciapp.records.run.preflight import AugmentationChoice
from sciapp.ui.messages import Messages
from sciapp.ui.session import Session
from sciapp.ui.training.augmentation.editor import AugmentationEditor
from sciapp.ui.training.augmentation.preview import AugmentView
from sciapp.ui.training.tab import TrainingTab
from tests.helpers.tiny_translation import text_project, tiny_pair

NOISE = AugmentationChoice(name="noise", title="Noise", help="h.", source="s", fits=True, averages=False)
THERE_AND_BACK = AugmentationChoice(
    name="back_translation", title="Back-translation", help="h.", source="s", fits=True, averages=False,
    settings=("augmentation_variants", "translation_there", "translation_back"),
)  # fmt: skip
WAIT = 120_000  # ms; a process of its own


def line(widget: AugmentationEditor, name: str) -> QLineEdit:
    found = widget.findChild(QLineEdit, name)
    assert isinstance(found, QLineEdit)
    return found


def tick(widget: AugmentationEditor, name: str) -> None:
    found = widget.findChild(QCheckBox, f"augmentation_{name}")
    assert isinstance(found, QCheckBox)
    found.setChecked(True)


def shown(view: AugmentView) -> str:
    return "\n".join(label.text() for label in view.findChildren(QLabel)).replace("\u200b", "")


def test_models_are_asked_for_where_they_are_needed_and_come_back_in_the_plan(qtbot: QtBot) -> None:
    editor = AugmentationEditor()
    qtbot.addWidget(editor)
    editor.setChoices((NOISE, THERE_AND_BACK))
    there, masked = line(editor, "translation_there"), line(editor, "substitution_model")
    assert not there.isVisibleTo(editor)
    tick(editor, "noise")
    assert not there.isVisibleTo(editor)
    tick(editor, "back_translation")
    assert there.isVisibleTo(editor) and not masked.isVisibleTo(editor)
    with qtbot.waitSignal(editor.valueChanged):
        there.setText(" org/there ")
    plan = editor.applied_to(TrainPlan(dataset="d"))
    assert plan.augmentation.translation_there == "org/there"
    wanted = with_settings(plan, {"translation_back": "org/back", "augmentation_variants": 7})
    editor.setValue(wanted.augmentation.model_dump())
    assert editor.applied_to(TrainPlan(dataset="d")) == wanted


@pytest.fixture
def tab(qtbot: QtBot, tmp_path: Path) -> Iterator[TrainingTab]:
    project, _ = text_project(tmp_path / "p")
    session = Session()
    made = TrainingTab(session, Messages())
    qtbot.addWidget(made)
    session.open(Project.open(project.folder, lock=True))
    qtbot.waitUntil(lambda: made.editor.value() is not None, timeout=10_000)
    yield made
    session.close()


def test_back_translation_without_models_is_told_and_cannot_start(qtbot: QtBot, tab: TrainingTab) -> None:
    editor, view = tab.editor.augmentation, tab.editor.augment_view
    tab.editor.augmentation_fold.setOpen(True)
    qtbot.waitUntil(lambda: not editor.lacksChoices(), timeout=WAIT)
    tick(editor, "back_translation")
    why = tab.start_bar.findChild(QLabel, "startHint")
    assert isinstance(why, QLabel) and "both models" in why.text()
    assert tab.command_line.text() == ""
    qtbot.waitUntil(lambda: "both models" in shown(view), timeout=WAIT)


def test_what_real_models_make_of_rows_is_shown(qtbot: QtBot, tab: TrainingTab, tmp_path: Path) -> None:
    """With the real command in a process of its own, which loads torch."""
    there, back = tiny_pair(tmp_path / "models")
    plan = tab.editor.value()
    assert plan is not None
    wanted = {"augmentations": "back_translation", "translation_there": str(there), "translation_back": str(back)}
    tab.editor.setValue(with_settings(plan, {**wanted, "augmentation_strength": 1.0}))
    tab.editor.augmentation_fold.setOpen(True)
    view = tab.editor.augment_view
    qtbot.waitUntil(lambda: "as imported" in shown(view), timeout=240_000)
    assert "Back-translation" in shown(view) and "Pass 1: 3 of" in shown(view)
    assert f"translation_there={there}" in tab.command_line.text()


def test_a_model_that_is_not_here_is_told_and_can_be_unticked(qtbot: QtBot, tab: TrainingTab) -> None:
    plan = tab.editor.value()
    assert plan is not None
    hub = {"translation_there": "no-such/model", "translation_back": "no-such/other"}
    tab.editor.setValue(with_settings(plan, {"augmentations": "back_translation", **hub}))
    tab.editor.augmentation_fold.setOpen(True)
    qtbot.waitUntil(lambda: "is not on this computer yet" in shown(tab.editor.augment_view), timeout=WAIT)
    qtbot.waitUntil(lambda: not tab.editor.augmentation.lacksChoices(), timeout=WAIT)
    qtbot.waitUntil(lambda: "is not on this computer yet" in shown(tab.editor.augment_view), timeout=WAIT)
    box = tab.editor.augmentation.findChild(QCheckBox, "augmentation_back_translation")
    assert isinstance(box, QCheckBox) and box.isChecked() and box.isEnabled()
