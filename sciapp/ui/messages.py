"""The one door for telling the user anything."""

import traceback
from collections.abc import Callable, Mapping

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QMessageBox, QWidget

from sciapp.errors import SciAppError, system_refusal

_SORRY = "Something unexpected happened."
_SORRY_HINT = "What was saved is safe. Copy the details if you want to report it."


class Messages(QObject):
    """Errors as dialogs that do not block, remarks in the status bar, questions with an answer per button."""

    said = Signal(str)  # for the status bar

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.lastMessage = ""
        self._open: dict[str, QMessageBox] = {}

    def inform(self, text: str) -> None:
        """A remark that asks for nothing."""
        self.lastMessage = text
        self.said.emit(text)

    def error(self, error: BaseException, parent: QWidget | None = None) -> QMessageBox:
        """What happened and what to do next; never a traceback, but “Copy details” has it.

        The same error again while its dialog is open says nothing new: the open dialog is returned.
        """
        message, hint = phrased(error)
        self.lastMessage = message
        if message in self._open:
            return self._open[message]
        known = isinstance(error, SciAppError | OSError)
        box = _box(QMessageBox.Icon.Warning if known else QMessageBox.Icon.Critical, message, hint, parent)
        close = box.addButton(QMessageBox.StandardButton.Ok)
        box.setDefaultButton(close)
        box.setEscapeButton(close)
        copy = box.addButton("Copy details", QMessageBox.ButtonRole.ActionRole)
        copy.setObjectName("copyDetails")
        copy.setToolTip("Everything about this error, for whoever is asked to help.")
        copy.clicked.disconnect()  # copying leaves the dialog open
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(details(error)))
        self._show(box, message)
        return box

    def ask(
        self, message: str, hint: str, answers: Mapping[str, Callable[[], object] | None], parent: QWidget | None = None
    ) -> QMessageBox:
        """A question; each button's text with what it does (None: nothing, and Escape means it)."""
        self.lastMessage = message
        if message in self._open:
            return self._open[message]
        box = _box(QMessageBox.Icon.Question, message, hint, parent)
        for text, answer in answers.items():
            role = QMessageBox.ButtonRole.AcceptRole if answer else QMessageBox.ButtonRole.RejectRole
            button = box.addButton(text, role)
            if answer is not None:
                button.clicked.connect(answer)
            else:
                box.setEscapeButton(button)
                box.setDefaultButton(button)
        self._show(box, message)
        return box

    def _show(self, box: QMessageBox, message: str) -> None:
        self._open[message] = box
        box.finished.connect(lambda _: self._open.pop(message, None))
        box.destroyed.connect(lambda: self._open.pop(message, None))  # the window may go before its dialog
        box.open()


def phrased(error: BaseException) -> tuple[str, str]:
    """What happened, and what to do next."""
    if isinstance(error, SciAppError):
        return error.message, error.hint
    return system_refusal(error) or (_SORRY, _SORRY_HINT)


def details(error: BaseException) -> str:
    """Everything about an error, for whoever is asked to help."""
    context = error.context if isinstance(error, SciAppError) else ""
    parts = [str(error), context, "".join(traceback.format_exception(error))]
    return "\n\n".join(part for part in parts if part)


def _box(icon: QMessageBox.Icon, message: str, hint: str, parent: QWidget | None) -> QMessageBox:
    window = parent.window() if parent is not None else QApplication.activeWindow()
    box = QMessageBox(icon, "SciApp", message, QMessageBox.StandardButton.NoButton, window)
    box.setObjectName("message")
    box.setTextFormat(Qt.TextFormat.PlainText)
    # The hint is always plain text as well: a path may hold < and &.
    box.setInformativeText(hint)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    return box
