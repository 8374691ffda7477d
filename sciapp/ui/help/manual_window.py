"""The manual in a window of its own: pages at the left, found by words; F1 opens the page of what has the focus."""

from collections.abc import Callable, Iterator

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QApplication,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from sciapp.actions.manual import ManualPage, manual_pages, page_about, page_named, search_manual
from sciapp.errors import BadInput
from sciapp.i18n import msg
from sciapp.ui import theme
from sciapp.ui.messages import Messages
from sciapp.ui.words import language, tr

_WIDTH, _HEIGHT, _LIST_WIDTH = 900, 640, 250
_KEY = "helpKey"
_PAGE = Qt.ItemDataRole.UserRole


class ManualWindow(QWidget):
    """Stays beside the main window while a person works."""

    def __init__(self) -> None:
        """Raises BadInput where this installation has no manual."""
        super().__init__(None, Qt.WindowType.Window)
        self.setObjectName("manualWindow")
        self.setWindowTitle(tr(msg("Manual")))
        self._pages = manual_pages(language())
        self.search = QLineEdit(self)
        self.search.setObjectName("manualSearch")
        self.search.setAccessibleName(tr(msg("Search the manual")))
        self.search.setPlaceholderText(tr(msg("Search the manual")))
        self.search.setClearButtonEnabled(True)
        self.list = QListWidget(self)
        self.list.setObjectName("manualPages")
        self.list.setAccessibleName(tr(msg("Pages of the manual")))
        self.list.setWordWrap(True)
        self.text = QTextBrowser(self)
        self.text.setObjectName("manualText")
        self.text.setAccessibleName(tr(msg("Page of the manual")))
        self.text.setOpenLinks(False)  # pages have no links; nothing is fetched
        self._lay_out()
        self.search.textChanged.connect(self._list_pages)
        self.list.currentItemChanged.connect(self._show_chosen)
        self._list_pages("")

    def show_page(self, page: ManualPage) -> None:
        """Show this page, whatever is searched for."""
        self.search.clear()
        for row in range(self.list.count()):
            if self.list.item(row).data(_PAGE) == page.key:
                self.list.setCurrentRow(row)
        self.show()
        self.raise_()
        self.activateWindow()

    def show_named(self, name: str) -> None:
        """Show the page of this key. Raises BadInput."""
        self.show_page(page_named(self._pages, name))

    def show_about(self, control: QWidget | None) -> None:
        """Show the page about a control, or about the nearest of those that it stands in."""
        self.show_page(page_about(self._pages, _names(control)))

    def _lay_out(self) -> None:
        left = QVBoxLayout()
        left.setSpacing(theme.SPACING)
        left.addWidget(self.search)
        left.addWidget(self.list, 1)
        for part in (self.search, self.list):
            part.setFixedWidth(_LIST_WIDTH)
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.MARGIN, theme.MARGIN, theme.MARGIN, theme.MARGIN)
        row.setSpacing(theme.MARGIN)
        row.addLayout(left)
        row.addWidget(self.text, 1)
        room = QGuiApplication.primaryScreen().availableGeometry()
        self.resize(min(_WIDTH, room.width()), min(_HEIGHT, room.height()))

    def _list_pages(self, words: str) -> None:
        self.list.clear()
        for hit in search_manual(self._pages, words):
            entry = QListWidgetItem(f"{hit.page.title}\n{hit.excerpt}" if words.strip() else hit.page.title)
            entry.setData(_PAGE, hit.page.key)
            self.list.addItem(entry)
        if self.list.count():
            self.list.setCurrentRow(0)
        else:
            self.text.setPlainText(tr(msg("No page has all of these words: {words}.", words=words.strip())))

    def _show_chosen(self, entry: QListWidgetItem | None) -> None:
        if entry is not None:
            self.text.setMarkdown(page_named(self._pages, entry.data(_PAGE)).text)
            if words := self.search.text().split():
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
        self._show(lambda window: window.show())

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


def _names(control: QWidget | None) -> Iterator[str]:
    """Names of the control and its class, and of all that it stands in, the nearest first."""
    while control is not None:
        yield from (control.objectName(), type(control).__name__)
        control = control.parentWidget()
