"""Forecast of a training's cost and input, made before its first step."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import torch

from sciapp.engine.data.dataset.table import Rows
from sciapp.engine.domains.row_input import display_text
from sciapp.engine.hub.memory_estimate import MOMENT_BYTES
from sciapp.engine.inputs.tokenization.batches import Batch
from sciapp.engine.training.checkpoints.frozen_weights import frozen_names
from sciapp.engine.training.preflight.warnings import TrainingFacts, preflight_warnings
from sciapp.engine.training.setup.fine_tuning import FineTuningInputs, FineTuningSetup
from sciapp.engine.training.trainer import Trainer
from sciapp.i18n import msg
from sciapp.records.plan.plan import TrainPlan
from sciapp.records.run.events import Event, Noted
from sciapp.records.run.preflight import DiskForecast, TokenizedRow

_SHOWN_ROWS = 3
_SHOWN_SIGNS = 400


def first_look(inputs: FineTuningInputs, setup: FineTuningSetup, trainer: Trainer[Any]) -> Iterator[Event]:
    """Facts that cost nothing to know when a run begins; a resumed one has reported them before."""
    if any(inputs.run.checkpoints.glob("step-*")):
        return
    layout = layout_of(inputs.plan, setup, trainer, inputs.run.folder)
    for caution in preflight_warnings(inputs.plan, inputs.card, inputs.rows, layout):
        yield Noted(level="info" if caution.level == "note" else "warning", message=str(caution))
    yield Noted(message=msg("Disk: {disk}", disk=layout.disk))
    for row in read_rows_of(setup, trainer.sampler.steps(0)[0].batches[0], inputs.rows["train"])[:1]:
        yield Noted(message=msg("The first row as the model reads it: {decoded}", decoded=row.decoded))


def layout_of(plan: TrainPlan, setup: FineTuningSetup, trainer: Trainer[Any], folder: Path) -> TrainingFacts:
    """folder: where the run lies."""
    parameters = list(setup.model.parameters())
    return TrainingFacts(
        parameters=sum(p.numel() for p in parameters),
        trainable=sum(p.numel() for p in parameters if p.requires_grad),
        steps_per_epoch=trainer.steps_per_epoch,
        total_steps=trainer.total_steps,
        batches=sum(len(step.batches) for step in trainer.sampler.steps(0)),
        cut=setup.cut,
        disk=disk_forecast(plan, setup, trainer, folder),
    )


def disk_forecast(plan: TrainPlan, setup: FineTuningSetup, trainer: Trainer[Any], folder: Path) -> DiskForecast:
    """needed: a checkpoint is written before an old one goes, each may have a best model of its own, those of the
    validations since the last checkpoint and the weights of the start lie beside them; then the finished model.
    least: what a training that stops as early as it can has written at its fullest."""
    stopping, model = plan.stopping, setup.model
    frozen = frozen_names(model, plan.tuning)
    sizes = {name: tensor.numel() * tensor.element_size() for name, tensor in model.state_dict().items()}
    whole, held = sum(sizes.values()), sum(size for name, size in sizes.items() if name not in frozen)
    checkpoint = held + _optimizer_bytes(plan, trainer.optimizer)
    averaged = _learning_bytes(trainer.optimizer) if plan.averaging.weight_averaging != "none" else 0
    every = stopping.eval_steps or trainer.steps_per_epoch
    first_end = min(trainer.total_steps, stopping.early_stopping_patience * every or trainer.total_steps)
    most, fewest = (
        min(stopping.save_total_limit + 1, _saved(plan, steps)) for steps in (trainer.total_steps, first_end)
    )
    bests = min(most + -(-stopping.save_steps // every), 1 + trainer.total_steps // every)
    return DiskForecast(
        checkpoint=checkpoint + averaged,
        needed=most * (checkpoint + averaged) + (bests + 1) * held + whole,
        least=fewest * checkpoint + held + whole,
        free=shutil.disk_usage(_existing(folder)).free,
    )


def _saved(plan: TrainPlan, steps: int) -> int:
    """The number of checkpoints of a training of so many steps, that of its end included."""
    return (steps - 1) // plan.stopping.save_steps + 1


def read_rows_of(setup: FineTuningSetup, batch: Batch, rows: Rows) -> tuple[TokenizedRow, ...]:
    """The first rows of a batch as the model reads them in the first pass, their tokens turned back into text."""
    few = Batch(batch.rows[:_SHOWN_ROWS], batch.length)
    batch_read = setup.train.batch(setup.task, few, 0, torch.device("cpu"))
    whole = len(setup.train.tokens) == len(rows)  # otherwise these are pieces of rows
    read = []
    for index, row in enumerate(few.rows.tolist()):
        tokens = batch_read.inputs[setup.train.tokens.name][index][batch_read.inputs["attention_mask"][index] == 1]
        original = display_text(rows.inputs[row]) if whole else ""
        decoded = str(setup.tokenizer.decode(tokens.tolist()))
        read.append(TokenizedRow(original=_begin(original), decoded=_begin(decoded), tokens=len(tokens)))
    return tuple(read)


def _optimizer_bytes(plan: TrainPlan, optimizer: torch.optim.Optimizer) -> int:
    """Of its state. What layers that have not begun to learn will need is in it, as in any before the first step."""
    held = [value for state in optimizer.state.values() for value in state.values() if torch.is_tensor(value)]
    now = sum(tensor.numel() * tensor.element_size() for tensor in held)
    return max(now, _learning_bytes(optimizer) // 4 * MOMENT_BYTES[plan.optimization.optimizer])


def _learning_bytes(optimizer: torch.optim.Optimizer) -> int:
    """Of the weights that learn sooner or later."""
    return sum(p.numel() * p.element_size() for group in optimizer.param_groups for p in group["params"])


def _existing(folder: Path) -> Path:
    return folder if folder.exists() else _existing(folder.parent)


def _begin(text: str) -> str:
    return text if len(text) <= _SHOWN_SIGNS else text[:_SHOWN_SIGNS] + "…"
