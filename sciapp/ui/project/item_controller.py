"""Verbs for runs and datasets from any list: rename, notes and tags, delete with Undo, restore, new versions."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from sciapp.actions import items as items_actions
from sciapp.actions.dataset_versions import VersionWishes, derive_dataset
from sciapp.i18n import msg
from sciapp.records.dataset.card import DatasetCard
from sciapp.records.project.deletions import Deletion, DeletionPlan
from sciapp.records.project.items import Item
from sciapp.records.project.project import Project
from sciapp.ui.messages import Messages
from sciapp.ui.project.item_dialogs import NotesDialog, TrashDialog
from sciapp.ui.session import Session
from sciapp.workers.query import LatestQuery, OrderedQueries

_MOST_UNDONE = 20


class ItemController(QObject):
    """Works off the window's thread; what comes of it the session sees by itself.

    Verbs that change files wait for each other. Each belongs to the project that was open when it was asked for.
    """

    changed = Signal()  # something was renamed, deleted or restored
    trashChanged = Signal(int)  # number of deletions that can be restored

    def __init__(self, session: Session, messages: Messages, window: QWidget) -> None:
        super().__init__(window)
        self._session, self._messages, self._window = session, messages, window
        self._writing = OrderedQueries(self)
        self._counting, self._deriving = LatestQuery(self), LatestQuery(self)
        self.dialog: NotesDialog | TrashDialog | None = None
        self._undoable: list[Callable[[], object]] = []
        for query in (self._writing, self._deriving):
            query.failed.connect(lambda error: self._messages.error(error, self._window))
        session.projectOpened.connect(self._opened)
        session.projectClosed.connect(self._closed)

    # --- names, notes and tags ------------------------------------------------------------------------------------

    def rename(self, item: Item, name: str) -> None:
        """Give a run or dataset a name; an empty one brings the usual name back."""
        project = self._session.project
        if project is None:
            return

        def save() -> str:
            before = items_actions.annotation_of(project=project, item=item).name
            items_actions.rename(project=project, item=item, name=name)
            return before

        self._writing.ask(lambda _: save(), lambda before: self._renamed(project, item, before))

    def _renamed(self, project: Project, item: Item, before: str) -> None:
        self._remember(project, lambda: self._bring_name_back(project, item, before))
        self._saved()

    def _bring_name_back(self, project: Project, item: Item, name: str) -> None:
        """Not remembered itself: otherwise undoing twice would change the name to and fro."""
        self._writing.ask(
            lambda _: items_actions.rename(project=project, item=item, name=name), lambda _: self._saved()
        )

    def undo(self) -> None:
        """Take the last change back: a deletion or a new name."""
        if self._undoable:
            self._undoable[-1]()
        else:
            self._messages.inform(msg("There is nothing to undo."))

    def _remember(self, project: Project, undo: Callable[[], object]) -> Callable[[], object]:
        """An undo for the bar and for Ctrl+Z, whichever is quicker; done once, and only while `project` is open."""

        def once() -> None:
            if self._is_open(project) and once in self._undoable:
                self._undoable.remove(once)
                undo()

        if project is self._session.project:
            self._undoable = [*self._undoable[-_MOST_UNDONE:], once]
        return once

    def _is_open(self, project: Project) -> bool:
        """Whether the project is still the one in the window; the person is informed where it is not."""
        if project is not self._session.project:
            self._messages.inform(msg("The project is not open any more: restore it from its trash."))
        return project is self._session.project

    def edit_notes(self, item: Item, title: str) -> None:
        """Ask for notes and tags."""
        project = self._session.project
        if project is None:
            return
        annotation = items_actions.annotation_of(project=project, item=item)
        dialog = NotesDialog(title, annotation, self._window)
        dialog.saveRequested.connect(lambda: self._save_notes(project, item, dialog))
        self._show(dialog)

    def _save_notes(self, project: Project, item: Item, dialog: NotesDialog) -> None:
        notes, tags = dialog.notes(), dialog.tags()
        self._writing.ask(
            lambda _: items_actions.annotate(project=project, item=item, notes=notes, tags=tags),
            lambda _: self._noted(dialog),
            lambda error: self._not_noted(dialog, error),
        )

    def _noted(self, dialog: NotesDialog) -> None:
        if self.dialog is dialog:  # the person may have closed it meanwhile
            dialog.accept()
        self._saved()

    def _not_noted(self, dialog: NotesDialog, error: BaseException) -> None:
        is_there = self.dialog is dialog
        if is_there:
            dialog.stay()
        self._messages.error(error, dialog if is_there else self._window)

    def _saved(self) -> None:
        self._session.refresh()
        self.changed.emit()

    # --- delete and restore ---------------------------------------------------------------------------------------

    def delete(self, items: Sequence[Item]) -> None:
        """Move to the trash, with Undo; a question first only where other runs go as well."""
        project = self._session.project
        if project is not None and not self._session.read_only:
            self._writing.ask(
                lambda _: _delete_alone(project, items), lambda result: self._tried(project, items, result)
            )

    def _tried(self, project: Project, items: Sequence[Item], result: Deletion | DeletionPlan) -> None:
        if isinstance(result, Deletion):
            self._deleted(project, result)
        elif project is self._session.project:
            question, hint = items_actions.deletion_question(result)
            answers: dict[str, Callable[[], object] | None] = {
                msg("&Delete all of them"): lambda: self._delete_all(project, items),
                msg("&Keep them"): None,
            }
            self._messages.ask(question, hint, answers, self._window)

    def _delete_all(self, project: Project, items: Sequence[Item]) -> None:
        if project is self._session.project:  # the question may outlive it
            self._writing.ask(
                lambda _: items_actions.delete(project=project, items=items, dependents=True),
                lambda deletion: self._deleted(project, deletion),
            )

    def _deleted(self, project: Project, deletion: Deletion) -> None:
        undo = self._remember(project, lambda: self._restore(project, deletion.id))
        if project is self._session.project:
            self._messages.offer_undo(items_actions.deleted_text(deletion), undo)
        self._moved()

    def restore(self, id: str) -> None:
        """Put a deletion of the open project back."""
        project = self._session.project
        if project is not None:
            self._restore(project, id)

    def _restore(self, project: Project, id: str) -> None:
        self._writing.ask(lambda _: items_actions.restore(project=project, id=id), self._restored)

    def _restored(self, deletion: Deletion) -> None:
        self._messages.inform(items_actions.restored_text(deletion))
        self._moved()

    def _moved(self) -> None:
        self._session.refresh()
        self.changed.emit()
        self._count()

    # --- the trash ------------------------------------------------------------------------------------------------

    def show_trash(self) -> None:
        """List what can be restored."""
        dialog = TrashDialog(self._window)
        dialog.restoreRequested.connect(self.restore)
        dialog.emptyRequested.connect(self._ask_empty)
        self._show(dialog)
        self._count()

    def _ask_empty(self) -> None:
        project = self._session.project
        if project is None:
            return
        answers: dict[str, Callable[[], object] | None] = {
            msg("&Remove for good"): lambda: self._empty(project),
            msg("&Keep it"): None,
        }
        self._messages.ask(
            msg("Remove everything in the trash for good?"), msg("This cannot be undone."), answers, self.dialog
        )

    def _empty(self, project: Project) -> None:
        if project is self._session.project:  # the question may outlive it
            self._writing.ask(lambda _: items_actions.empty_trash(project=project), lambda _: self._moved())

    def _count(self) -> None:
        project = self._session.project
        if project is not None:
            self._counting.ask(lambda _: items_actions.list_trash(project=project), self._counted)

    def _counted(self, deletions: list[Deletion]) -> None:
        self.trashChanged.emit(len(deletions))
        if isinstance(self.dialog, TrashDialog):
            self.dialog.set_deletions(deletions)

    def _opened(self, project: object) -> None:
        """Deletions whose time is over go for good; whoever opens the project is informed."""
        opened = self._session.project
        if opened is not None:
            self._writing.ask(lambda _: items_actions.empty_expired_trash(project=opened), self._expired)

    def _expired(self, removed: list[Deletion]) -> None:
        if removed:
            self._messages.inform(items_actions.expired_text(removed))
            self.changed.emit()
        self._count()

    def _closed(self) -> None:
        for query in (self._counting, self._deriving):
            query.drop()
        self._undoable = []
        if self.dialog is not None:
            self.dialog.close()

    # --- versions -------------------------------------------------------------------------------------------------

    def derive(self, dataset: str, wishes: VersionWishes) -> None:
        """Import a new version of a dataset."""
        project = self._session.project
        if project is not None:
            self._messages.inform(msg("Making a new version…"))
            self._deriving.ask(
                lambda progress: derive_dataset(project=project, dataset=dataset, wishes=wishes, progress=progress),
                self._derived,
            )

    def _derived(self, card: DatasetCard) -> None:
        self._messages.inform(msg("{name} is ready: {rows:,} rows.", name=card.title, rows=card.rows_kept))
        self._session.refresh()
        self.changed.emit()

    def _show(self, dialog: NotesDialog | TrashDialog) -> None:
        if self.dialog is not None:
            self.dialog.close()
        self.dialog = dialog
        dialog.finished.connect(self._forget)
        dialog.open()

    def _forget(self) -> None:
        dialog, self.dialog = self.dialog, None
        if dialog is not None:
            dialog.deleteLater()


def _delete_alone(project: Project, items: Sequence[Item]) -> Deletion | DeletionPlan:
    """The deletion; the plan of it where other runs depend on the items, which then stay."""
    plan = items_actions.plan_deletion(project=project, items=items)
    if plan.dependents and not plan.refused:
        return plan
    return items_actions.delete(project=project, items=items)
