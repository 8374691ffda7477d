"""Reads what the home page shows, off the window's thread, and takes projects off its list."""

from pathlib import Path

from PySide6.QtCore import QObject, QUrl, Signal
from PySide6.QtGui import QDesktopServices

from sciapp import settings
from sciapp.actions import recent_projects as verbs
from sciapp.actions.recent_projects import RecentProject, SampleChoice
from sciapp.i18n import msg
from sciapp.records.machine.job import JobProgress
from sciapp.ui.home.page import HomePage
from sciapp.ui.session import Session
from sciapp.workers.query import LatestQuery


class HomeController(QObject):
    """Facts of all recent projects first, then the pictures of one after the other."""

    recentChanged = Signal(tuple)
    removed = Signal(object, object)  # what was done, and what undoes it

    def __init__(self, session: Session, samples: tuple[SampleChoice, ...], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._samples = samples
        self.page = HomePage(samples)
        self._reading, self._drawing, self._counting = LatestQuery(self), LatestQuery(self), LatestQuery(self)
        self._drawn: dict[Path, RecentProject] = {}
        self._waiting: list[RecentProject] = []
        self._on: set[str] = set()
        self._drawing.failed.connect(lambda _: self._draw_next())
        self.page.removeRequested.connect(self.remove)
        self.page.folderRequested.connect(lambda file: _show_folder(file))
        session.jobsChanged.connect(self._take_jobs)

    def begin(self) -> None:
        """Read for the first time: after the first paint, so that nothing waits for files."""
        self.refresh()
        self._counting.ask(lambda _: verbs.sample_rows(samples=self._samples), self.page.show_sample_rows)

    def show_recent(self, recent: tuple[str, ...]) -> None:
        """Cards at once, by the names of their files."""
        self.page.set_recent(recent)

    def refresh(self) -> None:
        """Read all recent projects anew."""
        files = [Path(text) for text in settings.load().recent_projects]
        self._reading.ask(lambda _: [verbs.look_at_project(file=file) for file in files], self._take)

    def remove(self, file: Path) -> None:
        """Take a project off the list; its files stay."""
        before = settings.load().recent_projects
        self.recentChanged.emit(verbs.forget_recent(file=file))
        text = msg("“{name}” is off the list; its files stay where they are.", name=file.stem)
        self.removed.emit(text, lambda: self._put_back(before))

    def end(self) -> None:
        """Nobody waits any longer."""
        for query in (self._reading, self._drawing, self._counting):
            query.drop()

    def _put_back(self, recent: tuple[str, ...]) -> None:
        known = settings.load()
        newer = tuple(text for text in known.recent_projects if text not in recent)
        settings.save(known.model_copy(update={"recent_projects": (newer + recent)[: settings.RECENT_LIMIT]}))
        self.recentChanged.emit(settings.load().recent_projects)
        self.refresh()

    def _take(self, projects: list[RecentProject]) -> None:
        self._waiting = []
        for project in projects:
            drawn = self._drawn.get(project.file)
            if drawn is not None and drawn.inputs == project.inputs and drawn.domain == project.domain:
                project = verbs.with_pictures(project, drawn)
            elif project.inputs:
                self._waiting.append(project)
            self.page.show_project(project)
        self._draw_next()

    def _draw_next(self) -> None:
        if self._waiting and not self._drawing.busy:
            project = self._waiting.pop(0)
            self._drawing.ask(lambda _: verbs.pictures_of(project=project), self._take_pictures)

    def _take_pictures(self, project: RecentProject) -> None:
        self._drawn[project.file] = project
        if (card := self.page.card(project.file)) is not None:
            card.show_pictures(project)
        self._draw_next()

    def _take_jobs(self, jobs: tuple[JobProgress, ...]) -> None:
        self.page.show_jobs(jobs)
        on = {job.folder for job in jobs}
        if on != self._on:  # one began or ended: its project stands otherwise now
            self._on = on
            if self.page.isVisible():
                self.refresh()


def _show_folder(file: Path) -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(file.parent)))
