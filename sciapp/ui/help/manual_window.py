"""The manual in a window of its own: pages at the left, found by words; F1 opens the page of what has the focus."""

from collections.abc import Callable, Iterator

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QHBoxLayout, QTextBrowser, QWidget

from sciapp.actions.manual import ManualPage, manual_pages, page_about, page_named
from sciapp.errors import BadInput
from sciapp.i18n import msg
from sciapp.ui import theme
from sciapp.ui.messages import Messages
from sciapp.ui.widgets.searchable_list import Entry, SearchableList
from sciapp.ui.words import language, tr

_WIDTH, _HEIGHT, _LIST_WIDTH = 900, 640, 250
_KEY = "helpKey"


class ManualWindow(QWidget):
    """Stays beside the main window while a person works."""

    def __init__(self) -> None:
        """Raises BadInput where this installation has no manual."""
        super().__init__(None, Qt.WindowType.Window)
        self.setObjectName("manualWindow")
        self.setWindowTitle(tr(msg("Manual")))
        self._pages = manual_pages(language())
        self.pages = SearchableList(msg("Pages of the manual"), self, hint=msg("Search the manual"), name="manual")
        self.pages.set_entries([Entry(page.key, page.title, words=page.text) for page in self._pages])
        self.pages.setFixedWidth(_LIST_WIDTH)
        self.text = QTextBrowser(self)
        self.text.setObjectName("manualText")
        self.text.setAccessibleName(tr(msg("Page of the manual")))
        self.text.setOpenLinks(False)  # pages have no links; nothing is fetched
        self.text.setFrameShape(QTextBrowser.Shape.NoFrame)
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.MARGIN, theme.MARGIN, theme.MARGIN, theme.MARGIN)
        row.setSpacing(theme.GAP)
        row.addWidget(self.pages)
        row.addWidget(self.text, 1)
        room = QGuiApplication.primaryScreen().availableGeometry()
        self.resize(min(_WIDTH, room.width()), min(_HEIGHT, room.height()))
        self.pages.valueChanged.connect(self._show_chosen)
        QShortcut(QKeySequence(Qt.Key.Key_Escape), self).activated.connect(self.close)
        self.show_page(self._pages[0])

    def show_page(self, page: ManualPage) -> None:
        """Read this page, whatever is searched for."""
        self.pages.search.clear()
        self.pages.setValue(page.key)
        self._show_chosen(page.key)

    def show_named(self, name: str) -> None:
        """Read the page of this key. Raises BadInput."""
        self.show_page(page_named(self._pages, name))

    def show_about(self, control: QWidget | None) -> None:
        """Read the page about a control, or about the nearest of those that it stands in."""
        self.show_page(page_about(self._pages, _names(control)))

    def _show_chosen(self, key: object) -> None:
        if key is None:
            return
        self.text.setMarkdown(page_named(self._pages, str(key)).text)
        document = self.text.document()
        document.setDocumentMargin(theme.CARD_PADDING)
        if words := self.pages.search.text().split():
            self.text.find(words[0])


class ManualController(QObject):
    """Opens the manual, from the menu and, by F1, in dialogs, where the menu's keys are not heard."""

    def __init__(self, messages: Messages, parent: QWidget) -> None:
        super().__init__(parent)
        self._messages, self._parent = messages, parent
        self.window: ManualWindow | None = None
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        application.focusWindowChanged.connect(self._give_key)

    def show_contents(self) -> None:
        """Show the manual at what was read last."""
        self._show(lambda window: None)

    def show_here(self) -> None:
        """Show the page about what has the focus."""
        self._show(lambda window: window.show_about(QApplication.focusWidget()))

    def close(self) -> None:
        """With the main window."""
        if self.window is not None:
            self.window.close()

    def _give_key(self) -> None:
        """The menu's keys are not heard in a dialog that blocks the window: it gets one of its own."""
        dialog = QApplication.activeModalWidget()
        if dialog is not None and dialog.findChild(QShortcut, _KEY) is None:
            shortcut = QShortcut(QKeySequence(Qt.Key.Key_F1), dialog)
            shortcut.setObjectName(_KEY)
            shortcut.activated.connect(self.show_here)

    def _show(self, show: Callable[[ManualWindow], None]) -> None:
        try:
            # Without a parent: a dialog that blocks the main window leaves it free.
            self.window = self.window or ManualWindow()
        except BadInput as error:
            self._messages.error(error, self._parent)
            return
        show(self.window)
        self.window.show()
        self.window.raise_()
        self.window.activateWindow()


def _names(control: QWidget | None) -> Iterator[str]:
    """Names of the control and its class, and of all that it stands in, the nearest first."""
    while control is not None:
        yield from (control.objectName(), type(control).__name__)
        control = control.parentWidget()
