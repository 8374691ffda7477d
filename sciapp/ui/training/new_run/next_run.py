"""The dashed card of the next run: what it is, what it takes of this computer, and Start."""

from collections.abc import Sequence

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from sciapp.i18n import joined, msg
from sciapp.records.plan.efforts import effort_of
from sciapp.records.plan.plan import TrainPlan, changed_settings
from sciapp.records.run.preflight import Preflight, megabytes
from sciapp.ui import theme
from sciapp.ui.queue.strip import QueueStrip
from sciapp.ui.training.new_run.forecast import time_range
from sciapp.ui.training.start_bar import StartBar
from sciapp.ui.widgets.banner import Banner
from sciapp.ui.widgets.cards import Card
from sciapp.ui.widgets.facts import Property, PropertyList
from sciapp.ui.widgets.glyphs import IconLabel
from sciapp.ui.widgets.labels import TextLabel
from sciapp.ui.widgets.page import Skeleton
from sciapp.ui.words import tr

WIDTH = 296  # px


class NextRunCard(Card):
    """Shows a plan and its forecast; only what was measured, a skeleton while it is."""

    def __init__(self, start_bar: StartBar, queue_strip: QueueStrip, parent: QWidget | None = None) -> None:
        super().__init__("", parent, dashed=True, name="nextRun")
        self.setAccessibleName(tr(msg("Next run, not started yet")))
        self._title = TextLabel("", self, type="section", wrap=True, name="nextRunTitle")
        self._facts = PropertyList(self)
        self._skeleton = Skeleton(self, rows=4)
        self._state = TextLabel("", self, type="caption", tone="caption", wrap=True, name="forecastState")
        self._warning = Banner(self, name="forecastWarning")
        head = QHBoxLayout()
        head.setSpacing(theme.SPACING)
        head.addWidget(IconLabel("pencil", self, size=theme.ICON_SMALL))
        note = TextLabel(msg("Next run · not started yet"), self, type="medium", tone="secondary", wrap=True)
        head.addWidget(note, 1)
        self.body.addLayout(head)
        for part in (self._title, self._facts, self._skeleton, self._state, self._warning):
            self.body.addWidget(part)
        self.body.addStretch(1)
        foot = QVBoxLayout()
        foot.setSpacing(theme.SPACING)
        foot.addWidget(queue_strip)
        foot.addWidget(start_bar)
        self.body.addLayout(foot)
        self.setFixedWidth(WIDTH)
        self.show_state("")

    def show_plan(self, plan: TrainPlan | None, model: str, first: str = "") -> None:
        """model: as people read it. first: what comes before the training, in words."""
        if plan is None:
            self._title.setText(tr(msg("Nothing to train yet")))
            self.show_state("")
            return
        effort = effort_of(plan)
        if effort is not None:
            title = msg("{effort} training of {model}", effort=effort.title, model=model)
        else:
            title = msg("Training of {model}, set by you", model=model)
        self._title.setText(tr(joined([first, title], " · ") if first else title))

    def show_measuring(self, stage: str) -> None:
        self._facts.hide()
        self._skeleton.show()
        self._warning.say("")
        self._state.setText(tr(stage))
        self._state.show()

    def show_state(self, text: str, *, wrong: bool = False) -> None:
        """Nothing is measured, and why."""
        self._facts.hide()
        self._skeleton.hide()
        self._state.setText("" if wrong else tr(text))
        self._state.setVisible(bool(text) and not wrong)
        self._warning.say(text if wrong else "", status="bad")

    def show_forecast(self, seen: Preflight, plan: TrainPlan) -> None:
        self._skeleton.hide()
        self._state.hide()
        self._facts.set_properties(_facts(seen, plan))
        self._facts.show()
        worst = next((one for level in ("problem", "warning") for one in seen.cautions if one.level == level), None)
        status: theme.Status = "bad" if worst is not None and worst.level == "problem" else "caution"
        self._warning.say(str(worst) if worst is not None else "", status=status)


def _facts(seen: Preflight, plan: TrainPlan) -> Sequence[Property]:
    time, memory, disk = seen.time, seen.memory, seen.disk
    timed = msg("{timed} steps were timed; preparing and judging come on top", timed=time.timed)
    free = msg("{free} are free", free=megabytes(memory.left))
    lines = [
        Property(msg("Time"), time_range(time), timed, "timer"),
        Property(msg("Memory"), megabytes(memory.peak), free, "memory-stick"),
        Property(msg("Disk"), megabytes(disk.needed), msg("{free} are free", free=megabytes(disk.free)), "hard-drive"),
        Property(msg("Runs on"), msg("this computer"), seen.device, "cpu"),
    ]
    if changed := len(changed_settings(plan)):
        lines.append(Property(msg("Settings changed"), f"{changed}", "", "sliders-horizontal"))
    return lines
