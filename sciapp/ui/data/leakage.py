"""A pane on the distance between splits: one sentence, the nearest training row of each test row, the targets."""

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from sciapp.actions.dataset_views import export_split, known_leaks, measure_leaks
from sciapp.i18n import joined, msg, term
from sciapp.records.dataset.card import DatasetCard, DatasetFolder
from sciapp.records.dataset.leakage import Leakage, drift_words
from sciapp.ui.widgets.banner import Banner
from sciapp.ui.widgets.bars import BusyBar
from sciapp.ui.widgets.file_dialogs import ask_where
from sciapp.ui.widgets.labels import PlainTextLabel
from sciapp.ui.words import tr
from sciapp.workers.query import LatestQuery

_UNKNOWN = msg("What this dataset’s test rows have in common with its training rows has not been measured yet.")
_MOST_DRIFTS = 6


class LeaksPane(QWidget):
    """`show_dataset` reads what was measured at import. The plot is made when there is something to draw."""

    failed = Signal(object)  # SciAppError
    exported = Signal(object)  # Path

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._card: DatasetCard | None = None
        self._folder: DatasetFolder | None = None
        self._reading, self._writing = LatestQuery(self), LatestQuery(self)
        self.plot: QWidget | None = None
        self._warned = Banner(self)
        self._warned.setObjectName("leakWarning")
        self._verdict = PlainTextLabel("leakVerdict", self)
        self._compared = PlainTextLabel("leakCompared", self)
        self._targets = PlainTextLabel("leakTargets", self)
        self.measure_button = QPushButton(tr(msg("&Measure")), self)
        self.measure_button.setObjectName("measureLeaks")
        self.measure_button.setToolTip(
            tr(msg("Compare the test rows with the training rows; takes up to a minute or two."))
        )
        self.export_button = QPushButton(tr(msg("&Export split…")), self)
        self.export_button.setObjectName("exportSplit")
        self.export_button.setToolTip(
            tr(
                msg(
                    "Save which split every row is in as a CSV file; another lab that imports by it compares on "
                    "the same rows."
                )
            )
        )
        self.busy = BusyBar("leaks", self)
        self._connect()
        self._lay_out()
        self.clear()

    def show_dataset(self, card: DatasetCard, folder: DatasetFolder) -> None:
        if self._folder is not None and folder.folder == self._folder.folder:
            return
        self.clear()
        self._card, self._folder = card, folder
        self.export_button.setEnabled(True)
        self._reading.ask(lambda _: known_leaks(folder=folder), self._show)

    def clear(self) -> None:
        self._reading.drop()
        self.busy.end()
        self._card, self._folder = None, None
        self._warned.say("")
        for label in (self._verdict, self._compared, self._targets):
            label.clear()
        self.measure_button.setVisible(False)
        self.export_button.setEnabled(False)
        if self.plot is not None:
            self.plot.setVisible(False)

    def export(self, out: Path) -> None:
        """Write the split to `out`."""
        folder = self._folder
        if folder is not None:
            self._writing.ask(
                lambda _: export_split(folder=folder, out=out), lambda written: self.exported.emit(written.file)
            )

    def measure(self) -> None:
        """Measure now what was not measured at import."""
        folder = self._folder
        if folder is not None:
            self.measure_button.setVisible(False)
            self.busy.begin(msg("Comparing test rows with training rows…"))
            self._reading.ask(lambda progress: measure_leaks(folder=folder, progress=progress), self._show)

    def _show(self, leakage: Leakage | None) -> None:
        self.busy.end()
        self.measure_button.setVisible(leakage is None)
        if leakage is None:
            self._verdict.setText(tr(_UNKNOWN))
            return
        calm = leakage.level == "clean"
        self._verdict.setText(tr(leakage.verdict) if calm else "")
        self._verdict.setVisible(calm)
        self._warned.say("" if calm else leakage.verdict)
        self._compared.setText(
            tr(msg("{similarity}, by {measure}.", similarity=leakage.neighbours.summary, measure=leakage.measure))
        )
        self._targets.setText(tr(_targets_text(leakage)))
        self._draw(leakage)

    def _draw(self, leakage: Leakage) -> None:
        from sciapp.ui.widgets.plots.histogram import Histogram

        if not isinstance(self.plot, Histogram):
            self.plot = Histogram("leakHistogram", msg("Similarity to the nearest training row"), self)
            self._column.insertWidget(3, self.plot, 1)
        edges, counts = leakage.neighbours.bins()
        self.plot.show_bins(
            edges,
            counts,
            msg("{symbol} of a test row and its nearest training row", symbol=leakage.symbol),
            msg("Test rows"),
        )
        self.plot.setVisible(True)

    def _failed(self, error: object) -> None:
        self._stopped()
        self.failed.emit(error)

    def _stopped(self) -> None:
        self.busy.end()
        self.measure_button.setVisible(True)

    def _choose_file(self) -> None:
        proposed = Path(f"{tr(msg('{dataset} split', dataset=self._card.name if self._card else 'dataset'))}.csv")
        ask_where(self, "exportSplitDialog", msg("Export the split"), proposed, self.export)

    def _connect(self) -> None:
        self.measure_button.clicked.connect(self.measure)
        self.export_button.clicked.connect(self._choose_file)
        self.busy.cancelRequested.connect(self._reading.cancel)
        self._reading.progressed.connect(self.busy.show_progress)
        self._reading.failed.connect(self._failed)
        self._reading.cancelled.connect(self._stopped)
        self._writing.failed.connect(self.failed)

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.addWidget(self._verdict, 1)
        top.addWidget(self._warned, 1)
        top.addWidget(self.measure_button, 0, Qt.AlignmentFlag.AlignTop)
        top.addWidget(self.export_button, 0, Qt.AlignmentFlag.AlignTop)
        self._column = QVBoxLayout(self)
        self._column.addLayout(top)
        self._column.addWidget(self.busy)
        self._column.addWidget(self._compared)
        self._column.addWidget(self._targets)
        self._column.addStretch(0)


def _targets_text(leakage: Leakage) -> str:
    """Sentences on values in two splits at once, and on the drift of the test targets from those of training."""
    parts = [
        msg(
            "In {split} and {other} at once: {count:,} × {what}.",
            split=term(one.splits[0]),
            other=term(one.splits[1]),
            count=one.count,
            what=term(one.what),
        )
        for one in leakage.crossings
    ]
    tested = [one for one in leakage.drifts if one.split == "test"]
    largest = sorted(tested, key=lambda one: -one.statistic)[:_MOST_DRIFTS]
    for one in largest:
        if one.notable:
            drift = msg("“{target}” in test and training: {test}, differs.", target=one.target, test=drift_words(one))
        else:
            drift = msg("“{target}” in test and training: {test}.", target=one.target, test=drift_words(one))
        parts.append(drift)
    if len(tested) > len(largest):
        parts.append(msg("And {count:,} more targets: `sciapp leaks` lists them.", count=len(tested) - len(largest)))
    return joined(parts, "\n")
