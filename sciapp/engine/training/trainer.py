"""The training loop: a generator of typed events that knows nothing of projects, windows or processes."""

import math
import time
from collections.abc import Iterator
from functools import partial
from typing import Generic

import numpy as np
import torch
from torch import nn

from sciapp.engine.runtime.progress import StopFlag, raise_if_cancelled
from sciapp.engine.training.checkpoints.checkpoint import Checkpointer, seed_everything
from sciapp.engine.training.optim.freezing import Freezing, rate_shares
from sciapp.engine.training.optim.optimized_model import OptimizedModel
from sciapp.engine.training.optim.optimizer import build_optimizer, set_learning_rate
from sciapp.engine.training.optim.schedule import learning_rate, notice_plateau
from sciapp.engine.training.optim.weight_averaging import AveragedWeights
from sciapp.engine.training.parts import B, TrainerSettings, TrainingParts
from sciapp.engine.training.recovery.recovery import Recovery
from sciapp.engine.training.sampler import BatchSampler, StepBatches
from sciapp.engine.training.state import Diverged, TrainerState
from sciapp.i18n import msg
from sciapp.records.run.events import CheckpointSaved, Event, Noted, RunStarted, StepTaken, Validated


class Trainer(Generic[B]):
    """A training: `events()` trains; afterwards `state` says where it ended.

    All processes of a group walk through the same steps; the checkpointer's group says which one this is.
    """

    def __init__(
        self, model: nn.Module, parts: TrainingParts[B], settings: TrainerSettings, checkpointer: Checkpointer
    ) -> None:
        self.settings, self.checkpointer, self.state = settings, checkpointer, TrainerState()
        self.sampler = BatchSampler(np.asarray(parts.data.lengths), settings.batching, settings.seed)
        self._parts, self._group, self._device = parts, checkpointer.group, settings.device.torch_device
        self._freezing = Freezing(model, settings.tuning, self.steps_per_epoch)
        self._optimized = OptimizedModel(
            model,
            build_optimizer(model, settings.optimization, rate_shares(model, settings.tuning)),
            torch.amp.GradScaler(self._device.type, enabled=settings.device.needs_scaling),
            AveragedWeights(
                model,
                settings.averaging,
                self.steps_per_epoch,
                self.total_steps,
                begins_fitted=parts.validation.initial,
            ),
        )
        self._recovery = Recovery(self._optimized, self._device, settings.seed)

    @property
    def model(self) -> nn.Module:
        return self._optimized.model

    @property
    def optimizer(self) -> torch.optim.Optimizer:
        return self._optimized.optimizer

    @property
    def steps_per_epoch(self) -> int:
        return self.sampler.steps_per_epoch

    @property
    def total_steps(self) -> int:
        stopping = self.settings.stopping
        steps = self.steps_per_epoch * stopping.num_train_epochs
        return min(steps, stopping.max_steps) if stopping.max_steps else steps

    def events(self, stop: StopFlag) -> Iterator[Event]:
        """Train from the newest checkpoint, or from the start, to the end.

        Yields before the next step begins. Ends early when `stop` says so or the validation score stays without gain
        for `early_stopping_patience` validations. What does not fit into memory is made to fit; a training that
        diverges goes back, once. Raises Cancelled, Diverged, NothingFits, OutOfSpace, PeerLost.
        """
        stop = self._group.stop_flag(stop)
        yield from self._start_or_resume()
        self.begin()
        while not self.state.over:
            try:
                yield from self._epoch(stop)
            except Diverged as problem:
                yield from self._roll_back(problem)
        yield from self._finish()

    def begin(self) -> None:
        """Steps can be taken after this."""
        self._recovery.begin(self.settings.batching, self.state)
        # Makes the loss scale, also in a process of a group that has no row in the first step.
        self._optimized.scaler.scale(torch.zeros((), device=self._device))
        self.model.train()

    def load_best(self) -> None:
        """Give the model the weights of the best validation score."""
        assert self.state.best_step is not None, "a training that ended has been validated at least once"
        self.checkpointer.put_best(self.model, self.state.best_step)

    # --- beginning and end ----------------------------------------------------------------------------------------

    def _start_or_resume(self) -> Iterator[Event]:
        state, damaged = self.checkpointer.restore(self._optimized)
        for name in damaged:
            yield Noted(level="warning", message=msg("A damaged checkpoint was passed over: {name}.", name=name))
        if state is None:
            self.checkpointer.save_start(self.model)
            seed_everything(self._group.seed(self.settings.seed))
            yield RunStarted(total_steps=self.total_steps)
            if remark := self._freezing.remark(self.total_steps):
                yield Noted(level="warning", message=remark)
            yield from self._validate_initial()
        else:
            self.state = state
            yield RunStarted(resumed_at_step=state.step, total_steps=self.total_steps)
        self.state.over = self.state.over or self.state.step >= self.total_steps

    def _roll_back(self, problem: Diverged) -> Iterator[Event]:
        """To the last good checkpoint or the start, and on with a lower rate; readers drop the steps in between."""
        self.state = self._recovery.back(problem, self.state, self.checkpointer)
        assert self.state.rollback is not None
        yield Noted(level="warning", message=self.state.rollback.message)
        yield RunStarted(resumed_at_step=self.state.step, total_steps=self.total_steps)
        if self.state.step == 0:
            yield from self._validate_initial()
        yield from self._save()  # so that a resumed run goes on with the lower rate

    def _finish(self) -> Iterator[Event]:
        """A training that was never validated is now, so that there is a best model."""
        if self.state.best_step is None:
            yield from self._validate()
        yield from self._save()
        self.checkpointer.forget_start()

    # --- one step -------------------------------------------------------------------------------------------------

    def _epoch(self, stop: StopFlag) -> Iterator[Event]:
        """Train to the end of the current epoch, or of the training."""
        for batches in self.sampler.steps(self.state.epoch)[self.state.batch :]:
            raise_if_cancelled(stop)
            if stop.stop_requested():
                self.state.over = True  # so that a kill from now on does not bring training back
                return
            yield from self.step(batches)
            yield from self._validate_and_save()
            if self.state.over:
                return
        self.state.epoch, self.state.batch = self.state.epoch + 1, 0

    def step(self, batches: StepBatches) -> Iterator[Event]:
        """One optimiser step: remarks on the repairs that it took, then the step. Raises Diverged, NothingFits."""
        began, state = time.perf_counter(), self.state
        self._freezing.before_step(state.step)
        rate = self._rate()
        set_learning_rate(self.optimizer, rate)
        loaded = self._parts.data.load(batches, self._group)
        # Every label weighs the same, whichever batch of the step it came in and whichever process has it.
        counts = tuple(max(1, count) for count in self._group.sum_counts(self._parts.objective.counts(loaded)))
        accumulate = partial(self._accumulate, loaded, counts)
        while (share := self._recovery.attempt(accumulate, batches.most_rows, state)) is None:
            yield from self._recovery.new_remarks()
        loss = self._group.reduce_gradients(self.model, share)
        state.loss_history.take(loss, state.step + 1)
        norm = self._move_weights()
        state.step += 1
        state.batch += 1
        self._optimized.averaged.after_step(state.step)
        state.tokens += sum(int(self.sampler.lengths[batch.rows].sum()) for batch in batches.batches)
        state.seconds += time.perf_counter() - began
        yield StepTaken(
            step=state.step,
            total_steps=self.total_steps,
            epoch=state.step / self.steps_per_epoch,
            loss=loss,
            learning_rate=rate,
            gradient_norm=norm,
            tokens=state.tokens,
            seconds=state.seconds,
        )

    def _rate(self) -> float:
        """The learning rate of the step that is about to be done."""
        planned = learning_rate(self.state.step, self.total_steps, self.settings.optimization)
        return planned * self.state.rate_factor * self.state.rate_share

    def _accumulate(self, loaded: list[B], counts: tuple[int, ...]) -> float:
        """Add up the gradients of this process's batches; returns their part of the step's mean loss."""
        total = 0.0
        for batch in loaded:
            for part in self._micro_batches(batch):
                with self._recovery.watch.over(*part.shape):
                    loss = self._parts.objective.loss(self.model, part, counts)
                    self._optimized.scaler.scale(loss).backward()
                total += float(loss.detach())
        return total

    def _micro_batches(self, batch: B) -> Iterator[B]:
        """The batch in as many pieces as memory asks for."""
        if self.state.micro_batching.parts == 1:
            yield batch
            return
        for rows in self.state.micro_batching.pieces(batch.shape[0]):
            yield batch.part(rows)

    def _move_weights(self) -> float:
        """Take the step, unless the loss scale leaves it out; returns the norm of the gradients before clipping."""
        scaler, optimizer = self._optimized.scaler, self.optimizer
        scaler.unscale_(optimizer)
        most = self.settings.optimization.max_grad_norm or math.inf
        norm = float(nn.utils.clip_grad_norm_(self.model.parameters(), most))
        self.state.loss_history.take_gradient(norm, self.state.step + 1, scaled=self.settings.device.needs_scaling)
        scaler.step(optimizer)
        scaler.update()
        optimizer.zero_grad(set_to_none=True)
        return norm

    # --- validation and checkpoints -------------------------------------------------------------------------------

    def _validate_and_save(self) -> Iterator[Event]:
        """After a step: validate and checkpoint when due. Persist first, announce second."""
        stopping, state = self.settings.stopping, self.state
        state.over = state.step >= self.total_steps
        every = stopping.eval_steps or self.steps_per_epoch
        if state.step % every == 0 or state.over:
            yield from self._validate()
            patience = stopping.early_stopping_patience
            if patience and state.validations_without_gain >= patience and not state.over:
                state.over = True
                yield Noted(message=msg("Stopped early: no better score in {patience} validations.", patience=patience))
        # A repair is kept at once; a state from which the loss explodes is nothing to go back to.
        due = state.step % stopping.save_steps == 0 or state.step == state.micro_batching.since
        if self._group.from_leader(lambda: due) and state.loss_history.is_calm and not state.over:
            yield from self._save()

    def _validate_initial(self) -> Iterator[Event]:
        if self._parts.validation.initial:
            yield from self._validate()

    def _validate(self) -> Iterator[Event]:
        state, validation = self.state, self._parts.validation
        name = validation.selection.main_score
        with self._optimized.averaged.in_place():
            result = self._group.from_leader(lambda: validation.evaluate(self.model))
            score = result.scores[name]
            better = self._is_best(score)
            if better:
                state.best_step, state.best_score, state.validations_without_gain = state.step, score, 0
                self.checkpointer.save_best(self.model, state.step)
            else:
                state.validations_without_gain += 1
        yield Validated(
            step=state.step,
            epoch=state.step / self.steps_per_epoch,
            loss=result.loss,
            score_name=name,
            score=score,
            greater_is_better=validation.selection.greater_is_better,
            scores=result.scores,
            best=better,
        )
        if notice_plateau(state, self.settings.optimization, better=better):
            yield Noted(
                message=msg("No better score for a while: the learning rate falls to {rate:.3g}.", rate=self._rate())
            )

    def _is_best(self, score: float) -> bool:
        best = self.state.best_score
        return self.state.best_step is None or math.isnan(best) or self._parts.validation.is_better(score, best)

    def _save(self) -> Iterator[Event]:
        path = self.checkpointer.save(self._optimized, self.state)
        yield CheckpointSaved(step=self.state.step, path=f"checkpoints/{path.name}")
