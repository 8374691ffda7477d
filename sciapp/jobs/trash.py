"""The trash of a project: runs and datasets are moved there with all that depends on them, and back again."""

import shutil
import time
from collections.abc import Collection, Iterable, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sciapp.errors import BadInput, NotFound, ProjectProblem, nearest
from sciapp.i18n import msg
from sciapp.jobs.dependencies import Dependencies, must_be_idle
from sciapp.records.atomic import explaining_out_of_space, new_folder, sync_folder
from sciapp.records.project.deletions import (
    RECORD,
    DeletedItem,
    Deletion,
    DeletionPlan,
    deletions_in,
    empty_entries,
    trash_folder,
)
from sciapp.records.project.items import Item
from sciapp.records.project.project import Project
from sciapp.records.project.study import Study, remove_run, write_study

KEPT_DAYS = 30
_YOUNG = 60.0  # seconds in which an entry may still be filled by whoever made it


def plan_deletion(project: Project, items: Sequence[Item]) -> DeletionPlan:
    """The items with everything that depends on them. Raises NotFound, OutsideProject, RunProblem."""
    needs = Dependencies.of(project)
    asked = list(dict.fromkeys(items))
    dependents: list[str] = []
    waiting = list(asked)
    while waiting:
        item = waiting.pop()
        users = needs.users_of_run(item.id) if item.kind == "run" else needs.users_of_dataset(item.id)
        for user in users:
            run = Item(kind="run", id=user)
            if run not in asked and user not in dependents:
                dependents.append(user)
                waiting.append(run)
    runs = [*(item.id for item in asked if item.kind == "run"), *dependents]
    reasons = [(id, needs.run_in_use(id)) for id in runs]
    reasons += [(item.id, needs.dataset_in_use(item.id)) for item in asked if item.kind == "dataset"]
    refused = next((msg("{id}: {reason}", id=id, reason=reason) for id, reason in reasons if reason), "")
    return DeletionPlan(
        items=tuple(_described(project, item) for item in asked),
        dependents=tuple(_described(project, Item(kind="run", id=id)) for id in sorted(dependents)),
        refused=refused,
    )


def delete(project: Project, items: Sequence[Item], *, dependents: bool, now: datetime | None = None) -> Deletion:
    """Move items to the trash; nothing is lost. dependents: together with what depends on them.

    now: the moment of the deletion. Raises BadInput where something depends on them or is on, RunProblem where a
    process took a run up meanwhile, ProjectProblem where nothing can be moved; nothing has changed then.
    """
    project.must_be_writable()
    plan = plan_deletion(project, items)
    if plan.refused:
        raise BadInput(plan.refused, hint=msg("Nothing was deleted. Stop or cancel the run first."))
    if plan.dependents and not dependents:
        names = [item.id for item in plan.dependents]
        raise BadInput(
            msg("Other runs depend on it: {names}.", names=names),
            hint=msg("Nothing was deleted. Delete them as well, or leave it."),
        )
    moved = _in_order((*plan.items, *plan.dependents))
    for item in moved:
        if item.kind == "run":
            must_be_idle(project.run(item.id))
    gone = {item.id for item in moved if item.kind == "run"}
    studies = tuple(study for study in project.studies() if gone & set(study.runs))
    moment = now or datetime.now(UTC)
    deletion = Deletion(id=_free_id(project, plan, moment), deleted=moment, items=tuple(moved), studies=studies)
    with explaining_out_of_space(trash_folder(project.folder)), new_folder(deletion.folder(project.folder)) as draft:
        (draft / RECORD).write_text(deletion.model_dump_json(indent=2) + "\n", encoding="utf-8")
    _move_all(project.folder, deletion.folder(project.folder), moved)
    for item in moved:
        if item.kind == "run":
            remove_run(project.folder, item.id, project.studies())
    return deletion


def restore(project: Project, id: str) -> Deletion:
    """Put everything of a deletion back, its studies included; returns what it was.

    Raises NotFound, ProjectProblem where something else has taken its folder; nothing has changed then.
    """
    project.must_be_writable()
    deletion = deletion_named(project, id)
    taken = [item.id for item in deletion.items if (project.folder / item.path).exists()]
    if taken:
        raise ProjectProblem(
            msg("“{id}” is in the project already.", id=taken[0]),
            hint=msg("Move it elsewhere or delete it, then restore again."),
        )
    back = list(reversed(_in_order(deletion.items)))
    _move_all(deletion.folder(project.folder), project.folder, back)
    _restore_studies(project, deletion)
    shutil.rmtree(deletion.folder(project.folder), ignore_errors=True)
    return deletion


def empty(project: Project, ids: Collection[str] | None = None) -> list[Deletion]:
    """Remove deletions for good; all of them where no ids are given. Raises NotFound, ProjectProblem."""
    project.must_be_writable()
    removed = deletions_in(project.folder) if ids is None else [deletion_named(project, id) for id in ids]
    for deletion in removed:
        _erase(deletion.folder(project.folder))
    return removed


def empty_expired(project: Project, *, now: datetime | None = None) -> list[Deletion]:
    """Remove for good what was deleted more than KEPT_DAYS days ago; nothing in a project that cannot be written."""
    if project.read_only:
        return []
    oldest = (now or datetime.now(UTC)) - timedelta(days=KEPT_DAYS)
    expired = [deletion.id for deletion in deletions_in(project.folder) if deletion.deleted < oldest]
    for folder in empty_entries(project.folder):
        with suppress(OSError):
            if time.time() - folder.stat().st_mtime > _YOUNG:
                _erase(folder)
    return empty(project, expired) if expired else []


def deletion_named(project: Project, name: str) -> Deletion:
    """A deletion by its id, or the latest one with an item of that id. Raises NotFound."""
    deletions = deletions_in(project.folder)
    for deletion in reversed(deletions):
        if name == deletion.id or name in {item.id for item in deletion.items}:
            return deletion
    numbers = {item.id.split("-")[0].lstrip("0"): deletion for deletion in deletions for item in deletion.items}
    if name.isdecimal() and name.lstrip("0") in numbers:
        return numbers[name.lstrip("0")]
    known = [item.id for deletion in deletions for item in deletion.items]
    raise NotFound(msg("There is no “{id}” in the trash of this project.", id=name), hint=nearest(name, known))


def _described(project: Project, item: Item) -> DeletedItem:
    return DeletedItem(kind=item.kind, id=item.id, name=item.title(project))


def _in_order(items: Iterable[DeletedItem]) -> list[DeletedItem]:
    """Newest runs first, datasets last: what depends on something goes before it, wherever the move may break off."""
    runs = sorted((item for item in items if item.kind == "run"), key=lambda item: item.id, reverse=True)
    return runs + [item for item in items if item.kind != "run"]


def _free_id(project: Project, plan: DeletionPlan, moment: datetime) -> str:
    stem = f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}-{plan.items[0].id}"
    folder, number = trash_folder(project.folder), 1
    while (folder / (id := stem if number == 1 else f"{stem}-{number}")).exists():
        number += 1
    return id


def _move_all(source: Path, target: Path, items: Sequence[DeletedItem]) -> None:
    """Move the folders of items; where one cannot be moved, those before it are moved back. Raises ProjectProblem."""
    done: list[DeletedItem] = []
    try:
        for item in items:
            _move(source / item.path, target / item.path)
            done.append(item)
    except OSError as error:
        for item in reversed(done):
            with suppress(OSError):
                _move(target / item.path, source / item.path)
        raise ProjectProblem(
            msg("“{id}” could not be moved: {reason}.", id=items[len(done)].id, reason=error.strerror or error),
            hint=msg("Close other programs that use its files, then try again; nothing has changed."),
            context=str(error),
        ) from error


def _move(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    source.rename(target)
    sync_folder(target.parent)
    sync_folder(source.parent)


def _restore_studies(project: Project, deletion: Deletion) -> None:
    """Each study gets the runs back that it had, at their places among those that it has now."""
    runs = {run.id for run in project.runs()}
    present = {study.id: study for study in project.studies()}
    for study in deletion.studies:
        now = present.get(study.id)
        members = {*(now.runs if now is not None else ()), *(id for id in study.runs if id in runs)}
        if members:
            write_study(project.folder, _with_runs(now or study, members))


def _with_runs(study: Study, runs: Collection[str]) -> Study:
    """Runs of a study are made one after another, so that their numbers are its order."""
    return study.model_copy(update={"runs": tuple(sorted(runs, key=_number))})


def _number(run: str) -> tuple[int, str]:
    head = run.split("-")[0]
    return (int(head) if head.isdecimal() else 0), run


def _erase(folder: Path) -> None:
    """Gone from everybody's sight at once, under a name that no list shows; then its files."""
    hidden = folder.with_name(f".removed-{folder.name}")
    shutil.rmtree(hidden, ignore_errors=True)
    with suppress(FileNotFoundError):
        folder.replace(hidden)
    shutil.rmtree(hidden, ignore_errors=True)
