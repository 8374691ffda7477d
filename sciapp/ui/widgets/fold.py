"""A heading that folds its content away."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QToolButton, QVBoxLayout, QWidget


class Fold(QWidget):
    """Closed at first; the content stays alive while it is hidden."""

    turned = Signal(bool)  # whether it is open now

    def __init__(self, title: str, content: QWidget, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._content = content
        self._button = QToolButton(self)
        self._button.setObjectName(name)
        self.setTitle(title)
        self._button.setCheckable(True)
        self._button.setAutoRaise(True)
        self._button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._button.toggled.connect(self._turn)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._button)
        layout.addWidget(content)
        self._turn(False)

    def setTitle(self, title: str) -> None:
        self._button.setText(title)
        self._button.setAccessibleName(title)

    def setOpen(self, open_: bool) -> None:
        self._button.setChecked(open_)

    def isOpen(self) -> bool:
        return self._button.isChecked()

    def _turn(self, open_: bool) -> None:
        self._button.setArrowType(Qt.ArrowType.DownArrow if open_ else Qt.ArrowType.RightArrow)
        self._content.setVisible(open_)
        self.turned.emit(open_)
