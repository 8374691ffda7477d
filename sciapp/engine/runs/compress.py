"""Make a finished run's model smaller, the whole story, and judge it on the same test rows."""

from dataclasses import replace

from sciapp.engine.compression.benchmark import CompressionBenchmark, measured
from sciapp.engine.compression.verdict import remarks, verdict
from sciapp.engine.data.dataset.table import Rows, read_split
from sciapp.engine.evaluation.base import Evaluator
from sciapp.engine.evaluation.evaluate import judge_of
from sciapp.engine.evaluation.intervals import samples_for
from sciapp.engine.models.model_folder import ModelFolder
from sciapp.engine.models.saved_model import SavedModel
from sciapp.engine.reports.cards.model_card import write_model_card
from sciapp.engine.runtime.device import use_threads
from sciapp.engine.runtime.environment import environment
from sciapp.engine.runtime.progress import RunProgress
from sciapp.engine.tasks.base import Values
from sciapp.engine.training.save import keep_predictions
from sciapp.errors import RunProblem
from sciapp.records.atomic import write_json
from sciapp.records.dataset.card import SPLITS, DatasetCard
from sciapp.records.plan.plan import CompressPlan
from sciapp.records.project.lineage import trained_run
from sciapp.records.project.project import Project
from sciapp.records.run.evaluation import Evaluation, Scores
from sciapp.records.run.events import RunStarted
from sciapp.records.run.run import Run


def compress(plan: CompressPlan, run: Run, progress: RunProgress) -> None:
    """Quantise the linear layers to int8; `run` ends with model/, predictions.parquet and evaluation.json.

    Raises RunProblem when the run that the plan names has no fp32 model, and Cancelled.
    """
    progress.emit(RunStarted())
    threads = use_threads(plan.threads)
    write_json(run.environment_file, environment() | {"threads": threads, "device": "cpu"})
    project = Project.open(run.project_folder)
    trained = trained_run(project, plan.run)
    parent, training, card = trained.run, trained.plan, trained.card
    if parent.id != project.run(plan.run).id:
        raise RunProblem("This model is compressed already.", hint=f"Compress the training {parent.id} instead.")
    folder = project.dataset_folder(card.id)
    rows = {split: read_split(folder, card, split, training.covariates) for split in SPLITS}
    progress.stage("model", "Making the weights smaller")
    before = SavedModel.open(parent.model_folder)
    ModelFolder(run.model_folder).save(replace(before.contents, weight_format="int8"))
    after = SavedModel.open(run.model_folder)
    progress.check()

    timing = progress.stage("timing", "Measuring the time for a row")
    costs = measured(before, after, rows["test"].inputs, threads, progress=timing)

    progress.stage("evaluation", "Judging both models on the same test rows")
    check = lambda _: progress.check()  # noqa: E731
    judge = judge_of(card, rows["train"].targets, training.seed)
    store = folder.descriptors_file
    values = {split: after.values_of_rows(rows[split], check, store) for split in ("validation", "test")}
    keep_predictions(run.predictions_file, card, rows, values)
    old = judge.report("Before compression", rows["test"].targets, before.values_of_rows(rows["test"], check, store))
    evaluation = _evaluation(judge, card, rows["test"], values["test"], old, costs, parent.evaluation(), after)
    write_model_card(run.model_folder, plan, card, evaluation, training=training)
    run.write_evaluation(evaluation)
    progress.note(evaluation.verdict)


def _evaluation(
    judge: Evaluator,
    card: DatasetCard,
    test: Rows,
    values: Values,
    before: Scores,
    costs: CompressionBenchmark,
    of_training: Evaluation | None,
    small: SavedModel,
) -> Evaluation:
    after = judge.report("After compression", test.targets, values)
    return Evaluation(
        task=card.task,
        target_names=card.target_names,
        class_names=card.class_names,
        main_score=judge.main_score,
        model=after,
        trivial_baseline=of_training.trivial_baseline if of_training else None,
        simple_baseline=of_training.simple_baseline if of_training else None,
        confusion=judge.confusion(test.targets, values),
        roc=judge.roc(test.targets, values),
        beside=small.extra_features,
        verdict=verdict(judge.main_score, before, after, costs.small, costs.big),
        before_compression=before,
        footprints=(costs.big, costs.small),
        bootstrap_samples=samples_for(len(test)),
        remarks=(*remarks(costs.small, costs.big, costs.batch_speed), *ModelFolder(small.folder).remarks()),
    )
