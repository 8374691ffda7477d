"""Home: what is running, the projects opened lately, samples by the question they answer, a place to drop a table."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from sciapp.actions.recent_projects import RecentProject, SampleChoice
from sciapp.i18n import msg
from sciapp.records.machine.job import JobProgress
from sciapp.ui import theme
from sciapp.ui.home.card_button import CardGrid
from sciapp.ui.home.cards import JobCard, ProjectCard, SampleCard
from sciapp.ui.widgets.buttons import Button
from sciapp.ui.widgets.glyphs import IconLabel
from sciapp.ui.widgets.labels import TextLabel
from sciapp.ui.widgets.page import PageHeader
from sciapp.ui.words import tr

_FIRST = 3  # recent projects that are shown until all are asked for
_PROJECT_WIDTH, _SAMPLE_WIDTH = 270, 230  # px, at least
_JOBS = 3
_WELCOME = msg(
    "A table of measurements goes in; a model, how far it can be trusted and a report come out. Begin with a sample, "
    "or with a table of your own."
)
_BACK = msg("Start from your own measurements, or go on where you left off.")


class HomePage(QScrollArea):
    """Takes what is to be shown, tells what was chosen; reads nothing itself."""

    newRequested = Signal()
    openRequested = Signal()
    sampleRequested = Signal(str)  # domain
    projectChosen = Signal(object)  # Path
    folderRequested = Signal(object)  # Path
    removeRequested = Signal(object)  # Path
    watchRequested = Signal(str)  # the run's folder

    def __init__(self, samples: Sequence[SampleChoice], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("home")
        self.setAccessibleName(tr(msg("Home")))
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._all = False
        self._recent: tuple[Path, ...] = ()
        self._content = QWidget(self)
        theme.set_ground(self._content, "page")
        self.header = PageHeader(msg("What would you like to find out?"), _BACK, self._content)
        self._open = Button(
            msg("&Open…"), self._content, icon="open", name="startOpen",
            help=msg("Open a project file (.sciproj); its folder can be dragged here as well."),
        )  # fmt: skip
        self._new = Button(
            msg("&New project…"), self._content, kind="primary", icon="new", name="startNew",
            help=msg("Make a project for a table of yours."),
        )  # fmt: skip
        self.header.add_action(self._open)
        self.header.add_action(self._new)
        self._jobs = QVBoxLayout()
        self._job_cards: list[JobCard] = []
        self._projects: dict[Path, ProjectCard] = {}
        self.projects = CardGrid(self._content, narrowest=_PROJECT_WIDTH, columns=3)
        self.projects.setObjectName("recentProjects")
        self.projects.setAccessibleName(tr(msg("Recent projects")))
        self._all_button = Button("", self._content, kind="quiet", icon="chevron-right", name="allRecent", dense=True)
        self.samples = CardGrid(self._content, narrowest=_SAMPLE_WIDTH, columns=4)
        self.samples.setObjectName("samples")
        self.samples.setAccessibleName(tr(msg("Samples, by question")))
        self._sample_cards = [SampleCard(sample, self.samples) for sample in samples]
        self.samples.set_cards(self._sample_cards)
        self.drop = DropZone(self._content)
        self._lay_out()
        self._connect()
        self.setWidget(self._content)
        self.setFocusProxy(self._new)
        self.set_recent(())

    # --- what is shown --------------------------------------------------------------------------------------------

    def set_recent(self, files: Sequence[str]) -> None:
        """Newest first; what is in them follows by `show_project`. Cards that are there already stay."""
        paths = tuple(dict.fromkeys(Path(text) for text in files))
        for gone in set(self._projects) - set(paths):
            self._projects.pop(gone).deleteLater()
        for path in paths:
            if path not in self._projects:
                self._projects[path] = self._made_card(path)
        self._recent = paths
        self._show_recent()

    def recent(self) -> list[ProjectCard]:
        """The cards that are shown, in their order."""
        return [self._projects[path] for path in (self._recent if self._all else self._recent[:_FIRST])]

    def card(self, file: Path) -> ProjectCard | None:
        return self._projects.get(file)

    def show_project(self, project: RecentProject) -> None:
        """What is known of one of the recent projects."""
        if (card := self._projects.get(project.file)) is not None:
            card.show_project(project)

    def show_sample_rows(self, rows: Mapping[str, int]) -> None:
        """rows: of the samples' tables, by domain."""
        for card in self._sample_cards:
            if card.sample.domain in rows:
                card.show_rows(rows[card.sample.domain])

    def show_jobs(self, jobs: Sequence[JobProgress]) -> None:
        """A card for each of the first few; none moves as long as the same are on."""
        shown = list(jobs[:_JOBS])
        if [job.folder for job in shown] != [card.folder for card in self._job_cards]:
            for card in self._job_cards:
                self._jobs.removeWidget(card)
                card.hide()
                card.deleteLater()
            self._job_cards = [JobCard(job, self._content) for job in shown]
            for card in self._job_cards:
                card.watchRequested.connect(self.watchRequested)
                self._jobs.addWidget(card)
        for card, job in zip(self._job_cards, shown, strict=True):
            card.show_job(job)

    def set_busy(self, busy: bool) -> None:
        """A project is being made or opened: no second one meanwhile."""
        for part in (self._new, self._open, *self._sample_cards, *self._projects.values()):
            part.setEnabled(not busy)

    # --- the parts ------------------------------------------------------------------------------------------------

    def _show_recent(self) -> None:
        for path, card in self._projects.items():
            card.setVisible(path in {one.file for one in self.recent()})
        self.projects.set_cards(self.recent())
        more = len(self._recent) > _FIRST
        self._all_button.setVisible(more)
        self._all_button.set_text(msg("Fewer") if self._all else msg("All {count}", count=len(self._recent)))
        self._all_button.set_icon("chevron-up" if self._all else "chevron-right")
        for part in (self.projects, self._recent_title):
            part.setVisible(bool(self._recent))
        self.header.set_sentence(_BACK if self._recent else _WELCOME)

    def _turn_all(self) -> None:
        self._all = not self._all
        self._show_recent()

    def _made_card(self, path: Path) -> ProjectCard:
        card = ProjectCard(path, self.projects)
        card.openRequested.connect(self.projectChosen)
        card.folderRequested.connect(self.folderRequested)
        card.removeRequested.connect(self.removeRequested)
        return card

    def _connect(self) -> None:
        self._new.clicked.connect(self.newRequested)
        self._open.clicked.connect(self.openRequested)
        self._all_button.clicked.connect(self._turn_all)
        for card in self._sample_cards:
            card.clicked.connect(lambda _=False, domain=card.sample.domain: self.sampleRequested.emit(domain))

    def _lay_out(self) -> None:
        self._recent_title = TextLabel(msg("Recent projects"), self._content, type="section")
        recent = QHBoxLayout()
        recent.addWidget(self._recent_title, 1)
        recent.addWidget(self._all_button)
        column = QVBoxLayout()
        column.setSpacing(theme.MARGIN)
        column.addWidget(self.header)
        column.addSpacing(theme.SPACING)
        self._jobs.setSpacing(theme.MARGIN)
        column.addLayout(self._jobs)
        column.addLayout(recent)
        column.addWidget(self.projects)
        column.addSpacing(theme.SPACING)
        column.addWidget(TextLabel(msg("Samples, by question"), self._content, type="section"))
        column.addWidget(self.samples)
        column.addSpacing(theme.SPACING)
        column.addWidget(self.drop)
        column.addStretch(1)
        frame = QWidget(self._content)
        frame.setMaximumWidth(theme.CONTENT_WIDTH)
        column.setContentsMargins(0, 0, 0, 0)
        frame.setLayout(column)
        row = QHBoxLayout(self._content)
        row.setContentsMargins(theme.PAGE_MARGIN, theme.PAGE_TOP, theme.PAGE_MARGIN, theme.PAGE_TOP)
        row.addWidget(frame, 1)
        row.addStretch(0)


class DropZone(QWidget):
    """Says that a file may be dropped anywhere in the window; the window takes the drop."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("dropZone")
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.CARD_PADDING, theme.CARD_PADDING, theme.CARD_PADDING, theme.CARD_PADDING)
        row.setSpacing(theme.SPACING)
        row.addStretch(1)
        row.addWidget(IconLabel("file-up", self))
        self._text = text = TextLabel(
            msg("Or drop a table anywhere in this window: Excel, CSV, SDF, FASTA, GenBank and more."),
            self,
            tone="secondary",
            wrap=True,
        )
        row.addWidget(text)
        row.addStretch(1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A wrapped label is otherwise as narrow as its longest word."""
        super().resizeEvent(event)
        whole = self._text.fontMetrics().horizontalAdvance(self._text.text()) + theme.SPACING
        self._text.setMinimumWidth(min(whole, self.width() - 4 * theme.CARD_PADDING))

    def paintEvent(self, event: QPaintEvent) -> None:
        colours = theme.colours_of(self.palette())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pen = QPen(QColor(colours.outline), 1.5)
        pen.setDashPattern((6, 4))
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        area = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        painter.drawRoundedRect(area, theme.CARD_RADIUS, theme.CARD_RADIUS)
        painter.end()
