"""A heading that folds its content away."""

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtWidgets import QComboBox, QFrame, QScrollArea, QToolButton, QVBoxLayout, QWidget

from sciapp.ui import theme
from sciapp.ui.words import tr


class CollapsibleSection(QWidget):
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
        self._button.setText(tr(title))
        self._button.setAccessibleName(tr(title))

    def setOpen(self, open_: bool) -> None:
        self._button.setChecked(open_)

    def isOpen(self) -> bool:
        return self._button.isChecked()

    def _turn(self, open_: bool) -> None:
        self._button.setArrowType(Qt.ArrowType.DownArrow if open_ else Qt.ArrowType.RightArrow)
        self._content.setVisible(open_)
        self.turned.emit(open_)


# A form that scrolls up and down and is never cut at the side.


class FormScroll(QScrollArea):
    """As wide as what is in it needs at least, bar included; it follows when a part is shown or hidden."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        theme.set_style(self, dense=True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Qt calls this for the form, which QScrollArea watches anyway."""
        done = super().eventFilter(watched, event)
        if event.type() == QEvent.Type.LayoutRequest and watched is self.widget():
            self._hold_the_form()
        return done

    def setWidget(self, widget: QWidget) -> None:
        super().setWidget(widget)
        self._hold_the_form()

    def sizeHint(self) -> QSize:
        """All of the form where there is room for it."""
        form = self.widget()
        return super().sizeHint() if form is None else form.sizeHint() + QSize(self._bar(), 0)

    def _hold_the_form(self) -> None:
        if (form := self.widget()) is not None:
            self.setMinimumWidth(form.minimumSizeHint().width() + self._bar())
            self.updateGeometry()

    def _bar(self) -> int:
        return self.verticalScrollBar().sizeHint().width()


# A list to choose from whose longest entry does not decide how wide the form is: names of columns may be very long.


_FEWEST_LETTERS = 14


class ElidedComboBox(QComboBox):
    """Shows as much of the chosen entry as there is room for."""

    def __init__(self, name: str, accessible: str, help: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(tr(accessible))
        self.setToolTip(tr(help))
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(_FEWEST_LETTERS)
