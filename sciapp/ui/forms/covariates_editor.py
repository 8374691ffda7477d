"""An editor of covariates: the dataset's own numbers, such as temperature, pH or dose, that the model reads too."""

from collections.abc import Iterable, Mapping, Sequence

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QLabel, QListWidget, QListWidgetItem, QStyle, QVBoxLayout, QWidget

from sciapp.i18n import msg
from sciapp.ui.words import explained, tr

_HELP = msg(
    "Columns of numbers that say under which conditions a row was measured, such as temperature, pH or dose. Those "
    "that are ticked are given to the model beside the input; rows to be predicted later need them too."
)
_MOST_ROWS = 5  # shown at once; the others are scrolled to
_GAP = 2  # pixels around a row


class CovariatesEditor(QWidget):
    """value: names of columns, in the file's order. Hidden for a dataset without other columns of numbers."""

    valueChanged = Signal(object)  # tuple[str, ...]

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._wanted: tuple[str, ...] = ()
        self._leaking: dict[str, str] = {}
        self._items: dict[str, QListWidgetItem] = {}  # by column, as they stand in the list
        self._list = QListWidget(self)
        self._list.setObjectName("covariates")
        self._list.setAccessibleName(tr(msg("Measured conditions")))
        self._list.setAccessibleDescription(tr(_HELP))
        self._list.setToolTip(explained(_HELP, "covariates"))
        self._list.setSpacing(_GAP)
        # A row is ticked, never selected: a selection looks like a tick, and hides an empty box.
        self._list.setSelectionMode(QListWidget.SelectionMode.NoSelection)
        self._warning = QLabel(self)
        self._warning.setObjectName("leakingConditions")
        self._warning.setWordWrap(True)
        label = QLabel(tr(msg("Measured &conditions that the model reads too")), self)
        label.setBuddy(self._list)
        label.setToolTip(self._list.toolTip())
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(label)
        layout.addWidget(self._list)
        layout.addWidget(self._warning)
        self._list.itemChanged.connect(self._ticked)
        self.setColumns(())

    def value(self) -> tuple[str, ...]:
        return tuple(name for name, item in self._items.items() if item.checkState() is Qt.CheckState.Checked)

    def setValue(self, names: Iterable[str]) -> None:
        """Tick these; those that the dataset does not have come back with a dataset that does."""
        self._wanted = tuple(names)
        before, wanted = set(self.value()), set(self._wanted) & self._items.keys()
        blocked = self._list.blockSignals(True)
        for name in before ^ wanted:
            self._items[name].setCheckState(Qt.CheckState.Checked if name in wanted else Qt.CheckState.Unchecked)
        self._list.blockSignals(blocked)
        self._warn()
        if before != wanted:
            self.valueChanged.emit(self.value())

    def setColumns(self, names: Sequence[str], leaking: Mapping[str, str] | None = None) -> None:
        """Offer the columns of the chosen dataset. leaking: of the columns that give the answer away, how they do; they
        stand last, marked.
        """
        before = self.value()
        self._leaking = dict(leaking or {})
        blocked = self._list.blockSignals(True)
        self._list.clear()
        self._items, ticked = {}, set(self._wanted)
        for name in sorted(names, key=lambda name: name in self._leaking):
            self._items[name] = item = QListWidgetItem(name, self._list)
            if name in self._leaking:
                item.setText(tr(msg("{name} (gives the answer away)", name=name)))
                item.setToolTip(tr(self._leaking[name]))
                item.setIcon(self.style().standardIcon(QStyle.StandardPixmap.SP_MessageBoxWarning))
            item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Checked if name in ticked else Qt.CheckState.Unchecked)
        self._list.blockSignals(blocked)
        self._fit()
        self.setVisible(bool(names))
        self._warn()
        if self.value() != before:
            self.valueChanged.emit(self.value())

    def changeEvent(self, event: QEvent) -> None:
        """Qt calls this; letters of another size make other rows."""
        super().changeEvent(event)
        if event.type() in {QEvent.Type.FontChange, QEvent.Type.StyleChange}:
            self._fit()

    def _fit(self) -> None:
        """As high as the rows, up to a few of them."""
        rows = min(self._list.count(), _MOST_ROWS)
        # Rows with a sign are taller than others.
        tallest = max((self._list.sizeHintForRow(row) for row in (0, self._list.count() - 1)), default=1)
        self._list.setFixedHeight(rows * (max(tallest, 1) + 2 * _GAP) + 2 * self._list.frameWidth() + 2)

    def _ticked(self, _: QListWidgetItem) -> None:
        self._wanted = self.value()
        self._warn()
        self.valueChanged.emit(self._wanted)

    def _warn(self) -> None:
        ticked = [name for name in self.value() if name in self._leaking]
        warning = msg(
            "A ticked column gives the answer away ({names}): the model would read it instead of learning it.",
            names=[f"“{name}”" for name in ticked],
        )
        self._warning.setText(tr(warning) if ticked else "")
        self._warning.setVisible(bool(ticked))
