"""Items of a project that a person names, annotates, deletes and restores: runs and datasets."""

from pathlib import Path
from typing import Literal

from sciapp.errors import NotFound, nearest
from sciapp.i18n import msg
from sciapp.records.base import Frozen
from sciapp.records.project.project import Project

ItemKind = Literal["run", "dataset"]
FOLDERS: dict[ItemKind, str] = {"run": "runs", "dataset": "datasets"}


class Item(Frozen):
    """A run or a dataset, by the name of its folder."""

    kind: ItemKind
    id: str

    def folder(self, project: Project) -> Path:
        return project.folder / FOLDERS[self.kind] / self.id

    def title(self, project: Project) -> str:
        """Its name: a person's, or the usual one."""
        if self.kind == "run":
            return project.run(self.id).title
        damaged = {damage.id for damage in project.damaged_datasets()}
        return self.id if self.id in damaged else project.dataset(self.id).title


def item_named(project: Project, name: str) -> Item:
    """The run or dataset with this id; a run also by the number that begins its id. Damaged datasets count.

    Raises NotFound with the nearest id, OutsideProject, NotAFile.
    """
    datasets = [card.id for card in project.datasets()] + [damage.id for damage in project.damaged_datasets()]
    if name in datasets:
        return Item(kind="dataset", id=name)
    try:
        return Item(kind="run", id=project.run(name).id)
    except NotFound as error:
        known = [*datasets, *(run.id for run in project.runs())]
        raise NotFound(
            msg("The project has no run and no dataset “{id}”.", id=name), hint=nearest(name, known)
        ) from error
