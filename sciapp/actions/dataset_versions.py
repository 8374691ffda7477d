"""Versions of a dataset: the same file with another target, split or repairs, imported as a new dataset that remembers
the one it comes from."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sciapp.actions.datasets import import_table
from sciapp.engine.data.formats.folders.hub_dataset import hub_name
from sciapp.engine.data.staging.file_stats import survey
from sciapp.engine.runtime.progress import Progress
from sciapp.errors import BadInput, NotFound
from sciapp.i18n import msg
from sciapp.jobs.launch.helper import Executor, in_helper_process
from sciapp.records.dataset.card import COLUMN_PREFIX, DatasetCard, ImportRequest, SplitMethod, SplitPlan
from sciapp.records.dataset.tasks import AUTOMATIC
from sciapp.records.project.project import Project
from sciapp.records.regular import regular

_ELSEWHERE = msg("Say where it is now, or import the file that there is as a new dataset.")


@dataclass(frozen=True)
class VersionWishes:
    """Changes of a new version against its dataset; None: as it is there.

    targets: columns of the file. split: a way to divide the rows, with the dataset's fractions and seed. repairs: kind
    of finding → policy, in addition to those of the dataset. file: where the dataset's file is now.
    """

    targets: tuple[str, ...] | None = None
    split: SplitMethod | None = None
    split_column: str | None = None
    seed: int | None = None
    repairs: Mapping[str, str] = field(default_factory=dict)
    name: str = ""
    file: Path | None = None


def derive_dataset(
    *,
    project: Project,
    dataset: str,
    wishes: VersionWishes,
    progress: Progress,
    execute: Executor = in_helper_process,
) -> DatasetCard:
    """A new version of a dataset; the dataset itself stays, and so do the runs on it.

    Raises NotFound, BadInput for wishes that do not fit the file or a file that is not the dataset's any more,
    ProjectProblem, OutOfSpace.
    """
    project.must_be_writable()
    request = version_request(project=project, dataset=dataset, wishes=wishes)
    must_be_same_file(project.dataset(dataset), request, progress=progress)
    return import_table(project=project, request=request, progress=progress, execute=execute)[0]


def target_choices(*, project: Project, dataset: str) -> tuple[str, ...]:
    """Columns of the dataset's file that can be targets of a version, in the order of the file's. Reads no rows."""
    # What reads tables takes its time to load.
    import pyarrow.parquet as pq

    card, folder = project.dataset(dataset), project.dataset_folder(dataset)
    names = pq.read_schema(regular(folder.table_file)).names
    carried = [name.removeprefix(COLUMN_PREFIX) for name in names if name.startswith(COLUMN_PREFIX)]
    return (*card.roles.targets, *(name for name in carried if name not in card.roles.targets))


def version_request(*, project: Project, dataset: str, wishes: VersionWishes) -> ImportRequest:
    """The import that makes a version of the dataset. Raises NotFound, BadInput for a split that cannot be repeated."""
    card = project.dataset(dataset)
    original = project.dataset_folder(dataset).request() or _reconstructed(card)
    reading = card.source.reading or original.reading
    changes: dict[str, object] = {
        "file": str(wishes.file.expanduser().absolute()) if wishes.file else card.source.path,
        "reading": reading,
        "name": wishes.name or card.name,
        "parent": card.id,
        "notes": (),
        "all_folds": False,
        "repeats": 1,
        "split": _split(card, original.split, wishes),
        "repairs": {**original.repairs, **wishes.repairs},
    }
    if wishes.targets is not None and wishes.targets != original.roles.targets:
        used = set(wishes.targets)
        roles = original.roles
        changes["roles"] = roles.model_copy(
            update={
                "targets": wishes.targets,
                "covariates": tuple(name for name in roles.covariates if name not in used),
                "mask": None,
                "weight": None if roles.weight in used else roles.weight,
            }
        )
        changes |= {"task": AUTOMATIC, "task_options": {}}
    return original.model_copy(update=changes)


def must_be_same_file(card: DatasetCard, request: ImportRequest, *, progress: Progress) -> None:
    """Raise NotFound where the dataset's file is gone, BadInput where its content has changed since the import."""
    sources = [(Path(request.file), card.source.file_name, card.source.sha256)]
    if card.source.joined is not None:
        sources.append((Path(card.source.joined.path), card.source.joined.file_name, card.source.joined.sha256))
    for path, name, sha256 in sources:
        if not path.exists() and not hub_name(path):
            raise NotFound(
                msg("The file that “{dataset}” was imported from is gone: {file}.", dataset=card.name, file=path),
                hint=_ELSEWHERE,
                context=str(path),
            )
        if survey(path, progress=progress.stage(msg("Looking at the file"))).sha256 != sha256:
            raise BadInput(
                msg("“{file}” has changed since “{dataset}” was imported from it.", file=name, dataset=card.name),
                hint=_ELSEWHERE,
                context=f"{path}: sha256 is not {sha256}",
            )


def _split(card: DatasetCard, original: SplitPlan, wishes: VersionWishes) -> SplitPlan:
    method = wishes.split or original.method
    if method == "file" and not Path(original.file or "").is_file():
        raise BadInput(
            msg("The split of “{dataset}” came from a file that is gone.", dataset=card.name),
            hint=msg("Choose another split."),
        )
    seed = original.seed if wishes.seed is None else wishes.seed
    if method == original.method and wishes.split_column in {None, original.column}:
        return original.model_copy(update={"seed": seed})
    return SplitPlan(method=method, column=wishes.split_column, fractions=original.fractions, seed=seed)


def _reconstructed(card: DatasetCard) -> ImportRequest:
    """The request of a dataset from before requests were stored."""
    return ImportRequest(
        file=card.source.path,
        roles=card.roles,
        task=card.task,
        split=card.split,
        repairs=card.repairs,
        task_options=card.task_options,
    )
