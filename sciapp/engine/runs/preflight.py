"""A training tried out before it is started: some real steps on the real rows, of which nothing is kept."""

import time
from typing import Literal

import torch

from sciapp.engine.inputs.tokenization.batches import Batch
from sciapp.engine.runtime.available_memory import available_memory, resident_memory
from sciapp.engine.runtime.device import Device, choose_device, use_threads
from sciapp.engine.runtime.peak_memory import forget_peak, peak_since
from sciapp.engine.runtime.progress import Progress, RunProgress
from sciapp.engine.training.checkpoints.checkpoint import Checkpointer
from sciapp.engine.training.fine_tuning import FineTuning
from sciapp.engine.training.preflight.forecast import layout_of, read_rows_of
from sciapp.engine.training.preflight.warnings import cautions, looks_of
from sciapp.engine.training.setup.fine_tuning import prepare, read_rows
from sciapp.engine.training.state import Diverged
from sciapp.records.dataset.card import DatasetCard
from sciapp.records.dataset.leakage import read_leakage
from sciapp.records.model.reference import model_words
from sciapp.records.plan.augmentation import Augmentations
from sciapp.records.plan.plan import TrainPlan, check_follow_ups
from sciapp.records.project.project import Project
from sciapp.records.run.events import Noted
from sciapp.records.run.preflight import MemoryForecast, Preflight, PreflightWarning, TimeForecast
from sciapp.records.run.run import Run

_MOST_TIMED, _LONGEST = 8, 20.0  # steps, seconds
_NO_RUN = ".check"  # the run that these rows are prepared for; it has no folder, and nothing is written


def preflight(plan: TrainPlan, project: Project, progress: RunProgress | None = None) -> Preflight:
    """Raises what the training would raise before and in its first steps, such as BadInput and DoesNotFit."""
    progress = progress or RunProgress()
    check_follow_ups(plan)
    use_threads(plan.threads)
    device = choose_device(plan.precision)
    run = Run(project.runs_folder / _NO_RUN)
    tried = _tried(plan)
    progress.stage("data", "Loading the data")
    card, rows = read_rows(run, tried)
    prepared = prepare(tried, card, rows, run, device, progress)
    fit = FineTuning(
        prepared.model,
        prepared.train,
        prepared.task,
        tried,
        device,
        Checkpointer(run.checkpoints, kept=1),
        prepared.judgement,
    )
    fit.begin()
    trying = progress.stage("steps", "Trying some steps")
    groups = fit.groups(0)
    shown = read_rows_of(prepared, groups[0][0], rows["train"])
    memory, unwell = _memory(fit, device, groups, progress)
    clock = _timed(plan, fit, groups, progress, trying)
    layout = layout_of(plan, prepared, fit, project.folder)
    found = (
        *unwell,
        *cautions(plan, card, rows, layout),
        *_about_leaks(project, card),
        *_about_memory(memory),
        *_left_out(plan, joins=not prepared.task.per_unit),
    )
    return Preflight(
        dataset=card.id,
        model=model_words(plan.model),
        device=str(device),
        parameters=layout.parameters,
        trainable=layout.trainable,
        memory=memory,
        time=clock,
        disk=layout.disk,
        cut=prepared.cut,
        rows=shown,
        cautions=tuple(sorted(found, key=lambda one: ("problem", "warning", "note").index(one.level))),
    )


def _about_leaks(project: Project, card: DatasetCard) -> tuple[PreflightWarning, ...]:
    """What the import found between test and training rows; nothing for datasets from before it was measured."""
    found = read_leakage(project.dataset_folder(card.id).leakage_file)
    if found is None or found.level == "clean":
        return ()
    level: Literal["problem", "warning"] = "problem" if found.level == "leak" else "warning"
    return (
        PreflightWarning(
            level=level, message=f"Leaks: {found.verdict}", advice="Divide the rows by groups or clusters."
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
            "compare_augmentation": False,  # `plain` may have nothing to compare
            "tuning": tuning,
        }
    )


def _is_quick(wanted: Augmentations) -> bool:
    return not set(wanted.augmentations) & {"back_translation", "masked_substitution"}


def _memory(
    fit: FineTuning, device: Device, groups: list[list[Batch]], progress: RunProgress
) -> tuple[MemoryForecast, tuple[PreflightWarning, ...]]:
    """Of a step with the largest batch, made to fit as in a run; and whether it went well."""
    largest = max((batch for group in groups for batch in group), key=lambda b: (len(b.rows) * b.length, b.length))
    on_gpu = device.torch_device.type == "cuda"
    left = torch.cuda.mem_get_info()[0] if on_gpu else available_memory()
    before = torch.cuda.memory_allocated() if on_gpu else resident_memory()
    if on_gpu:
        torch.cuda.reset_peak_memory_stats()
    forget_peak()
    unwell: tuple[PreflightWarning, ...] = ()
    try:
        _step(fit, [largest], progress)
    except Diverged as problem:
        unwell = (PreflightWarning(level="problem", message=problem.message, advice="Set a lower learning rate."),)
    peak = torch.cuda.max_memory_allocated() if on_gpu else peak_since()
    fitted = fit.position.fitted
    return MemoryForecast(
        peak=peak,
        taken=max(0, peak - before),
        left=left,
        rows=len(largest.rows),
        length=largest.length,
        fitted=str(fitted) if fitted.since else "",
        on_gpu=on_gpu,
    ), unwell


def _timed(
    plan: TrainPlan, fit: FineTuning, groups: list[list[Batch]], progress: RunProgress, trying: Progress
) -> TimeForecast:
    """The pace of the first steps of a pass, which come in a random order."""
    began, paces = time.perf_counter(), []
    for number, group in enumerate(groups[:_MOST_TIMED]):
        trying.report(number, min(len(groups), _MOST_TIMED))
        start = time.perf_counter()
        try:
            _step(fit, group, progress)
        except Diverged:
            break  # with the weights of a throw-away copy; the pace is known all the same
        paces.append((time.perf_counter() - start) / _tokens(group))
        if time.perf_counter() - began > _LONGEST:
            break
    a_pass = sum(_tokens(group) for group in groups)
    total = a_pass * fit.total_steps / len(groups)
    return TimeForecast(
        steps=fit.total_steps,
        steps_per_epoch=fit.steps_per_epoch,
        low=min(paces, default=0.0) * total,
        high=max(paces, default=0.0) * total,
        timed=len(paces),
        can_stop_early=0 < plan.stopping.early_stopping_patience < looks_of(plan, fit.total_steps, fit.steps_per_epoch),
    )


def _step(fit: FineTuning, group: list[Batch], progress: RunProgress) -> None:
    """One step, of which remarks alone are told."""
    progress.emit_all(event for event in fit.step(group) if isinstance(event, Noted))


def _tokens(group: list[Batch]) -> int:
    return sum(len(batch.rows) * batch.length for batch in group)


def _left_out(plan: TrainPlan, *, joins: bool) -> tuple[PreflightWarning, ...]:
    """What a run prepares before its first step and `_tried` does without. joins: the task takes descriptors."""
    parts = ["descriptors of the inputs"] * (joins and plan.descriptors != "off") + ["conditions"] * bool(
        plan.covariates
    )
    parts += ["augmentation"] * (not _is_quick(plan.augmentation))
    said = []
    if parts:
        said.append(
            f"Tried out without {' and '.join(parts)}; a run sees to that before its first step, which takes longer."
        )
    if plan.continued_from:
        said.append(
            f"Tried out and counted from the beginning; the steps of run {plan.continued_from} are done already."
        )
    return tuple(PreflightWarning(level="note", message=one) for one in said)


def _about_memory(memory: MemoryForecast) -> tuple[PreflightWarning, ...]:
    if not memory.fitted:
        return ()
    message = (
        f"The largest batch does not fit into memory; a run would learn from it {memory.fitted}, which takes longer."
    )
    return (PreflightWarning(level="warning", message=message, advice="Fewer tokens per batch fit as they are."),)
