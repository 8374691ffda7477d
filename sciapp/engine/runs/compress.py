"""Make a finished run's model smaller, the whole story, and judge it on the same test rows."""

from collections.abc import Sequence
from dataclasses import dataclass

from sciapp.engine.compression.benchmark import CompressionBenchmark, measured
from sciapp.engine.compression.registry import compression_method
from sciapp.engine.compression.verdict import remarks, verdict
from sciapp.engine.data.dataset.table import Rows, read_split
from sciapp.engine.data.targets.registry import class_names
from sciapp.engine.models.model_folder import ModelFolder
from sciapp.engine.models.saved_model import ModelAnswers, SavedModel
from sciapp.engine.reports.cards.model_card import write_model_card
from sciapp.engine.runtime.device import use_threads
from sciapp.engine.runtime.environment import environment
from sciapp.engine.runtime.progress import RunProgress
from sciapp.engine.statistics.intervals import samples_for
from sciapp.engine.tasks.evaluator import Evaluator
from sciapp.engine.tasks.registry import evaluator_of
from sciapp.engine.training.save import keep_predictions
from sciapp.i18n import msg
from sciapp.records.atomic import write_json
from sciapp.records.dataset.card import SPLITS
from sciapp.records.plan.plan import CompressPlan
from sciapp.records.project.lineage import trained_run
from sciapp.records.project.project import Project
from sciapp.records.run.evaluation import Evaluation, Scores
from sciapp.records.run.events import RunStarted
from sciapp.records.run.run import Run


def compress(plan: CompressPlan, run: Run, progress: RunProgress) -> None:
    """Make the model smaller by the plan's method; `run` ends with model/, predictions.parquet and evaluation.json.

    Raises RunProblem when the run that the plan names has no model, and Cancelled.
    """
    progress.emit(RunStarted())
    threads = use_threads(plan.threads)
    write_json(run.environment_file, environment() | {"threads": threads, "device": "cpu"})
    project = Project.open(run.project_folder)
    trained = trained_run(project, plan.run)
    parent, training, card = trained.run, trained.plan, trained.card
    folder = project.dataset_folder(card.id)
    rows = {split: read_split(folder, card, split, training.covariates) for split in SPLITS}
    progress.stage("model", msg("Making the weights smaller"))
    before = SavedModel.open(project.run(plan.run).model_folder)
    compressed = compression_method(plan.method).compress(before)
    ModelFolder(run.model_folder).save(compressed.contents)
    after = SavedModel.open(run.model_folder)
    progress.check()

    timing = progress.stage("timing", msg("Measuring the time for a row"))
    costs = measured(before, after, rows["test"].inputs, threads, progress=timing)

    progress.stage("evaluation", msg("Judging both models on the same test rows"))
    check = lambda _: progress.check()  # noqa: E731
    judge = evaluator_of(card, rows["train"].targets, training.seed)
    store = folder.descriptors_file
    answers = after.answers_of_rows(rows["test"], check, store)
    values = {"validation": after.values_of_rows(rows["validation"], check, store), "test": answers.whole}
    keep_predictions(run.predictions_file, card, rows, values)
    old = judge.report(
        msg("Before compression"), rows["test"].targets, before.values_of_rows(rows["test"], check, store)
    )
    judged = _Judged(judge, rows["test"], answers, old)
    evaluation = _evaluation(judged, costs, parent.evaluation(), after, compressed.remarks)
    write_model_card(run.model_folder, plan, card, evaluation, training=training, before=trained.compressions)
    run.write_evaluation(evaluation)
    progress.note(evaluation.verdict)


@dataclass(frozen=True)
class _Judged:
    """Both models on the same test rows. answers: of the smaller one; before: scores of the other."""

    judge: Evaluator
    test: Rows
    answers: ModelAnswers
    before: Scores


def _evaluation(
    judged: _Judged,
    costs: CompressionBenchmark,
    of_training: Evaluation | None,
    small: SavedModel,
    notes: Sequence[str],
) -> Evaluation:
    """notes: the method's own remarks."""
    judge, test, values = judged.judge, judged.test, judged.answers.whole
    parts = judged.answers.by_title()
    # What the training compared with is the same as then; the parts of this model are not.
    others = (
        tuple(old for old in of_training.further_baselines if str(old.predictor) not in map(str, parts))
        if of_training
        else ()
    )
    after = judge.report(msg("After compression"), test.targets, values)
    return Evaluation(
        task=judge.card.task,
        target_names=judge.card.target_names,
        class_names=class_names(judge.card),
        main_score=judge.main_score,
        model=after,
        trivial_baseline=of_training.trivial_baseline if of_training else None,
        simple_baseline=of_training.simple_baseline if of_training else None,
        further_baselines=(*others, *(judge.report(title, test.targets, part) for title, part in parts.items())),
        confusion=judge.confusion(test.targets, values),
        roc=judge.roc(test.targets, values),
        extra_features=small.extra_features,
        verdict=verdict(judge.main_score, judged.before, after, costs.small, costs.big),
        members=small.member_shares,
        before_compression=judged.before,
        footprints=(costs.big, costs.small),
        bootstrap_samples=samples_for(len(test)),
        remarks=(
            *notes,
            *remarks(costs.small, costs.big, costs.batch_speed),
            *ModelFolder(small.folder).remarks(),
        ),
    )
