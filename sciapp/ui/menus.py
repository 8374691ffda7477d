"""The menus: every verb with the platform's key."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMenu, QMessageBox

from sciapp import __version__, settings
from sciapp.ui import theme

if TYPE_CHECKING:
    from sciapp.ui.main_window import MainWindow

_ABOUT = (
    f"<b>SciApp {__version__}</b><p>Fine-tune pre-trained transformers on laboratory measurements.</p>"
    "<p>Apache License 2.0. Nothing leaves this computer unless you ask for a model from a hub.</p>"
)
_KEYS = (
    "<table cellpadding=4>"
    "<tr><td>New, Open, Save As, Close project</td><td>Ctrl+N, Ctrl+O, Ctrl+Shift+S, Ctrl+W</td></tr>"
    "<tr><td>Import a table</td><td>Ctrl+I</td></tr>"
    "<tr><td>Start training</td><td>Ctrl+R</td></tr>"
    "<tr><td>Stop (keep the best model)</td><td>Ctrl+.</td></tr>"
    "<tr><td>The five tabs</td><td>Ctrl+1 to Ctrl+5</td></tr>"
    "<tr><td>Quit</td><td>Ctrl+Q</td></tr></table>"
)


class Menus:
    """The actions whose state depends on whether a project is open."""

    def __init__(self, window: "MainWindow") -> None:
        self._window = window
        self._needs_project: list[QAction] = []
        self._needs_writable: list[QAction] = []
        self._file_menu()
        self._run_menu()
        self._view_menu()
        self._help_menu()

    def show_project(self, *, open_: bool, writable: bool) -> None:
        for action in self._needs_project:
            action.setEnabled(open_)
        for action in self._needs_writable:
            action.setEnabled(writable)

    def show_recent(self, recent: tuple[str, ...]) -> None:
        self._recent.clear()
        for text in recent:
            action = self._recent.addAction(Path(text).stem)
            action.setToolTip(text)
            action.triggered.connect(lambda _=False, path=Path(text): self._window.open_path(path))
        self._recent.setEnabled(bool(recent))

    def _file_menu(self) -> None:
        window, key = self._window, QKeySequence.StandardKey
        menu = window.menuBar().addMenu("&File")
        self._add(menu, "&New Project…", "actionNew", window.new_project, key.New)
        self._add(menu, "&Open Project…", "actionOpen", window.open_project, key.Open)
        self._recent = menu.addMenu("Open &Recent")
        self._recent.setToolTipsVisible(True)
        menu.addSeparator()
        imported = self._add(menu, "&Import Table…", "actionImport", window.import_table, "Ctrl+I")
        menu.addSeparator()
        saved = self._add(menu, "Save &As…", "actionSaveAs", window.save_as, key.SaveAs)
        saved.setShortcut("Ctrl+Shift+S")
        closed = self._add(menu, "&Close Project", "actionClose", window.close_project, key.Close)
        closed.setShortcut("Ctrl+W")
        menu.addSeparator()
        leave = self._add(menu, "&Quit", "actionQuit", window.close, key.Quit)
        leave.setShortcut("Ctrl+Q")
        leave.setMenuRole(QAction.MenuRole.QuitRole)
        self._needs_project += [saved, closed]
        self._needs_writable.append(imported)

    def _run_menu(self) -> None:
        training = self._window.training_tab
        menu = self._window.menuBar().addMenu("&Run")
        self._needs_writable += [
            self._add(menu, "Start &Training", "actionStart", training.start, "Ctrl+R"),
            self._add(menu, "&Stop, Keep the Best Model", "actionStop", training.stop, "Ctrl+."),
            self._add(menu, "&Cancel", "actionCancel", training.cancel, None),
            self._add(menu, "R&esume", "actionResume", training.resume, None),
        ]
        menu.addSeparator()
        report = self._add(menu, "Export &Report…", "actionReport", self._window.results_tab.export_report, "Ctrl+E")
        self._needs_project.append(report)

    def _view_menu(self) -> None:
        menu = self._window.menuBar().addMenu("&View")
        for index in range(self._window.tabs.count()):
            title = self._window.tabs.tabText(index).replace("&", "")
            show = self._add(
                menu, title, f"actionTab{index}", lambda place=index: self._window.tabs.setCurrentIndex(place), None
            )
            show.setShortcut(f"Ctrl+{index + 1}")
        menu.addSeparator()
        group, current = QActionGroup(menu), settings.load().theme
        for name in theme.THEMES:
            action = self._add(
                menu,
                {"system": "Colours of the &System", "light": "&Light", "dark": "&Dark"}[name],
                f"actionTheme{name.capitalize()}",
                lambda word=name: self._window.set_theme(word),
                None,
            )
            action.setCheckable(True)
            action.setChecked(name == current)
            group.addAction(action)

    def _help_menu(self) -> None:
        menu = self._window.menuBar().addMenu("&Help")
        keys = self._add(menu, "&Keyboard Shortcuts", "actionKeys", lambda: self._tell("Shortcuts", _KEYS), None)
        keys.setShortcut(QKeySequence.StandardKey.HelpContents)
        about = self._add(menu, "&About SciApp", "actionAbout", lambda: self._tell("About", _ABOUT), None)
        about.setMenuRole(QAction.MenuRole.AboutRole)

    def _tell(self, title: str, text: str) -> None:
        box = QMessageBox(QMessageBox.Icon.NoIcon, title, text, QMessageBox.StandardButton.Close, self._window)
        box.setObjectName("tellBox")
        box.open()

    def _add(
        self,
        menu: QMenu,
        text: str,
        name: str,
        does: Callable[[], object],
        key: QKeySequence.StandardKey | str | None,
    ) -> QAction:
        action = menu.addAction(text)
        action.setObjectName(name)
        action.triggered.connect(lambda _=False: does())
        if key is not None:
            action.setShortcut(key)
        return action


def build(window: "MainWindow") -> Menus:
    """The menu bar of `window`."""
    return Menus(window)
