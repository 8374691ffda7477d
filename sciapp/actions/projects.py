"""Actions on projects: create, open, save, copy, free disk space, and the project of the bundled sample."""

from collections.abc import Collection
from pathlib import Path

from sciapp import settings
from sciapp.actions import domains
from sciapp.actions.datasets import import_table
from sciapp.engine.domains.about import Sample, domain_names, first_sample, sample_of
from sciapp.engine.runtime.progress import Progress
from sciapp.errors import BadInput, NotFound, nearest
from sciapp.i18n import any_of, msg
from sciapp.jobs.clean_up import disk_pieces, free_space
from sciapp.jobs.launch.helper import Executor, in_helper_process
from sciapp.records.dataset.card import DomainName, ImportRequest, Roles, SplitPlan
from sciapp.records.project import file as project_file
from sciapp.records.project.disk_usage import DiskPiece
from sciapp.records.project.project import Project, ProjectRecord, find_project_file, free_folder


def create_project(*, folder: Path, domain: DomainName, name: str = "", notes: str = "", lock: bool = True) -> Project:
    """A new project. lock: open as the one window that may write."""
    return Project.create(folder, domain=domain, name=name, notes=notes, lock=lock)


def create_project_for(*, file: Path, domain: DomainName, near: Path | None = None) -> Project:
    """A new project for the rows of a file, not locked. near: a folder next to which it is made; None: where projects
    are. Raises BadInput without a domain.
    """
    if not domain:
        known = domain_names()
        raise BadInput(
            msg("What the rows of the file are is not said."),
            hint=msg("Add --domain {names}.", names=any_of(known)),
        )
    name = f"pretrain-{file.name.split('.')[0]}"
    folder = near.with_name(f"{near.name}-project") if near else settings.projects_folder() / name
    return create_project(folder=free_folder(folder), domain=domain, name=name, lock=False)


def open_project(*, path: Path) -> Project:
    """An existing project; read-only when another window has it. Raises what `domains.open_project` raises."""
    return domains.open_project(path=path, lock=True)


def restore_backup(*, path: Path) -> Project:
    """Put a damaged project file's backup in its place and open it; the damaged file is kept."""
    project_file.restore_backup(find_project_file(path))
    return open_project(path=path)


def save_project(*, project: Project, record: ProjectRecord) -> None:
    """Name, domain or notes were edited."""
    project.save(record)


def save_project_as(*, project: Project, folder: Path, name: str = "", progress: Progress) -> Path:
    """A whole copy elsewhere; returns the copy's project file."""
    return project.save_as(folder, name=name, copied=progress.stage(msg("Copying the project")).report)


# Disk space.


def disk_use(*, project: Project) -> int:
    """Bytes of the project's folder."""
    return project.disk_use()


def pieces_of_disk(*, project: Project) -> list[DiskPiece]:
    """The parts of the project on disk with their sizes, and which of them can be removed."""
    return disk_pieces(project)


def free_disk(*, project: Project, chosen: Collection[str]) -> int:
    """Remove the pieces with these keys; returns the bytes that are free now. Raises BadInput, ProjectProblem."""
    return free_space(project, chosen)


def pieces_named(
    *,
    project: Project,
    pieces: Collection[DiskPiece],
    runs: Collection[str] = (),
    datasets: Collection[str] = (),
    kinds: Collection[str] = (),
) -> set[str]:
    """Keys of the pieces that are named: whole runs and datasets, or what is of one of `kinds`, such as “checkpoints”.

    Kinds are taken of the named runs and datasets; without names of all finished runs and of all that may go alone.
    Raises NotFound.
    """
    run_ids = {project.run(name).id for name in runs}
    dataset_ids = {project.dataset(name).id for name in datasets}
    if not kinds:
        return {f"run:{id}" for id in run_ids} | {f"dataset:{id}" for id in dataset_ids}
    owners = run_ids | dataset_ids
    return {
        piece.key
        for piece in pieces
        if piece.kind in kinds
        and (
            piece.owner in owners
            if owners
            else piece.may_go_alone and (piece.finished or piece.kind in {"caches", "trash"})
        )
    }


# The samples that ship with SciApp and how they are imported; demo, home page and bundle test share them.


def make_sample_project(
    *,
    folder: Path,
    name: str = "",
    domain: DomainName = "",
    lock: bool = True,
    progress: Progress,
    execute: Executor = in_helper_process,
) -> Project:
    """A new project with a bundled sample imported. name: “Solubility sample” if not given.

    domain: whose sample; empty: the first (ESOL). lock: open as the one window that may write. Raises NotFound.
    """
    domain, sample = _sample(domain)
    name = name or msg("{project} sample", project=sample.project)
    project = create_project(folder=free_folder(folder), domain=domain, name=name, lock=lock)
    try:
        import_table(project=project, request=sample_request(domain), progress=progress, execute=execute)
    except BaseException:
        project.close()
        raise
    return project


def sample_title(domain: DomainName = "") -> str:
    """Name of a sample, for the name of a project; that of the first domain that has one if none is named."""
    return _sample(domain)[1].project


def sample_request(domain: DomainName = "") -> ImportRequest:
    """The import of a domain's sample, or of the first one. Raises NotFound."""
    _, sample = _sample(domain)
    return ImportRequest(
        file=str(settings.resources_folder() / "samples" / sample.file),
        roles=Roles(input=sample.input, targets=sample.targets, split=sample.split_column or None),
        split=SplitPlan(method=sample.split, column=sample.split_column or None),
        name=sample.name,
    )


def _sample(domain: DomainName) -> tuple[DomainName, Sample]:
    if not domain:
        return first_sample()
    if (sample := sample_of(domain)) is None:
        raise NotFound(msg("There is no sample of “{domain}”.", domain=domain), hint=nearest(domain, domain_names()))
    return domain, sample
