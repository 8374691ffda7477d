"""Cross-validation in the window: all folds are asked for in the import dialog and trained on from the Training tab."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import QCheckBox, QSpinBox
from pytestqt.qtbot import QtBot

from sciapp.engine.data.ingest.import_table import import_folds
from sciapp.records.dataset.card import DatasetCard, ImportRequest, Roles, SplitPlan
from sciapp.records.project.project import Project
from sciapp.records.project.study import StudyDesign
from sciapp.ui.data.importing.split import SplitEditor
from sciapp.ui.training.model.picker import ModelPicker
from sciapp.ui.training.plan_editor import TrainPlanEditor
from tests.helpers.tiny import sequence_table


def spin(editor: SplitEditor, name: str) -> QSpinBox:
    found = editor.findChild(QSpinBox, name)
    assert isinstance(found, QSpinBox)
    return found


def test_folds_are_tested_each_in_turn_unless_one_is_chosen(qtbot: QtBot) -> None:
    editor = SplitEditor()
    qtbot.addWidget(editor)
    editor.show()
    assert editor.repeats() == 0 and editor.value().folds is None
    spin(editor, "splitFolds").setValue(5)
    assert editor.value().folds == 5 and editor.repeats() == 1
    fold = spin(editor, "splitFold")
    assert fold.text() == fold.specialValueText() != "" and spin(editor, "splitRepeats").isVisible()
    spin(editor, "splitRepeats").setValue(3)
    assert editor.repeats() == 3
    spin(editor, "splitFold").setValue(2)
    assert (editor.value().fold, editor.repeats()) == (2, 0) and not spin(editor, "splitRepeats").isVisible()
    editor.setValue(SplitPlan(folds=4, fold=3))
    assert editor.value() == SplitPlan(folds=4, fold=3) and editor.repeats() == 0


@pytest.fixture
def folded(tmp_path: Path) -> list[DatasetCard]:
    project = Project.create(tmp_path / "p", domain="protein")
    table = sequence_table(tmp_path / "t.csv", rows=30)
    request = ImportRequest(file=str(table), roles=Roles(input="sequence", targets=("y0",)), all_folds=True)
    folds = import_folds(project, request.model_copy(update={"split": SplitPlan(folds=3)}))
    return [*folds, *import_folds(project, plain(request))]


def plain(request: ImportRequest) -> ImportRequest:
    return request.model_copy(update={"all_folds": False})


def test_all_folds_are_offered_where_there_are_some(qtbot: QtBot, folded: list[DatasetCard]) -> None:
    editor = TrainPlanEditor()
    qtbot.addWidget(editor)
    editor.setDatasets(folded)
    box = editor.findChild(QCheckBox, "all_folds")
    assert isinstance(box, QCheckBox)
    editor.select_dataset(folded[1].id)
    assert not box.isHidden() and "all 3 folds" in box.text()
    box.setChecked(True)
    picker = editor.findChild(ModelPicker)
    assert isinstance(picker, ModelPicker)
    picker.setValue("protein-starter")
    design = editor.design()
    assert design is not None and design.kind == "cross_validation" and design.plan.dataset_read == folded[1].id
    editor.setDesign(StudyDesign(plan=design.plan))
    assert not box.isChecked()
    editor.setDesign(design)
    assert box.isChecked() and editor.design() == design
    editor.select_dataset(folded[3].id)
    design = editor.design()
    assert box.isHidden() and design is not None and design.kind == ""
