"""The menus: every verb with the platform's key."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import QLocale, Qt
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QInputDialog, QMainWindow, QMenu

from sciapp import settings
from sciapp.actions.preferences import change_preferences
from sciapp.i18n import ENGLISH, msg
from sciapp.ui import theme
from sciapp.ui.frame.areas import AREA_NAMES, AREAS
from sciapp.ui.project.about import AboutDialog, ShortcutsDialog
from sciapp.ui.session import Session
from sciapp.ui.words import tr

_KEY = QKeySequence.StandardKey
_THEMES = {"system": msg("Colours of the &System"), "light": msg("&Light"), "dark": msg("&Dark")}


_ICONS = {
    "actionNew": "plus",
    "actionOpen": "folder-open",
    "actionSave": "save",
    "actionSaveAs": "copy",
    "actionFreeSpace": "hard-drive",
    "actionImport": "file-up",
    "actionPaste": "clipboard-paste",
    "actionStart": "play",
    "actionStop": "square",
    "actionCancel": "x",
    "actionResume": "rotate-ccw",
    "actionSettings": "settings-2",
    "actionQueue": "list-end",
    "actionReport": "file-text",
    "actionThemeLight": "sun",
    "actionThemeDark": "moon",
    "actionKeys": "keyboard",
    "actionAbout": "info",
}
"""Icons of the entries in the command palette."""
Slot = Callable[[], object]
_Entry = tuple[str, str, str]  # value, text, name of the action


@dataclass(frozen=True)
class MenuSlots:
    """The action behind each entry. Pages are made after the first paint: a slot asks for its page when called."""

    new_project: Slot
    open_project: Slot
    open_path: Callable[[Path], object]
    save: Slot
    save_as: Slot
    free_space: Slot
    close_project: Slot
    quit: Slot
    import_table: Slot
    paste_table: Slot
    start: Slot
    stop: Slot
    cancel: Slot
    resume: Slot
    use_settings: Slot
    show_queue: Slot
    export_report: Slot
    show_manual: Slot
    set_standby: Callable[[bool], object]
    show_home: Slot
    show_area: Callable[[str], object]
    show_palette: Slot
    set_theme: Callable[[str], object]
    set_text_size: Callable[[int], object]


class Menus:
    """The menu bar of a window; actions that make no sense now are grey."""

    def __init__(self, window: QMainWindow, slots: MenuSlots) -> None:
        self._window, self._slots = window, slots
        self._actions: dict[str, QAction] = {}
        self._reasons: dict[str, str] = {}
        self._menus: dict[str, QMenu] = {}
        self._file_menu()
        self._data_menu()
        self._run_menu()
        self._view_menu()
        self._help_menu()

    def actions(self) -> list[QAction]:
        """Every verb, in the order of the menus."""
        return list(self._actions.values())

    def reason(self, name: str) -> str:
        """Why the action of this name cannot be done now; empty while it can, or where nobody knows."""
        return self._reasons.get(name, "")

    def everything(self) -> QMenu:
        """All menus under one button."""
        whole = QMenu(self._window)
        whole.setObjectName("menuEverything")
        for menu in self._menus.values():
            whole.addMenu(menu)
        return whole

    def menu(self, *, of: str) -> QMenu:
        """One of the menu bar's: file, data, run, view, settings, help."""
        return self._menus[of]

    def of_projects(self) -> QMenu:
        """The recent projects, and how to open, make and close one."""
        menu = QMenu(self._window)
        menu.setObjectName("menuProjects")
        menu.addMenu(self._recent)
        menu.addSeparator()
        for name in ("actionOpen", "actionNew", "actionClose"):
            menu.addAction(self._actions[name])
        return menu

    def show_state(self, session: Session) -> None:
        """Enable what can be done with the open project and its runs; know why the rest cannot."""
        closed = "" if session.project is not None else msg("no project is open")
        locked = closed or (msg("the project can only be read") if session.read_only else "")
        chosen = next((run for run in session.runs if run.id == session.selected_run), None)
        trainings = [run for run in session.runs if run.is_training]
        is_training = any(run.is_training for run in session.live_runs())
        can_cancel = any(not run.standing.is_over for run in trainings)
        can_resume = chosen is not None and chosen.is_training and chosen.standing.can_resume
        self._reasons = {
            "actionSave": locked,
            "actionSaveAs": closed,
            "actionFreeSpace": locked,
            "actionClose": closed,
            "actionImport": locked,
            "actionPaste": locked,
            "actionStart": locked or ("" if session.datasets else msg("there is no data yet")),
            "actionStop": locked or ("" if is_training else msg("nothing is training")),
            "actionCancel": locked or ("" if can_cancel else msg("nothing is training or waiting")),
            "actionResume": locked or ("" if can_resume else msg("the chosen run has nothing to resume")),
            "actionSettings": locked or ("" if chosen is not None else msg("no run is chosen")),
            "actionReport": closed or ("" if session.runs else msg("there is no run yet")),
            **dict.fromkeys((f"actionTab{index}" for index in range(len(AREA_NAMES))), closed),
        }
        for name, reason in self._reasons.items():
            self._actions[name].setEnabled(not reason)

    def show_recent(self, recent: tuple[str, ...]) -> None:
        """Newest first; two of the same name are told apart by their folders."""
        self._recent.clear()
        names = [Path(text).stem for text in recent]
        for text, name in zip(recent, names, strict=True):
            where = f"  ({Path(text).parent})" if names.count(name) > 1 else ""
            action = self._recent.addAction(f"{name}{where}".replace("&", "&&"))
            action.setToolTip(text)
            action.triggered.connect(lambda _=False, path=Path(text): self._slots.open_path(path))
        self._recent.setEnabled(bool(recent))

    def _file_menu(self) -> None:
        slots, menu = self._slots, self._menu(msg("&File"), "file")
        self._add(menu, msg("&New Project…"), "actionNew", slots.new_project, _KEY.New, "Ctrl+N")
        self._add(menu, msg("&Open Project…"), "actionOpen", slots.open_project, _KEY.Open, "Ctrl+O")
        self._recent = menu.addMenu(tr(msg("Open &Recent")))
        self._recent.setObjectName("menuRecent")
        self._recent.setToolTipsVisible(True)
        menu.addSeparator()
        self._add(menu, msg("&Save"), "actionSave", slots.save, _KEY.Save, "Ctrl+S")
        self._add(menu, msg("Save &As…"), "actionSaveAs", slots.save_as, _KEY.SaveAs, "Ctrl+Shift+S")
        self._add(menu, msg("&Free Up Space…"), "actionFreeSpace", slots.free_space, None, "")
        self._add(menu, msg("&Close Project"), "actionClose", slots.close_project, _KEY.Close, "Ctrl+W")
        menu.addSeparator()
        leave = self._add(menu, msg("&Quit"), "actionQuit", slots.quit, _KEY.Quit, "Ctrl+Q")
        leave.setMenuRole(QAction.MenuRole.QuitRole)

    def _data_menu(self) -> None:
        menu = self._menu(msg("&Data"), "data")
        self._add(menu, msg("&Import Table…"), "actionImport", self._slots.import_table, None, "Ctrl+I")
        self._add(menu, msg("&Paste Table…"), "actionPaste", self._slots.paste_table, None, "Ctrl+Shift+V")

    def _run_menu(self) -> None:
        slots, menu = self._slots, self._menu(msg("&Run"), "run")
        self._add(menu, msg("Start &Training"), "actionStart", slots.start, None, "Ctrl+R")
        self._add(menu, msg("&Stop, Keep the Best Model"), "actionStop", slots.stop, None, "Ctrl+.")
        self._add(menu, msg("&Cancel"), "actionCancel", slots.cancel, None, "")
        self._add(menu, msg("R&esume"), "actionResume", slots.resume, None, "")
        self._add(menu, msg("Use Settings of the Chosen R&un"), "actionSettings", slots.use_settings, None, "Ctrl+D")
        menu.addSeparator()
        self._add(menu, msg("&Queue…"), "actionQueue", slots.show_queue, None, "Ctrl+J")
        menu.addSeparator()
        self._add(menu, msg("Export &Report…"), "actionReport", slots.export_report, None, "Ctrl+E")

    def _ask_notify_after(self) -> None:
        """Ask for the least duration, in seconds, of a run whose end is notified on the desktop."""
        dialog = QInputDialog(self._window)
        dialog.setObjectName("notifyAfterDialog")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setInputMode(QInputDialog.InputMode.IntInput)
        dialog.setWindowTitle(tr(msg("Tell Me on the Desktop")))
        dialog.setLabelText(tr(msg("Tell me of runs that took at least so many seconds")))
        dialog.setIntRange(0, 1_000_000)
        dialog.setIntValue(round(settings.load().notify_after_seconds))
        dialog.intValueSelected.connect(
            lambda seconds: change_preferences(changes={"notify_after_seconds": float(seconds)})
        )
        dialog.open()

    def _preference(self, menu: QMenu, text: str, name: str, setting: str) -> None:
        """A tick that is remembered; a run reads it when it begins and when it ends."""
        action = self._add(menu, text, name, lambda: None, None, "")
        action.setCheckable(True)
        action.setChecked(bool(getattr(settings.load(), setting)))
        action.toggled.connect(lambda on: change_preferences(changes={setting: on}))

    def _view_menu(self) -> None:
        slots, menu = self._slots, self._menu(msg("&View"), "view")
        self._add(menu, msg("Search or &Do…"), "actionPalette", slots.show_palette, None, "Ctrl+K")
        self._add(menu, msg("&Home"), "actionHome", slots.show_home, None, "Ctrl+0")
        for index, (name, title) in enumerate(AREAS.items()):
            self._add(menu, title, f"actionTab{index}", partial(slots.show_area, name), None, f"Ctrl+{index + 1}")
        self._settings_menu()

    def _settings_menu(self) -> None:
        """Preferences that are remembered; a run reads its own when it begins and when it ends."""
        menu = self._menu(msg("&Settings"), "settings")
        preferences = settings.load()
        themes: list[_Entry] = [(name, _THEMES[name], f"actionTheme{name.capitalize()}") for name in theme.THEMES]
        current = preferences.theme if preferences.theme in theme.THEMES else settings.SYSTEM
        self._choice(menu, themes, current, self._slots.set_theme)
        menu.addSeparator()
        sizes = menu.addMenu(tr(msg("Text Si&ze")))
        sizes.setObjectName("menuTextSize")
        percents: list[_Entry] = [
            (str(percent), msg("{percent} %", percent=percent), f"actionTextSize{percent}")
            for percent in theme.TEXT_SIZES
        ]
        nearest = min(theme.TEXT_SIZES, key=lambda percent: abs(percent - preferences.text_size))
        self._choice(sizes, percents, str(nearest), lambda text: self._slots.set_text_size(int(text)))
        languages = menu.addMenu(tr(msg("&Language")))
        languages.setObjectName("menuLanguage")
        languages.setToolTipsVisible(True)
        names: list[_Entry] = [(settings.SYSTEM, msg("Language of the &System"), "actionLanguageSystem")]
        names += [(code, _own_name(code), f"actionLanguage_{code}") for code in settings.languages()]
        self._choice(
            languages, names, preferences.language, lambda code: change_preferences(changes={"language": code})
        )
        for action in languages.actions():
            action.setToolTip(tr(msg("Takes effect when SciApp is started again.")))
        menu.addSeparator()
        self._preference(menu, msg("&Keep the Computer Awake During Runs"), "actionKeepAwake", "keep_awake")
        self._preference(menu, msg("Tell Me on the &Desktop When a Run Ends"), "actionNotify", "notify_when_run_ends")
        self._add(menu, msg("Only of Runs &Longer Than…"), "actionNotifyAfter", self._ask_notify_after, None, "")
        ready = self._add(menu, msg("Keep a &Process Ready"), "actionStandby", lambda: None, None, "")
        ready.setToolTip(
            tr(msg("Takes half a gigabyte of memory while nothing is on; the next training begins at once."))
        )
        ready.setCheckable(True)
        ready.setChecked(settings.load().standby)
        ready.toggled.connect(self._slots.set_standby)

    def _choice(self, menu: QMenu, entries: list[_Entry], current: str, choose: Callable[[str], object]) -> None:
        """Entries of which one is ticked."""
        group = QActionGroup(menu)
        for value, text, name in entries:
            action = self._add(menu, text, name, partial(choose, value), None, "")
            action.setCheckable(True)
            action.setChecked(value == current)
            group.addAction(action)

    def _help_menu(self) -> None:
        window, menu = self._window, self._menu(msg("&Help"), "help")
        self._add(menu, msg("&Manual"), "actionManual", self._slots.show_manual, _KEY.HelpContents, "F1")
        self._add(
            menu,
            msg("&Keyboard Shortcuts"),
            "actionKeys",
            lambda: ShortcutsDialog(self._actions.values(), window).open(),
            None,
            "Ctrl+/",
        )
        about = self._add(menu, msg("&About SciApp"), "actionAbout", lambda: AboutDialog(window).open(), None, "")
        about.setMenuRole(QAction.MenuRole.AboutRole)

    def _menu(self, title: str, name: str) -> QMenu:
        menu = self._menus[name] = self._window.menuBar().addMenu(tr(title))
        menu.setObjectName(f"menu{str(title).replace('&', '')}")
        return menu

    def _add(
        self, menu: QMenu, text: str, name: str, does: Callable[[], object], key: _KEY | None, otherwise: str
    ) -> QAction:
        """key: the platform's own; `otherwise` where the platform has none."""
        action = menu.addAction(tr(text))
        action.setObjectName(name)
        action.triggered.connect(lambda _=False: does())
        action.setProperty("paletteIcon", _ICONS.get(name, ""))
        self._window.addAction(action)  # its key works while the menu bar is hidden
        usual = QKeySequence.keyBindings(key) if key is not None else []
        if usual:
            # Of several keys of the platform the one that everybody knows comes first: it is the one that is shown.
            action.setShortcuts(sorted(usual, key=lambda sequence: sequence != QKeySequence(otherwise)))
        elif otherwise:
            action.setShortcut(QKeySequence(otherwise))
        self._actions[name] = action
        return action


def _own_name(language: str) -> str:
    """The language as its speakers call it."""
    locale = QLocale(language)
    if language == ENGLISH.language:
        return QLocale.languageToString(locale.language())  # by its own name it would be American
    name = locale.nativeLanguageName() or language
    return name[:1].upper() + name[1:]
