"""Cross-validation: into how many parts the rows are dealt, and which of them is tested in this dataset."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSpinBox, QWidget

_FEWEST, _MOST = 3, 20
_HELP = (
    "Cross-validation: the rows are dealt into so many parts. This dataset tests on one of them; import again for the "
    "others, and every row is tested once."
)


class FoldsEditor(QWidget):
    """value: (folds, fold), (None, 1) for no folds."""

    valueChanged = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._folds = QSpinBox(self)
        self._folds.setObjectName("splitFolds")
        self._folds.setAccessibleName("Folds")
        self._folds.setToolTip(_HELP)
        self._folds.setRange(_FEWEST - 1, _MOST)
        self._folds.setSpecialValueText("none")
        self._fold = QSpinBox(self)
        self._fold.setObjectName("splitFold")
        self._fold.setAccessibleName("Fold that is tested")
        self._fold.setToolTip("The part that is tested in this dataset; the next one validates, the others train.")
        self._fold.setPrefix("test on ")
        self._said = QLabel(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._folds)
        row.addWidget(self._fold)
        row.addWidget(self._said, 1)
        self.setFocusProxy(self._folds)
        for spin in (self._folds, self._fold):
            spin.valueChanged.connect(self._changed)
        self._show()

    def value(self) -> tuple[int | None, int]:
        folds = self._folds.value()
        return (folds, self._fold.value()) if folds >= _FEWEST else (None, 1)

    def setValue(self, folds: int | None, fold: int) -> None:
        self._folds.setValue(folds or _FEWEST - 1)
        self._fold.setValue(fold)

    def _changed(self) -> None:
        self._show()
        self.valueChanged.emit()

    def _show(self) -> None:
        folds = self._folds.value()
        self._fold.setRange(1, max(1, folds))
        self._fold.setVisible(folds >= _FEWEST)
        self._said.setText(f"of {folds}" if folds >= _FEWEST else "")
