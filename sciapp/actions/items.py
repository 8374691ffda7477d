"""Actions on runs and datasets as things of a person: name them, annotate them, delete and restore them."""

from collections.abc import Collection, Iterable, Sequence

from sciapp.errors import BadInput
from sciapp.i18n import Text, all_of, joined, msg, plural
from sciapp.jobs import trash
from sciapp.jobs.trash import KEPT_DAYS
from sciapp.records.annotation import Annotation, read_annotation, write_annotation
from sciapp.records.project.deletions import DeletedItem, Deletion, DeletionPlan, deletions_in
from sciapp.records.project.items import Item, item_named
from sciapp.records.project.project import Project


def item_of(*, project: Project, name: str) -> Item:
    """The run or dataset with this id; a run also by its number. Raises NotFound."""
    return item_named(project, name)


def annotation_of(*, project: Project, item: Item) -> Annotation:
    """Name, notes and tags of a run or dataset; an empty name means the usual one."""
    return read_annotation(item.folder(project))


def rename(*, project: Project, item: Item, name: str) -> Annotation:
    """Give a run or dataset a name; an empty one brings the usual name back. Raises BadInput, ProjectProblem."""
    return _saved(project, item, annotation_of(project=project, item=item).named(name))


def annotate(*, project: Project, item: Item, notes: str, tags: Iterable[str] | None = None) -> Annotation:
    """Replace the notes on a run or dataset, and its tags where some are given; both or neither.

    Raises BadInput, ProjectProblem.
    """
    annotation = annotation_of(project=project, item=item).noted(notes)
    if tags is not None:
        annotation = annotation.model_copy(update={"tags": ()}).tagged(tags)
    return _saved(project, item, annotation)


def tag(*, project: Project, item: Item, add: Iterable[str] = (), remove: Iterable[str] = ()) -> Annotation:
    """Add tags to a run or dataset and remove others. Raises BadInput, ProjectProblem."""
    return _saved(project, item, annotation_of(project=project, item=item).tagged(add, remove))


def _saved(project: Project, item: Item, annotation: Annotation) -> Annotation:
    project.must_be_writable()
    if not item.folder(project).is_dir():
        raise BadInput(msg("“{id}” is not in the project any more.", id=item.id))
    write_annotation(project.folder, item.folder(project), annotation)
    return annotation


# Deletion.


def plan_deletion(*, project: Project, items: Sequence[Item]) -> DeletionPlan:
    """The runs that a deletion would take along, and why it cannot be now. Raises NotFound."""
    return trash.plan_deletion(project, items)


def delete(*, project: Project, items: Sequence[Item], dependents: bool = False) -> Deletion:
    """Move runs and datasets to the project's trash; `restore` undoes it.

    dependents: together with the runs that are nothing without them. Raises BadInput, RunProblem, ProjectProblem.
    """
    return trash.delete(project, items, dependents=dependents)


def list_trash(*, project: Project) -> list[Deletion]:
    """Deletions that can be restored, oldest first."""
    return deletions_in(project.folder)


def restore(*, project: Project, id: str) -> Deletion:
    """Put everything of a deletion back. id: its own, or that of something in it. Raises NotFound, ProjectProblem."""
    return trash.restore(project, id)


def empty_trash(*, project: Project, ids: Collection[str] | None = None) -> list[Deletion]:
    """Remove deletions for good; all of them where no ids are given. Raises NotFound, ProjectProblem."""
    return trash.empty(project, ids)


def empty_expired_trash(*, project: Project) -> list[Deletion]:
    """Remove for good what has been in the trash for longer than it is kept. Raises ProjectProblem."""
    return trash.empty_expired(project)


# Sentences about deletions, for the window and the command line.


def kept_text() -> Text:
    """The time for which what was deleted can be restored."""
    return msg("What was deleted can be restored for {days} days; then it is removed for good.", days=KEPT_DAYS)


def deletion_question(plan: DeletionPlan) -> tuple[Text, Text]:
    """The question before a deletion, and what becomes of what is deleted."""
    along = ""
    if plan.dependents:
        along = plural(
            "{names} depends on it and is deleted as well.",
            "{names} depend on it and are deleted as well.",
            len(plan.dependents),
            names=names_of(plan.dependents),
        )
    stays = msg("It stays in the project's trash for {days} days and can be restored until then.", days=KEPT_DAYS)
    return msg("Delete {names}?", names=names_of(plan.items)), joined([along, stays])


def deleted_text(deletion: Deletion) -> Text:
    """“Run 3 and ESOL were deleted.”"""
    return plural("{names} was deleted.", "{names} were deleted.", len(deletion.items), names=names_of(deletion.items))


def restored_text(deletion: Deletion) -> Text:
    """“Run 3 is back.”"""
    return plural("{names} is back.", "{names} are back.", len(deletion.items), names=names_of(deletion.items))


def expired_text(removed: Sequence[Deletion]) -> Text:
    """Names of what was removed from the trash for good; empty for nothing."""
    items = [item for deletion in removed for item in deletion.items]
    if not items:
        return ""
    return msg("Removed for good, {days} days after they were deleted: {names}.", days=KEPT_DAYS, names=names_of(items))


def names_of(items: Sequence[DeletedItem]) -> Text:
    """“Run 1, Run 2 and ESOL”: oldest runs first."""
    return all_of([item.name or item.id for item in sorted(items, key=lambda item: item.id)])
