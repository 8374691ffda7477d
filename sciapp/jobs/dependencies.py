"""Dependencies inside a project: the runs that need a dataset or another run, and what a process is at work on."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sciapp.errors import RunProblem
from sciapp.i18n import msg
from sciapp.jobs.queue.queue import held
from sciapp.jobs.runs.follow import standing
from sciapp.records.lock import ProjectLock
from sciapp.records.model.reference import model_of_run
from sciapp.records.project.project import Project
from sciapp.records.regular import json_in
from sciapp.records.run.run import Run, RunStatus

_ON = msg("The run is on, or waits for its turn.")
_READ = msg("A run that is on, or waits for its turn, reads it.")


@dataclass(frozen=True)
class Dependencies:
    """Runs of a project by id, how they stand, and the texts of their plans, which name what they need.

    elsewhere: runs of other projects that are on or wait in this computer's queue → the texts of their plans.
    """

    runs: Mapping[str, Run]
    standings: Mapping[str, RunStatus]
    named: Mapping[str, frozenset[str]]
    elsewhere: Mapping[str, frozenset[str]]

    @classmethod
    def of(cls, project: Project) -> "Dependencies":
        """Reads each run's plan and state, no large file."""
        runs = {run.id: run for run in project.runs()}
        named = {id: set(_strings(run.plan_file)) for id, run in runs.items()}
        for study in project.studies():
            for id in set(study.runs) & set(runs):
                named[id].update(study.runs[: study.runs.index(id)])  # it is nothing without what it follows on
        return cls(
            runs=runs,
            standings={id: standing(run) for id, run in runs.items()},
            named={id: frozenset(names) for id, names in named.items()},
            elsewhere=_queued_elsewhere(project),
        )

    def users_of_run(self, id: str) -> list[str]:
        """Runs that are about the run, go on from it, begin from its model or follow on it in a study."""
        return [other for other in self.runs if other != id and _names(self.named[other], self.runs[id])]

    def users_of_dataset(self, id: str) -> list[str]:
        """Runs that read the dataset."""
        return [run for run in self.runs if id in self.named[run]]

    def run_in_use(self, id: str) -> str:
        """Reason why nothing of the run can be removed now; empty where it can."""
        if not self.standings[id].is_over:
            return _ON
        run = self.runs[id]
        users = (other for other, names in self.elsewhere.items() if _inside(names, run))
        return next((msg("{other} needs it.", other=other) for other in users), "")

    def dataset_in_use(self, id: str) -> str:
        """Reason why nothing of the dataset can be removed now; empty where it can."""
        return _READ if any(not self.standings[run].is_over for run in self.users_of_dataset(id)) else ""


def must_be_idle(run: Run) -> None:
    """Raise RunProblem when a process took the run up since it was looked at."""
    lock = ProjectLock(run.lock_file)
    if not lock.acquire():
        raise RunProblem(msg("Run {run} is on: nothing of it was removed.", run=run.id))
    lock.release()


def _names(words: frozenset[str], run: Run) -> bool:
    """True if a plan with these words is about the run, goes on from it or begins from its model."""
    return not words.isdisjoint({run.id, model_of_run(run.id)}) or _inside(words, run)


def _inside(words: frozenset[str], run: Run) -> bool:
    """True if one of them is a path of the run's, by whichever way the project was reached."""
    folder = run.folder.resolve()
    return any(Path(word).resolve().is_relative_to(folder) for word in words if Path(word).is_absolute())


def _queued_elsewhere(project: Project) -> dict[str, frozenset[str]]:
    """Runs of other projects that are on or wait in this computer's queue, and the texts of their plans."""
    with held() as file:
        runs = [entry.run for entry in file.read().entries]
    others = [run for run in runs if run.project_folder.resolve() != project.folder.resolve()]
    return {
        msg("Run {id} of {name}", id=run.id, name=run.project_folder.name): frozenset(_strings(run.plan_file))
        for run in others
    }


def _strings(file: Path) -> Iterator[str]:
    """Every text in a plan, whichever setting it belongs to: settings to come are heeded too."""
    try:
        waiting: list[Any] = [json_in(file)]
    except (OSError, ValueError):
        return
    while waiting:
        value = waiting.pop()
        if isinstance(value, str):
            yield value
        elif isinstance(value, dict | list):
            waiting += value.values() if isinstance(value, dict) else value
