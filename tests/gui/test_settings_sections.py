"""The sections of the training form: what is shown and offered while it applies, and the plan that comes of it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QComboBox, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from sciapp.records.plan.plan import TrainPlan, setting_names, with_settings
from sciapp.records.project.project import Project
from sciapp.ui.forms.settings_editor import SectionsEditor
from sciapp.ui.training.fields.basic import BASIC
from sciapp.ui.training.plan_editor import ADVANCED, TrainPlanEditor
from tests.helpers.made_projects import made_dataset, made_project


@pytest.fixture
def editor(qtbot: QtBot) -> SectionsEditor:
    made = SectionsEditor(ADVANCED)
    qtbot.addWidget(made)
    made.setValue(leaves(TrainPlan(dataset="d")))
    return made


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    made = made_project(tmp_path / "p")
    yield made
    made.close()


def leaves(plan: TrainPlan) -> dict[str, object]:
    values = plan.model_dump()
    for part in [value for value in values.values() if isinstance(value, dict)]:
        values |= part
    return values


def changed(**settings: object) -> TrainPlan:
    return with_settings(TrainPlan(dataset="d"), settings)


def shown(editor: QWidget, name: str) -> bool:
    return not editor.findChild(QWidget, name).isHidden()


def offered(editor: QWidget, name: str) -> list[str]:
    box = editor.findChild(QComboBox, name)
    return [box.itemData(place) for place in range(box.count())]


def test_every_field_is_a_setting_of_the_plan_and_stands_once() -> None:
    names = [field.name for section in (BASIC, *ADVANCED) for field in section.fields]
    assert len(names) == len(set(names))
    assert set(names) <= set(setting_names())


def test_conditions_name_settings_that_there_are() -> None:
    fields = {field.name for section in (BASIC, *ADVANCED) for field in section.fields}
    for section in ADVANCED:
        for field in section.fields:
            assert {when.setting for when in field.conditions} <= fields | {"task", "bitsandbytes"}


def test_an_untouched_form_changes_nothing_of_a_plan(editor: SectionsEditor) -> None:
    assert editor.applied_to(TrainPlan(dataset="d")) == TrainPlan(dataset="d")


@pytest.mark.parametrize(
    ("setting", "value", "field"),
    [
        ("loss", "focal", "focal_gamma"),
        ("loss", "huber", "huber_delta"),
        ("lr_scheduler_type", "reduce_lr_on_plateau", "plateau_patience"),
        ("weight_averaging", "swa", "swa_start"),
        ("tuning_method", "gradual", "unfreeze_epochs"),
        ("regularizer", "mixup", "mixup_alpha"),
    ],
)
def test_a_field_is_shown_while_the_setting_that_it_belongs_to_is_chosen(
    editor: SectionsEditor, setting: str, value: str, field: str
) -> None:
    assert not shown(editor, field)
    assert field not in editor.value()
    box = editor.findChild(QComboBox, setting)
    usual = box.currentIndex()
    box.setCurrentIndex(box.findData(value))
    assert shown(editor, field)
    assert field in editor.value()
    box.setCurrentIndex(usual)
    assert not shown(editor, field)


def test_the_usual_average_has_its_decay_in_view(editor: SectionsEditor) -> None:
    assert shown(editor, "ema_decay")
    box = editor.findChild(QComboBox, "weight_averaging")
    box.setCurrentIndex(box.findData("none"))
    assert not shown(editor, "ema_decay")


def test_a_plan_comes_back_from_the_form_with_what_applies(editor: SectionsEditor) -> None:
    plan = changed(
        optimizer="lion", lr_scheduler_type="reduce_lr_on_plateau", plateau_factor=0.3, weight_averaging="ema",
        ema_decay=0.95, tuning_method="gradual", unfreeze_epochs=2.5, layerwise_lr_decay=0.9, loss="focal",
        focal_gamma=3,
    )  # fmt: skip
    editor.setValue(leaves(plan))
    assert editor.applied_to(TrainPlan(dataset="d")) == plan


def test_only_losses_that_fit_the_labels_are_offered(editor: SectionsEditor) -> None:
    editor.setFacts({"task": "regression"})
    assert offered(editor, "loss") == ["auto", "mean_squared_error", "huber"]
    assert not shown(editor, "class_weights") and not shown(editor, "label_smoothing_factor")
    editor.setFacts({"task": "tagging"})
    assert offered(editor, "loss") == ["auto", "cross_entropy", "focal"]
    assert shown(editor, "class_weights") and shown(editor, "label_smoothing_factor")


def test_a_value_that_is_not_offered_now_is_back_as_soon_as_it_is(editor: SectionsEditor) -> None:
    editor.setFacts({"task": "regression"})
    editor.setValue(leaves(changed(loss="focal")))
    assert editor.value()["loss"] == "auto"
    editor.setFacts({"task": "classification"})
    assert editor.value()["loss"] == "focal"


def test_8_bit_memory_is_offered_where_its_package_is(editor: SectionsEditor) -> None:
    editor.setFacts({"bitsandbytes": False})
    assert "adamw_8bit" not in offered(editor, "optimizer")
    editor.setFacts({"bitsandbytes": True})
    assert "adamw_8bit" in offered(editor, "optimizer")


def test_a_heading_says_how_many_of_its_settings_are_not_the_usual(editor: SectionsEditor) -> None:
    editor.setUsual(leaves(TrainPlan(dataset="d")))
    heading = editor.findChild(QToolButton, "averagingSettings")
    title = heading.text()
    editor.setValue({"weight_averaging": "swa", "swa_start": 0.9})
    assert heading.text() == f"{title} (2 changed)"


def test_the_form_offers_what_fits_the_chosen_dataset(qtbot: QtBot, project: Project) -> None:
    form = TrainPlanEditor()
    qtbot.addWidget(form)
    numbers, classes = made_dataset(project, "n-1"), made_dataset(project, "c-2", task="classification")
    form.setDatasets([numbers, classes])
    assert "focal" in offered(form, "loss")
    plan = with_settings(form.value(), {"loss": "focal", "label_smoothing_factor": 0.2})
    form.setValue(plan)
    form.select_dataset(numbers.id)
    assert "focal" not in offered(form, "loss")
    assert form.value().optimization == TrainPlan(dataset="d").optimization
    form.select_dataset(classes.id)
    assert form.value().optimization.loss == "focal"


def test_a_plan_for_another_kind_of_labels_comes_back_whole(qtbot: QtBot, project: Project) -> None:
    form = TrainPlanEditor()
    qtbot.addWidget(form)
    classes, numbers = made_dataset(project, "c-1", task="classification"), made_dataset(project, "n-2")
    form.setDatasets([classes, numbers])
    plan = with_settings(
        TrainPlan(dataset=classes.id), {"loss": "focal", "focal_gamma": 4, "class_weights": "balanced"}
    )
    form.setValue(plan)
    assert form.value() == plan
