"""Opens the dialog that frees space, asks before anything goes, and removes it off the window's thread."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from sciapp.records.disk_pieces import DiskPiece, removal_question
from sciapp.records.score_words import size_text
from sciapp.ui.dialogs.clean_up import CleanUpDialog
from sciapp.ui.messages import Messages
from sciapp.ui.session import Session
from sciapp.workers import verbs
from sciapp.workers.latest import LatestQuery


class CleaningDesk(QWidget):
    """No window of its own: it belongs to the Project tab and to the File menu."""

    freed = Signal()

    def __init__(self, session: Session, messages: Messages, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.hide()
        self._session, self._messages = session, messages
        self._looking, self._removing = LatestQuery(self), LatestQuery(self)
        self._pieces: list[DiskPiece] = []
        self.dialog: CleanUpDialog | None = None
        self._looking.failed.connect(lambda error: self._messages.error(error, self.dialog))
        self._removing.failed.connect(self._not_removed)
        session.projectClosed.connect(self._leave)

    def open(self) -> None:
        """Show what takes how much."""
        if self._session.project is None or self._session.read_only:
            return
        if self.dialog is None:
            self.dialog = CleanUpDialog(self.window())
            self.dialog.removeRequested.connect(self._ask)
            self.dialog.finished.connect(self._leave)
            self.dialog.open()
        self._look()

    def _look(self) -> None:
        project = self._session.project
        if project is not None:
            self._looking.ask(lambda _: verbs.pieces_of_disk(project=project), self._show)

    def _show(self, pieces: list[DiskPiece]) -> None:
        self._pieces = pieces
        if self.dialog is not None:
            self.dialog.set_busy(False)
            self.dialog.setPieces(pieces)

    def _ask(self, chosen: frozenset[str]) -> None:
        question, hint = removal_question(self._pieces, chosen)
        answers = {"&Remove": lambda: self._remove(chosen), "&Keep everything": None}
        self._messages.ask(question, hint, answers, self.dialog)

    def _remove(self, chosen: frozenset[str]) -> None:
        project = self._session.project
        if project is None or self.dialog is None:
            return
        self.dialog.set_busy(True)
        self._removing.ask(lambda _: verbs.free_disk(project=project, chosen=chosen), self._removed)

    def _removed(self, size: int) -> None:
        self._messages.inform(f"{size_text(size)} are free now.")
        self._session.refresh()
        self.freed.emit()
        self._look()

    def _not_removed(self, error: BaseException) -> None:
        self._messages.error(error, self.dialog)
        self._look()

    def _leave(self, *_: object) -> None:
        self._looking.drop()
        dialog, self.dialog = self.dialog, None
        if dialog is not None:
            dialog.close()
            dialog.deleteLater()
