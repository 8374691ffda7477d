"""A run as it is watched: one sentence, the score that matters, what happened; curves, computer, log folded."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QStackedWidget, QVBoxLayout, QWidget

from sciapp.i18n import joined, msg, plural, term
from sciapp.records.plan.plan import Plan, changed_settings, is_fine_tuning, is_settable, words_text
from sciapp.records.run.events import Event
from sciapp.records.run.run import Outcome, RunStatus
from sciapp.records.run.story import RunStory
from sciapp.ui import theme
from sciapp.ui.training.layouts import CardGrid, SideBySide, TallPage
from sciapp.ui.training.monitor.event_replay import RunReplay
from sciapp.ui.training.monitor.load import LoadStrip
from sciapp.ui.training.monitor.log import LogPane
from sciapp.ui.training.monitor.stages import StageList, Timeline
from sciapp.ui.widgets.banner import Banner
from sciapp.ui.widgets.bars import RunProgress
from sciapp.ui.widgets.buttons import Button
from sciapp.ui.widgets.cards import Card
from sciapp.ui.widgets.facts import Property, PropertyList
from sciapp.ui.widgets.glyphs import IconLabel
from sciapp.ui.widgets.labels import TextLabel
from sciapp.ui.widgets.layout import CollapsibleSection, FormScroll
from sciapp.ui.widgets.page import EmptyState
from sciapp.ui.widgets.plots.score_curve import ScorePlot
from sciapp.ui.widgets.plots.training_curves import CursorReadout, LossPlot
from sciapp.ui.widgets.tables.row_list import HELP, TEXT
from sciapp.ui.words import tr

_NOTHING = msg("No run yet. Press Start training, or choose a run in the Project or Results tab.")
_SIDE, _LEAST, _LEAST_FOLD = 280, 860, 400  # px
_PLOT_HEIGHT, _LOG_HEIGHT = 420, 220


class RunPanel(QWidget):
    """Shows one run; whoever owns it hands events to `play`."""

    settingsWanted = Signal()
    newRunWanted = Signal()
    goOnWanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.story = RunStory()
        self.summary = RunSummaryCard(self)
        self.problem = Banner(self, status="bad", name="runProblem")
        self.problem.buttonClicked.connect(self.goOnWanted)
        self.stages, self.score_plot, self.timeline = StageList(self), ScorePlot(self), Timeline(self)
        self.details = RunDetails(self)
        self.plot, self.log, self.load = self.details.plot, self.details.log, self.details.load
        self.progress = self.summary.progress
        self.replay = RunReplay(self.plot, self.log, self.progress, self.load)
        self._read_out = TextLabel("", self, type="caption", tone="caption", name="scoreReadOut")
        self._empty = EmptyState(
            "activity", _NOTHING, self, title=msg("Nothing to watch yet"), button=msg("Set up a run"), name="setUpRun"
        )
        self._run, self._standing = "", RunStatus.WAITING
        self._coming: tuple[tuple[str, str], ...] = ()
        self._empty.requested.connect(self.newRunWanted)
        self.score_plot.readOutChanged.connect(lambda text: self._read_out.setText(tr(text)))
        self.details.settings_button.clicked.connect(self.settingsWanted)
        self._lay_out()
        self.clear()

    @property
    def title(self) -> str:
        """Id of the run that is shown; empty for none."""
        return self._run

    def begin(self, run: str, plan: Plan | None = None) -> None:
        """A run is watched from now on."""
        self.story.clear()
        self.replay.clear()
        self.load.begin()
        self._run, self._coming = run, _coming(plan)
        self.details.show_plan(plan)
        self.problem.say("")
        self.summary.show_run(msg("Run {run}", run=run))
        self._pages.setCurrentIndex(1)
        self._show_story()

    def clear(self) -> None:
        self.story.clear()
        self.replay.clear()
        self.load.end()
        self._run, self._coming = "", ()
        self.problem.say("")
        self.summary.show_run("")
        self._pages.setCurrentIndex(0)
        self._show_story()

    def play(self, events: Sequence[Event]) -> None:
        """Take a batch of events in."""
        self.story.add(events)
        self.replay.play(events)
        self._show_story()

    def show_standing(self, standing: RunStatus, *, stopping: bool = False) -> None:
        """stopping: a person asked for its end, which has not come yet."""
        self._standing = standing
        stands = msg("stopping…") if stopping else term(str(standing))
        self.summary.show_run(msg("Run {run} · {stands}", run=self._run, stands=stands))
        if standing.is_over:
            self.load.end()
        elif standing is RunStatus.RUNNING and not self.replay.has_events:
            self.progress.show_share(0, 0, msg("Starting…"))
        self._show_story()

    def show_outcome(self, outcome: Outcome) -> None:
        self.summary.show_run(str(outcome))
        if outcome.ending in {RunStatus.FAILED, RunStatus.INTERRUPTED}:
            self.problem.say(self._failure(outcome), status="bad", button=msg("Go on"))

    def _failure(self, outcome: Outcome) -> str:
        """The reason, and what is kept."""
        best, kept = self.story.best, ""
        if best is not None and best.step:
            kept = (
                msg("Best of pass {passes:.0f} is kept.", passes=best.passes)
                if best.passes >= 1
                else msg("Best of the first pass is kept.")
            )
        return joined([str(outcome), kept])

    def _show_story(self) -> None:
        story = self.story
        waiting = self._standing is RunStatus.WAITING and not self.replay.has_events
        self.summary.show_story(story, waiting=waiting)
        self.stages.set_stages(story.stages)
        self._graph.setCurrentWidget(self.score_plot if story.points else self.stages)
        self._graph_card.set_title(_graph_title(story))
        if story.points:
            self.score_plot.show_story(story)
        self.timeline.set_milestones(story.milestones, self._coming if story.phase != "over" else ())

    def _lay_out(self) -> None:
        self._graph = QStackedWidget(self)
        self._graph.addWidget(self.stages)
        self._graph.addWidget(self.score_plot)
        self._graph_card = Card("", self, name="scoreCard")
        self._graph_card.add_action(self._read_out)
        self._graph_card.body.addWidget(self._graph, 1)
        self._graph_card.setMinimumHeight(340)
        main = QWidget(self)
        column = QVBoxLayout(main)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.GAP)
        for part in (self.summary, self.problem, self._graph_card):
            column.addWidget(part, int(part is self._graph_card))
        column.addWidget(self.details)
        so_far = Card(msg("So far"), self, name="soFar")
        so_far.body.addWidget(self.timeline)
        page = TallPage(self)
        outer = QVBoxLayout(page)
        outer.setContentsMargins(0, 0, 0, theme.GAP)
        outer.addWidget(SideBySide(main, so_far, page, side_width=_SIDE, least=_LEAST))
        scroll = FormScroll(self)
        scroll.setObjectName("watchingScroll")
        scroll.setWidget(page)
        self._pages = QStackedWidget(self)
        self._pages.addWidget(self._empty)
        self._pages.addWidget(scroll)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._pages)


class RunSummaryCard(Card):
    """The sentence on how the run stands, its percentage, and below it the progress of the moment."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent, name="runSummary")
        self._icon = IconLabel("activity", self, tone="accent_text", ground="accent_tint", ground_size=48, size=20)
        self._headline = TextLabel("", self, type="section", wrap=True, name="runHeadline")
        self._detail = TextLabel("", self, tone="secondary", wrap=True, name="runDetail")
        self._share = TextLabel("", self, type="section", name="runShare")
        self.status = TextLabel("", self, type="caption", tone="caption", wrap=True, name="statusLabel")
        self.progress = RunProgress(self)
        texts = QVBoxLayout()
        texts.setSpacing(theme.HALF)
        for part in (self._headline, self._detail, self.status):
            texts.addWidget(part)
        row = QHBoxLayout()
        row.setSpacing(theme.GAP)
        row.addWidget(self._icon)
        row.addLayout(texts, 1)
        row.addWidget(self._share)
        self.body.addLayout(row)
        self.body.addWidget(self.progress)

    def show_run(self, text: str) -> None:
        """The run's name and status, in a line."""
        self.status.setText(tr(text))

    def show_story(self, story: RunStory, *, waiting: bool) -> None:
        """waiting: it has not begun, because others come before it."""
        self._headline.setText(tr(msg("Waits for its turn") if waiting else story.headline))
        self._detail.setText(tr(story.detail))
        self._detail.setVisible(bool(story.detail))
        share = None if waiting or story.phase == "over" else story.share
        self.progress.setVisible(not waiting and story.phase != "over")
        self._share.setText("" if share is None else tr(msg("{share:.0%}", share=share)))
        ahead, better = story.is_ahead, "trending-up" if story.greater_is_better else "trending-down"
        if ahead is None:
            self._icon.set_icon("hourglass" if waiting else "activity", tone="accent_text", ground="accent_tint")
        else:
            # Not green where it is ahead: the best of many looks at the rows that it is chosen by is no verdict.
            self._icon.set_icon(
                better, tone="accent_text" if ahead else "caution", ground="accent_tint" if ahead else "caution_tint"
            )


class RunDetails(QWidget):
    """Folded: all curves, what the run takes of this computer, its log, its settings."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.plot, self.log, self.load = LossPlot(self), LogPane(self), LoadStrip(self)
        self.plot.setMinimumHeight(_PLOT_HEIGHT)
        self.log.setMinimumHeight(_LOG_HEIGHT)
        self.settings_button = Button(TEXT, self, name="useShownSettings", help=HELP, dense=True)
        self._settings = PropertyList(self)
        self._no_settings = TextLabel(msg("All settings are at their recommended value."), self, tone="secondary")
        self._read_out = QLabel(self)
        self._read_out.setObjectName("curveReadOut")
        self._log_scale = QCheckBox(tr(msg("Log scale")), self)
        self._log_scale.setObjectName("logScale")
        self._log_scale.setToolTip(tr(msg("Draw the losses on a logarithmic axis.")))
        self._whole = Button(msg("Whole curve"), self, name="showWholeCurve", dense=True)
        self._whole.setToolTip(tr(msg("Undo zooming (wheel) and moving (drag).")))
        self._log_scale.toggled.connect(self.plot.set_log_scale)
        self._whole.clicked.connect(self.plot.show_everything)
        self.plot.readOutChanged.connect(self._show_read_out)
        grid = CardGrid(self, least=_LEAST_FOLD, most_columns=2)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(grid)
        self.folds = tuple(
            CollapsibleSection(title, content, name, self)
            for title, content, name in (
                (msg("All curves"), self._curves(), "allCurves"),
                (msg("This computer"), _held(self.load, self), "thisComputer"),
                (msg("What happened"), self.log, "whatHappened"),
                (msg("Settings of this run"), self._plan(), "settingsOfRun"),
            )
        )
        cards = []
        for fold in self.folds:
            cards.append(Card("", self, padding=theme.MARGIN))
            cards[-1].body.addWidget(fold, 0, Qt.AlignmentFlag.AlignTop)
        grid.set_cards(cards)

    def show_plan(self, plan: Plan | None) -> None:
        """The settings of the run that are not the recommended ones."""
        changed = changed_settings(plan) if plan is not None and is_settable(plan) else {}
        lines = [
            Property(name, words_text(value) if isinstance(value, tuple) else str(value))
            for name, value in changed.items()
        ]
        self._settings.set_properties(lines)
        self._no_settings.setVisible(not lines)
        title = msg("Settings of this run")
        if changed:
            differ = plural("{n} differs from the recommended", "{n} differ from the recommended", len(changed))
            title = joined([title, differ], " · ")
        self.folds[3].setTitle(title)

    def _plan(self) -> QWidget:
        made = QWidget(self)
        column = QVBoxLayout(made)
        column.setContentsMargins(0, 0, 0, 0)
        for part in (self._no_settings, self._settings):
            column.addWidget(part)
        row = QHBoxLayout()
        row.addWidget(self.settings_button)
        row.addStretch(1)
        column.addLayout(row)
        return made

    def _curves(self) -> QWidget:
        made = QWidget(self)
        column = QVBoxLayout(made)
        column.setContentsMargins(0, 0, 0, 0)
        tools = QHBoxLayout()
        tools.addWidget(self._read_out, 1)
        tools.addWidget(self._log_scale)
        tools.addWidget(self._whole)
        column.addWidget(self.plot)
        column.addLayout(tools)
        return made

    def _show_read_out(self, read_out: CursorReadout | None) -> None:
        self._read_out.setText(str(read_out) if read_out is not None else "")


def _held(content: QWidget, parent: QWidget) -> QWidget:
    """A widget around one that shows and hides itself, so that a fold decides on both."""
    made = QWidget(parent)
    column = QVBoxLayout(made)
    column.setContentsMargins(0, 0, 0, 0)
    column.addWidget(content)
    return made


def _graph_title(story: RunStory) -> str:
    if not story.points:
        return msg("What it prepares")
    if story.score_name in {"rmse", "mae"}:
        return msg("How far off it is on rows it has not learned from")
    return msg("How good it is on rows it has not learned from")


def _coming(plan: Plan | None) -> tuple[tuple[str, str], ...]:
    """Title and detail of what will happen in a training with this plan."""
    if plan is None or not is_settable(plan):
        return ()
    lines = []
    if patience := plan.stopping.early_stopping_patience:
        detail = msg("after {patience:,} looks without a better score", patience=patience)
        lines.append((msg("Stops early if nothing improves"), detail))
    if is_fine_tuning(plan):
        lines.append((msg("Final test on new rows"), msg("at the end, once")))
    return tuple(lines)
