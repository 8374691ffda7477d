"""Actions on studies: the run that comes next, and what the runs of a study came to together."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from sciapp.engine.runtime.progress import SILENT, Progress
from sciapp.jobs.launch.helper import Executor, in_helper_process
from sciapp.jobs.runs.follow_up import run_after
from sciapp.records.project.project import Project
from sciapp.records.project.requests import CompareAblation, Comparison
from sciapp.records.project.studies.ablation import Ablation
from sciapp.records.project.studies.cross_validation import CrossValidationStudy, cross_validation
from sciapp.records.run.run import Run


@dataclass(frozen=True)
class StudyResult:
    """Result of runs that belong together.

    run: the one whose scores stand for all. text: their sum in a sentence; empty where the scores say it all. facts:
    the same for programs.
    """

    run: Run
    text: str = ""
    facts: Mapping[str, object] = field(default_factory=dict)


def next_run(*, project: Project, run: Run) -> Run | None:
    """The run that was made to follow on `run`, which ended well; None after the last."""
    return run_after(project, run)


def study_result(
    *, project: Project, runs: Sequence[Run], progress: Progress = SILENT, execute: Executor = in_helper_process
) -> StudyResult:
    """The result of `runs`, which followed on each other. Raises SciAppError."""
    kinds = [study.kind for study in project.studies_of(runs[0].id)]
    judged = next((_RESULTS[kind] for kind in kinds if kind in _RESULTS), None)
    return judged(project, runs, progress, execute) if judged is not None else StudyResult(runs[-1])


def _folds(project: Project, runs: Sequence[Run], progress: Progress, execute: Executor) -> StudyResult:
    validation = cross_validation(project, runs[0])
    text = validation.text if validation else ""
    return StudyResult(runs[-1], text, {"folds": [run.id for run in runs], "cross_validation": text})


def _ablation(project: Project, runs: Sequence[Run], progress: Progress, execute: Executor) -> StudyResult:
    if len(runs) < 2:
        return StudyResult(runs[0])
    text = execute(CompareAblation(project=project.folder, run=runs[0].id), Comparison, progress).text
    return StudyResult(runs[0], text, {"without": runs[-1].id, "comparison": text})


_Judged = Callable[[Project, Sequence[Run], Progress, Executor], StudyResult]
_RESULTS: Mapping[str, _Judged] = {CrossValidationStudy.name: _folds, Ablation.name: _ablation}
"""Kind of study → how its result is worked out, where that is more than its last run."""
