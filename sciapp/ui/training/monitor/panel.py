"""A run as it is watched: curves, progress, log."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QPushButton, QSplitter, QVBoxLayout, QWidget

from sciapp.i18n import msg, term
from sciapp.records.run.run import Outcome, RunStatus
from sciapp.ui import theme
from sciapp.ui.training.monitor.event_replay import RunReplay
from sciapp.ui.training.monitor.load import LoadStrip
from sciapp.ui.training.monitor.log import LogPane
from sciapp.ui.widgets.bars import RunProgress
from sciapp.ui.widgets.layout import FormScroll
from sciapp.ui.widgets.plots.training_curves import CursorReadout, LossPlot
from sciapp.ui.widgets.tables.row_list import HELP, TEXT
from sciapp.ui.words import tr

_NOTHING = msg("No run yet. Press Start training, or choose a run in the Project or Results tab.")


class RunPanel(QWidget):
    """Shows one run; whoever owns it feeds `replay` with events."""

    settingsWanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = QLabel(tr(_NOTHING), self)
        self._title.setObjectName("statusLabel")
        self._title.setWordWrap(True)
        self._read_out = QLabel(self)
        self._read_out.setObjectName("curveReadOut")
        self._log_scale = QCheckBox(tr(msg("Log scale")), self)
        self._log_scale.setObjectName("logScale")
        self._log_scale.setToolTip(tr(msg("Draw the losses on a logarithmic axis.")))
        self._settings = QPushButton(tr(TEXT), self)
        self._settings.setObjectName("useShownSettings")
        self._settings.setToolTip(tr(HELP))
        self._settings.setVisible(False)
        self._settings.clicked.connect(self.settingsWanted)
        self._whole = QPushButton(tr(msg("Whole curve")), self)
        self._whole.setObjectName("showWholeCurve")
        self._whole.setToolTip(tr(msg("Undo zooming (wheel) and moving (drag).")))
        self.plot = LossPlot(self)
        self.log = LogPane(self)
        self.progress = RunProgress(self)
        self.load = LoadStrip(self)
        self.replay = RunReplay(self.plot, self.log, self.progress, self.load)
        self._run = ""
        self._log_scale.toggled.connect(self.plot.set_log_scale)
        self._whole.clicked.connect(self.plot.show_everything)
        self.plot.readOutChanged.connect(self._show_read_out)
        self._lay_out()

    def begin(self, run: str) -> None:
        """A run is watched from now on."""
        self.replay.clear()
        self.load.begin()
        self._run = run
        self._title.setText(tr(msg("Run {run}", run=run)))
        self._settings.setVisible(True)

    def clear(self) -> None:
        self.replay.clear()
        self.load.end()
        self._run = ""
        self._title.setText(tr(_NOTHING))
        self._settings.setVisible(False)

    def show_standing(self, standing: RunStatus, *, stopping: bool = False) -> None:
        """stopping: a person asked for its end, which has not come yet."""
        run, stands = tr(msg("Run {run}", run=self._run)), tr(msg("stopping…") if stopping else term(str(standing)))
        self._title.setText(f"<b>{run}</b> · {stands}")
        if standing.is_over:
            self.load.end()
        elif standing is RunStatus.RUNNING and not self.replay.has_events:
            self.progress.show_share(0, 0, msg("Starting…"))

    def show_outcome(self, outcome: Outcome) -> None:
        self._title.setText(tr(str(outcome)))

    def _show_read_out(self, read_out: CursorReadout | None) -> None:
        self._read_out.setText(str(read_out) if read_out is not None else "")

    def _lay_out(self) -> None:
        tools = QHBoxLayout()
        tools.addWidget(self._read_out, 1)
        tools.addWidget(self._log_scale)
        tools.addWidget(self._whole)
        top = QWidget(self)
        column = QVBoxLayout(top)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.plot, 1)
        column.addLayout(tools)
        splitter = QSplitter(Qt.Orientation.Vertical, self)
        splitter.addWidget(top)
        splitter.addWidget(self.log)
        splitter.setStretchFactor(0, 4)
        splitter.setStretchFactor(1, 1)
        splitter.setChildrenCollapsible(False)
        splitter.setSizes([520, 130])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 0, 0, 0)
        head = QHBoxLayout()
        head.addWidget(self._title, 1)
        head.addWidget(self._settings)
        layout.addLayout(head)
        layout.addWidget(self.progress)
        layout.addWidget(self.load)
        layout.addWidget(splitter, 1)


# Left a form with buttons below it, right a run.


_LEFT, _RIGHT, _NARROWEST = 400, 800, 360


class PlanRunSplitter(QSplitter):
    """The form scrolls when it is long; what is below it stays in view."""

    def __init__(
        self, form: Sequence[QWidget], below: Sequence[QWidget], run: QWidget, parent: QWidget | None = None
    ) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        scroll = FormScroll(self)
        scroll.setObjectName("trainingFormScroll")
        scroll.setWidget(_column(form))
        left = QWidget(self)
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, theme.SPACING, 0)
        column.addWidget(scroll, 1)
        for part in below:
            column.addWidget(part)
        column.addStrut(_NARROWEST)  # what stands in it may need more
        self.addWidget(left)
        self.addWidget(run)
        self.setStretchFactor(0, 0)
        self.setStretchFactor(1, 1)
        self.setChildrenCollapsible(False)
        self.setSizes([_LEFT, _RIGHT])


def _column(parts: Sequence[QWidget]) -> QWidget:
    made = QWidget()
    column = QVBoxLayout(made)
    column.setContentsMargins(0, 0, 0, 0)
    for part in parts:
        column.addWidget(part)
    column.addStretch(1)
    return made
