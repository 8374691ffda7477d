"""A run as it is watched: curves, progress, log."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QPushButton, QSplitter, QVBoxLayout, QWidget

from sciapp.records.run import Ending, Outcome
from sciapp.ui.widgets.load_strip import LoadStrip
from sciapp.ui.widgets.log_pane import LogPane
from sciapp.ui.widgets.loss_plot import LossPlot, ReadOut
from sciapp.ui.widgets.run_progress import RunProgress
from sciapp.ui.widgets.run_story import RunStory
from sciapp.ui.widgets.use_settings import HELP, TEXT

_NOTHING = "No run yet. Press Start training, or choose a run in the Project or Results tab."


class RunPanel(QWidget):
    """Shows one run; whoever owns it feeds `story` with events."""

    settingsWanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = QLabel(_NOTHING, self)
        self._title.setObjectName("statusLabel")
        self._title.setWordWrap(True)
        self._read_out = QLabel(self)
        self._read_out.setObjectName("curveReadOut")
        self._log_scale = QCheckBox("Log scale", self)
        self._log_scale.setObjectName("logScale")
        self._log_scale.setToolTip("Draw the losses on a logarithmic axis.")
        self._settings = QPushButton(TEXT, self)
        self._settings.setObjectName("useShownSettings")
        self._settings.setToolTip(HELP)
        self._settings.setVisible(False)
        self._settings.clicked.connect(self.settingsWanted)
        self._whole = QPushButton("Whole curve", self)
        self._whole.setObjectName("showWholeCurve")
        self._whole.setToolTip("Undo zooming (wheel) and moving (drag).")
        self.plot = LossPlot(self)
        self.log = LogPane(self)
        self.progress = RunProgress(self)
        self.load = LoadStrip(self)
        self.story = RunStory(self.plot, self.log, self.progress, self.load)
        self._run = ""
        self._log_scale.toggled.connect(self.plot.set_log_scale)
        self._whole.clicked.connect(self.plot.show_everything)
        self.plot.readOutChanged.connect(self._show_read_out)
        self._lay_out()

    def begin(self, run: str) -> None:
        """A run is watched from now on."""
        self.story.clear()
        self.load.begin()
        self._run = run
        self._title.setText(f"Run {run}")
        self._settings.setVisible(True)

    def clear(self) -> None:
        self.story.clear()
        self.load.end()
        self._run = ""
        self._title.setText(_NOTHING)
        self._settings.setVisible(False)

    def show_standing(self, standing: Ending, *, stopping: bool = False) -> None:
        """stopping: a person asked for its end, which has not come yet."""
        self._title.setText(f"<b>Run {self._run}</b> · {'stopping…' if stopping else standing}")
        if standing.is_over:
            self.load.end()
        elif standing is Ending.RUNNING and not self.story.begun:
            self.progress.show_share(0, 0, "Starting…")

    def show_outcome(self, outcome: Outcome) -> None:
        self._title.setText(str(outcome))

    def _show_read_out(self, read_out: ReadOut | None) -> None:
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
