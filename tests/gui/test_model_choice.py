"""The form of a training: which model, what is known about it, which conditions it reads."""

import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QLabel, QListWidget, QPushButton
from pytestqt.qtbot import QtBot

from sciapp.actions import command_line as commands
from sciapp.actions import models
from sciapp.actions import models as models_actions
from sciapp.records.dataset.card import DatasetCard
from sciapp.records.plan.plan import TrainPlan, with_settings
from sciapp.records.project.project import Project
from sciapp.ui.training.model.model_list import ModelListDialog
from sciapp.ui.training.plan_editor import TrainPlanEditor
from sciapp.ui.widgets.banner import Banner
from tests.helpers.made_projects import made_dataset, made_project
from tests.helpers.tiny import tiny_model

ESM = "facebook/esm2_t6_8M_UR50D"


@pytest.fixture
def cards(tmp_path: Path) -> Iterator[tuple[Project, list[DatasetCard]]]:
    """Two datasets of molecules; the second was measured at several temperatures and pH."""
    project = made_project(tmp_path / "p")
    plain = made_dataset(project).model_copy(update={"numeric_columns": ()})
    measured = made_dataset(project, "made-2").model_copy(update={"numeric_columns": ("T, K", "pH")})
    yield project, [plain, measured]
    project.close()


@pytest.fixture
def editor(qtbot: QtBot, cards: tuple[Project, list[DatasetCard]]) -> TrainPlanEditor:
    made = TrainPlanEditor()
    qtbot.addWidget(made)
    made.setModels(models_actions.models_for(domain="molecule"))
    made.setDatasets(cards[1])
    made.show()
    return made


def facts(editor: TrainPlanEditor) -> str:
    return editor.findChild(QLabel, "modelFacts").text()


def warning(editor: TrainPlanEditor) -> Banner:
    return editor.findChild(Banner, "modelWarning")


def box(editor: TrainPlanEditor) -> QComboBox:
    return editor.findChild(QComboBox, "trainingModel")


def choose(editor: TrainPlanEditor, name: str) -> None:
    box(editor).setCurrentIndex(box(editor).findData(name))


def test_the_domains_starter_comes_first_and_says_what_it_is(editor: TrainPlanEditor) -> None:
    assert box(editor).itemData(0) == "molecule-starter"
    assert box(editor).itemText(0).endswith(" M")
    assert editor.value().model == "molecule-starter"
    for words in ("million parameters", "licence Apache-2.0", "ships with SciApp", "of memory to train"):
        assert words in facts(editor)
    assert not warning(editor).isVisible()


def test_the_line_follows_the_choice_and_warns_of_another_domain(editor: TrainPlanEditor) -> None:
    choose(editor, ESM)
    assert "7.8 million parameters" in facts(editor) and "download 31 MB" in facts(editor)
    assert warning(editor).isVisible()
    assert "proteins" in warning(editor).text() and "molecules" in warning(editor).text()
    choose(editor, "DeepChem/ChemBERTa-77M-MLM")
    assert not warning(editor).isVisible()
    assert "licence not" in facts(editor)


def test_larger_batches_are_said_to_need_more_memory(editor: TrainPlanEditor) -> None:
    before = facts(editor)
    editor.setValue(with_settings(editor.value(), {"tokens_per_batch": 65_536}))
    assert facts(editor) != before
    assert "GB of" in facts(editor)


def test_more_memory_than_the_computer_has_is_warned_of(
    editor: TrainPlanEditor, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Small:
        total = 700_000_000

    monkeypatch.setattr(models.psutil, "virtual_memory", Small)
    choose(editor, "seyonec/ChemBERTa-zinc-base-v1")
    assert "(700 MB)" in warning(editor).text()


def test_a_typed_folder_is_described_by_its_own_files(qtbot: QtBot, editor: TrainPlanEditor, tmp_path: Path) -> None:
    folder = tiny_model(tmp_path / "model")
    box(editor).setEditText(str(folder))
    qtbot.waitUntil(lambda: "longest row 64 tokens" in facts(editor), timeout=10_000)
    assert "this computer" in facts(editor)
    assert editor.value().model == str(folder)


def test_an_unknown_hub_model_and_nonsense_are_told_apart(qtbot: QtBot, editor: TrainPlanEditor) -> None:
    box(editor).setEditText("org/nobody-knows")
    qtbot.waitUntil(lambda: "SciApp knows nothing else about it" in facts(editor), timeout=10_000)
    assert editor.value().model == "org/nobody-knows"
    box(editor).setEditText("molecule-startr")
    qtbot.waitUntil(lambda: "Did you mean “molecule-starter”?" in warning(editor).text(), timeout=10_000)
    assert facts(editor) == ""


def test_a_model_is_chosen_from_the_table_however_it_is_sorted(qtbot: QtBot) -> None:
    dialog = ModelListDialog(models_actions.models_for(domain="protein"))
    qtbot.addWidget(dialog)
    dialog.show()
    choose_button = dialog.findChild(QPushButton, "chooseModel")
    assert not choose_button.isEnabled()
    parameters = [column.title for column in dialog.table.items.columns()].index("Parameters (M)")
    with qtbot.waitSignal(dialog.table.items.modelReset, timeout=10_000):
        dialog.table.sortByColumn(parameters, Qt.SortOrder.DescendingOrder)
    dialog.table.selectRow(0)
    assert choose_button.isEnabled()
    with qtbot.waitSignal(dialog.chosen) as chosen:
        choose_button.click()
    assert chosen.args == ["facebook/esm2_t33_650M_UR50D"]
    assert not dialog.isVisible()


def test_the_button_opens_the_table_and_takes_what_was_chosen(editor: TrainPlanEditor) -> None:
    editor.findChild(QPushButton, "compareModels").click()
    dialog = editor.findChild(ModelListDialog)
    rows = range(dialog.table.items.rowCount())
    dialog.table.selectRow(next(row for row in rows if dialog.table.items.row_text(row)[0] == ESM))
    dialog.findChild(QPushButton, "chooseModel").click()
    assert editor.value().model == ESM
    assert "7.8 million parameters" in facts(editor)


def test_ticked_conditions_come_into_the_plan_and_the_command(
    editor: TrainPlanEditor, cards: tuple[Project, list[DatasetCard]]
) -> None:
    conditions = editor.findChild(QListWidget, "covariates")
    assert editor.value().dataset == "made-2"
    assert [conditions.item(row).text() for row in range(conditions.count())] == ["T, K", "pH"]
    assert editor.value().covariates == ()
    conditions.item(0).setCheckState(Qt.CheckState.Checked)
    assert editor.value().covariates == ("T, K",)
    line = shlex.split(commands.as_text(commands.train_arguments(cards[0], editor.value())))
    assert 'covariates=["T, K"]' in line


def test_only_conditions_that_the_dataset_has_are_offered(editor: TrainPlanEditor) -> None:
    editor.setValue(TrainPlan(dataset="made-2", model=ESM, covariates=("pH", "dose"), descriptors="on"))
    assert editor.value().covariates == ("pH",)
    assert editor.value().descriptors == "on"
    editor.select_dataset("made-1")
    assert editor.value().covariates == ()
    assert not editor.findChild(QListWidget, "covariates").isVisible()
    editor.select_dataset("made-2")
    assert editor.value().covariates == ("pH",)


def test_a_chosen_model_stays_when_the_list_arrives_and_is_forgotten_with_the_project(editor: TrainPlanEditor) -> None:
    editor.setValue(editor.value().model_copy(update={"model": "some/model"}))
    editor.setModels(models_actions.models_for(domain="protein"))
    assert editor.value().model == "some/model"
    editor.reset()
    editor.setModels(models_actions.models_for(domain="text"))
    assert editor.value().model == models_actions.models_for(domain="text")[0].name
