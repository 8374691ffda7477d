"""Cards of the home page: a recent project, a sample, the job that is running."""

from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QDate, QLocale, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QAction,
    QColor,
    QContextMenuEvent,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
    QResizeEvent,
)
from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout, QWidget

from sciapp.actions.recent_projects import RecentProject, SampleChoice, Standing
from sciapp.i18n import joined, msg, plural
from sciapp.records.machine.job import JobProgress
from sciapp.records.run.score_format import score_with_error
from sciapp.ui import theme
from sciapp.ui.frame.footer import job_score
from sciapp.ui.home.card_button import CardButton
from sciapp.ui.home.pictures import InputPicture
from sciapp.ui.widgets.buttons import Button, IconButton
from sciapp.ui.widgets.cards import Card
from sciapp.ui.widgets.glyphs import IconLabel, Pill, ProgressRing
from sciapp.ui.widgets.labels import ElidedLabel, TextLabel
from sciapp.ui.words import tr

_PILLS: dict[Standing, tuple[str, theme.Status | None, str | None]] = {
    "missing": (msg("not there"), "caution", "search-x"),
    "damaged": (msg("cannot be opened"), "bad", None),
    "empty": (msg("no data yet"), None, ""),
    "doubtful": (msg("data to check"), "caution", None),
    "untrained": (msg("not trained yet"), None, ""),
    "training": (msg("training"), "info", "activity"),
    "waiting": (msg("waiting"), None, "hourglass"),
    "useful": (msg("useful"), "good", None),
    "unproven": (msg("no better yet"), "caution", "circle-alert"),
}
_PILL_HELP: dict[Standing, str] = {
    "useful": msg("Its best model beats the simple method beyond chance, on rows that it has not seen."),
    "unproven": msg("Its best model is not better than the simple method beyond chance."),
    "doubtful": msg("The check of its newest table has found problems that nothing was done about."),
}
_SPARK_WIDTH, _SPARK_HEIGHT = 220, 36  # px


class ProjectCard(CardButton):
    """A recent project; what is not known yet is left empty until it comes."""

    removeRequested = Signal(object)  # Path
    folderRequested = Signal(object)  # Path
    openRequested = Signal(object)  # Path

    def __init__(self, file: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent, name="recentProject")
        self.file = file
        self.project: RecentProject | None = None
        self._picture = InputPicture(self)
        self._name = ElidedLabel(self, Qt.TextElideMode.ElideRight)
        theme.set_style(self._name, type="section")
        self._pill = Pill("", self)
        self._content, self._about = ElidedLabel(self, Qt.TextElideMode.ElideRight), TextLabel("", self)
        self._more = IconButton("ellipsis", msg("More about this project"), self, name="moreAboutProject")
        self._menu = self._made_menu()
        self._more.clicked.connect(lambda: self._menu.popup(self._more.mapToGlobal(self._more.rect().bottomLeft())))
        self.clicked.connect(lambda: self.openRequested.emit(self.file))
        self._lay_out()
        self._show_waiting()

    def show_project(self, project: RecentProject) -> None:
        self.project = project
        text, status, icon = _PILLS[project.standing]
        self._name.setText(project.name)
        self._pill.set_pill(text, status=status, icon=icon)
        self._pill.setVisible(True)
        self._content.setText(project.problem or project.content)
        self._about.setText(tr(self._facts(project)))
        self._picture.set_icon("triangle-alert" if project.problem else "table-2")
        self.show_pictures(project)
        about = [project.name, text, self._content.text(), self._about.text()]
        self.setAccessibleName(", ".join(tr(part) for part in about if part))
        help = project.hint or _PILL_HELP.get(project.standing, "")
        self.setToolTip("\n".join(tr(part) for part in (str(self.file), help) if part))

    def show_pictures(self, project: RecentProject) -> None:
        self._picture.set_inputs(project.inputs, dict(project.pictures), letters=project.letters)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self._menu.popup(event.globalPos())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.click()
        elif event.key() in {Qt.Key.Key_Delete, Qt.Key.Key_Backspace}:
            self.removeRequested.emit(self.file)
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        hint = self._more.sizeHint()
        self._more.setGeometry(self.width() - hint.width() - theme.HALF, theme.HALF, hint.width(), hint.height())

    def _facts(self, project: RecentProject) -> str:
        if project.problem:
            return msg("in {folder}", folder=self.file.parent)
        rows = msg("{rows:,} rows", rows=project.rows) if project.rows else ""
        runs = plural("{n} run", "{n} runs", project.runs) if project.runs else ""
        problems = plural("{n} finding", "{n} findings", project.problems) if project.standing == "doubtful" else ""
        score = score_with_error(project.best.score) if project.best is not None and project.best.score else ""
        return joined([score, rows, runs, problems, moment_text(project.changed)], " · ")

    def _show_waiting(self) -> None:
        self._name.setText(self.file.stem)
        self.setAccessibleName(self.file.stem)
        self.setToolTip(str(self.file))
        self._content.setText(" ")
        self._about.setText(" ")
        self._pill.setVisible(False)

    def _made_menu(self) -> QMenu:
        menu = QMenu(self)
        for text, name, signal in (
            (msg("&Open"), "openRecent", self.openRequested),
            (msg("&Show folder"), "showRecentFolder", self.folderRequested),
            (msg("&Remove from this list"), "removeRecent", self.removeRequested),
        ):
            action: QAction = menu.addAction(tr(text))
            action.setObjectName(name)
            action.triggered.connect(lambda _=False, signal=signal: signal.emit(self.file))
        return menu

    def _lay_out(self) -> None:
        theme.set_style(self._content, tone="secondary")
        theme.set_style(self._about, type="caption", tone="caption")
        top = QHBoxLayout()
        top.setSpacing(theme.SPACING)
        top.addWidget(self._name, 1)
        top.addWidget(self._pill)
        texts = QVBoxLayout()
        texts.setContentsMargins(theme.GAP, theme.MARGIN, theme.GAP, theme.GAP)
        texts.setSpacing(theme.HALF)
        texts.addLayout(top)
        texts.addWidget(self._content)
        texts.addWidget(self._about)
        self.column.setContentsMargins(1, 1, 1, 1)
        self.column.setSpacing(0)
        self.column.addWidget(self._picture)
        self.column.addLayout(texts)
        self.let_through(self._picture, self._name, self._pill, self._content, self._about)
        self._more.raise_()


class SampleCard(CardButton):
    """A question that a bundled sample answers."""

    def __init__(self, sample: SampleChoice, parent: QWidget | None = None) -> None:
        super().__init__(parent, name=f"startSample_{sample.domain}")
        self.sample = sample
        self._question = TextLabel(sample.question, self, type="strong", wrap=True)
        self._rows = TextLabel(sample.rows, self, type="caption", tone="caption", wrap=True)
        icon = IconLabel(sample.icon, self, tone="accent_text", ground="accent_tint", ground_size=36)
        arrow = IconLabel("arrow-right", self, tone="ink3")
        top = QHBoxLayout()
        top.addWidget(icon)
        top.addStretch(1)
        top.addWidget(arrow)
        self.column.addLayout(top)
        self.column.addSpacing(theme.MARGIN)
        self.column.addStretch(1)
        self.column.addWidget(self._question)
        self.column.addWidget(self._rows)
        self.let_through(icon, arrow, self._question, self._rows)
        self.setAccessibleName(tr(sample.question))
        self.setToolTip(tr(msg("A project with this table, ready to train.")))

    def show_rows(self, rows: int) -> None:
        """rows: of the sample's table."""
        text = msg("{rows:,} rows · {what}", rows=rows, what=self.sample.rows)
        self._rows.setText(tr(text))
        self.setAccessibleDescription(tr(text))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.click()
        else:
            super().keyPressEvent(event)


class JobCard(Card):
    """A running job: what it is, its score against the simple method, how long it takes, and a button to watch it."""

    watchRequested = Signal(str)  # the run's folder

    def __init__(self, job: JobProgress, parent: QWidget | None = None) -> None:
        super().__init__("", parent, name="jobCard", padding=theme.GAP)
        self._folder = job.folder
        self._ring = ProgressRing(msg("Progress of the run"), self, size=theme.ICON_LARGE)
        self._heading = TextLabel("", self, type="strong")
        self._score = TextLabel("", self, tone="secondary", wrap=True)
        self._curve = ScoreCurve(self)
        self._left, self._state = (
            TextLabel("", self, type="strong"),
            TextLabel("", self, type="caption", tone="caption"),
        )
        self.watch = Button(msg("Watch"), self, name="watchJobCard", help=msg("Open its project and watch it train."))
        self.watch.clicked.connect(lambda: self.watchRequested.emit(self._folder))
        texts, times = QVBoxLayout(), QVBoxLayout()
        for column, parts in ((texts, (self._heading, self._score)), (times, (self._left, self._state))):
            column.setSpacing(theme.HALF)
            for part in parts:
                column.addWidget(part)
        row = QHBoxLayout()
        row.setSpacing(theme.GAP)
        row.addWidget(self._ring)
        row.addLayout(texts, 1)
        row.addWidget(self._curve)
        row.addLayout(times)
        row.addWidget(self.watch)
        self.body.addLayout(row)
        self.show_job(job)

    @property
    def folder(self) -> str:
        return self._folder

    def show_job(self, job: JobProgress) -> None:
        """job: of the same run."""
        heading = msg("{run} of {project} is on", run=job.title, project=job.project)
        if job.trains:
            heading = msg("{run} is training in {project}", run=job.title, project=job.project)
        self._heading.setText(tr(heading))
        self.setAccessibleName(tr(heading))
        self._score.setText(tr(job_score(job) or joined([job.kind, job.subject], " · ")))
        self._ring.set_share(job.share)
        self._curve.set_scores(job)
        self._left.setText(tr(job.left))
        self._left.setVisible(bool(job.left))
        self._state.setText(tr(job.state))


class ScoreCurve(QWidget):
    """Scores so far as a small curve; the simple method as a dashed line."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._scores: tuple[float, ...] = ()
        self._baseline: float | None = None
        self._share = 1.0
        self.setFixedSize(_SPARK_WIDTH, _SPARK_HEIGHT)

    def set_scores(self, job: JobProgress) -> None:
        self._scores, self._baseline, self._share = job.scores, job.baseline, job.share or 1.0
        self.setVisible(len(job.scores) > 1)
        self.setAccessibleName(tr(job_score(job)))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        colours, values = theme.colours_of(self.palette()), [*self._scores]
        if self._baseline is not None:
            values.append(self._baseline)
        if len(self._scores) < 2:
            return
        low, high = min(values), max(values)
        room, area = (high - low) or 1.0, QRectF(self.rect()).adjusted(4, 4, -4, -4)

        def down(value: float) -> float:
            return area.bottom() - area.height() * (value - low) / room

        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._baseline is not None:
            pen = QPen(QColor(colours.second), 1.5)
            pen.setDashPattern((4, 3))
            painter.setPen(pen)
            painter.drawLine(QPointF(area.left(), down(self._baseline)), QPointF(area.right(), down(self._baseline)))
        step = area.width() * self._share / (len(self._scores) - 1)
        points = [QPointF(area.left() + step * index, down(score)) for index, score in enumerate(self._scores)]
        painter.setPen(QPen(QColor(colours.accent), 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPolyline(QPolygonF(points))
        painter.setBrush(QColor(colours.accent))
        painter.drawEllipse(points[-1], 2.5, 2.5)
        painter.end()


def moment_text(moment: datetime | None) -> str:
    """“today”, “yesterday”, else the date in the language's short form; empty where it is not known."""
    if moment is None:
        return ""
    day = moment.astimezone().date()
    days = (datetime.now().astimezone().date() - day).days
    if days <= 1:
        return msg("today") if days <= 0 else msg("yesterday")
    return QLocale().toString(QDate(day.year, day.month, day.day), QLocale.FormatType.ShortFormat)
