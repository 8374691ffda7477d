"""The check in the import dialog: what is found, what is chosen, what is remembered, and that it can be cancelled."""

import csv
import shlex
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QLabel, QListWidget, QPushButton
from pytestqt.qtbot import QtBot

from sciapp.actions import datasets as datasets_actions
from sciapp.engine.data.ingest.check_table import check_table
from sciapp.records.dataset.card import ImportRequest, Roles, SplitPlan
from sciapp.records.dataset.findings import Finding, PolicyChoice, QualityReport
from sciapp.records.project.project import Project
from sciapp.ui.data.importing import quality as check_pane
from sciapp.ui.data.importing.quality import CheckPane
from sciapp.ui.data.importing.repairs import RepairsEditor
from tests.helpers.cases import CASES_FOLDER
from tests.helpers.import_dialogs import ImportDialogs
from tests.helpers.messages import numbers_in

CONFLICTS = Finding(
    kind="conflicts",
    title="The same input with other labels",
    count=4,
    lines=(3, 9),
    examples=("CC = 1", "CC = 2"),
    consequence="A model cannot learn both.",
    choices=(
        PolicyChoice(policy="set_aside", title="Set them aside"),
        PolicyChoice(policy="mean", title="Take the mean"),
    ),
    proposed="mean",
    applied="set_aside",
)
LONG = Finding(kind="long", title="Longer than 254 residues", count=7, lines=(5,), weight="note")


@pytest.fixture
def project(tmp_path: Path):
    made = Project.create(tmp_path / "project", domain="molecule", lock=True)
    yield made
    made.close()


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[ImportRequest]:
    """Every check that was really made; it answers at once."""
    requests: list[ImportRequest] = []

    def check(*, request: ImportRequest, **_: object) -> QualityReport:
        requests.append(request)
        applied = request.repairs.get("conflicts", "set_aside")
        found = CONFLICTS.model_copy(update={"applied": applied, "weight": "note" if request.repairs else "problem"})
        return QualityReport(file=request.file, rows_read=20, rows_usable=16, findings=(found, LONG))

    monkeypatch.setattr(datasets_actions, "check_table", check)
    return requests


def request(folder: Path, **more) -> ImportRequest:
    file = folder / "t.csv"
    file.write_text("x,y\nCC,1\n", encoding="utf-8")
    return ImportRequest(file=str(file), roles=Roles(input="x", targets=("y",)), **more)


def test_the_editor_gives_back_only_what_is_not_usual(qtbot: QtBot) -> None:
    editor = RepairsEditor()
    qtbot.addWidget(editor)
    editor.setFindings((CONFLICTS, LONG))
    box = editor.findChild(QComboBox, "repairPolicy")
    titles = [choice.title for choice in CONFLICTS.choices]
    assert [box.itemText(i) for i in range(box.count())] == [titles[0], f"{titles[1]}  (proposed)"]
    with qtbot.waitSignal(editor.valueChanged):
        box.setCurrentIndex(1)
        box.activated.emit(1)
    assert editor.value() == {"conflicts": "mean"}
    box.setCurrentIndex(0)
    box.activated.emit(0)
    assert editor.value() == {}


@pytest.mark.parametrize(
    ("name", "roles", "split", "repair"),
    [
        (
            "classes_differ_in_case.csv",
            Roles(input="smiles", targets=("activity",)),
            SplitPlan(),
            ("spellings", "merge"),
        ),
        ("censored_values.csv", Roles(input="smiles", targets=("IC50_uM",)), SplitPlan(), ("censored", "number")),
        (
            "dates_ambiguous.csv",
            Roles(input="smiles", targets=("pIC50",), time="date"),
            SplitPlan(method="time", column="date"),
            ("dates", "month_first"),
        ),
    ],
)
def test_names_bounds_and_dates_can_be_mended_in_the_window(
    qtbot: QtBot, name: str, roles: Roles, split: SplitPlan, repair: tuple[str, str]
) -> None:
    kind, policy = repair
    checkup = check_table("molecule", ImportRequest(file=str(CASES_FOLDER / name), roles=roles, split=split))
    assert isinstance(checkup, QualityReport)
    (finding,) = (one for one in checkup.findings if one.kind == kind)
    editor = RepairsEditor()
    qtbot.addWidget(editor)
    editor.setFindings((finding,))
    box = editor.findChild(QComboBox, "repairPolicy")
    place = [choice.policy for choice in finding.choices].index(policy)
    with qtbot.waitSignal(editor.valueChanged):
        box.setCurrentIndex(place)
        box.activated.emit(place)
    assert editor.value() == {kind: policy}


def test_a_finding_without_choices_asks_for_none(qtbot: QtBot) -> None:
    editor = RepairsEditor()
    qtbot.addWidget(editor)
    editor.show()
    editor.setFindings((LONG, CONFLICTS))
    box = editor.findChild(QComboBox, "repairPolicy")
    assert not box.isVisible()
    editor.findChild(QListWidget, "findings").setCurrentRow(1)
    assert box.isVisible()


def test_shown_only_the_editor_says_what_was_done(qtbot: QtBot) -> None:
    editor = RepairsEditor(editable=False)
    qtbot.addWidget(editor)
    editor.show()
    editor.setFindings((CONFLICTS.model_copy(update={"applied": "mean", "changed": 2}),))
    done = editor.findChild(QLabel, "findingDone").text()
    assert done.startswith(CONFLICTS.choices[1].title) and numbers_in(done) == ["2"]
    assert not editor.findChild(QComboBox, "repairPolicy").isVisible()


def test_what_was_checked_once_is_remembered(
    qtbot: QtBot, project: Project, asked: list[ImportRequest], tmp_path: Path
) -> None:
    pane = CheckPane(project)
    qtbot.addWidget(pane)
    first, other = request(tmp_path), request(tmp_path, task="classification")
    for wanted in (first, other):
        with qtbot.waitSignal(pane.countChanged, check_params_cb=lambda checkup: checkup and checkup.problems == 1):
            pane.look(wanted)
    with qtbot.waitSignal(pane.countChanged, check_params_cb=lambda checkup: checkup and checkup.problems == 1):
        pane.look(first)
    pane.look(first.model_copy(update={"name": "another name"}))
    assert len(asked) == 2
    summary = pane.findChild(QLabel, "checkSummary").text()
    assert numbers_in(summary) == ["16", "20", "1", "1"] and "1 problem" in summary


def test_another_task_forgets_the_repairs(
    qtbot: QtBot, project: Project, asked: list[ImportRequest], tmp_path: Path
) -> None:
    pane = CheckPane(project)
    qtbot.addWidget(pane)
    base = request(tmp_path)
    pane.repairsChanged.connect(lambda repairs: pane.look(current[0].model_copy(update={"repairs": repairs})))
    current = [base]
    with qtbot.waitSignal(pane.countChanged, check_params_cb=lambda checkup: checkup and checkup.problems == 1):
        pane.look(base)
    with qtbot.waitSignal(pane.countChanged, check_params_cb=lambda checkup: checkup and checkup.problems == 0):
        pane.repairs.setValue({"conflicts": "mean"})
    current = [base.model_copy(update={"task": "classification"})]
    with qtbot.waitSignal(pane.countChanged, check_params_cb=lambda checkup: checkup and checkup.problems == 1):
        pane.look(current[0].model_copy(update={"repairs": pane.repairs.value()}))
    assert pane.repairs.value() == {}
    assert [made.repairs for made in asked] == [{}, {"conflicts": "mean"}, {}]


def test_a_large_file_waits_to_be_asked(
    qtbot: QtBot, project: Project, asked: list[ImportRequest], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(check_pane, "CHECKED_UNASKED", 3)
    pane = CheckPane(project)
    qtbot.addWidget(pane)
    pane.show()
    pane.look(request(tmp_path))
    assert "large" in pane.findChild(QLabel, "checkSummary").text()
    with qtbot.waitSignal(pane.countChanged, check_params_cb=lambda checkup: checkup and checkup.problems == 1):
        qtbot.mouseClick(pane.findChild(QPushButton, "checkFile"), Qt.MouseButton.LeftButton)
    assert len(asked) == 1


def test_a_check_can_be_cancelled_and_asked_for_again(qtbot: QtBot, project: Project, tmp_path: Path) -> None:
    big = tmp_path / "big.csv"
    big.write_text("x,y\n" + "".join(f"{'C' * (1 + i % 40)}O{'N' * (i % 7)},{i}\n" for i in range(60_000)))
    pane = CheckPane(project)
    qtbot.addWidget(pane)
    pane.show()
    pane.look(ImportRequest(file=str(big), roles=Roles(input="x", targets=("y",))))
    qtbot.waitUntil(lambda: "%" in pane.findChild(QLabel, "checkText").text(), timeout=60_000)
    qtbot.mouseClick(pane.findChild(QPushButton, "checkCancel"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not pane.busy.busy, timeout=30_000)
    assert pane.findChild(QLabel, "checkSummary").text().endswith("cancelled.")
    assert pane.findChild(QPushButton, "checkFile").isVisible()


def test_the_dialog_counts_repairs_and_imports_as_chosen(
    qtbot: QtBot, imports: ImportDialogs, project: Project, tmp_path: Path
) -> None:
    file = tmp_path / "salts.csv"
    with file.open("w", newline="") as out:
        csv.writer(out).writerows(
            [["smiles", "logS"], *([f"{'C' * i}O", f"{i / 7:.3f}"] for i in range(1, 40)), ["CCN.Cl", "2.5"]]
        )
    dialog = imports.begin(project, file)
    qtbot.waitUntil(lambda: dialog.views.tabText(1) == "Check (1)", timeout=60_000)
    box = dialog.findChild(QComboBox, "repairPolicy")
    place = box.findData("largest")
    box.setCurrentIndex(place)
    box.activated.emit(place)
    assert "--repair salts=largest" in shlex.join(shlex.split(dialog.command_line.text()))
    qtbot.waitUntil(lambda: dialog.views.tabText(1) == "Check (1 note)", timeout=60_000)
    card = imports.accept(dialog)
    assert card.repairs == {"salts": "largest"}
    assert card.values_changed == 1
