"""The training loop: a generator of typed events that knows nothing of projects, windows or processes."""

import math
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Generic, TypeVar

import numpy as np
import torch
from torch import nn

from sciapp.engine.inputs.tokenization.batches import Batch, Lengths, shuffled_batches
from sciapp.engine.runtime.device import Device
from sciapp.engine.runtime.progress import StopFlag, raise_if_cancelled
from sciapp.engine.tasks.base import SelectionScore
from sciapp.engine.training.checkpoints.checkpoint import Checkpointer, seed_everything
from sciapp.engine.training.optim.freezing import Freezing, rate_shares
from sciapp.engine.training.optim.optimizer import build_optimizer, set_learning_rate
from sciapp.engine.training.optim.schedule import learning_rate, notice_plateau
from sciapp.engine.training.optim.weight_averaging import AveragedWeights
from sciapp.engine.training.recovery.recovery import Recovery
from sciapp.engine.training.state import Diverged, TrainerState
from sciapp.records.plan.plan import PretrainPlan, TrainPlan
from sciapp.records.run.events import CheckpointSaved, Event, Noted, RunStarted, StepTaken, Validated

Shown = TypeVar("Shown")


@dataclass(frozen=True)
class ValidationResult:
    """What a look at the validation rows gives."""

    loss: float
    scores: dict[str, float]


class Trainer(ABC, Generic[Shown]):
    """A training: `events()` trains; afterwards `position` says where it ended. What a step learns is a subclass's."""

    def __init__(
        self,
        model: nn.Module,
        lengths: Lengths,
        goal: SelectionScore,
        plan: TrainPlan | PretrainPlan,
        device: Device,
        checkpointer: Checkpointer,
        judge: Callable[[nn.Module], ValidationResult],
        *,
        look_first: bool = False,
    ) -> None:
        """lengths: tokens of each row (rows,). judge(model) looks at the validation rows; it must leave torch's random
        state as it was. look_first: the model as it begins is a candidate for the best one. Who trains along is the
        checkpointer's team.
        """
        self._look_first, self._team = look_first, checkpointer.team
        self._model, self._lengths, self._goal, self._plan = model, np.asarray(lengths), goal, plan
        self._device, self._checkpointer, self._judge = device, checkpointer, judge
        tuning = plan.weights_tuned
        self._freezing = Freezing(model, tuning, self.steps_per_epoch)
        self.optimizer = build_optimizer(model, plan.optimization, rate_shares(model, tuning))
        self._averaged = AveragedWeights(model, plan.averaging, self.steps_per_epoch, self.total_steps)
        self._scaler = torch.amp.GradScaler(device.torch_device.type, enabled=device.needs_scaling)
        self._repair = Recovery(model, self.optimizer, self._scaler, self._averaged, device.torch_device, plan.seed)
        self.position = TrainerState()

    @cached_property
    def steps_per_epoch(self) -> int:
        batches = shuffled_batches(self._lengths, self._plan.batching.tokens_per_batch, seed=0, epoch=0)
        return math.ceil(len(batches) / self._plan.batching.gradient_accumulation_steps)

    @cached_property
    def total_steps(self) -> int:
        stopping = self._plan.stopping
        steps = self.steps_per_epoch * stopping.num_train_epochs
        return min(steps, stopping.max_steps) if stopping.max_steps else steps

    def events(self, stop: StopFlag) -> Iterator[Event]:
        """Train from the newest checkpoint, or from the start, to the end.

        Yields before the next step begins. Ends early when `stop` says so or the validation score stays without gain
        for `early_stopping_patience` validations. What does not fit into memory is made to fit; a training that
        diverges goes back, once. Raises Cancelled, Diverged, DoesNotFit, OutOfSpace, TeamBroken.
        """
        stop = self._team.stop_flag(stop)
        yield from self._take_up()
        self.begin()
        while not self.position.over:
            try:
                yield from self._epoch(stop)
            except Diverged as problem:
                yield from self._go_back(problem)
        yield from self._finish()

    def _epoch(self, stop: StopFlag) -> Iterator[Event]:
        """Train to the end of the current epoch, or of the training."""
        for group in self.groups(self.position.epoch)[self.position.batch :]:
            raise_if_cancelled(stop)
            if stop.stop_requested():
                self.position.over = True  # so that a kill from now on does not bring training back
                return
            yield (yield from self.step(group))
            yield from self._look_and_save()
            if self.position.over:
                return
        self.position.epoch, self.position.batch = self.position.epoch + 1, 0

    def begin(self) -> None:
        """Steps can be taken after this."""
        self._repair.begin(self._plan.batching, self.position)
        # Makes the loss scale, also in a process of a team that has no row in the first step.
        self._scaler.scale(torch.zeros((), device=self._device.torch_device))
        self._model.train()

    # --- beginning and end ----------------------------------------------------------------------------------------

    def _take_up(self) -> Iterator[Event]:
        position, damaged = self._checkpointer.restore(self._model, self.optimizer, self._scaler, self._averaged)
        for name in damaged:
            yield Noted(level="warning", message=f"A damaged checkpoint was passed over: {name}.")
        if position is None:
            self._checkpointer.save_start(self._model)
            seed_everything(self._team.seed(self._plan.seed))
            yield RunStarted(total_steps=self.total_steps)
            if remark := self._freezing.remark(self.total_steps):
                yield Noted(level="warning", message=remark)
            if self._look_first:
                yield from self._validate()
        else:
            self.position = position
            yield RunStarted(resumed_at_step=position.step, total_steps=self.total_steps)
        self.position.over = self.position.over or self.position.step >= self.total_steps

    def _go_back(self, problem: Diverged) -> Iterator[Event]:
        """To the last good checkpoint or the start, and on with a lower rate; readers drop the steps in between."""
        self.position = self._repair.back(problem, self.position, self._checkpointer)
        assert self.position.setback is not None
        yield Noted(level="warning", message=self.position.setback.told)
        yield RunStarted(resumed_at_step=self.position.step, total_steps=self.total_steps)
        if self.position.step == 0 and self._look_first:
            yield from self._validate()
        yield from self._save()  # so that a resumed run goes on with the lower rate

    def _finish(self) -> Iterator[Event]:
        """Whatever was never looked at is looked at now, so that there is a best model."""
        if self.position.best_step is None:
            yield from self._validate()
        yield from self._save()
        self._checkpointer.forget_start()

    # --- one step -------------------------------------------------------------------------------------------------

    def groups(self, epoch: int) -> list[list[Batch]]:
        """The batches of an epoch, grouped by optimiser step."""
        size = self._plan.batching.gradient_accumulation_steps
        batches = shuffled_batches(
            self._lengths,
            self._plan.batching.tokens_per_batch,
            seed=self._plan.seed,
            epoch=epoch,
        )
        return [batches[i : i + size] for i in range(0, len(batches), size)]

    def step(self, group: list[Batch]) -> Generator[Event, None, StepTaken]:
        """One optimiser step; told before it are the repairs that it took. Raises Diverged, DoesNotFit."""
        began = time.perf_counter()
        position, settings = self.position, self._plan.optimization
        self._freezing.before_step(position.step)
        rate = self._rate()
        set_learning_rate(self.optimizer, rate)
        shown = self._show(group)
        asked = self._team.totals(self._asked(shown))
        rows = max(len(batch.rows) for batch in group)
        share = yield from self._repair.gradients(lambda: self._accumulate(shown, asked), rows, position)
        loss = self._team.sum_of(self._model, share)
        position.course.take(loss, position.step + 1)
        self._scaler.unscale_(self.optimizer)
        most = settings.max_grad_norm or math.inf
        norm = float(nn.utils.clip_grad_norm_(self._model.parameters(), most))
        position.course.take_gradient(norm, position.step + 1, scaled=self._device.needs_scaling)
        self._scaler.step(self.optimizer)
        self._scaler.update()
        self.optimizer.zero_grad(set_to_none=True)
        position.step += 1
        position.batch += 1
        self._averaged.after_step(position.step)
        position.tokens += sum(int(self._lengths[batch.rows].sum()) for batch in group)
        position.seconds += time.perf_counter() - began
        return StepTaken(
            step=position.step,
            total_steps=self.total_steps,
            epoch=position.step / self.steps_per_epoch,
            loss=loss,
            learning_rate=rate,
            gradient_norm=norm,
            tokens=position.tokens,
            seconds=position.seconds,
        )

    def _rate(self) -> float:
        """The learning rate of the step that is about to be done."""
        position = self.position
        planned = learning_rate(position.step, self.total_steps, self._plan.optimization)
        return planned * position.rate_factor * position.rate_share

    @abstractmethod
    def _show(self, group: list[Batch]) -> list[Shown]:
        """This process's share of the group's batches, as the model is shown them."""

    @abstractmethod
    def _asked(self, shown: list[Shown]) -> tuple[int, ...]:
        """How much they ask for, of each kind of thing that there is to learn."""

    @abstractmethod
    def _accumulate(self, shown: list[Shown], asked: tuple[int, ...]) -> float:
        """Add up the gradients of these batches; returns their part of the mean loss over all that the step asks for.

        asked: by the whole team.
        """

    # --- looking and saving ---------------------------------------------------------------------------------------

    def _look_and_save(self) -> Iterator[Event]:
        """After a step: validate and checkpoint when due. Persist first, announce second."""
        stopping, position = self._plan.stopping, self.position
        position.over = position.step >= self.total_steps
        every = stopping.eval_steps or self.steps_per_epoch
        if position.step % every == 0 or position.over:
            yield from self._validate()
            patience = stopping.early_stopping_patience
            if patience and position.validations_without_gain >= patience and not position.over:
                position.over = True
                yield Noted(message=f"Stopped early: no better score in {patience} validations.")
        # A repair is kept at once; a position from which the loss explodes is nothing to go back to.
        due = position.step % stopping.save_steps == 0 or position.step == position.fitted.since
        if self._team.agreed(lambda: due) and position.course.is_calm and not position.over:
            yield from self._save()

    def _validate(self) -> Iterator[Event]:
        position, name = self.position, self._goal.main_score
        with self._averaged.in_place():
            judged = self._team.agreed(lambda: self._judge(self._model))
            score = judged.scores[name]
            better = self._is_better(score)
            if better:
                position.best_step, position.best_score, position.validations_without_gain = position.step, score, 0
                self._checkpointer.save_best(self._model, position.step)
            else:
                position.validations_without_gain += 1
        yield Validated(
            step=position.step,
            epoch=position.step / self.steps_per_epoch,
            loss=judged.loss,
            score_name=name,
            score=score,
            greater_is_better=self._goal.greater_is_better,
            scores=judged.scores,
            best=better,
        )
        if notice_plateau(position, self._plan.optimization, better=better):
            yield Noted(message=f"No better score for a while: the learning rate falls to {self._rate():.3g}.")

    def _save(self) -> Iterator[Event]:
        path = self._checkpointer.save(self._model, self.optimizer, self._scaler, self.position, self._averaged)
        yield CheckpointSaved(step=self.position.step, path=f"checkpoints/{path.name}")

    def _is_better(self, score: float) -> bool:
        best = self.position.best_score
        if self.position.best_step is None or math.isnan(best):
            return True
        return score > best if self._goal.greater_is_better else score < best


def best_model(model: nn.Module, checkpointer: Checkpointer, position: TrainerState) -> Any:
    """`model` with the weights of the best validation score."""
    assert position.best_step is not None, "a fit that ended has looked at least once"
    checkpointer.put_best(model, position.best_step)
    return model
