"""The one door for telling the user anything."""

import traceback
from collections.abc import Callable, Mapping

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMessageBox, QWidget

from sciapp.errors import SciAppError

_SORRY = "Something unexpected happened."
_SORRY_HINT = "What was saved is safe. Copy the details if you want to report it."


class Messages(QObject):
    """Errors as dialogs that do not block, remarks in the status bar, questions with an answer per button."""

    said = Signal(str)  # for the status bar

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.lastMessage = ""

    def inform(self, text: str) -> None:
        """A remark that asks for nothing."""
        self.lastMessage = text
        self.said.emit(text)

    def error(self, error: BaseException, parent: QWidget | None = None) -> QMessageBox:
        """What happened and what to do next; never a traceback, but “Copy details” has it."""
        known = isinstance(error, SciAppError)
        message, hint = (error.message, error.hint) if isinstance(error, SciAppError) else (_SORRY, _SORRY_HINT)
        self.lastMessage = message
        box = _box(QMessageBox.Icon.Warning if known else QMessageBox.Icon.Critical, message, hint, parent)
        box.addButton(QMessageBox.StandardButton.Ok)
        copy = box.addButton("Copy details", QMessageBox.ButtonRole.ActionRole)
        copy.setObjectName("copyDetails")
        copy.clicked.disconnect()  # copying leaves the dialog open
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(details(error)))
        box.open()
        return box

    def ask(
        self, message: str, hint: str, answers: Mapping[str, Callable[[], object] | None], parent: QWidget | None = None
    ) -> QMessageBox:
        """A question; each button's text with what it does (None: nothing, and Escape means it)."""
        self.lastMessage = message
        box = _box(QMessageBox.Icon.Question, message, hint, parent)
        for text, answer in answers.items():
            role = QMessageBox.ButtonRole.AcceptRole if answer else QMessageBox.ButtonRole.RejectRole
            button = box.addButton(text, role)
            if answer is not None:
                button.clicked.connect(answer)
            else:
                box.setEscapeButton(button)
        box.open()
        return box


def details(error: BaseException) -> str:
    """Everything about an error, for whoever is asked to help."""
    context = error.context if isinstance(error, SciAppError) else ""
    parts = [str(error), context, "".join(traceback.format_exception(error))]
    return "\n\n".join(part for part in parts if part)


def _box(icon: QMessageBox.Icon, message: str, hint: str, parent: QWidget | None) -> QMessageBox:
    box = QMessageBox(icon, "SciApp", message, QMessageBox.StandardButton.NoButton, parent)
    box.setObjectName("message")
    box.setInformativeText(hint)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    return box
