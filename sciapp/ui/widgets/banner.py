"""A strip on top of the window that says what holds for all of it."""

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QLabel, QWidget

from sciapp.ui import theme


class Banner(QLabel):
    """Hidden while there is nothing to say."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWordWrap(True)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.setMargin(theme.SPACING)
        self.setAutoFillBackground(True)
        self._dark: bool | None = None
        self._colour()
        self.setVisible(False)

    def say(self, text: str) -> None:
        self.setText(text)
        self.setVisible(bool(text))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() in {QEvent.Type.PaletteChange, QEvent.Type.ApplicationPaletteChange}:
            self._colour()
        super().changeEvent(event)

    def _colour(self) -> None:
        around = self.parentWidget().palette() if self.parentWidget() else QPalette()
        if theme.is_dark(around) == self._dark:
            return  # setting a palette is itself a change of palette
        self._dark = theme.is_dark(around)
        background, text = theme.warning_colours(around)
        own = QPalette(around)
        own.setColor(QPalette.ColorRole.Window, background)
        own.setColor(QPalette.ColorRole.WindowText, text)
        self.setPalette(own)
