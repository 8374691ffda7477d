"""Deletions: runs and datasets in the trash of a project, from which they can be restored.

`trash/<id>/` holds `deletion.json` and, under `runs/` and `datasets/`, the folders as they were. The folders are the
truth: one that has been restored, or that was never moved, does not belong to the deletion any more.
"""

import logging
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from pydantic import AwareDatetime, ConfigDict

from sciapp.i18n import Text
from sciapp.records.base import Frozen
from sciapp.records.project.study import Study
from sciapp.records.regular import text_in

_FOLDER = "trash"
RECORD = "deletion.json"
_PARTS = {"runs": "run", "datasets": "dataset"}


class DeletedItem(Frozen):
    """A run or a dataset in the trash. name: what it was called then."""

    kind: str
    id: str
    name: Text = ""

    @property
    def path(self) -> Path:
        """Its folder, from that of the project or of the deletion."""
        return Path("runs" if self.kind == "run" else "datasets") / self.id


class DeletionPlan(Frozen):
    """The runs and datasets that a deletion would move to the trash.

    items: those asked for. dependents: runs that are nothing without them. refused: reason why it cannot be now.
    """

    items: tuple[DeletedItem, ...]
    dependents: tuple[DeletedItem, ...] = ()
    refused: Text = ""


class Deletion(Frozen):
    """Runs and datasets deleted in one go, and restored in one go. studies: those of its runs, as they were before."""

    model_config = ConfigDict(frozen=True, extra="ignore")
    id: str
    deleted: AwareDatetime
    items: tuple[DeletedItem, ...]
    studies: tuple[Study, ...] = ()

    def folder(self, project: Path) -> Path:
        return trash_folder(project) / self.id


def trash_folder(project: Path) -> Path:
    """Folder of a project's deletions."""
    return project / _FOLDER


def deletions_in(project: Path) -> list[Deletion]:
    """Deletions of which something can still be restored, oldest first. Links lead out and are passed over."""
    readable = (_deletion(folder) for folder in _folders(trash_folder(project)))
    return sorted((one for one in readable if one.items), key=lambda one: (one.deleted, one.id))


def empty_entries(project: Path) -> list[Path]:
    """Folders of deletions that nothing is in any more, or not yet."""
    return [folder for folder in _folders(trash_folder(project)) if not _deletion(folder).items]


def deleted_ids(project: Path, kind: str) -> set[str]:
    """Ids in the trash, which are not given again as long as they lie there."""
    return {item.id for deletion in deletions_in(project) for item in deletion.items if item.kind == kind}


def _deletion(folder: Path) -> Deletion:
    """Without a readable record what lies there can still be restored, without its studies."""
    present = list(_items(folder))
    try:
        record = Deletion.model_validate_json(text_in(folder / RECORD))
    except (OSError, ValueError):
        logging.getLogger(__name__).info("%s cannot be read", folder / RECORD, exc_info=True)
        moment = datetime.fromtimestamp(folder.stat().st_mtime, tz=UTC)
        return Deletion(id=folder.name, deleted=moment, items=tuple(present))
    names = {(item.kind, item.id): item.name for item in record.items}
    items = tuple(item.model_copy(update={"name": names.get((item.kind, item.id), item.id)}) for item in present)
    return record.model_copy(update={"id": folder.name, "items": items})


def _items(folder: Path) -> Iterator[DeletedItem]:
    for part, kind in _PARTS.items():
        for entry in _folders(folder / part):
            yield DeletedItem(kind=kind, id=entry.name, name=entry.name)


def _folders(parent: Path) -> list[Path]:
    if parent.is_symlink() or not parent.is_dir():
        return []
    entries = [entry for entry in parent.iterdir() if not entry.name.startswith(".")]
    return sorted(entry for entry in entries if entry.is_dir() and not entry.is_symlink())
