"""Cross-validation: into how many parts the rows are dealt, and which of them are tested."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QSpinBox, QWidget

from sciapp.i18n import msg
from sciapp.ui import theme
from sciapp.ui.words import NUMBER, around, tr

_FEWEST, _MOST, _MOST_REPEATS = 3, 20, 20
_EACH = 0
_HELP = msg("Cross-validation: the rows are dealt into so many parts, and every row is tested once.")
_HELP_FOLD = msg(
    "The part that is tested; the next one validates, the others train. “Each in turn” makes a dataset for every part: "
    "the Training tab then trains on all of them."
)
_HELP_REPEATS = msg("How often the rows are dealt anew, each time with the next seed (repeated cross-validation).")


class FoldsEditor(QWidget):
    """value: (folds, fold), (None, 1) for no folds. `repeats` says how often every fold is wanted."""

    valueChanged = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._folds = self._spin("splitFolds", msg("Folds"), _HELP)
        self._folds.setRange(_FEWEST - 1, _MOST)
        self._folds.setSpecialValueText(tr(msg("none")))
        self._fold = self._spin("splitFold", msg("Fold that is tested"), _HELP_FOLD)
        self._fold.setSpecialValueText(tr(msg("each in turn")))
        self._repeats = self._spin("splitRepeats", msg("Repetitions"), _HELP_REPEATS)
        self._repeats.setRange(1, _MOST_REPEATS)
        self._repeats.setSuffix(around(msg("{n} times", n=NUMBER))[1])
        self._repeats.setSpecialValueText(tr(msg("once")))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        for spin in (self._folds, self._fold, self._repeats):
            row.addWidget(spin)
            spin.valueChanged.connect(self._changed)
        row.addStretch(1)
        self.setFocusProxy(self._folds)
        self._show()

    def value(self) -> tuple[int | None, int]:
        folds = self._folds.value()
        return (folds, max(1, self._fold.value())) if folds >= _FEWEST else (None, 1)

    def repeats(self) -> int:
        """0: only the fold that `value` says."""
        return self._repeats.value() if self._folds.value() >= _FEWEST and self._fold.value() == _EACH else 0

    def setValue(self, folds: int | None, fold: int) -> None:
        """One fold, or none at all."""
        self._folds.setValue(folds or _FEWEST - 1)
        self._fold.setValue(fold if folds else _EACH)

    def _changed(self) -> None:
        self._show()
        self.valueChanged.emit()

    def _show(self) -> None:
        folded = self._folds.value() >= _FEWEST
        self._fold.setRange(_EACH, self._folds.value() if folded else 1)
        prefix, suffix = around(msg("test on {fold} of {folds}", fold=NUMBER, folds=self._folds.value()))
        self._fold.setPrefix(prefix)
        self._fold.setSuffix(suffix)
        self._fold.setVisible(folded)
        self._repeats.setVisible(folded and self._fold.value() == _EACH)

    def _spin(self, name: str, accessible: str, help: str) -> QSpinBox:
        spin = QSpinBox(self)
        theme.pad_number_box(spin)
        spin.setObjectName(name)
        spin.setAccessibleName(tr(accessible))
        spin.setToolTip(tr(help))
        return spin
