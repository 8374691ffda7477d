"""The frame around the pages: the rail at the left, the footer below, the queue's drawer at the right."""

from PySide6.QtCore import QEvent, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from sciapp.i18n import msg
from sciapp.records.machine.queue_view import QueueView
from sciapp.ui import theme
from sciapp.ui.frame.areas import AREA_NAMES
from sciapp.ui.frame.footer import Footer
from sciapp.ui.frame.rail import Rail
from sciapp.ui.messages import Messages
from sciapp.ui.queue.drawer import QueueDrawer
from sciapp.ui.widgets.banner import Banner
from sciapp.ui.words import tr


class Frame(QWidget):
    """Lays out and shows; what is asked for goes to the window."""

    def __init__(self, messages: Messages, home: QWidget, project: QWidget, parent: QWidget | None = None) -> None:
        """home, project: the pages that are there at the first paint; the others have placeholders."""
        super().__init__(parent)
        self.banner = Banner(self, name="readOnlyBanner")
        self.rail, self.footer = Rail(self), Footer(self)
        self.pages = QStackedWidget(self)
        self.pages.setObjectName("pages")
        for page in (home, project, *(QWidget(self) for _ in AREA_NAMES[1:])):
            self.pages.addWidget(page)
        self.drawer = QueueDrawer(messages, self)
        self.drop_hint = DropHint(self)
        page_column = QVBoxLayout()
        page_column.setSpacing(0)
        page_column.addWidget(self.banner)
        page_column.addWidget(self.pages, 1)
        row = QHBoxLayout()
        row.setSpacing(0)
        row.addWidget(self.rail)
        row.addLayout(page_column, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(row, 1)
        column.addWidget(self.footer)
        self.drawer.closed.connect(lambda: self.show_drawer(False))

    def show_home(self) -> None:
        self.pages.setCurrentIndex(0)
        self.rail.show_home(True)

    def show_area(self, index: int) -> None:
        """index: of the area in AREA_NAMES."""
        self.pages.setCurrentIndex(index + 1)
        self.rail.show_home(False)

    @property
    def is_home(self) -> bool:
        return self.pages.currentIndex() == 0

    def set_area(self, index: int, page: QWidget) -> None:
        """Put a page in the place of its placeholder; what is shown stays."""
        shown, placeholder = self.pages.currentIndex(), self.pages.widget(index + 1)
        self.pages.insertWidget(index + 1, page)
        if placeholder is not None:
            self.pages.removeWidget(placeholder)
            placeholder.deleteLater()
        self.pages.setCurrentIndex(shown)

    def show_drawer(self, shown: bool, view: QueueView | None = None) -> None:
        """view: the queue as it is now."""
        if view is not None:
            self.drawer.setView(view)
        self._place()
        had_focus = self.drawer.isAncestorOf(self.focusWidget()) if self.focusWidget() is not None else False
        self.drawer.setVisible(shown)
        if shown:
            self.drawer.raise_()
            self.drawer.list.setFocus()
        elif had_focus:
            self.footer.queue.setFocus()

    def fit(self) -> None:
        """Suit the width and the text size: a narrow window has icons in the rail and less in the footer."""
        self.rail.fit(self.width())
        self.footer.set_compact(self.rail.is_compact)
        self._place()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.FontChange:
            self.fit()

    def _place(self) -> None:
        width, height = self.drawer.wanted_width(), self.height() - self.footer.height()
        self.drawer.setGeometry(self.width() - width, 0, width, height)
        self.drop_hint.setGeometry(self.rail.width(), 0, self.width() - self.rail.width(), height)


class DropHint(QWidget):
    """Over the pages while a file is dragged: it may be dropped anywhere, and is copied."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def set_shown(self, shown: bool) -> None:
        self.setVisible(shown)
        if shown:
            self.raise_()

    def paintEvent(self, event: QPaintEvent) -> None:
        colours = theme.colours_of(self.palette())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        veil = QColor(colours.accent_tint)
        veil.setAlphaF(0.8)
        painter.fillRect(self.rect(), veil)
        pen = QPen(QColor(colours.accent), 2)
        pen.setDashPattern((6, 4))
        painter.setPen(pen)
        area = QRectF(self.rect()).adjusted(theme.GAP, theme.GAP, -theme.GAP, -theme.GAP)
        painter.drawRoundedRect(area, theme.CARD_RADIUS, theme.CARD_RADIUS)
        painter.setFont(theme.typed(self.font(), "section", theme.SEMIBOLD))
        painter.setPen(QColor(colours.accent_text))
        painter.drawText(
            area, int(Qt.AlignmentFlag.AlignCenter), tr(msg("Drop it here: the file stays, a copy is read"))
        )
        painter.end()
