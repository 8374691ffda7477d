"""The one door for telling the user anything."""

import traceback
from collections.abc import Callable, Mapping

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QMessageBox, QWidget

from sciapp.errors import SciAppError, system_refusal
from sciapp.i18n import joined, msg
from sciapp.ui.words import tr

_SORRY = msg("Something unexpected happened.")
_SORRY_HINT = msg("What was saved is safe. Copy the details if you want to report it.")


class Messages(QObject):
    """Errors as dialogs that do not block, remarks in the status bar, questions with an answer per button."""

    posted = Signal(object)  # a message for the status bar
    undoOffered = Signal(object, object)  # a message, and what brings it back

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.lastMessage = ""
        self._open: dict[str, QMessageBox] = {}

    def inform(self, text: str) -> None:
        """A remark that asks for nothing."""
        self.lastMessage = text
        self.posted.emit(text)

    def offer_undo(self, text: str, undo: Callable[[], object]) -> None:
        """Something was done that can be taken back: `undo` is called if the person asks within ten seconds."""
        self.lastMessage = text
        self.undoOffered.emit(text, undo)

    def error(self, error: BaseException, parent: QWidget | None = None) -> QMessageBox:
        """The error and the next step; never a traceback, but “Copy details” has it.

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
        copy = box.addButton(tr(msg("Copy details")), QMessageBox.ButtonRole.ActionRole)
        copy.setObjectName("copyDetails")
        copy.setToolTip(tr(msg("Everything about this error, for whoever is asked to help.")))
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
            button = box.addButton(tr(text), role)
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
    """The error and the next step."""
    if isinstance(error, SciAppError):
        return error.message, error.hint
    return system_refusal(error) or (_SORRY, _SORRY_HINT)


def in_one_text(error: object) -> str:
    """The error and the next step, where there is room for one text."""
    return joined(phrased(error)) if isinstance(error, SciAppError) else str(error)


def details(error: BaseException) -> str:
    """Everything about an error, for whoever is asked to help."""
    context = error.context if isinstance(error, SciAppError) else ""
    parts = [str(error), context, "".join(traceback.format_exception(error))]
    return "\n\n".join(part for part in parts if part)


def _box(icon: QMessageBox.Icon, message: str, hint: str, parent: QWidget | None) -> QMessageBox:
    window = parent.window() if parent is not None else QApplication.activeWindow()
    box = QMessageBox(icon, "SciApp", tr(message), QMessageBox.StandardButton.NoButton, window)
    box.setObjectName("message")
    box.setTextFormat(Qt.TextFormat.PlainText)
    # The hint is always plain text as well: a path may hold < and &.
    box.setInformativeText(tr(hint))
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    return box
