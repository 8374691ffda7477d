"""Histograms of a dataset's rows: targets, lengths, splits. The card has the counts; those of each split alone
are counted when they are first asked for.
"""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from sciapp.actions.dataset_views import SplitHistogram, spreads_by_split
from sciapp.i18n import msg, term
from sciapp.records.dataset.card import SPLITS, DatasetCard, DatasetFolder, TargetSummary
from sciapp.records.formatting import number_text
from sciapp.ui.widgets.plots.histogram import Histogram
from sciapp.ui.words import tr
from sciapp.workers.query import LatestQuery


class Distributions(QWidget):
    """Three plots; with several targets, one of them is chosen. The upper one shows all rows, or split beside split."""

    failed = Signal(object)  # SciAppError

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._card: DatasetCard | None = None
        self._target = QComboBox(self)
        self._target.setObjectName("distributionTarget")
        self._target.setAccessibleName(tr(msg("Target")))
        self._target.setToolTip(tr(msg("Which of the measured values the upper plot shows.")))
        self._target_label = QLabel(tr(msg("&Target")), self)
        self._target_label.setBuddy(self._target)
        self._rows = QComboBox(self)
        self._rows.setObjectName("distributionRows")
        self._rows.setAccessibleName(tr(msg("Rows in the upper plot")))
        self._rows.setToolTip(
            tr(msg("All rows together, or the share of each split’s rows beside that of the others."))
        )
        self._rows.addItems([tr(msg("All rows")), tr(msg("Split beside split"))])
        self._folder: DatasetFolder | None = None
        self._spreads: Sequence[SplitHistogram] = ()
        self._counting = LatestQuery(self)
        self._counting.failed.connect(self.failed)
        self._summary = QLabel(self)
        self._summary.setObjectName("distributionText")
        self.targets = Histogram("targetHistogram", msg("Distribution of the target"), self)
        self.lengths = Histogram("lengthHistogram", msg("Distribution of input lengths"), self)
        self.splits = Histogram("splitHistogram", msg("Rows in each split"), self)
        self._target.currentIndexChanged.connect(self._show_target)
        self._rows.currentIndexChanged.connect(self._show_target)
        self._lay_out()

    def show_card(self, card: DatasetCard, folder: DatasetFolder) -> None:
        if folder != self._folder or card != self._card:
            self._spreads = ()
            self._counting.drop()
        self._card, self._folder = card, folder
        blocked = self._target.blockSignals(True)
        self._target.clear()
        self._target.addItems([target.name for target in card.targets])
        self._target.blockSignals(blocked)
        for part in (self._target, self._target_label):
            part.setVisible(len(card.targets) > 1)
        self._show_target()
        lengths = card.lengths
        self.lengths.show_bins(
            lengths.bin_edges, lengths.bin_counts, msg("length ({unit})", unit=term(lengths.unit)), msg("Input lengths")
        )
        present = [name for name in SPLITS if name in card.split_counts]
        self.splits.show_names(
            [term(name) for name in present], [card.split_counts[name] for name in present], msg("split"), msg("Splits")
        )

    def _show_target(self) -> None:
        index = self._target.currentIndex()
        if self._card is None or not 0 <= index < len(self._card.targets):
            return
        target = self._card.targets[index]
        self._summary.setText(tr(_in_words(target)))
        if self._rows.currentIndex() == 1:
            self._show_by_split(index)
        elif target.classes:
            self.targets.show_names(
                target.classes, target.class_counts, msg("{name} (class)", name=target.name), msg("Classes")
            )
        else:
            self.targets.show_bins(
                target.bin_edges, target.bin_counts, msg("{name} (as measured)", name=target.name), msg("Target")
            )

    def _show_by_split(self, index: int) -> None:
        card, folder = self._card, self._folder
        if card is None or folder is None:
            return
        if not self._spreads:
            self._counting.ask(lambda _: spreads_by_split(card, folder), self._take_spreads)
            return
        spread = self._spreads[index]
        target = spread.target
        counts: dict[str, tuple[int, ...]] = {term(split): rows for split, rows in spread.counts.items()}
        title = msg("Share of each split’s rows")
        if target.classes:
            self.targets.show_grouped_names(target.classes, counts, msg("{name} (class)", name=target.name), title)
        else:
            self.targets.show_grouped_bins(
                target.bin_edges, counts, msg("{name} (as measured)", name=target.name), title
            )

    def _take_spreads(self, spreads: Sequence[SplitHistogram]) -> None:
        self._spreads = spreads
        self._show_target()

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.addWidget(self._target_label)
        top.addWidget(self._target)
        top.addWidget(self._rows)
        top.addWidget(self._summary, 1)
        grid = QGridLayout()
        grid.addWidget(self.targets, 0, 0, 1, 2)
        grid.addWidget(self.lengths, 1, 0)
        grid.addWidget(self.splits, 1, 1)
        grid.setRowStretch(0, 3)
        grid.setRowStretch(1, 2)
        layout = QVBoxLayout(self)
        layout.addLayout(top)
        layout.addLayout(grid, 1)


def _in_words(target: TargetSummary) -> str:
    if target.mean is None or target.standard_deviation is None:
        if target.classes:
            return msg("{rows:,} with a class", rows=target.measured)
        return msg("{rows:,} measured", rows=target.measured)
    mean, low, high = (
        "–" if one is None else number_text(one, target.standard_deviation)
        for one in (target.mean, target.minimum, target.maximum)
    )
    return msg(
        "{rows:,} measured: mean {mean}, standard deviation {deviation:.3g}, from {low} to {high}",
        rows=target.measured,
        mean=mean,
        deviation=target.standard_deviation,
        low=low,
        high=high,
    )
