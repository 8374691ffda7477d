"""Which dataset a command is about, the same for every command: the one that is named, or the newest."""

from sciapp.errors import BadInput, NotFound
from sciapp.records.dataset import DatasetCard
from sciapp.records.project import Project


def dataset_of(project: Project, id: str | None) -> DatasetCard:
    """id: what `--dataset` says, None where it was left out. Raises NotFound, BadInput for an empty name."""
    if id is None:
        return newest(project)
    must_be_named(id)
    return project.dataset(id)


def must_be_named(id: str | None) -> None:
    """Raise BadInput for `--dataset ''`: a variable of the shell that is not set is not a wish for the newest."""
    if id is not None and not id.strip():
        raise BadInput("--dataset is empty.", hint="Name a dataset, or leave --dataset out for the newest.")


def newest(project: Project) -> DatasetCard:
    """The dataset that was imported last. Raises NotFound."""
    cards = project.datasets()
    if not cards and (damaged := project.damaged_datasets()):
        raise damaged[0].error()
    if not cards:
        hint = "Import a table first: sciapp import PROJECT FILE …"
        raise NotFound("The project has no dataset yet.", hint=hint)
    return cards[-1]
