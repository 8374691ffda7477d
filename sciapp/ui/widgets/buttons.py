"""Buttons: primary, secondary, quiet and danger, with icons that follow the theme and a lock against double clicks."""

from typing import Literal

from PySide6.QtCore import QEvent, QSize, QTimer
from PySide6.QtWidgets import QApplication, QPushButton, QToolButton, QWidget

from sciapp.ui import theme
from sciapp.ui.words import tr

ButtonKind = Literal["primary", "secondary", "quiet", "danger"]
_ICON_TOKENS: dict[ButtonKind, str] = {
    "primary": "on_accent",
    "secondary": "ink2",
    "quiet": "accent_text",
    "danger": "bad",
}


class Button(QPushButton):
    """A button of one kind; a page has one primary button or none."""

    def __init__(
        self,
        text: str,
        parent: QWidget | None = None,
        *,
        kind: ButtonKind = "secondary",
        icon: str = "",
        name: str = "",
        help: str = "",
        main: bool = False,
        dense: bool = False,
        locks: bool = False,
    ) -> None:
        """main: higher, the button that its page is for. locks: a second click within 800 ms does nothing."""
        super().__init__(tr(text), parent)
        self.setObjectName(name)
        self.setAccessibleName(_plain(self.text()))
        self.setToolTip(tr(help))
        self.setAutoDefault(False)
        self._icon, self._kind = icon, kind
        theme.set_style(self, kind=kind, main=main, dense=dense)
        self._draw_icon()
        if locks:
            self.clicked.connect(self._lock)

    @property
    def kind(self) -> ButtonKind:
        return self._kind

    def set_kind(self, kind: ButtonKind) -> None:
        self._kind = kind
        theme.set_style(self, kind=kind)
        self._draw_icon()

    def set_text(self, text: str) -> None:
        self.setText(tr(text))
        self.setAccessibleName(_plain(self.text()))

    def set_icon(self, icon: str) -> None:
        self._icon = icon
        self._draw_icon()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() is QEvent.Type.StyleChange:
            self._draw_icon()
        super().changeEvent(event)

    def _draw_icon(self) -> None:
        if self._icon:
            colours = theme.colours_of(QApplication.palette())
            colour, size = colours.named()[_ICON_TOKENS[self._kind]], theme.ICON_SMALL
            self.setIconSize(QSize(size + theme.HALF, size))
            self.setIcon(theme.coloured_icon(self._icon, colour, colours.ink3, size=size, gap=theme.HALF))

    def _lock(self) -> None:
        self.blockSignals(True)
        QTimer.singleShot(theme.LOCK_MS, self, lambda: self.blockSignals(False))


class IconButton(QToolButton):
    """A button that is an icon alone: its name is read out and stands in the tooltip."""

    def __init__(
        self, icon: str, accessible: str, parent: QWidget | None = None, *, name: str = "", size: int = theme.ICON
    ) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(tr(accessible))
        self.setToolTip(tr(accessible))
        self._icon = icon
        self.setIconSize(QSize(size, size))
        self._draw_icon()

    def set_icon(self, icon: str) -> None:
        self._icon = icon
        self._draw_icon()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() is QEvent.Type.StyleChange:
            self._draw_icon()
        super().changeEvent(event)

    def _draw_icon(self) -> None:
        colours = theme.colours_of(QApplication.palette())
        self.setIcon(theme.coloured_icon(self._icon, colours.ink2, colours.outline))


def _plain(text: str) -> str:
    """A label without the sign of its mnemonic."""
    return text.replace("&&", "\0").replace("&", "").replace("\0", "&")
