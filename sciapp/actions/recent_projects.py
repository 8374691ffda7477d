"""Recent projects and bundled samples, summed up for cards. Nothing is opened for writing, nothing is migrated."""

import csv
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from sciapp import settings
from sciapp.actions.depictions import depictions, look_of
from sciapp.actions.tasks import targets_title
from sciapp.engine.domains.about import domains, rows_of
from sciapp.errors import SciAppError
from sciapp.i18n import Text, msg
from sciapp.jobs.runs.summary import summarise
from sciapp.records.dataset.card import INPUT, DatasetCard
from sciapp.records.project.project import Project
from sciapp.records.regular import regular
from sciapp.records.run.summary import RunSummary, best_training

Standing = Literal["missing", "damaged", "empty", "doubtful", "untrained", "training", "waiting", "useful", "unproven"]
"""The state of a project in a word. useful: its best model beats the simple baseline beyond chance; unproven: not."""

INPUTS_SHOWN = 6
_LONGEST_INPUT = 4_000  # characters; more are in no picture


@dataclass(frozen=True)
class RecentProject:
    """One recent project. content: “Molecules → log mol/l”. problem: why it cannot be opened; empty for none.

    inputs: the first inputs of its newest dataset. pictures: SVG of those that can be drawn, by input. letters: every
    letter of an input is a unit. best: its best training; None for none. opened: when its file was last changed.
    """

    file: Path
    name: str
    standing: Standing
    domain: str = ""
    content: Text = ""
    rows: int = 0
    runs: int = 0
    problems: int = 0
    best: RunSummary | None = None
    inputs: tuple[str, ...] = ()
    pictures: tuple[tuple[str, str], ...] = ()
    letters: bool = False
    changed: datetime | None = None
    problem: Text = ""
    hint: Text = ""


def look_at_project(*, file: Path) -> RecentProject:
    """The project of a recent file; what is wrong with it is in the answer. Reads files."""
    try:
        project = Project.peek(file)
        return _summed_up(project)
    except SciAppError as error:
        standing: Standing = "damaged" if file.exists() else "missing"
        return RecentProject(file, file.stem, standing, problem=error.message, hint=error.hint)
    except OSError as error:
        standing = "damaged" if file.exists() else "missing"
        reason = msg("It cannot be read: {reason}.", reason=error.strerror or str(error))
        return RecentProject(file, file.stem, standing, problem=reason)


def pictures_of(*, project: RecentProject) -> RecentProject:
    """The same project with pictures of its inputs; the first of a kind takes a few tenths of a second."""
    if not project.inputs:
        return project
    try:
        look = look_of(project.domain)
        drawn = depictions(project.domain, project.inputs) if look.pictures else {}
    except (SciAppError, ValueError):
        return project
    return replace(project, pictures=tuple(drawn.items()), letters=look.letters)


def with_pictures(project: RecentProject, drawn: RecentProject) -> RecentProject:
    """The project with the pictures of its inputs that were drawn before."""
    return replace(project, pictures=drawn.pictures, letters=drawn.letters)


def _summed_up(project: Project) -> RecentProject:
    cards, runs = project.datasets(), [summarise(run) for run in project.runs()]
    newest = cards[-1] if cards else None
    best = best_training(runs)
    domain = project.record.domain
    content: str = msg("{rows:u}", rows=rows_of(domain))
    if newest is not None:
        content = msg("{rows:u} → {targets}", rows=rows_of(domain), targets=targets_title(newest))
    problems = sum(finding.weight == "problem" and not finding.repaired for finding in newest.findings) if newest else 0
    return RecentProject(
        file=project.file,
        name=project.name,
        standing=_standing(newest, runs, best, problems),
        domain=domain,
        content=content,
        rows=newest.rows_kept if newest else 0,
        runs=len(runs),
        problems=problems,
        best=best,
        inputs=_first_inputs(project, newest) if newest else (),
        changed=_changed(project),
    )


def _standing(
    newest: DatasetCard | None, runs: Sequence[RunSummary], best: RunSummary | None, problems: int
) -> Standing:
    if any(not run.standing.is_over and not run.queued for run in runs):
        return "training"
    if any(run.queued for run in runs):
        return "waiting"
    if best is not None:
        return "useful" if best.beats_baseline else "unproven"
    if newest is None:
        return "empty"
    return "doubtful" if problems else "untrained"


def _first_inputs(project: Project, card: DatasetCard) -> tuple[str, ...]:
    # What reads tables takes its time to load, and is not needed to sum up the project itself.
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        file = pq.ParquetFile(regular(project.dataset_folder(card.id).table_file), memory_map=True)
        batch = next(file.iter_batches(batch_size=INPUTS_SHOWN, columns=[INPUT]), None)
    except (OSError, ValueError, pa.ArrowException, SciAppError):
        return ()
    values = batch.column(0).to_pylist() if batch is not None else []
    return tuple(str(value) for value in values if value and len(str(value)) <= _LONGEST_INPUT)


def _changed(project: Project) -> datetime | None:
    """The time of the last write: to the project's file, its datasets or its runs."""
    moments = []
    for path in (project.file, project.runs_folder, project.datasets_folder):
        with suppress(OSError):
            moments.append(path.stat().st_mtime)
    return datetime.fromtimestamp(max(moments), tz=UTC) if moments else None


def forget_recent(*, file: Path) -> tuple[str, ...]:
    """Take a project off the recent list; its files stay. Returns those that are left."""
    known = settings.load()
    left = tuple(recent for recent in known.recent_projects if Path(recent) != file)
    settings.save(known.model_copy(update={"recent_projects": left}))
    return left


# Bundled samples, by the question that they answer.


@dataclass(frozen=True)
class SampleChoice:
    """A bundled sample: its domain, the question that it answers, what its rows are, and the name of its icon."""

    domain: str
    question: str
    rows: str
    file: Path
    icon: str


def sample_choices() -> tuple[SampleChoice, ...]:
    """The samples of all domains that have one, in the order of lists."""
    folder = settings.resources_folder() / "samples"
    return tuple(
        SampleChoice(about.name, about.sample.question, about.rows, folder / about.sample.file, about.sample.icon)
        for about in domains().values()
        if about.sample is not None
    )


def sample_rows(*, samples: Sequence[SampleChoice]) -> dict[str, int]:
    """Rows of each sample's file, by domain; those whose file cannot be read are left out."""
    counts: dict[str, int] = {}
    for sample in samples:
        with suppress(OSError, csv.Error), sample.file.open(encoding="utf-8", newline="") as file:
            counts[sample.domain] = sum(1 for row in csv.reader(file) if row) - 1
    return counts
