"""Actions that bring tables into a project: preview, paste, check, import."""

from pathlib import Path
from typing import Any

from sciapp import settings
from sciapp.engine.data.readers.table_reader import Preview
from sciapp.engine.data.schema.explain import explained, explained_text
from sciapp.engine.data.schema.joined_preview import joined_preview
from sciapp.engine.data.schema.proposal import Proposal
from sciapp.engine.data.schema.whole_file import proposed_from
from sciapp.engine.runtime.progress import Progress
from sciapp.errors import BadInput, NotFound
from sciapp.i18n import ENGLISH, Translator, msg
from sciapp.jobs.launch.helper import Executor, in_helper_process
from sciapp.records.atomic import write_text
from sciapp.records.dataset.card import DatasetCard, DomainName, ImportRequest
from sciapp.records.dataset.findings import QualityReport
from sciapp.records.project.project import Project
from sciapp.records.project.requests import CheckTable, ImportedDatasets, ImportTable
from sciapp.records.read_options import Reading


def preview_table(*, path: Path, domain: DomainName, reading: Reading | None = None) -> tuple[Preview, Proposal]:
    """The first rows as they will be read, and what each column seems to be for."""
    seen, _ = joined_preview(path, domain, reading)
    return seen, proposed_from(path, seen, domain)


def explain_table(
    *, path: Path, domain: DomainName, reading: Reading | None = None, translator: Translator = ENGLISH
) -> tuple[dict[str, Any], str]:
    """The detected properties of a table with the reasons for them, for programs and for people. Raises BadInput."""
    detected = preview_table(path=path, domain=domain, reading=reading)
    return explained(*detected), explained_text(*detected, translator)


def pasted_table(*, text: str) -> Path:
    """A file with what was copied in a spreadsheet, to be imported like any other. Raises BadInput, OutOfSpace."""
    if len(text.strip().splitlines()) < 2:
        raise BadInput(
            msg("The clipboard holds no table."),
            hint=msg("Copy the cells in a spreadsheet, header line included, and paste again."),
        )
    file = settings.cache_folder() / "pasted table.tsv"
    file.parent.mkdir(parents=True, exist_ok=True)
    write_text(file, text)
    return file


def check_table(
    *, project: Project, request: ImportRequest, progress: Progress, execute: Executor = in_helper_process
) -> QualityReport:
    """The quality report of a table, without importing it. Raises BadInput."""
    return execute(CheckTable(project=project.folder, request=request), QualityReport, progress)


def import_table(
    *, project: Project, request: ImportRequest, progress: Progress, execute: Executor = in_helper_process
) -> tuple[DatasetCard, ...]:
    """The new datasets: one, or one of each fold where all folds are asked for.

    By default in a helper process: cleaning a million rows would stall the window's thread. Raises BadInput,
    ProjectProblem, OutOfSpace.
    """
    project.must_be_writable()
    return execute(ImportTable(project=project.folder, request=request), ImportedDatasets, progress).cards


# Which dataset an action is about: the one that is named, or the newest.


def dataset_of(project: Project, id: str | None) -> DatasetCard:
    """id: what `--dataset` says, None where it was left out. Raises NotFound, BadInput for an empty name."""
    if id is None:
        return newest(project)
    must_be_named(id)
    return project.dataset(id)


def must_be_named(id: str | None) -> None:
    """Raise BadInput for `--dataset ''`: a variable of the shell that is not set is not a wish for the newest."""
    if id is not None and not id.strip():
        raise BadInput(msg("--dataset is empty."), hint=msg("Name a dataset, or leave --dataset out for the newest."))


def newest(project: Project) -> DatasetCard:
    """The dataset that was imported last. Raises NotFound."""
    cards = project.datasets()
    if not cards and (damaged := project.damaged_datasets()):
        raise damaged[0].error()
    if not cards:
        hint = msg("Import a table first: sciapp import PROJECT FILE …")
        raise NotFound(msg("The project has no dataset yet."), hint=hint)
    return cards[-1]
