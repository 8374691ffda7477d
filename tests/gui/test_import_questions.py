"""The three questions of an import: roles on column heads, findings at their rows, the way to test, the wrong kind."""

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QStringListModel, Qt, QUrl
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QLineEdit, QMenu, QPushButton, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from sciapp.records.project.project import Project
from sciapp.records.read_options import Reading
from sciapp.ui.data.importing.dialog import ImportDialog
from sciapp.ui.data.importing.role_header import ALSO_TARGET
from sciapp.ui.data.importing.targets import TargetsEditor
from sciapp.ui.data.tab import DataTab
from sciapp.ui.messages import Messages
from sciapp.ui.session import Session
from sciapp.ui.widgets.cards import ChoiceCard
from tests.helpers.bace import write_bace
from tests.helpers.import_dialogs import ImportDialogs

DATA = Path(__file__).parent.parent / "data"


@pytest.fixture
def project(imports: ImportDialogs) -> Project:
    return imports.project("molecule")


@pytest.fixture
def table(tmp_path: Path) -> Path:
    """Molecules with two measurements, a temperature, a plate, a row that is measured twice, and salts."""
    lines = ["smiles,logS,boiling,temperature,plate"]
    lines += [
        f"{'C' * (i % 20 + 1)}{'O' * (i // 20 + 1)},{i / 7:.2f},{i * 3.1:.1f},{290 + i},p{i % 9}" for i in range(60)
    ]
    lines += ["CO,99.5,1.5,333,p1", "CC.Cl,3.5,2.5,300,p2"]
    file = tmp_path / "measured.csv"
    file.write_text("\n".join(lines), encoding="utf-8")
    return file


def choose_role(dialog: ImportDialog, column: str, role: str) -> None:
    """As the menu of a column's head does."""
    names = [source.title for source in dialog.preview.items.columns()]
    menu = dialog.preview.heads.menu(names.index(column))
    next(action for action in menu.actions() if action.objectName() == f"role-{role or 'none'}").trigger()
    menu.close()


def checked(qtbot: QtBot, dialog: ImportDialog) -> None:
    """Wait until the whole file was looked through."""
    qtbot.waitUntil(lambda: dialog.strip.finding is not None, timeout=60_000)


def test_roles_are_chosen_on_the_heads_of_columns(imports: ImportDialogs, project: Project, table: Path) -> None:
    dialog = imports.ready(project, table)
    choose_role(dialog, "boiling", "target")
    choose_role(dialog, "temperature", "condition")
    request = dialog.request()
    assert request is not None
    assert (request.roles.targets, request.roles.covariates) == (("boiling",), ("temperature",))
    assert dialog.preview.role("logS").name == "" and dialog.preview.role("boiling").name == "target"
    choose_role(dialog, "logS", ALSO_TARGET)
    choose_role(dialog, "plate", "group")
    request = dialog.request()
    assert request is not None
    assert set(request.roles.targets) == {"logS", "boiling"}
    assert (request.split.method, request.roles.group) == ("group", "plate")
    choose_role(dialog, "plate", "")
    request = dialog.request()
    assert request is not None and request.split.column is None
    choose_role(dialog, "smiles", "")
    assert dialog.request() is None


def test_a_click_on_a_head_and_enter_in_its_column_open_the_menu(
    qtbot: QtBot, imports: ImportDialogs, project: Project, table: Path
) -> None:
    dialog = imports.ready(project, table)
    heads, viewport = dialog.preview.heads, dialog.preview.heads.viewport()
    middle = QPoint(heads.sectionViewportPosition(1) + 30, heads.height() // 2)
    qtbot.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=middle)
    qtbot.waitUntil(lambda: dialog.findChild(QMenu, "columnRoleMenu") is not None)
    dialog.findChild(QMenu, "columnRoleMenu").close()
    qtbot.waitUntil(lambda: dialog.findChild(QMenu, "columnRoleMenu") is None)
    dialog.preview.setCurrentIndex(dialog.preview.items.index(0, 2))
    qtbot.keyClick(dialog.preview, Qt.Key.Key_Return)
    menu = dialog.findChild(QMenu, "columnRoleMenu")
    assert "role-target" in [action.objectName() for action in menu.actions()]
    menu.close()


def test_what_is_wrong_is_tinted_counted_and_repaired_beside_the_rows(
    qtbot: QtBot, imports: ImportDialogs, project: Project, table: Path
) -> None:
    dialog = imports.ready(project, table)
    checked(qtbot, dialog)
    finding = dialog.strip.finding
    assert finding is not None and finding.lines
    tinted = [row for row in range(dialog.preview.items.rowCount()) if dialog.preview.warned(row)]
    assert {row + 2 for row in tinted} >= set(finding.lines)
    while not dialog.strip.finding.choices[1:]:
        dialog.strip.next()
    kind = dialog.strip.finding.kind
    qtbot.mouseClick(dialog.findChild(QPushButton, "findingRepair0"), Qt.MouseButton.LeftButton)
    assert kind in dialog.request().repairs
    assert f"--repair {kind}=" in dialog.command_line.text()
    qtbot.waitUntil(lambda: dialog.findChild(QPushButton, "importAccept").text() not in ("Import", ""), timeout=60_000)


def test_the_way_to_test_is_a_card_with_its_reason(
    qtbot: QtBot, imports: ImportDialogs, project: Project, table: Path
) -> None:
    dialog = imports.ready(project, DATA / "bbbp.csv")
    assert dialog.findChild(ChoiceCard, "split-proposed").isChecked()
    assert dialog.request().split.method == "scaffold"
    qtbot.mouseClick(dialog.findChild(ChoiceCard, "split-random"), Qt.MouseButton.LeftButton)
    assert dialog.request().split.method == "random"
    dialog.form.split.editor.choose("stratified")
    assert dialog.request().split.method == "stratified"
    assert dialog.findChild(ChoiceCard, "split-other").isChecked()
    qtbot.mouseClick(dialog.findChild(ChoiceCard, "split-proposed"), Qt.MouseButton.LeftButton)
    assert dialog.request().split.method == "scaffold"


def test_details_of_reading_are_folded_unless_something_was_doubtful(
    imports: ImportDialogs, project: Project, tmp_path: Path
) -> None:
    dialog = imports.ready(project, DATA / "freesolv.csv")
    assert not dialog.details.isOpen()
    assert not dialog.reading.isVisible()
    dialog.findChild(QToolButton, "importReading").click()
    assert dialog.reading.isVisible()
    assert dialog.request().reading == Reading()


def test_another_kind_of_data_is_offered_a_project_of_its_kind(
    qtbot: QtBot, imports: ImportDialogs, project: Project, tmp_path: Path
) -> None:
    proteins = tmp_path / "proteins.csv"
    letters = "MKVLAWGRETYDFHNPQSIC"
    rows = [f"{letters[i % 20 :]}{letters}{letters[: i % 17]},{i / 7:.2f}" for i in range(40)]
    proteins.write_text("\n".join(["sequence,activity", *rows]), encoding="utf-8")
    dialog = imports.preview(project, proteins)
    assert dialog.banner.isVisible()
    with qtbot.waitSignal(dialog.projectWanted) as wanted:
        dialog.banner.buttonClicked.emit()
    assert wanted.args == ["protein", proteins]


def test_of_many_columns_all_none_or_those_of_a_name_are_predicted(qtbot: QtBot) -> None:
    names = [f"assay_{n}" for n in range(30)] + ["score"]
    holder = QWidget()
    qtbot.addWidget(holder)
    editor = TargetsEditor(QStringListModel(names, holder), holder)
    editor.setColumns(names)
    editor.bar({"assay_0"})
    editor.findChild(QLineEdit, "targetFilter").setText("assay_1")
    with qtbot.waitSignal(editor.valueChanged):
        editor.findChild(QPushButton, "targetsAll").click()
    assert editor.value() == ("assay_1", *(f"assay_{n}" for n in range(10, 20)))
    editor.findChild(QLineEdit, "targetFilter").clear()
    editor.findChild(QPushButton, "targetsNone").click()
    assert editor.value() == ()
    editor.findChild(QPushButton, "targetsAll").click()
    assert len(editor.value()) == 30, "what is read is none of them"


def test_bace_as_it_lies_is_in_training_after_five_clicks_and_nothing_is_unticked(
    qtbot: QtBot, session: Session, messages: Messages, tmp_path: Path
) -> None:
    """Import…, the file, Open, Import N rows, Train on this; Start is the sixth. Before: 297 and more, all but one of
    293 targets being unticked by hand.
    """
    file, left = write_bace(tmp_path / "bace.csv", DATA / "bbbp.csv"), Qt.MouseButton.LeftButton
    tab = DataTab(session, messages)
    qtbot.addWidget(tab)
    tab.resize(1200, 800)
    tab.show()
    with qtbot.waitSignal(session.datasetsChanged):
        session.open(Project.create(tmp_path / "project", domain="molecule", lock=True))
    clicks = 0

    def click(widget: QWidget) -> None:
        nonlocal clicks
        clicks += 1
        qtbot.mouseClick(widget, left)

    click(tab.import_button)
    chooser = tab.findChild(QFileDialog, "importFileDialog")
    chooser.selectFile(str(file))
    clicks += 1  # on the file's name
    click(next(button for button in chooser.findChildren(QPushButton) if button.isDefault()))
    qtbot.waitUntil(lambda: tab.dialog is not None and tab.dialog.request() is not None, timeout=60_000)
    assert tab.dialog.request().roles.targets == ("pIC50",)
    click(tab.dialog.findChild(QPushButton, "importAccept"))
    qtbot.waitUntil(lambda: session.selected_dataset == "bace-1", timeout=120_000)
    qtbot.waitUntil(lambda: tab.panel.train_button.isVisible(), timeout=20_000)
    with qtbot.waitSignal(tab.trainWanted):
        click(tab.panel.train_button)
    assert clicks == 5
    tab.panel.clear()


def test_ctrl_v_imports_cells_and_files_that_were_copied(
    qtbot: QtBot, session: Session, messages: Messages, tmp_path: Path
) -> None:
    tab = DataTab(session, messages)
    qtbot.addWidget(tab)
    tab.show()
    with qtbot.waitSignal(session.datasetsChanged):
        session.open(Project.create(tmp_path / "project", domain="molecule", lock=True))
    copied = QMimeData()
    copied.setUrls([QUrl.fromLocalFile(str(DATA / "freesolv.csv"))])
    QGuiApplication.clipboard().setMimeData(copied)
    qtbot.keyClick(tab.list, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert tab.dialog is not None
    assert tab.dialog.windowTitle().find("freesolv.csv") >= 0
    tab.dialog.reject()
    QGuiApplication.clipboard().clear()
