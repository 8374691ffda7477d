"""The window: rail, pages, footer, menus, drops, the question on closing while a run is on."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, Qt, QTimer
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDragLeaveEvent, QDropEvent, QKeyEvent, QPaintEvent
from PySide6.QtWidgets import QMainWindow

from sciapp import settings
from sciapp.actions import runs as runs_actions
from sciapp.actions.preferences import change_preferences
from sciapp.actions.recent_projects import sample_choices
from sciapp.errors import SciAppError
from sciapp.i18n import msg
from sciapp.records.dataset.card import DatasetCard
from sciapp.records.project.project import SUFFIX
from sciapp.records.run.run import Run
from sciapp.ui import theme
from sciapp.ui.frame import commands
from sciapp.ui.frame.areas import AREA_NAMES, area_states
from sciapp.ui.frame.frame import Frame
from sciapp.ui.frame.next_steps import NextSteps
from sciapp.ui.frame.palette import CommandPalette, PaletteKey
from sciapp.ui.help.manual_window import ManualController
from sciapp.ui.home.controller import HomeController
from sciapp.ui.menus import Menus, MenuSlots
from sciapp.ui.messages import Messages
from sciapp.ui.project.close_question import ask_about_runs
from sciapp.ui.project.controller import ProjectController
from sciapp.ui.project.tab import ProjectTab
from sciapp.ui.queue.controller import QueueController
from sciapp.ui.session import Session
from sciapp.ui.widgets.file_dialogs import files_folder, set_files_folder, set_project_folder
from sciapp.ui.words import tr
from sciapp.workers.query import LatestQuery
from sciapp.workers.standby_watch import StandbyWatch

if TYPE_CHECKING:
    from sciapp.ui.data.tab import DataTab
    from sciapp.ui.results.compression_tab import CompressionTab
    from sciapp.ui.results.tab import ResultsTab
    from sciapp.ui.training.tab import TrainingTab

TAB_NAMES = AREA_NAMES
HOME = "home"
_SMALLEST = (900, 600)  # px
_FIRST_SIZE = (1440, 900)  # px


class MainWindow(QMainWindow):
    """Puts the frame and the pages together; what a person can do is a verb, called from a controller or from a page.

    Only Home and the project's page are there at the first paint: the others bring pyqtgraph, which takes a quarter of
    a second. Asking for any of them (`data_tab`, …) makes them all.
    """

    def __init__(self, session: Session, messages: Messages, standby: StandbyWatch | None = None) -> None:
        """standby: keeps a process ready for the next training."""
        super().__init__()
        self._standby = standby
        self.session, self.messages = session, messages
        self._complete, self._begun, self._may_close = False, False, False
        self._stopping = LatestQuery(self)
        self.setObjectName("mainWindow")
        self.setAcceptDrops(True)
        self.project_controller = ProjectController(session, messages, self)
        self.queue_controller = QueueController(session, messages, self)
        self.manual = ManualController(messages, self)
        self.project_tab = ProjectTab(session, messages, self)
        self.home = HomeController(session, sample_choices(), self)
        self.frame = Frame(messages, self.home.page, self.project_tab, self)
        self.rail, self.footer, self.pages = self.frame.rail, self.frame.footer, self.frame.pages
        self.tabs, self.busy, self.undo_bar = self.rail.areas, self.footer.busy, self.footer.undo
        self.setCentralWidget(self.frame)
        self._next_steps = NextSteps(session, self)
        self._after_opening: str = ""  # the area that is shown when a project has been opened
        self._menus = Menus(self, self._menu_slots())
        self._palette_key = PaletteKey(self)
        self._set_rail_menus()
        self._connect()
        self._restore_geometry()
        self.request_home()
        self.home.page.setFocus()
        self._show_project()

    def _set_rail_menus(self) -> None:
        menus = self._menus
        self.rail.set_menus(
            main=menus.everything(), project=menus.of_projects(), help=menus.menu(of="help"),
            settings=menus.menu(of="settings"),
        )  # fmt: skip
        # On macOS the menu bar is the system's; elsewhere ≡ and Alt show what is in it.
        self.menuBar().setVisible(self.menuBar().isNativeMenuBar())

    # --- pages ----------------------------------------------------------------------------------------------------

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
        made = (self._data_tab, self._training_tab, self._compression_tab, self._results_tab)
        self._training_tab.queue_strip.queueRequested.connect(self.show_queue)
        for index, page in enumerate(made, start=1):
            self.frame.set_area(index, page)
        self._show_project()

    def request_tab(self, name: str) -> None:
        """Show one of TAB_NAMES, or the home page."""
        if name == HOME or self.session.project is None:
            self.request_home()
            return
        self.complete()
        index = AREA_NAMES.index(name)
        if self.tabs.currentIndex() != index:
            self.tabs.setCurrentIndex(index)
        self._show_area(index)

    def request_home(self) -> None:
        """Show the home page; an open project stays open."""
        self.frame.show_home()
        if self._complete:
            self.home.refresh()

    def _show_area(self, index: int) -> None:
        self.complete()
        self.frame.show_area(index)

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
            show_queue=self.show_queue,
            export_report=self._export_report,
            show_manual=self.manual.show_here,
            set_standby=self.set_standby,
            show_home=self.request_home,
            show_area=self.request_tab,
            show_palette=self.show_palette,
            set_theme=self.set_theme,
            set_text_size=self.set_text_size,
        )

    def show_queue(self) -> None:
        """The queue in its drawer; asked for again, it goes."""
        self.frame.show_drawer(self.frame.drawer.isHidden(), self.session.queue)

    def show_palette(self) -> None:
        """Whatever can be done or shown, to be found by typing."""
        if (before := self.findChild(CommandPalette)) is not None:
            before.close()
            return
        session, training = self.session, self.training_tab
        labels = training.all_settings.labels() if session.project is not None else []

        def find(label: str) -> None:
            self.request_tab("training")
            training.find_setting(label)

        CommandPalette(
            [
                *commands.page_commands(session, self.request_home),
                *commands.verb_commands(self._menus.actions(), self._menus.reason),
                *commands.run_commands(session),
                *commands.dataset_commands(session),
                *commands.setting_commands(labels, find),
                *commands.project_commands(settings.load().recent_projects, self.open_path),
            ],
            self,
        ).open()

    def _watch_run(self, folder: str) -> None:
        """Show the training of a run, in whichever project it is."""
        run, project = Run(Path(folder)), self.session.project
        if project is not None and project.folder == run.project_folder:
            self.session.select_run(run.id)
            self.request_tab("training")
            return
        self._after_opening = "training"
        self.open_path(run.project_folder)

    def _stop_run(self, folder: str) -> None:
        self._stopping.ask(
            lambda _: runs_actions.stop_run(run=Run(Path(folder))),
            lambda _: self.messages.inform(msg("Stopping after this step…")),
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
        self.frame.banner.say(banner)
        self.rail.show_project(project.name if project is not None else "")
        self._show_states()
        self._menus.show_state(self.session)

    def _show_states(self) -> None:
        self.rail.show_states(area_states(self.session))

    def _opened(self) -> None:
        """A project was opened, or asked for again: show the area that this was for."""
        area, self._after_opening = self._after_opening or "project", ""
        self.request_tab(area)

    def _forget_area(self) -> None:
        self._after_opening = ""

    def _connect(self) -> None:
        session, controller, rail, footer = self.session, self.project_controller, self.rail, self.footer
        self.messages.posted.connect(footer.say)
        self.messages.undoOffered.connect(footer.undo.offer)
        session.projectClosed.connect(footer.undo.withdraw)
        for changed in (session.projectOpened, session.projectChanged, session.projectClosed):
            changed.connect(self._show_project)
        for changed in (session.datasetsChanged, session.runsChanged, session.runSelected):
            changed.connect(lambda _: self._menus.show_state(session))
        for changed in (session.datasetsChanged, session.runsChanged, session.jobsChanged, session.datasetSelected):
            changed.connect(lambda _: self._show_states())
        session.projectOpened.connect(lambda project: set_files_folder(self, project.folder.parent))
        session.projectOpened.connect(lambda project: set_project_folder(self, project.folder))
        session.datasetsChanged.connect(self._show_files_folder)
        session.tabRequested.connect(self.request_tab)
        session.jobsChanged.connect(footer.show_jobs)
        session.queueChanged.connect(footer.show_queue)
        session.queueChanged.connect(self.frame.drawer.setView)
        self.frame.drawer.changed.connect(session.refresh)
        rail.homeRequested.connect(self.request_home)
        rail.searchRequested.connect(self.show_palette)
        rail.areas.areaRequested.connect(self._show_area)
        footer.stopRequested.connect(self._stop_run)
        footer.watchRequested.connect(self._watch_run)
        footer.queueRequested.connect(self.show_queue)
        self._next_steps.offered.connect(footer.offer.offer)
        self._next_steps.withdrawn.connect(footer.offer.withdraw)
        controller.leaving.connect(self.project_tab.save)
        controller.opened.connect(self._opened)
        controller.recentChanged.connect(self._show_recent)
        controller.began.connect(self.busy.begin)
        controller.progressed.connect(self.busy.show_progress)
        controller.ended.connect(self.busy.end)
        controller.began.connect(lambda _: self.home.page.set_busy(True))
        controller.ended.connect(lambda: self.home.page.set_busy(False))
        # After `opened`, which follows; what was not opened does not decide where the next project begins.
        controller.ended.connect(lambda: QTimer.singleShot(0, self, self._forget_area))
        self.busy.cancelRequested.connect(controller.cancel)
        self.project_tab.importRequested.connect(self.import_table)
        self._connect_home()
        self._stopping.failed.connect(lambda error: self.messages.error(error, self))
        self._stopping.failed.connect(lambda _: self.footer.job.allow_stop())
        recent = settings.load().recent_projects
        self.home.show_recent(recent)  # their files are read after the first paint
        self._menus.show_recent(recent)

    def _connect_home(self) -> None:
        page, controller = self.home.page, self.project_controller
        page.newRequested.connect(controller.new_project)
        page.openRequested.connect(controller.open_project)
        page.sampleRequested.connect(self._try_sample)
        page.projectChosen.connect(self.open_path)
        page.watchRequested.connect(self._watch_run)
        self.home.recentChanged.connect(self._show_recent)
        self.home.removed.connect(self.footer.undo.offer)

    def _try_sample(self, domain: str) -> None:
        self._after_opening = "training"
        self.project_controller.try_sample(domain)

    def _show_files_folder(self, cards: list[DatasetCard]) -> None:
        """Until a file of this project was chosen, dialogs begin where its newest table came from."""
        project = self.session.project
        if project is None or not cards or files_folder(self) != project.folder.parent:
            return
        folder = Path(cards[-1].source.path).parent
        if folder.is_dir():
            set_files_folder(self, folder)

    def _show_recent(self, recent: tuple[str, ...]) -> None:
        self.home.show_recent(recent)
        self.home.refresh()
        self._menus.show_recent(recent)

    def _restore_geometry(self) -> None:
        self.setMinimumSize(*_SMALLEST)
        self.resize(*_FIRST_SIZE)
        stored = settings.load().window_geometry
        if stored:
            self.restoreGeometry(QByteArray.fromBase64(stored.encode("ascii", "ignore")))

    # --- Qt's own -------------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._begun:
            QTimer.singleShot(0, self, self._begin)

    def _begin(self) -> None:
        """After the first paint: the other pages, where nobody asked for them yet, and what files and processes say."""
        if not self._begun:
            self._begun = True
            self.complete()
            self.session.follow_queue()
            self.home.begin()

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """Alt alone shows the menu bar, and hides it again."""
        if event.key() == Qt.Key.Key_Alt and not self.menuBar().isNativeMenuBar():
            self.menuBar().setVisible(self.menuBar().isHidden())
        super().keyReleaseEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if _dropped(event) is not None:
            event.setDropAction(Qt.DropAction.CopyAction)  # a file is never moved
            event.accept()
            self.frame.drop_hint.set_shown(True)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self.frame.drop_hint.set_shown(False)
        super().dragLeaveEvent(event)

    def dropEvent(self, event: QDropEvent) -> None:
        """A project is opened; any other file is a table: of the open project, or of a new one."""
        self.frame.drop_hint.set_shown(False)
        path = _dropped(event)
        if path is None:
            return
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        if path.is_dir() or path.suffix == SUFFIX:
            self.open_path(path)
        elif self.session.project is None:
            self.project_controller.new_project(name=path.name.partition(".")[0], file=path)
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
        self.home.end()
        self.session.end()
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
