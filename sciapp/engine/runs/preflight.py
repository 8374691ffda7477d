"""A training tried out before it is started: some real steps on the real rows, of which nothing is kept."""

import time
from typing import Literal

import torch

from sciapp.engine.data.dataset.table import read_covariates
from sciapp.engine.runtime.available_memory import available_memory, resident_memory
from sciapp.engine.runtime.device import Device, choose_device, use_threads
from sciapp.engine.runtime.peak_memory import forget_peak, peak_since
from sciapp.engine.runtime.progress import Progress, RunProgress
from sciapp.engine.training.checkpoints.checkpoint import Checkpointer
from sciapp.engine.training.fine_tuning import LabelledBatch
from sciapp.engine.training.preflight.forecast import layout_of, read_rows_of
from sciapp.engine.training.preflight.warnings import preflight_warnings, validation_count
from sciapp.engine.training.sampler import StepBatches
from sciapp.engine.training.setup.fine_tuning import FineTuningInputs, fine_tuning_trainer, prepare
from sciapp.engine.training.setup.members import forecast_seconds
from sciapp.engine.training.state import Diverged
from sciapp.engine.training.trainer import Trainer
from sciapp.i18n import all_of, msg
from sciapp.records.dataset.card import SPLITS, DatasetCard
from sciapp.records.dataset.leakage import read_leakage
from sciapp.records.model.reference import model_words
from sciapp.records.plan.augmentation import Augmentations
from sciapp.records.plan.plan import TrainPlan
from sciapp.records.project.project import Project
from sciapp.records.run.events import Noted
from sciapp.records.run.preflight import MemoryForecast, Preflight, PreflightWarning, TimeForecast
from sciapp.records.run.run import Run

_MOST_TIMED, _LONGEST = 8, 20.0  # steps, seconds
_NO_RUN = ".check"  # the run that these rows are prepared for; it has no folder, and nothing is written


def preflight(
    plan: TrainPlan, project: Project, progress: RunProgress | None = None, *, continues: str = ""
) -> Preflight:
    """Try `plan` out without a run. continues: the run that the training is to go on from.

    Raises what the training would raise before and in its first steps, such as BadInput and DoesNotFit.
    """
    progress = progress or RunProgress()
    use_threads(plan.threads)
    device = choose_device(plan.precision)
    run = Run(project.runs_folder / _NO_RUN)
    tried = _tried(plan)
    progress.stage("data", msg("Loading the data"))
    inputs = FineTuningInputs.read(tried, run, device, progress)
    for split in SPLITS if plan.covariates else ():  # the steps that are tried do without them
        read_covariates(project.dataset_folder(plan.dataset), inputs.card, split, plan.covariates)
    setup = prepare(inputs)
    trainer = fine_tuning_trainer(tried, setup, device, Checkpointer(run.checkpoints, limit=1))
    trainer.begin()
    trying = progress.stage("steps", msg("Trying some steps"))
    steps = trainer.sampler.steps(0)
    samples = read_rows_of(setup, steps[0].batches[0], inputs.rows["train"])
    memory, problems = _memory(trainer, device, steps, progress)
    clock = _timed(plan, trainer, progress, trying)
    progress.stage("members", msg("Trying simple models on some rows"))
    whole = FineTuningInputs.read(plan, run, device, progress) if plan.covariates else inputs
    clock = clock.model_copy(update={"members": forecast_seconds(whole, len(setup.task.outputs))})
    layout = layout_of(plan, setup, trainer, project.folder)
    warnings = (
        *problems,
        *preflight_warnings(plan, inputs.card, inputs.rows, layout),
        *_about_leaks(project, inputs.card),
        *_about_memory(memory),
        *_left_out(plan, joins=not setup.task.per_unit, continues=continues),
    )
    return Preflight(
        dataset=inputs.card.id,
        model=model_words(plan.model),
        device=str(device),
        parameters=layout.parameters,
        trainable=layout.trainable,
        memory=memory,
        time=clock,
        disk=layout.disk,
        cut=setup.cut,
        rows=samples,
        cautions=tuple(sorted(warnings, key=lambda warning: ("problem", "warning", "note").index(warning.level))),
    )


def _about_leaks(project: Project, card: DatasetCard) -> tuple[PreflightWarning, ...]:
    """The leaks that the import detected between test and training rows; empty for datasets from before it was
    measured.
    """
    leakage = read_leakage(project.dataset_folder(card.id).leakage_file)
    if leakage is None or leakage.level == "clean":
        return ()
    level: Literal["problem", "warning"] = "problem" if leakage.level == "leak" else "warning"
    return (
        PreflightWarning(
            level=level,
            message=msg("Leaks: {verdict}", verdict=leakage.verdict),
            advice=msg("Divide the rows by groups or clusters."),
        ),
    )


def _tried(plan: TrainPlan) -> TrainPlan:
    """The plan without what takes long to prepare and hardly changes a step: descriptors that are joined to the
    encoder's output, and rows that models write beforehand. All layers learn, as at the end of gradual unfreezing:
    that is when a step takes the most memory and time."""
    quick = plan.augmentation.model_copy(update={"augmentations": (), "test_time": 0})
    plain = plan.augmentation if _is_quick(plan.augmentation) else quick
    tuning = plan.tuning
    if tuning.tuning_method == "gradual":
        tuning = tuning.model_copy(update={"tuning_method": "full"})
    return plan.model_copy(
        update={
            "descriptors": "off",
            "covariates": (),
            "augmentation": plain,
            "tuning": tuning,
        }
    )


def _is_quick(wanted: Augmentations) -> bool:
    return not set(wanted.augmentations) & {"back_translation", "masked_substitution"}


def _memory(
    trainer: Trainer[LabelledBatch], device: Device, steps: list[StepBatches], progress: RunProgress
) -> tuple[MemoryForecast, tuple[PreflightWarning, ...]]:
    """Of a step with the largest batch, made to fit as in a run; and whether it went well."""
    batches = (batch for step in steps for batch in step.batches)
    largest = max(batches, key=lambda batch: (len(batch.rows) * batch.length, batch.length))
    on_gpu = device.torch_device.type == "cuda"
    left = torch.cuda.mem_get_info()[0] if on_gpu else available_memory()
    before = torch.cuda.memory_allocated() if on_gpu else resident_memory()
    if on_gpu:
        torch.cuda.reset_peak_memory_stats()
    forget_peak()
    problems: tuple[PreflightWarning, ...] = ()
    try:
        _take_step(trainer, StepBatches(0, 0, [largest]), progress)
    except Diverged as problem:
        problems = (
            PreflightWarning(level="problem", message=problem.message, advice=msg("Set a lower learning rate.")),
        )
    peak = torch.cuda.max_memory_allocated() if on_gpu else peak_since()
    micro_batching = trainer.state.micro_batching
    return MemoryForecast(
        peak=peak,
        taken=max(0, peak - before),
        left=left,
        rows=len(largest.rows),
        length=largest.length,
        fitted=str(micro_batching) if micro_batching.since else "",
        on_gpu=on_gpu,
    ), problems


def _timed(plan: TrainPlan, trainer: Trainer[LabelledBatch], progress: RunProgress, trying: Progress) -> TimeForecast:
    """The pace of the first steps of a pass, which come in a random order."""
    began, paces, steps = time.perf_counter(), [], trainer.sampler.steps(0)
    for index, step in enumerate(steps[:_MOST_TIMED]):
        trying.report(index, min(len(steps), _MOST_TIMED))
        start = time.perf_counter()
        try:
            _take_step(trainer, step, progress)
        except Diverged:
            break  # with the weights of a throw-away copy; the pace is known all the same
        paces.append((time.perf_counter() - start) / _tokens(step))
        if time.perf_counter() - began > _LONGEST:
            break
    a_pass = sum(_tokens(step) for step in steps)
    total = a_pass * trainer.total_steps / len(steps)
    return TimeForecast(
        steps=trainer.total_steps,
        steps_per_epoch=trainer.steps_per_epoch,
        low=min(paces, default=0.0) * total,
        high=max(paces, default=0.0) * total,
        timed=len(paces),
        can_stop_early=0
        < plan.stopping.early_stopping_patience
        < validation_count(plan, trainer.total_steps, trainer.steps_per_epoch),
    )


def _take_step(trainer: Trainer[LabelledBatch], step: StepBatches, progress: RunProgress) -> None:
    """One step, of which the repairs alone are announced. Raises Diverged, NothingFits."""
    progress.emit_all(event for event in trainer.step(step) if isinstance(event, Noted))


def _tokens(step: StepBatches) -> int:
    return sum(len(batch.rows) * batch.length for batch in step.batches)


def _left_out(plan: TrainPlan, *, joins: bool, continues: str) -> tuple[PreflightWarning, ...]:
    """The preparations of a run before its first step that `_tried` does without. joins: the task takes descriptors."""
    parts: list[str] = []
    if joins and plan.descriptors != "off":
        parts.append(msg("descriptors of the inputs"))
    if plan.covariates:
        parts.append(msg("conditions"))
    if not _is_quick(plan.augmentation):
        parts.append(msg("augmentation"))
    messages = []
    if parts:
        messages.append(
            msg(
                "Tried out without {parts}; a run sees to that before its first step, which takes longer.",
                parts=all_of(parts),
            )
        )
    if continues:
        messages.append(
            msg(
                "Tried out and counted from the beginning; the steps of run {continues} are done already.",
                continues=continues,
            )
        )
    return tuple(PreflightWarning(level="note", message=one) for one in messages)


def _about_memory(memory: MemoryForecast) -> tuple[PreflightWarning, ...]:
    if not memory.fitted:
        return ()
    message = msg(
        "The largest batch does not fit into memory; a run would learn from it {fitted}, which takes longer.",
        fitted=memory.fitted,
    )
    return (PreflightWarning(level="warning", message=message, advice=msg("Fewer tokens per batch fit as they are.")),)
