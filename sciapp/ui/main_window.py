"""The window: five tabs, menus, drops, the question on closing while a run is on."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QEvent, QTimer
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QPaintEvent
from PySide6.QtWidgets import QMainWindow, QTabWidget, QVBoxLayout, QWidget

from sciapp import settings
from sciapp.actions import runs as runs_actions
from sciapp.actions.preferences import change_preferences
from sciapp.errors import SciAppError
from sciapp.i18n import msg
from sciapp.records.dataset.card import DatasetCard
from sciapp.records.project.project import SUFFIX
from sciapp.ui import theme
from sciapp.ui.help.manual_window import ManualController
from sciapp.ui.menus import Menus, MenuSlots
from sciapp.ui.messages import Messages
from sciapp.ui.project.close_question import ask_about_runs
from sciapp.ui.project.controller import ProjectController
from sciapp.ui.project.tab import ProjectTab
from sciapp.ui.queue.controller import QueueController
from sciapp.ui.session import Session
from sciapp.ui.widgets.banner import Banner, UndoBar
from sciapp.ui.widgets.bars import BusyBar
from sciapp.ui.widgets.file_dialogs import files_folder, set_files_folder
from sciapp.ui.words import tr
from sciapp.workers.query import LatestQuery
from sciapp.workers.standby_watch import StandbyWatch

if TYPE_CHECKING:
    from sciapp.ui.data.tab import DataTab
    from sciapp.ui.results.compression_tab import CompressionTab
    from sciapp.ui.results.tab import ResultsTab
    from sciapp.ui.training.tab import TrainingTab

TABS = {
    "project": msg("Project"),
    "data": msg("Data"),
    "training": msg("Training"),
    "compression": msg("Compression"),
    "results": msg("Results"),
}
TAB_NAMES = tuple(TABS)
_REMARK_MS = 15_000


class MainWindow(QMainWindow):
    """Puts the tabs together; what a person can do is a verb, called from a controller or from a tab.

    Only the Project tab is there at the first paint: the others bring pyqtgraph, which takes a quarter of a second.
    Asking for any of them (`data_tab`, …) makes them all.
    """

    def __init__(self, session: Session, messages: Messages, standby: StandbyWatch | None = None) -> None:
        """standby: keeps a process ready for the next training."""
        super().__init__()
        self._standby = standby
        self.session, self.messages = session, messages
        self._complete, self._may_close = False, False
        self._stopping = LatestQuery(self)
        self.setObjectName("mainWindow")
        self.setAcceptDrops(True)
        self.project_controller = ProjectController(session, messages, self)
        self.queue_controller = QueueController(session, messages, self)
        self.manual = ManualController(messages, self)
        self.project_tab = ProjectTab(session, messages, self)
        self._banner = Banner(self)
        self._banner.setObjectName("readOnlyBanner")
        self.busy = BusyBar("window", self)
        self.tabs = QTabWidget(self)
        self.tabs.setObjectName("tabs")
        self.tabs.setAccessibleName(tr(msg("Tabs")))
        self.tabs.setDocumentMode(True)
        self.tabs.addTab(self.project_tab, tr(TABS["project"]))
        for name in TAB_NAMES[1:]:
            self.tabs.addTab(QWidget(self), tr(TABS[name]))
        centre = QWidget(self)
        column = QVBoxLayout(centre)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._banner)
        column.addWidget(self.tabs, 1)
        self.setCentralWidget(centre)
        self.statusBar().setObjectName("statusBar")
        self.undo_bar = UndoBar(self)
        self.statusBar().addPermanentWidget(self.undo_bar)
        self.statusBar().addPermanentWidget(self.busy)
        self._menus = Menus(self, self.tabs, self._menu_slots())
        self._connect()
        self._restore_geometry()
        self._draw_icons()
        self._show_project()

    # --- tabs -----------------------------------------------------------------------------------------------------

    @property
    def data_tab(self) -> "DataTab":
        self.complete()
        return self._data_tab

    @property
    def training_tab(self) -> "TrainingTab":
        self.complete()
        return self._training_tab

    @property
    def compression_tab(self) -> "CompressionTab":
        self.complete()
        return self._compression_tab

    @property
    def results_tab(self) -> "ResultsTab":
        self.complete()
        return self._results_tab

    def complete(self) -> None:
        """Make the tabs that are not there yet; harmless later."""
        if self._complete:
            return
        self._complete = True
        from sciapp.ui.data.tab import DataTab
        from sciapp.ui.results.compression_tab import CompressionTab
        from sciapp.ui.results.tab import ResultsTab
        from sciapp.ui.training.tab import TrainingTab

        self._data_tab = DataTab(self.session, self.messages, self)
        self._training_tab = TrainingTab(self.session, self.messages, self, standby=self._standby)
        self._compression_tab = CompressionTab(self.session, self.messages, self)
        self._results_tab = ResultsTab(self.session, self.messages, self)
        self._data_tab.trainWanted.connect(lambda: self.request_tab("training"))
        self._data_tab.projectWanted.connect(
            lambda domain, file: self.project_controller.new_project(
                name=file.name.partition(".")[0], domain=domain, file=file
            )
        )
        self.project_controller.tableReady.connect(self.import_file)
        self._training_tab.queue_strip.queueRequested.connect(self.queue_controller.show)
        made = (self._data_tab, self._training_tab, self._compression_tab, self._results_tab)
        for index, tab in enumerate(made, start=1):
            placeholder, title = self.tabs.widget(index), self.tabs.tabText(index)
            self.tabs.removeTab(index)
            self.tabs.insertTab(index, tab, title)
            assert placeholder is not None, "every tab had a placeholder until now"
            placeholder.deleteLater()
        self._draw_icons()
        self._show_project()

    def request_tab(self, name: str) -> None:
        """Show one of TAB_NAMES."""
        self.complete()
        self.tabs.setCurrentIndex(TAB_NAMES.index(name))

    def _draw_icons(self) -> None:
        for index, name in enumerate(TAB_NAMES):
            self.tabs.setTabIcon(index, theme.icon(name, self.palette()))

    # --- verbs that need more than one part -----------------------------------------------------------------------

    def open_path(self, path: Path) -> None:
        """Open a project file or folder."""
        self.complete()  # the tabs must be there to hear of it
        self.project_controller.open_path(path)

    def import_table(self) -> None:
        """Ask for a table and import it."""
        self.request_tab("data")
        self.data_tab.choose_file()

    def import_file(self, path: Path) -> None:
        """Import this file into the open project."""
        self.request_tab("data")
        self.data_tab.import_file(path)

    def _menu_slots(self) -> MenuSlots:
        return MenuSlots(
            new_project=self.project_controller.new_project,
            open_project=self.project_controller.open_project,
            open_path=self.open_path,
            save=self.project_tab.save,
            save_as=self.project_controller.save_as,
            free_space=self.project_tab.cleaning.open,
            close_project=self.project_controller.close_project,
            quit=self.close,
            import_table=self.import_table,
            paste_table=self._paste_table,
            start=lambda: self.training_tab.start(),
            stop=lambda: self.training_tab.stop(),
            cancel=lambda: self.training_tab.ask_to_cancel(),
            resume=lambda: self.training_tab.resume(),
            use_settings=self._use_settings,
            show_queue=self.queue_controller.show,
            export_report=self._export_report,
            show_manual=self.manual.show_here,
            set_standby=self.set_standby,
            set_theme=self.set_theme,
            set_text_size=self.set_text_size,
        )

    def _paste_table(self) -> None:
        self.request_tab("data")
        self.data_tab.paste()

    def _use_settings(self) -> None:
        self.complete()
        self.session.request_settings(self.session.selected_run)

    def _export_report(self) -> None:
        self.request_tab("results")
        self.results_tab.export_report()

    def set_standby(self, wanted: bool) -> None:
        """True if a process stands ready for the next training; remembered."""
        change_preferences(changes={"standby": wanted})
        if self._standby is not None:
            self._standby.tend()

    def set_theme(self, name: str) -> None:
        """Light, dark or system; remembered."""
        change_preferences(changes={"theme": name})
        theme.apply(name, text_size=settings.load().text_size)

    def set_text_size(self, percent: int) -> None:
        """Of all type in the window; remembered."""
        change_preferences(changes={"text_size": percent})
        theme.apply(settings.load().theme, text_size=percent)

    # --- what happens ---------------------------------------------------------------------------------------------

    def _show_project(self) -> None:
        project, read_only = self.session.project, self.session.read_only
        self.setWindowTitle("SciApp")
        banner = ""
        if project is not None:
            title = msg("{name} – SciApp", name=project.name)
            if project.holder is not None:
                title = msg("{name} [read-only: {holder}] – SciApp", name=project.name, holder=project.holder)
            elif read_only:
                title = msg("{name} [read-only] – SciApp", name=project.name)
            self.setWindowTitle(tr(title))
            if project.holder is not None:
                banner = msg(
                    "This project is open elsewhere: {holder}. Here it can only be read.", holder=project.holder
                )
            elif read_only:
                banner = msg("The project's folder cannot be written: it can only be read. Use Save As for a copy.")
        else:
            self.tabs.setCurrentIndex(0)
        self._banner.say(banner)
        for index in range(1, self.tabs.count()):
            self.tabs.setTabEnabled(index, project is not None)
        self._menus.show_state(self.session)

    def _connect(self) -> None:
        session, controller, tab = self.session, self.project_controller, self.project_tab
        self.messages.posted.connect(lambda text: self.statusBar().showMessage(tr(text), _REMARK_MS))
        self.messages.undoOffered.connect(self.undo_bar.offer)
        session.projectClosed.connect(self.undo_bar.withdraw)
        for changed in (session.projectOpened, session.projectChanged, session.projectClosed):
            changed.connect(self._show_project)
        for changed in (session.datasetsChanged, session.runsChanged, session.runSelected):
            changed.connect(lambda _: self._menus.show_state(session))
        session.projectOpened.connect(lambda project: set_files_folder(self, project.folder.parent))
        session.datasetsChanged.connect(self._show_files_folder)
        session.tabRequested.connect(self.request_tab)
        controller.leaving.connect(tab.save)
        controller.opened.connect(lambda: self.request_tab("project"))
        controller.sampleReady.connect(lambda: self.request_tab("training"))
        controller.recentChanged.connect(self._show_recent)
        controller.began.connect(self.busy.begin)
        controller.progressed.connect(self.busy.show_progress)
        controller.ended.connect(self.busy.end)
        controller.began.connect(lambda _: tab.start_page.set_busy(True))
        controller.ended.connect(lambda: tab.start_page.set_busy(False))
        self.busy.cancelRequested.connect(controller.cancel)
        tab.newRequested.connect(controller.new_project)
        tab.openRequested.connect(controller.open_project)
        tab.sampleRequested.connect(controller.try_sample)
        tab.projectChosen.connect(self.open_path)
        self._stopping.failed.connect(lambda error: self.messages.error(error, self))
        self._show_recent(settings.load().recent_projects)

    def _show_files_folder(self, cards: list[DatasetCard]) -> None:
        """Until a file of this project was chosen, dialogs begin where its newest table came from."""
        project = self.session.project
        if project is None or not cards or files_folder(self) != project.folder.parent:
            return
        folder = Path(cards[-1].source.path).parent
        if folder.is_dir():
            set_files_folder(self, folder)

    def _show_recent(self, recent: tuple[str, ...]) -> None:
        self.project_tab.start_page.setRecent(recent)
        self._menus.show_recent(recent)

    def _restore_geometry(self) -> None:
        self.setMinimumSize(900, 600)
        self.resize(1280, 820)
        stored = settings.load().window_geometry
        if stored:
            self.restoreGeometry(QByteArray.fromBase64(stored.encode("ascii", "ignore")))

    # --- Qt's own -------------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._complete:
            QTimer.singleShot(0, self, self.complete)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() is QEvent.Type.PaletteChange:
            self._draw_icons()
        super().changeEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if _dropped(event) is not None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """A project is opened; any other file is a table for the open project."""
        path = _dropped(event)
        if path is None:
            return
        event.acceptProposedAction()
        if path.is_dir() or path.suffix == SUFFIX or self.session.project is None:
            self.open_path(path)
        else:
            self.import_file(path)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Runs outlive the window; a person who may not know is asked."""
        live = self.session.live_runs()
        if live and not self._may_close and not self.session.read_only:
            event.ignore()
            waiting = self.session.coming_runs()
            ask_about_runs(self.messages, live, self._close_now, self._stop_and_close, self, waiting=waiting)
            return
        self.project_tab.save()
        geometry = bytes(self.saveGeometry().toBase64().data()).decode("ascii")
        settings.save(settings.load().model_copy(update={"window_geometry": geometry}))
        self.project_controller.cancel()
        self.manual.close()
        self.session.close()
        event.accept()

    def _close_now(self) -> None:
        self._may_close = True
        self.close()

    def _stop_and_close(self) -> None:
        """Asks each training to stop; a process of its own carries that out, so nothing is waited for."""
        project, ids = self.session.project, [run.id for run in self.session.live_runs() if run.is_training]
        if project is None:
            self._close_now()
            return

        def stop_all() -> None:
            for id in ids:
                try:
                    runs_actions.stop_run(run=project.run(id))
                except SciAppError:
                    continue  # it ended while the question stood there

        self._stopping.ask(lambda _: stop_all(), lambda _: self._close_now())


def _dropped(event: QDropEvent) -> Path | None:
    """The one file or folder that is dragged, if it is one of this computer."""
    urls = event.mimeData().urls()
    return Path(urls[0].toLocalFile()) if len(urls) == 1 and urls[0].isLocalFile() else None
