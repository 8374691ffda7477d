"""Actions on what a run came to: read it, write its report, export its predictions."""

from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from sciapp import settings
from sciapp.actions.prediction_rows import PointDetails, points_of, with_names, worst_first
from sciapp.actions.result_overview import Overview, overview_of, rows_called
from sciapp.actions.tables import MemorySource, Parity, open_predictions, parity_of
from sciapp.engine.runtime.progress import Progress
from sciapp.errors import SciAppError
from sciapp.i18n import msg
from sciapp.jobs.launch.helper import Executor, in_helper_process
from sciapp.records.dataset.card import TARGET_PREFIX
from sciapp.records.plan.plan import Plan
from sciapp.records.project.lineage import TrainedRun, trained_run
from sciapp.records.project.outputs import check_not_protected
from sciapp.records.project.project import Project
from sciapp.records.project.requests import BuildReport, ExportPredictions, WrittenFile
from sciapp.records.project.studies.cross_validation import cross_validation
from sciapp.records.run.evaluation import Evaluation
from sciapp.records.run.pretraining import Pretraining
from sciapp.records.run.run import Run

POINTS_DRAWN = 20_000


@dataclass(frozen=True)
class RunResults:
    """`parities` are for regressions; of very many points a random sample, `points` of them in all.

    predictions: the rows furthest off first, with the columns of the dataset that name them. folds: what the
    cross-validation that the run belongs to has come to; empty for other runs. rows: a row in the field's word, many
    of them (“molecules”). domain: what draws the inputs; empty where it is not known. details: line → the row, of those
    that a plot shows.
    """

    run: Run
    plan: Plan
    evaluation: Evaluation | None
    predictions: MemorySource | None
    parities: tuple[Parity, ...] = ()
    points: int = 0
    learnt: Pretraining | None = None
    folds: str = ""
    overview: Overview | None = None
    rows: str = msg("rows")
    domain: str = ""
    details: dict[int, PointDetails] = field(default_factory=dict)


def load_results(run: Run) -> RunResults:
    """Raises RunProblem or BadInput when the run's files cannot be read."""
    plan, evaluation = run.plan(), run.evaluation()
    project = Project.open(run.project_folder)
    together, trained = cross_validation(project, run), _trained(project, run)
    bare = RunResults(
        run,
        plan,
        evaluation,
        None,
        learnt=run.pretraining(),
        folds=together.text if together else "",
        rows=rows_called(trained.card if trained else None),
        domain=trained.card.domain if trained else project.record.domain,
    )
    if not run.predictions_file.exists():
        overview = overview_of(project, trained, evaluation, None, ()) if evaluation is not None else None
        return replace(bare, overview=overview)
    predictions = open_predictions(run.predictions_file)
    if trained is not None and evaluation is not None:
        predictions = with_names(predictions, trained.card, project.dataset_folder(trained.card.id))
    targets = [
        column.key.removeprefix(TARGET_PREFIX)
        for column in predictions.columns
        if column.key.startswith(TARGET_PREFIX) and column.numeric
    ]
    whole = tuple(parity_of(predictions, target) for target in targets)
    overview = overview_of(project, trained, evaluation, predictions, whole) if evaluation is not None else None
    return replace(
        bare,
        predictions=worst_first(predictions) if evaluation is not None else predictions,
        parities=tuple(map(_thinned, whole)),
        points=predictions.row_count,
        overview=overview,
        details=points_of(predictions) if whole and predictions.row_count <= POINTS_DRAWN else {},
    )


def _trained(project: Project, run: Run) -> TrainedRun | None:
    """The training that the run's model comes from; None for a run without one, or whose dataset is gone."""
    try:
        return trained_run(project, run.id)
    except SciAppError:
        return None


def _thinned(parity: Parity) -> Parity:
    if len(parity.measured) <= POINTS_DRAWN:
        return parity
    indices = np.sort(np.random.default_rng(0).choice(len(parity.measured), POINTS_DRAWN, replace=False))
    return Parity(parity.target, parity.measured[indices], parity.predicted[indices], parity.lines[indices])


def report_file(*, project: Project, run_id: str) -> Path:
    """The file of a run's report where nobody names another. run_id: whole, not its number alone."""
    return project.reports_folder / f"{run_id}.html"


def build_report(
    *, project: Project, run_id: str, out: Path, progress: Progress, execute: Executor = in_helper_process
) -> Path:
    """A self-contained HTML report at `out`, in the language of this user.

    Raises BadInput where `out` is kept by the project, RunProblem.
    """
    check_not_protected(out, project.folder)
    run = project.run(run_id)
    request = BuildReport(project=project.folder, run=run.id, out=out, language=settings.language())
    return execute(request, WrittenFile, progress).file


def export_predictions(
    *, project: Project, run_id: str, out: Path, progress: Progress, execute: Executor = in_helper_process
) -> WrittenFile:
    """Write the predictions of a finished predict run beside the file's own columns.

    Raises BadInput, RunProblem, OutOfSpace.
    """
    request = ExportPredictions(project=project.folder, run=project.run(run_id).id, out=out)
    return execute(request, WrittenFile, progress)
