"""Fine-tuning, the whole story: data, model, training, judgement, what is kept."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
import torch

from sciapp.engine.data.dataset.table import Rows
from sciapp.engine.data.targets.base import RowValues
from sciapp.engine.data.targets.registry import class_names
from sciapp.engine.domains.registry import domain_of
from sciapp.engine.evaluation.evaluate import evaluate
from sciapp.engine.models.members.registry import member_named
from sciapp.engine.models.peft.apply import trained_share
from sciapp.engine.models.saved_model import SavedModel
from sciapp.engine.reports.cards.model_card import write_model_card
from sciapp.engine.reports.sections.augmentation_ablation import sentence
from sciapp.engine.reports.text.methods import LINEAR_KEPT, START_KEPT
from sciapp.engine.runtime.device import choose_device, device_before, use_threads
from sciapp.engine.runtime.environment import environment
from sciapp.engine.runtime.progress import RunProgress
from sciapp.engine.tasks.baselines.base import Baseline, BaselineData
from sciapp.engine.tasks.evaluator import Evaluator
from sciapp.engine.tasks.registry import evaluator_of, registered_task
from sciapp.engine.training.checkpoints.checkpoint import Checkpointer
from sciapp.engine.training.checkpoints.frozen_weights import FrozenWeights
from sciapp.engine.training.checkpoints.warm_start import going_on, take_over
from sciapp.engine.training.distributed import ProcessGroup
from sciapp.engine.training.fine_tuning import LabelledBatch
from sciapp.engine.training.initial_scores import LINEAR, InitialScores
from sciapp.engine.training.preflight.forecast import first_look
from sciapp.engine.training.preflight.warnings import leaking_conditions
from sciapp.engine.training.save import keep_model, keep_predictions
from sciapp.engine.training.setup.feature_selection import decision_message
from sciapp.engine.training.setup.fine_tuning import FineTuningInputs, FineTuningSetup, fine_tuning_trainer, prepare
from sciapp.engine.training.setup.members import fitted_members
from sciapp.engine.training.trainer import Trainer
from sciapp.errors import NotFound
from sciapp.i18n import joined, msg
from sciapp.records.atomic import write_json
from sciapp.records.dataset.card import DatasetCard
from sciapp.records.plan.plan import TrainPlan
from sciapp.records.project.project import Project
from sciapp.records.project.studies.ablation import ablation_of
from sciapp.records.run.evaluation import Scores
from sciapp.records.run.events import BaselineMeasured
from sciapp.records.run.run import Run

_START_KEPT = msg(
    "No step of the training did better on the validation rows than the linear model that it began from; "
    "that one was kept."
)

_RULE_KEPT = msg(
    "No step of the training did better on the validation rows, by more than chance, than the rule that it began with; "
    "that one was kept."
)
_NO_MEMBERS = msg("No simple model can learn this task, or from these rows: the transformer answers alone.")
_Z_OF_95 = 1.96  # standard errors on either side of a 95 % interval


def train(plan: TrainPlan, run: Run, progress: RunProgress) -> None:
    """Fine-tune as `plan` says; `run` ends with model/, predictions.parquet and evaluation.json.

    Goes on from the newest checkpoint when there is one. Every process of a distributed run walks through this; the
    leader writes and evaluates. Raises SciAppError, and Cancelled when that was asked for.
    """
    group = ProcessGroup.join()
    threads = use_threads(plan.threads, group.size)
    device = group.from_leader(lambda: choose_device(plan.precision, device_before(run.environment_file)))
    if group.is_leader:
        write_json(run.environment_file, environment() | {"threads": threads, "device": str(device)})

    progress.stage("data", msg("Loading the data"))
    with group.leader_first():
        inputs = FineTuningInputs.read(plan, run, device, progress)
        progress.check()
        progress.emit_all(take_over(run, plan))
        setup = prepare(inputs)
    for remark in setup.remarks:
        progress.note(remark, "warning")

    progress.stage("before", msg("Judging before training"))
    evaluator = evaluator_of(inputs.card, inputs.rows["train"].targets, plan.seed)
    # random states are seeded again when training begins, so this look changes nothing that follows.
    before, initial, initial_values = group.from_leader(partial(_before, inputs, setup, evaluator))
    simple = _simple_method(inputs, evaluator, threads) if group.is_leader else None

    progress.stage("training", msg("Training on {device}", device=device))
    checkpointer = Checkpointer(run.checkpoints, limit=plan.stopping.save_total_limit, group=group)
    checkpointer.leave_out(FrozenWeights.of(setup.model, plan.tuning))
    trainer = fine_tuning_trainer(plan, setup, device, checkpointer)
    remarks = _beginning(inputs, setup, trainer)
    for remark in remarks:
        progress.note(remark)
    progress.emit_all(first_look(inputs, setup, trainer))
    progress.emit_all(trainer.events(progress.stop))
    if simple is None:
        return

    saved = _best_model(
        inputs, setup, trainer, initial, partial(_no_clear_gain, inputs, setup, evaluator, initial_values)
    )
    members = fitted_members(inputs, saved.setup)
    if members is not None:
        remarks = (*remarks, str(members))
        progress.note(str(members))
    elif plan.members == "on":
        progress.note(_NO_MEMBERS, "warning")
    progress.stage("saving", msg("Saving the best model"))
    keep_model(run, saved.setup, members)
    test_time = (str(setup.test_time),) if setup.test_time else ()
    remarks = (*remarks, *saved.remarks, *test_time, *trainer.state.repairs)
    label = saved.label
    del trainer, setup, saved, members  # the memory of two models at once is not needed
    _evaluate(inputs, evaluator, before, remarks, label=label, simple=simple)


def _before(
    inputs: FineTuningInputs, setup: FineTuningSetup, evaluator: Evaluator
) -> tuple[Scores, InitialScores, RowValues]:
    """Scores and predictions of the model as it begins, for the report and for the choice of the best model."""
    values, score = setup.validation_values()
    called = (
        msg("Before fine-tuning")
        if setup.recipe is None
        else msg("Before fine-tuning (network as it began, fitted linear head)")
    )
    if setup.recipe is not None and setup.recipe.rule is not None:
        called = msg("Before fine-tuning ({rule:l})", rule=setup.recipe.rule.rule.name)
    scores = evaluator.report(called, inputs.rows["validation"].targets, values)
    return scores, InitialScores.of(setup, score, inputs.run.feature_selection_file), values


def _beginning(inputs: FineTuningInputs, setup: FineTuningSetup, trainer: Trainer[LabelledBatch]) -> tuple[str, ...]:
    """The weights that learn, and the run that this one goes on from."""
    plan, run = inputs.plan, inputs.run
    remarks = (trained_share(setup.model, plan, run.project_folder), going_on(run, plan, trainer.total_steps))
    return tuple(filter(None, remarks))


@dataclass(frozen=True)
class _BestModel:
    """The model that is saved. label: START_KEPT or LINEAR_KEPT where that is the linear model; else empty."""

    setup: FineTuningSetup
    label: str = ""
    remarks: tuple[str, ...] = ()


def _no_clear_gain(
    inputs: FineTuningInputs, setup: FineTuningSetup, evaluator: Evaluator, initial_values: RowValues
) -> bool:
    """True if the model began with a rule and is better than it by less than a standard error on the validation rows:
    of a few rows the best of many steps is better by chance (Breiman et al. 1984, Classification and Regression Trees,
    section 3.4.3). initial_values: the rule's predictions."""
    if setup.recipe is None or setup.recipe.rule is None:
        return False
    targets = inputs.rows["validation"].targets
    low, high = evaluator.difference(targets, setup.validation_values()[0], initial_values)
    gain = (low + high) / 2 if evaluator.greater_is_better else -(low + high) / 2
    return not gain > (high - low) / (2 * _Z_OF_95)


def _best_model(
    inputs: FineTuningInputs,
    setup: FineTuningSetup,
    trainer: Trainer[LabelledBatch],
    initial: InitialScores,
    no_clear_gain: Callable[[], bool],
) -> _BestModel:
    """The model with the best main score on the validation rows, whether or not a step led to it. no_clear_gain: as
    the function of that name, of the best step once it is loaded."""
    progress, best_score = inputs.progress, trainer.state.best_score
    if message := initial.linear_message(setup.task, best_score):
        progress.note(message, "warning")
        # What was there before training is made anew; all of it follows from the plan and its seed.
        return _BestModel(prepare(inputs, linear=True), LINEAR_KEPT, (message,))
    trainer.load_best()
    if trainer.state.best_step and no_clear_gain():
        progress.note(_RULE_KEPT)
        return _BestModel(prepare(inputs), START_KEPT, (_RULE_KEPT,))
    if trainer.state.best_step == 0:
        message = _START_KEPT if setup.recipe is None or setup.recipe.rule is None else _RULE_KEPT
        progress.note(message)
        return _BestModel(setup, START_KEPT, (message,))
    if message := initial.untrained_message(setup.task, best_score):
        progress.note(message, "warning")
        return _BestModel(setup, remarks=(message,))
    return _BestModel(setup)


def _evaluate(
    inputs: FineTuningInputs,
    evaluator: Evaluator,
    before: Scores,
    remarks: tuple[str, ...],
    *,
    label: str,
    simple: Baseline,
) -> None:
    """The saved model, not the one in memory, is what is judged: it sees the test rows here, once.

    label: as in `_BestModel`. simple: predictions of the test rows.
    """
    plan, run, card, rows, progress = inputs.plan, inputs.run, inputs.card, inputs.rows, inputs.progress
    progress.stage("evaluation", msg("Judging the best model"))
    saved = SavedModel.open(run.model_folder)
    store = inputs.dataset_folder.descriptors_file
    check = lambda _: progress.check()  # noqa: E731
    answers = saved.answers_of_rows(rows["test"], check, store)
    values = {"validation": saved.values_of_rows(rows["validation"], check, store), "test": answers.whole}
    keep_predictions(run.predictions_file, card, rows, values)
    after = evaluator.report(
        joined([msg("After fine-tuning"), label]),
        rows["validation"].targets,
        values["validation"],
    )
    trivial, *further = _baselines(inputs, simple)
    evaluation = evaluate(
        evaluator,
        rows["test"].targets,
        values["test"],
        trivial=trivial,
        simple=simple,
        further=(*further, *(Baseline(title, part) for title, part in answers.by_title().items())),
        before=before,
        after=after,
        extra_features=saved.extra_features,
        remarks=(*decision_message(run.feature_selection_file), *remarks),
        called=_called(saved, began=bool(label)),
    )
    comparison = _compared(run, card)
    # First of all: praise for a model that was given the answer would mislead.
    verdict = joined([*map(str, leaking_conditions(plan, card)), evaluation.verdict])
    evaluation = evaluation.model_copy(
        update={
            "verdict": verdict,
            "members": saved.member_shares,
            "remarks": (*evaluation.remarks, *comparison),
        },
    )
    write_model_card(run.model_folder, plan, card, evaluation, training=plan)
    run.write_evaluation(evaluation)
    for remark in (evaluation.verdict, *comparison):
        progress.note(remark)
    if torch.cuda.is_available():
        progress.note(msg("Peak GPU memory: {size:,.0f} MiB.", size=torch.cuda.max_memory_allocated() / 2**20))


def _called(saved: SavedModel, *, began: bool) -> str:
    """The model in the middle of a sentence. began: its network is what the training began from."""
    features = saved.extra_features
    ensemble = saved.contents.ensemble
    if ensemble is not None and ensemble.only_member:
        return msg("simple model that answers alone ({title})", title=member_named(ensemble.only_member).title)
    if ensemble is not None and ensemble.network_share == 0:
        return msg("whole model (simple models together)")
    if ensemble is not None and ensemble.network_share < 1:
        return msg("whole model (transformer and members)")
    if not began:
        return msg("fine-tuned model")
    if features is None or not features.rule:
        return LINEAR
    return msg("rule that the training began with ({rule:l})", rule=features.rule)


def _simple_method(inputs: FineTuningInputs, evaluator: Evaluator, threads: int) -> Baseline:
    """The simple baseline's predictions of the test rows. Its score on the validation rows is announced: the one that
    a training is compared with while it is on. threads: those that it may use. Raises OutOfSpace, Cancelled.
    """
    fitting = inputs.progress.stage("simple", msg("Fitting the simple method to compare with"))
    validation, test = inputs.rows["validation"], inputs.rows["test"]
    # Fitted once: most of its time goes into the training rows.
    data = _baseline_data(inputs, validation.followed_by(test), threads)
    simple = registered_task(inputs.card.task).simple_baseline(data, progress=fitting)
    rows, begin = np.arange(len(validation) + len(test)), len(validation)
    score = evaluator.main(validation.targets, simple.values[rows[:begin]])
    inputs.progress.emit(
        BaselineMeasured(
            name=simple.name,
            score_name=evaluator.main_score,
            score=score,
            greater_is_better=evaluator.greater_is_better,
        )
    )
    return Baseline(simple.name, simple.values[rows[begin:]])


def _baselines(inputs: FineTuningInputs, simple: Baseline) -> tuple[Baseline, ...]:
    """The trivial one, and what else the field compares with; `simple` is there already."""
    inputs.progress.stage("baselines", msg("Fitting the baselines"))
    task, data = registered_task(inputs.card.task), _baseline_data(inputs, inputs.rows["test"], threads=1)
    further = (baseline for baseline in task.further_baselines(data) if baseline.name != simple.name)
    return task.trivial_baseline(data), *further


def _baseline_data(inputs: FineTuningInputs, rows: Rows, threads: int) -> BaselineData:
    """rows: those to predict."""
    return BaselineData(
        domain_of(inputs.card),
        inputs.rows["train"],
        rows,
        classes=len(class_names(inputs.card)),
        seed=inputs.plan.seed,
        threads=threads,
        store=inputs.dataset_folder.descriptors_file,
        target_names=inputs.card.target_names,
    )


def _compared(run: Run, card: DatasetCard) -> tuple[str, ...]:
    """The comparison of this training, the one without augmentation, with the one with it."""
    project = Project.open(run.project_folder)
    study = ablation_of(project, run.id)
    if study is None or study.runs[0] == run.id:
        return ()
    try:
        other = project.run(study.runs[0])
    except NotFound:
        return (msg("Run {run}, which this one was to be compared with, is gone.", run=study.runs[0]),)
    return (sentence(project, card, other, run),)
