"""Fine-tuning, the whole story: data, model, training, judgement, what is kept."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import torch

from sciapp.engine.data.dataset.table import Rows
from sciapp.engine.domains.registry import domain_of
from sciapp.engine.evaluation.base import Evaluator
from sciapp.engine.evaluation.baselines.baselines import Baseline, simple_baseline, trivial_baseline
from sciapp.engine.evaluation.evaluate import evaluate, judge_of
from sciapp.engine.models.peft.apply import trained_share
from sciapp.engine.models.saved_model import SavedModel
from sciapp.engine.reports.cards.model_card import write_model_card
from sciapp.engine.reports.sections.augmentation_ablation import sentence
from sciapp.engine.reports.text.methods import LINEAR_KEPT, START_KEPT
from sciapp.engine.runtime.device import Device, choose_device, device_before, use_threads
from sciapp.engine.runtime.environment import environment
from sciapp.engine.runtime.progress import NeverStop, RunProgress
from sciapp.engine.training.checkpoints.checkpoint import Checkpointer
from sciapp.engine.training.checkpoints.frozen_weights import FrozenWeights
from sciapp.engine.training.checkpoints.warm_start import going_on, take_over
from sciapp.engine.training.distributed import ProcessGroup
from sciapp.engine.training.fine_tuning import LabelledBatch, fine_tuning_parts
from sciapp.engine.training.initial_scores import LINEAR, InitialScores
from sciapp.engine.training.parts import TrainerSettings, Validation
from sciapp.engine.training.preflight.forecast import first_look
from sciapp.engine.training.preflight.warnings import leaking_conditions
from sciapp.engine.training.save import keep_model, keep_predictions
from sciapp.engine.training.setup.feature_selection import decision_told
from sciapp.engine.training.setup.fine_tuning import FineTuningSetup, prepare, read_rows
from sciapp.engine.training.trainer import Trainer
from sciapp.errors import NotFound
from sciapp.i18n import msg
from sciapp.records.atomic import write_json
from sciapp.records.dataset.card import DatasetCard
from sciapp.records.plan.plan import TrainPlan
from sciapp.records.project.project import Project
from sciapp.records.project.studies.ablation import ablation_of
from sciapp.records.run.evaluation import Scores
from sciapp.records.run.run import Run

_START_KEPT = (
    "No step of the training did better on the validation rows than the linear model that it began from; that one was "
    "kept."
)


def train(plan: TrainPlan, run: Run, progress: RunProgress) -> None:
    """Fine-tune as `plan` says; `run` ends with model/, predictions.parquet and evaluation.json.

    Goes on from the newest checkpoint when there is one. Raises SciAppError, and Cancelled when that was asked for.
    """
    team = ProcessGroup.join()
    threads = use_threads(plan.threads, team.size)
    device = team.agreed(lambda: choose_device(plan.precision, device_before(run.environment_file)))
    write_json(run.environment_file, environment() | {"threads": threads, "device": str(device)})
    progress.stage("data", msg("Loading the data"))
    card, rows = read_rows(run, plan)
    progress.check()
    progress.emit_all(take_over(run, plan))
    prepared = prepare(plan, card, rows, run, device, progress)
    team.meet()  # what took long lies beside the dataset now, where the others read it
    for remark in prepared.remarks:
        progress.note(remark, "warning")

    progress.stage("before", msg("Judging before training"))
    judge = judge_of(card, rows["train"].targets, plan.seed)
    # random states are seeded again when training begins, so this look changes nothing that follows.
    begun = "" if prepared.recipe is None else " (frozen encoder, fitted linear head)"
    values, score = prepared.as_begun()
    before = judge.report(f"Before fine-tuning{begun}", rows["validation"].targets, values)
    known = InitialScores.of(prepared, score, run.joining_file)

    progress.stage("training", msg("Training on {device}", device=device))
    checkpointer = Checkpointer(run.checkpoints, kept=plan.stopping.save_total_limit, team=team)
    trainer = _trainer(plan, prepared, device, checkpointer)
    said = (trained_share(prepared.model, plan, run.project_folder), going_on(run, plan, trainer.total_steps))
    kept: tuple[str, ...] = tuple(filter(None, said))
    for remark in kept:
        progress.note(remark)
    progress.emit_all(first_look(plan, card, rows, prepared, trainer, run))
    progress.emit_all(trainer.events(progress.stop))

    again = partial(prepare, plan, card, rows, run, device, progress)
    best = _best(prepared, trainer, known, again, progress)
    kept += best.remarks
    progress.stage("saving", msg("Saving the best model"))
    keep_model(run, best.prepared)
    kept += (str(prepared.test_time),) if prepared.test_time else ()
    kept += trainer.state.repairs
    label = best.label
    del trainer, prepared, best
    training = _Training(plan, run, card, rows, threads, progress)
    _evaluate(training, judge, before, kept, label=label)


@dataclass(frozen=True)
class _Training:
    """The training that is evaluated. threads: those that the simple baseline may use."""

    plan: TrainPlan
    run: Run
    card: DatasetCard
    rows: dict[str, Rows]
    threads: int
    progress: RunProgress


@dataclass(frozen=True)
class _SavedChoice:
    """What is saved. label: START_KEPT or LINEAR_KEPT where that is the linear model; else empty."""

    prepared: FineTuningSetup
    label: str = ""
    remarks: tuple[str, ...] = ()


def _best(
    prepared: FineTuningSetup,
    trainer: Trainer[LabelledBatch],
    known: InitialScores,
    again: Callable[..., FineTuningSetup],
    progress: RunProgress,
) -> _SavedChoice:
    """The model with the best main score on the validation rows, whether or not a step led to it.

    again: makes what was there before training anew; all of it follows from the plan and its seed.
    """
    if said := known.linear_told(prepared.task, trainer.state.best_score):
        progress.note(said, "warning")
        return _SavedChoice(again(linear=True), LINEAR_KEPT, (said,))
    trainer.load_best()
    if trainer.state.best_step != 0:
        said = known.begun_told(prepared.task, trainer.state.best_score)
        if said:
            progress.note(said, "warning")
        return _SavedChoice(prepared, remarks=(said,) if said else ())
    progress.note(_START_KEPT)
    return _SavedChoice(prepared, START_KEPT, (_START_KEPT,))


def train_along(plan: TrainPlan, run: Run) -> None:
    """Compute this process's share of the steps of `train`, which another process of the team tells and writes."""
    team = ProcessGroup.join()
    use_threads(plan.threads, team.size)
    device = team.agreed(lambda: choose_device(plan.precision))
    card, rows = read_rows(run, plan)
    team.meet()
    prepared = prepare(plan, card, rows, run, device, RunProgress())
    checkpointer = Checkpointer(run.checkpoints, kept=plan.stopping.save_total_limit, team=team)
    for _ in _trainer(plan, prepared, device, checkpointer).events(NeverStop()):
        pass


def _trainer(
    plan: TrainPlan, prepared: FineTuningSetup, device: Device, checkpointer: Checkpointer
) -> Trainer[LabelledBatch]:
    # A fitted head makes the model as it begins a candidate.
    validation = Validation(prepared.task, prepared.evaluate, initial=prepared.recipe is not None)
    parts = fine_tuning_parts(plan, prepared.train, prepared.task, device, validation)
    checkpointer.leave_out(FrozenWeights.of(prepared.model, plan.tuning))
    return Trainer(prepared.model, parts, TrainerSettings.of(plan, device), checkpointer)


def _evaluate(training: _Training, judge: Evaluator, before: Scores, remarks: tuple[str, ...], *, label: str) -> None:
    """The saved model, not the one in memory, is what is judged: the test split is looked at here, once.

    label: as in `_SavedChoice`.
    """
    plan, run, card, rows, progress = training.plan, training.run, training.card, training.rows, training.progress
    progress.stage("evaluation", msg("Judging the best model"))
    saved = SavedModel.open(run.model_folder)
    store = Project.open(run.project_folder).dataset_folder(card.id).descriptors_file
    values = {
        split: saved.values_of_rows(rows[split], lambda _: progress.check(), store) for split in ("validation", "test")
    }
    keep_predictions(run.predictions_file, card, rows, values)
    after = judge.report(
        f"After fine-tuning{f' {label}' * bool(label)}", rows["validation"].targets, values["validation"]
    )
    trivial, simple = _baselines(training, store)
    evaluation = evaluate(
        judge,
        rows["test"].targets,
        values["test"],
        trivial=trivial,
        simple=simple,
        before=before,
        after=after,
        beside=saved.extra_features,
        remarks=(*decision_told(run.joining_file), *remarks),
        called=LINEAR if label else "fine-tuned model",
    )
    comparison = _compared(run, card)
    # First of all: praise for a model that was given the answer would mislead.
    verdict = " ".join([*map(str, leaking_conditions(plan, card)), evaluation.verdict])
    evaluation = evaluation.model_copy(
        update={"verdict": verdict, "remarks": (*evaluation.remarks, *comparison)},
    )
    write_model_card(run.model_folder, plan, card, evaluation, training=plan)
    run.write_evaluation(evaluation)
    for remark in (evaluation.verdict, *comparison):
        progress.note(remark)
    if torch.cuda.is_available():
        progress.note(
            msg(
                "Peak GPU memory: {size:,.0f} MiB.",
                size=torch.cuda.max_memory_allocated() / 2**20,
            )
        )


def _baselines(training: _Training, store: Path) -> tuple[Baseline, Baseline]:
    """The trivial and the simple one. store: where the dataset's descriptors lie."""
    fitting = training.progress.stage("baselines", msg("Fitting the baselines"))
    card, rows = training.card, training.rows
    domain, classes = domain_of(card), len(card.class_names)
    simple = simple_baseline(
        domain,
        card.task,
        rows["train"],
        rows["test"],
        classes=classes,
        seed=training.plan.seed,
        threads=training.threads,
        store=store,
        progress=fitting,
    )
    return trivial_baseline(domain, card.task, rows["train"], rows["test"], classes), simple


def _compared(run: Run, card: DatasetCard) -> tuple[str, ...]:
    """How this training, the one without augmentation, compares with the one with it."""
    project = Project.open(run.project_folder)
    study = ablation_of(project, run.id)
    if study is None or study.runs[0] == run.id:
        return ()
    try:
        other = project.run(study.runs[0])
    except NotFound:
        return (f"Run {study.runs[0]}, which this one was to be compared with, is gone.",)
    return (sentence(project, card, other, run),)
