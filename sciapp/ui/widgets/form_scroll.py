"""A form that scrolls up and down and is never cut at the side."""

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget


class FormScroll(QScrollArea):
    """As wide as what is in it needs at least, bar included; it follows when a part is shown or hidden."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
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
