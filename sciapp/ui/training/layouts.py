"""Layouts of the training pages that give way when the window is narrow."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QGridLayout, QSizePolicy, QWidget

from sciapp.ui import theme

_UNLIMITED = 16_777_215  # Qt's QWIDGETSIZE_MAX


class TallPage(QWidget):
    """Content of a scroll area whose texts wrap: never lower than they need at its width, which a scroll area alone
    does not ask for."""

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def event(self, event: QEvent) -> bool:
        done = super().event(event)
        if event.type() is QEvent.Type.LayoutRequest:
            self._fit()
        return done

    def _fit(self) -> None:
        layout = self.layout()
        if layout is not None and layout.hasHeightForWidth():
            height = layout.totalHeightForWidth(self.width())
            if height != self.minimumHeight():
                self.setMinimumHeight(height)


class SideBySide(QWidget):
    """A main part and a narrower one at its right, which goes under it where the room is less than `least` px."""

    def __init__(
        self, main: QWidget, side: QWidget, parent: QWidget | None = None, *, side_width: int, least: int
    ) -> None:
        super().__init__(parent)
        self._side, self._side_width, self._least = side, side_width, least
        self._box = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(theme.GAP)
        self._box.addWidget(main, 1)
        self._box.addWidget(side)
        side.setFixedWidth(side_width)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        narrow = event.size().width() < self._least
        direction = QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight
        if direction is not self._box.direction():
            self._box.setDirection(direction)
            self._side.setMinimumWidth(0 if narrow else self._side_width)
            self._side.setMaximumWidth(_UNLIMITED if narrow else self._side_width)


class CardGrid(QWidget):
    """Cards of one width in as many columns as there is room for, rows of one height."""

    def __init__(self, parent: QWidget | None = None, *, least: int, most_columns: int = 3) -> None:
        """least: width in px below which a card is never made."""
        super().__init__(parent)
        self._least, self._most = least, most_columns
        self._cards: tuple[QWidget, ...] = ()
        self._columns = 0
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(theme.MARGIN)

    def set_cards(self, cards: Sequence[QWidget]) -> None:
        """Show these, in this order; those of before are their owner's."""
        self._cards, self._columns = tuple(cards), 0
        for card in self._cards:
            card.setParent(self)
            card.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)  # all of one width
            card.show()
        self._arrange(self.width())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange(event.size().width())

    def _arrange(self, width: int) -> None:
        columns = max(1, min(self._most, (width + theme.MARGIN) // (self._least + theme.MARGIN)))
        if columns == self._columns or not self._cards:
            return
        self._columns = columns
        for index, card in enumerate(self._cards):
            self._grid.addWidget(card, index // columns, index % columns)
        for column in range(self._most):
            self._grid.setColumnStretch(column, int(column < columns))
        self.setMinimumWidth(self._least)
        self.updateGeometry()
