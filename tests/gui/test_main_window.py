"""The window as a whole: opening in all its kinds, menus, drops, closing."""

import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import psutil
import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QAction, QCloseEvent, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QDialog,
    QFileDialog,
    QInputDialog,
    QLabel,
    QLineEdit,
    QMenu,
    QMessageBox,
    QPlainTextEdit,
    QPushButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from sciapp import settings
from sciapp.actions import projects as projects_actions
from sciapp.records.plan.plan import TrainPlan
from sciapp.records.project.project import Project
from sciapp.records.run.run import Run, RunState
from sciapp.ui import theme
from sciapp.ui.main_window import TAB_NAMES, MainWindow
from sciapp.ui.messages import Messages
from sciapp.ui.session import Session
from sciapp.ui.widgets.banner import Banner


@pytest.fixture
def window(qtbot: QtBot, session: Session, messages: Messages) -> Iterator[MainWindow]:
    made = MainWindow(session, messages)
    qtbot.addWidget(made)
    made.show()
    made.complete()
    yield made
    session.close()  # or the window asks about runs that are on
    theme.apply("light")


def open_project(qtbot: QtBot, window: MainWindow, path: Path) -> Project:
    with qtbot.waitSignals([window.project_controller.opened, window.session.runsChanged]):
        window.open_path(path)
    assert window.session.project is not None
    return window.session.project


def action(window: MainWindow, name: str) -> QAction:
    found = window.findChild(QAction, name)
    assert found is not None, name
    return found


def message(window: MainWindow) -> QMessageBox:
    found = [box for box in window.findChildren(QMessageBox, "message") if box.isVisible()]
    assert len(found) == 1
    return found[0]


def press(box: QMessageBox, text: str) -> None:
    next(button for button in box.buttons() if text in button.text()).click()


def make_running(run: Run) -> None:
    """A run that this very process seems to execute."""
    own = psutil.Process()
    state = RunState(
        status="running",
        created=datetime.now(UTC),
        pid=os.getpid(),
        process_started=own.create_time(),
        host=os.uname().nodename,
        step=3,
        total_steps=10,
    )
    run.write_state(state)


def test_only_home_and_the_project_page_are_made_before_the_first_paint(
    qtbot: QtBot, session: Session, messages: Messages
) -> None:
    made = MainWindow(session, messages)
    qtbot.addWidget(made)
    assert made.findChild(QWidget, "datasetList") is None
    made.show()
    qtbot.waitUntil(lambda: made.findChild(QWidget, "datasetList") is not None)
    assert [made.tabs.tabText(place) for place in range(5)] == [name.capitalize() for name in TAB_NAMES]


def test_a_project_is_opened_by_its_folder_and_by_its_file(
    qtbot: QtBot, window: MainWindow, project_folder: Path
) -> None:
    assert not window.tabs.isTabEnabled(1)
    project = open_project(qtbot, window, project_folder)
    assert window.windowTitle() == f"{project.name} – SciApp"
    assert all(window.tabs.isTabEnabled(place) for place in range(5))
    file = project.file
    action(window, "actionClose").trigger()
    assert window.windowTitle() == "SciApp"
    assert not window.tabs.isTabEnabled(4)
    assert open_project(qtbot, window, file).file == file
    assert settings.load().recent_projects == (str(file),)


def test_opening_the_open_project_again_keeps_it_writable(
    qtbot: QtBot, window: MainWindow, project_folder: Path
) -> None:
    project = open_project(qtbot, window, project_folder)
    window.open_path(project.file)
    assert window.session.project is project
    assert not window.session.read_only
    assert "already" in window.messages.lastMessage


def test_a_second_window_reads_only_and_says_who_holds_the_project(
    qtbot: QtBot, window: MainWindow, project_folder: Path
) -> None:
    first = projects_actions.open_project(path=project_folder)
    open_project(qtbot, window, project_folder)
    assert f"process {os.getpid()}" in window.windowTitle()
    banner = window.findChild(Banner, "readOnlyBanner")
    assert banner.isVisible()
    assert f"process {os.getpid()}" in banner.text()
    for name in ("actionSave", "actionImport", "actionStart", "actionStop", "actionResume"):
        assert not action(window, name).isEnabled(), name
    for name in ("startTraining", "importTable", "startCompression", "predictFile"):
        assert not window.findChild(QPushButton, name).isEnabled(), name
    assert window.findChild(QLineEdit, "projectName").isReadOnly()
    assert window.findChild(QPlainTextEdit, "projectNotes").isReadOnly()
    first.close()
    action(window, "actionClose").trigger()
    assert not banner.isVisible()


def test_a_newer_project_is_refused_in_one_sentence(qtbot: QtBot, window: MainWindow, project_folder: Path) -> None:
    file = next(project_folder.glob("*.sciproj"))
    record = json.loads(file.read_text(encoding="utf-8"))
    file.write_text(json.dumps(record | {"schema_version": 99}), encoding="utf-8")
    before = file.read_bytes()
    window.open_path(project_folder)
    qtbot.waitUntil(lambda: "newer SciApp" in window.messages.lastMessage)
    assert "newer version" in message(window).informativeText()
    assert window.session.project is None
    assert file.read_bytes() == before


def test_a_damaged_project_offers_its_backup_and_opens_it(
    qtbot: QtBot, window: MainWindow, project_folder: Path
) -> None:
    project = Project.open(project_folder)
    project.save(project.record.model_copy(update={"notes": "second"}))  # leaves the first version as a backup
    project.file.write_text('{"schema_version": 2, "na', encoding="utf-8")
    window.open_path(project_folder)
    qtbot.waitUntil(lambda: "damaged" in window.messages.lastMessage)
    with qtbot.waitSignal(window.project_controller.opened):
        press(message(window), "Restore")
    assert window.session.project is not None
    assert list(project_folder.glob("*.damaged"))


def test_a_damaged_project_without_a_backup_says_so(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    file = tmp_path / "broken.sciproj"
    file.write_bytes(b"\x00\xff\x00")
    window.open_path(file)
    qtbot.waitUntil(lambda: "damaged" in window.messages.lastMessage)
    assert "untouched" in message(window).informativeText()


def test_a_project_that_has_gone_leaves_the_recent_list_and_the_others_stay(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    gone, unplugged = str(tmp_path / "gone.sciproj"), str(tmp_path / "stick" / "other.sciproj")
    settings.save(settings.Settings(recent_projects=(gone, unplugged)))
    window.open_path(Path(gone))
    qtbot.waitUntil(lambda: "does not exist" in window.messages.lastMessage)
    assert settings.load().recent_projects == (unplugged,)
    assert [str(card.file) for card in window.home.page.recent()] == [unplugged]


def test_a_recent_project_is_opened_with_enter(qtbot: QtBot, window: MainWindow, project_folder: Path) -> None:
    file = open_project(qtbot, window, project_folder).file
    action(window, "actionClose").trigger()
    with qtbot.waitSignals([window.project_controller.opened, window.session.runsChanged]):
        qtbot.keyClick(window.home.page.recent()[0], Qt.Key.Key_Return)
    assert window.session.project is not None
    assert window.session.project.file == file


def test_a_new_project_is_made_from_the_keyboard(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    action(window, "actionNew").trigger()
    dialog = window.findChild(QDialog, "newProjectDialog")
    create = dialog.findChild(QPushButton, "createProject")
    assert not create.isEnabled()
    dialog.findChild(QLineEdit, "newProjectPlace").setText(str(tmp_path))
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken" / "file").touch()
    name = dialog.findChild(QLineEdit, "newProjectName")
    qtbot.keyClicks(name, "taken")
    assert not create.isEnabled()
    assert "already" in dialog.findChild(QLabel, "newProjectProblem").text()
    name.selectAll()
    qtbot.keyClicks(name, "Solubility 2026")
    dialog.findChild(QComboBox, "newProjectDomain").setCurrentIndex(1)
    with qtbot.waitSignals([window.project_controller.opened, window.session.runsChanged]):
        qtbot.keyClick(name, Qt.Key.Key_Return)
    project = window.session.project
    assert project is not None
    assert project.folder == tmp_path / "Solubility 2026"
    assert project.record.domain == "protein"


def test_save_as_copies_the_project_and_goes_on_with_the_copy(
    qtbot: QtBot, window: MainWindow, project_folder: Path, tmp_path: Path
) -> None:
    original = open_project(qtbot, window, project_folder)
    with qtbot.waitSignals([window.project_controller.opened, window.session.runsChanged]):
        window.project_controller.copy_to(tmp_path / "copy")
    copy = window.session.project
    assert copy is not None
    assert copy.folder == tmp_path / "copy"
    assert copy.record.id != original.record.id
    assert len(copy.runs()) == 3
    freed = Project.open(project_folder, lock=True)
    assert not freed.read_only
    freed.close()


def test_a_copy_that_is_cancelled_leaves_nothing(
    qtbot: QtBot, window: MainWindow, project_folder: Path, tmp_path: Path
) -> None:
    original = open_project(qtbot, window, project_folder)
    with qtbot.waitSignal(window.project_controller.ended):
        window.project_controller.copy_to(tmp_path / "place" / "copy")
        window.busy.findChild(QPushButton, "windowCancel").click()
    qtbot.waitUntil(lambda: "cancelled" in window.messages.lastMessage)
    assert window.session.project is original
    assert [path for path in tmp_path.rglob("*") if "copy" in path.name] == []


def test_a_second_action_waits_for_the_first(qtbot: QtBot, window: MainWindow, project_folder: Path) -> None:
    with qtbot.waitSignals([window.project_controller.opened, window.session.runsChanged]):
        window.open_path(project_folder)
        window.open_path(project_folder / "nowhere")
        assert "Opening" in window.messages.lastMessage
        assert window.busy.busy
    assert not window.busy.busy


def test_the_sample_becomes_a_project_ready_to_train(qtbot: QtBot, window: MainWindow) -> None:
    sample = window.findChild(QAbstractButton, "startSample_molecule")
    with qtbot.waitSignal(window.project_controller.sampleReady, timeout=60_000):
        sample.click()
        assert not sample.isEnabled()
    assert TAB_NAMES[window.tabs.currentIndex()] == "training"
    qtbot.waitUntil(lambda: bool(window.session.datasets), timeout=10_000)
    assert window.session.datasets[0].rows_kept > 1000
    qtbot.waitUntil(lambda: window.findChild(QPushButton, "startTraining").isEnabled())
    assert action(window, "actionStart").isEnabled()


def test_making_the_sample_can_be_cancelled(qtbot: QtBot, window: MainWindow) -> None:
    with qtbot.waitSignal(window.project_controller.ended, timeout=60_000):
        window.findChild(QAbstractButton, "startSample_molecule").click()
        window.busy.findChild(QPushButton, "windowCancel").click()
    qtbot.waitUntil(lambda: "cancelled" in window.messages.lastMessage)
    assert window.session.project is None


def dropped(window: MainWindow, *paths: Path) -> bool:
    """Whether the window takes the drag; then it is dropped."""
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    button, keys, copy = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, Qt.DropAction.CopyAction
    enter = QDragEnterEvent(window.rect().center(), copy, mime, button, keys)
    enter.ignore()
    window.dragEnterEvent(enter)
    if enter.isAccepted():
        window.dropEvent(QDropEvent(QPointF(9, 9), copy, mime, button, keys))
    return enter.isAccepted()


def test_a_project_dropped_on_the_window_is_opened(qtbot: QtBot, window: MainWindow, project_folder: Path) -> None:
    with qtbot.waitSignals([window.project_controller.opened, window.session.runsChanged]):
        assert dropped(window, project_folder)
    assert not dropped(window, project_folder, project_folder)


def test_a_table_dropped_on_the_window_goes_to_the_data_tab(
    qtbot: QtBot, window: MainWindow, project_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_project(qtbot, window, project_folder)
    taken: list[Path] = []
    monkeypatch.setattr(window.data_tab, "import_file", taken.append)
    table = tmp_path / "table.csv"
    assert dropped(window, table)
    assert taken == [table]
    assert TAB_NAMES[window.tabs.currentIndex()] == "data"


def test_import_from_the_menu_asks_for_a_file_in_the_data_tab(
    qtbot: QtBot, window: MainWindow, project_folder: Path
) -> None:
    open_project(qtbot, window, project_folder)
    action(window, "actionImport").trigger()
    assert TAB_NAMES[window.tabs.currentIndex()] == "data"
    dialog = window.findChild(QFileDialog, "importFileDialog")
    assert dialog.isVisible()
    dialog.close()


def test_ctrl_1_to_5_show_the_tabs(qtbot: QtBot, window: MainWindow, project_folder: Path) -> None:
    open_project(qtbot, window, project_folder)
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    for key, place in ((Qt.Key.Key_3, 2), (Qt.Key.Key_5, 4), (Qt.Key.Key_1, 0)):
        qtbot.keyClick(window, key, Qt.KeyboardModifier.ControlModifier)
        assert window.tabs.currentIndex() == place
        assert not window.frame.is_home
    qtbot.keyClick(window, Qt.Key.Key_0, Qt.KeyboardModifier.ControlModifier)
    assert window.frame.is_home
    qtbot.keyClick(window, Qt.Key.Key_1, Qt.KeyboardModifier.ControlModifier)
    assert not window.frame.is_home


def test_no_two_actions_share_a_key(window: MainWindow) -> None:
    keys = [key.toString() for found in window.findChildren(QAction) for key in found.shortcuts() if found.text()]
    assert len(keys) == len(set(keys))
    assert {"Ctrl+N", "Ctrl+O", "Ctrl+W", "Ctrl+Q", "Ctrl+S", "Ctrl+Shift+S", "Ctrl+I"} <= set(keys)


def test_the_shortcuts_dialog_lists_what_the_menus_have(window: MainWindow) -> None:
    action(window, "actionKeys").trigger()
    dialog = window.findChild(QDialog, "shortcutsDialog")
    texts = {label.text() for label in dialog.findChildren(QLabel)}
    assert {"Import Table", "Ctrl+I", "Close Project", "Ctrl+W"} <= texts
    dialog.close()


def test_run_actions_follow_the_runs(qtbot: QtBot, window: MainWindow, project_folder: Path) -> None:
    project = open_project(qtbot, window, project_folder)
    assert action(window, "actionStart").isEnabled()
    assert not action(window, "actionStop").isEnabled()
    run = project.new_run(TrainPlan(dataset="made-1"))
    make_running(run)
    qtbot.waitUntil(lambda: action(window, "actionStop").isEnabled())
    run.write_state(run.state().model_copy(update={"status": "failed", "pid": None}))
    window.session.select_run(run.id)
    qtbot.waitUntil(lambda: action(window, "actionResume").isEnabled())
    assert not action(window, "actionStop").isEnabled()


def close(window: MainWindow) -> bool:
    event = QCloseEvent()
    window.closeEvent(event)
    return event.isAccepted()


def test_closing_while_a_run_is_on_asks_and_staying_changes_nothing(
    qtbot: QtBot, window: MainWindow, project_folder: Path
) -> None:
    project = open_project(qtbot, window, project_folder)
    run = project.new_run(TrainPlan(dataset="made-1"))
    make_running(run)
    qtbot.waitUntil(lambda: bool(window.session.live_runs()))
    assert not close(window)
    assert run.id in message(window).text()
    qtbot.keyClick(message(window), Qt.Key.Key_Escape)
    assert window.isVisible()
    assert window.session.project is project
    assert run.request() is None


def test_closing_can_let_the_run_go_on(qtbot: QtBot, window: MainWindow, project_folder: Path) -> None:
    run = open_project(qtbot, window, project_folder).new_run(TrainPlan(dataset="made-1"))
    make_running(run)
    qtbot.waitUntil(lambda: bool(window.session.live_runs()))
    assert not close(window)
    press(message(window), "go on")
    assert not window.isVisible()
    assert window.session.project is None
    assert run.request() is None


def test_closing_can_stop_the_run_and_keep_its_best_model(
    qtbot: QtBot, window: MainWindow, project_folder: Path
) -> None:
    run = open_project(qtbot, window, project_folder).new_run(TrainPlan(dataset="made-1"))
    make_running(run)
    qtbot.waitUntil(lambda: bool(window.session.live_runs()))
    assert not close(window)
    press(message(window), "Stop")
    qtbot.waitUntil(lambda: not window.isVisible())
    assert run.request() == "stop"


def test_the_window_comes_back_as_it_was_left(qtbot: QtBot, session: Session, messages: Messages) -> None:
    first = MainWindow(session, messages)
    qtbot.addWidget(first)
    first.resize(1011, 677)
    first.show()
    assert close(first)
    second = MainWindow(session, messages)
    qtbot.addWidget(second)
    assert (second.width(), second.height()) == (min(1011, second.width()), 677)


def test_settings_that_cannot_be_read_do_not_keep_the_window_from_opening(
    qtbot: QtBot, session: Session, messages: Messages
) -> None:
    settings.config_folder().mkdir(parents=True)
    broken = '{"theme": 7, "recent_projects": "x", "window_geometry": "ünreadable", "last_folder": null}'
    (settings.config_folder() / "settings.json").write_text(broken, encoding="utf-8")
    made = MainWindow(session, messages)
    qtbot.addWidget(made)
    made.show()
    assert action(made, "actionThemeSystem").isChecked()


def test_the_theme_is_changed_and_remembered(qtbot: QtBot, window: MainWindow) -> None:
    action(window, "actionThemeDark").trigger()
    assert settings.load().theme == "dark"
    qtbot.waitUntil(lambda: theme.is_dark(window.palette()))
    action(window, "actionThemeLight").trigger()
    qtbot.waitUntil(lambda: not theme.is_dark(window.palette()))


def test_the_text_size_is_changed_and_remembered(qtbot: QtBot, window: MainWindow) -> None:
    action(window, "actionTextSize100").trigger()
    before = QApplication.font().pointSizeF()
    action(window, "actionTextSize150").trigger()
    assert settings.load().text_size == 150
    for name in ("actionThemeDark", "actionThemeSystem"):  # another theme keeps it
        assert QApplication.font().pointSizeF() == pytest.approx(1.5 * before)
        action(window, name).trigger()
    action(window, "actionTextSize100").trigger()
    assert QApplication.font().pointSizeF() == pytest.approx(before)


def test_the_language_is_chosen_among_the_catalogues_there_are(
    qtbot: QtBot, window: MainWindow, session: Session, messages: Messages
) -> None:
    listed = [entry.objectName() for entry in window.findChild(QMenu, "menuLanguage").actions()]
    assert listed == ["actionLanguageSystem", *(f"actionLanguage_{code}" for code in settings.languages())]
    assert action(window, "actionLanguageSystem").isChecked()
    action(window, "actionLanguage_en").trigger()
    assert settings.load().language == "en"
    again = MainWindow(session, messages)
    qtbot.addWidget(again)
    assert action(again, "actionLanguage_en").isChecked()


def test_how_long_a_run_must_take_to_be_told_of_is_set_from_the_menu(qtbot: QtBot, window: MainWindow) -> None:
    action(window, "actionNotifyAfter").trigger()
    dialog = window.findChild(QInputDialog, "notifyAfterDialog")
    assert dialog is not None and dialog.intValue() == 60
    dialog.setIntValue(300)
    dialog.accept()
    assert settings.load().notify_after_seconds == 300


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_texts_and_standings_are_readable(qtbot: QtBot, window: MainWindow, mode: str) -> None:
    """WCAG 2 asks for a contrast of 4.5 : 1."""
    theme.apply(mode)
    palette = QApplication.palette()
    role = palette.ColorRole
    pairs = [(palette.color(text), palette.color(ground)) for text, ground in (
        (role.WindowText, role.Window), (role.Text, role.Base), (role.Text, role.AlternateBase),
        (role.ButtonText, role.Button), (role.PlaceholderText, role.Base),
    )]  # fmt: skip
    for standing in ("running", "waiting", "finished", "failed", "interrupted", "cancelled", "stopped"):
        pairs += [
            (theme.standing_colour(standing, palette), palette.color(ground))
            for ground in (role.Base, role.AlternateBase)
        ]
    pairs.append(theme.warning_colours(palette))
    for text, ground in pairs:
        light, dark = sorted((_luminance(text), _luminance(ground)), reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= 4.5, (text.name(), ground.name())


def _luminance(colour: object) -> float:
    parts = [colour.redF(), colour.greenF(), colour.blueF()]  # type: ignore[attr-defined]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_every_control_has_a_name_for_tests_and_for_screen_readers(window: MainWindow) -> None:
    kinds = (QAbstractButton, QAbstractItemView, QAbstractSpinBox, QComboBox, QLineEdit, QPlainTextEdit)
    nameless = []
    for control in (found for kind in kinds for found in window.findChildren(kind)):
        # The line inside an editable box takes the box's name.
        inner = control.objectName().startswith("qt_") or isinstance(control.parent(), QComboBox | QAbstractSpinBox)
        inner = inner or control.metaObject().className() in {
            "QComboBoxListView", "QTableCornerButton", "QHeaderView", "CloseButton", "QLineEditIconButton",
        }  # fmt: skip
        text = control.text() if isinstance(control, QAbstractButton) else ""
        if not inner and (not control.objectName() or not (control.accessibleName() or text)):
            nameless.append(f"{control.metaObject().className()} {control.objectName()!r} in {control.parent()}")
    assert nameless == []


@pytest.mark.parametrize("size", [(1024, 700), (1400, 900)])
def test_the_window_fits_the_size_it_is_given(
    qtbot: QtBot, window: MainWindow, project_folder: Path, size: tuple[int, int]
) -> None:
    open_project(qtbot, window, project_folder)
    window.resize(*size)
    for name in TAB_NAMES:
        window.request_tab(name)
        QApplication.processEvents()
        assert (window.width(), window.height()) == size, name
        hint = window.pages.currentWidget().minimumSizeHint()
        assert hint.width() <= 1024 and hint.height() <= 640, (name, hint)
