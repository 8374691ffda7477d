"""How the rows of a dataset are spread: targets, lengths, splits. Everything comes from the card, counted already."""

from PySide6.QtWidgets import QComboBox, QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from sciapp.records.dataset import SPLITS, DatasetCard, TargetSummary
from sciapp.ui.widgets.histogram import Histogram


class Distributions(QWidget):
    """Three plots; with several targets, one of them is chosen."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._card: DatasetCard | None = None
        self._target = QComboBox(self)
        self._target.setObjectName("distributionTarget")
        self._target.setAccessibleName("Target")
        self._target.setToolTip("Which of the measured values the upper plot shows.")
        self._target_label = QLabel("&Target", self)
        self._target_label.setBuddy(self._target)
        self._said = QLabel(self)
        self._said.setObjectName("distributionText")
        self.targets = Histogram("targetHistogram", "Distribution of the target", self)
        self.lengths = Histogram("lengthHistogram", "Distribution of input lengths", self)
        self.splits = Histogram("splitHistogram", "Rows in each split", self)
        self._target.currentIndexChanged.connect(self._show_target)
        self._lay_out()

    def show_card(self, card: DatasetCard) -> None:
        self._card = card
        blocked = self._target.blockSignals(True)
        self._target.clear()
        self._target.addItems([target.name for target in card.targets])
        self._target.blockSignals(blocked)
        for part in (self._target, self._target_label):
            part.setVisible(len(card.targets) > 1)
        self._show_target()
        lengths = card.lengths
        self.lengths.show_bins(lengths.bin_edges, lengths.bin_counts, f"length ({lengths.unit})", "Input lengths")
        present = [name for name in SPLITS if name in card.split_counts]
        self.splits.show_names(present, [card.split_counts[name] for name in present], "split", "Splits")

    def _show_target(self) -> None:
        place = self._target.currentIndex()
        if self._card is None or not 0 <= place < len(self._card.targets):
            return
        target = self._card.targets[place]
        self._said.setText(_in_words(target))
        if target.classes:
            self.targets.show_names(target.classes, target.class_counts, f"{target.name} (class)", "Classes")
        else:
            self.targets.show_bins(target.bin_edges, target.bin_counts, f"{target.name} (as measured)", "Target")

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.addWidget(self._target_label)
        top.addWidget(self._target)
        top.addWidget(self._said, 1)
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
        return f"{target.measured:,} with a class" if target.classes else f"{target.measured:,} measured"
    spread = f"mean {target.mean:.4g}, standard deviation {target.standard_deviation:.3g}"
    return f"{target.measured:,} measured: {spread}, from {target.minimum:.4g} to {target.maximum:.4g}"
