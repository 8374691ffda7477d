"""Automatic remedies in a training: for a batch that does not fit into memory, and for a loss that diverged."""

from collections.abc import Callable

import torch
from torch import nn
from transformers import PreTrainedModel

from sciapp.engine.runtime.out_of_memory import OUT_OF_MEMORY, NothingFits, is_out_of_memory, release
from sciapp.engine.training.checkpoints.checkpoint import (
    Checkpointer,
    random_state,
    restore_random_state,
    seed_everything,
)
from sciapp.engine.training.distributed import ProcessGroup
from sciapp.engine.training.optim.optimized_model import OptimizedModel
from sciapp.engine.training.recovery.memory_watch import MemoryWatch, TooLittleMemory
from sciapp.engine.training.state import Diverged, Rollback, TrainerState
from sciapp.errors import BadInput
from sciapp.i18n import msg
from sciapp.records.plan.plan import Batching
from sciapp.records.run.events import Noted

_ONE_ROW = msg("a single row with its gradients is more than there is room for")


class Recovery:
    """Of one training. watch: asked before each piece of a batch is computed."""

    def __init__(self, optimized: OptimizedModel, device: torch.device, seed: int) -> None:
        self._optimized, self._seed = optimized, seed
        self._scale = optimized.scaler.state_dict()
        self._recomputes = False
        self._remarks: list[Noted] = []
        self.watch = MemoryWatch(optimized.model, device)

    def begin(self, wanted: Batching, state: TrainerState) -> None:
        """Compute as the plan and the state, which a checkpoint may have given, say. Raises BadInput."""
        if wanted.gradient_checkpointing and not can_recompute(self._optimized.model):
            raise BadInput(
                msg("This model cannot compute its activations twice."), hint=msg("Set gradient_checkpointing to off.")
            )
        if wanted.gradient_checkpointing or state.micro_batching.recompute:
            self._recomputes = True
            recompute(self._optimized.model)
            self.watch.begin_anew(recompute=True)

    def attempt(self, accumulate: Callable[[], float], rows: int, state: TrainerState) -> float | None:
        """The loss that `accumulate` gives; None where the memory was not enough. Then room has been made, random
        states and gradients are as they were, and the next attempt needs less; `new_remarks` says what was done.

        rows: of the largest batch. Raises NothingFits.
        """
        random = random_state()
        problem = ""
        try:
            return accumulate()
        except OUT_OF_MEMORY as error:
            if not is_out_of_memory(error):
                raise
            problem = str(error) or type(error).__name__
            was_guessed = isinstance(error, TooLittleMemory) and not self.watch.desperate
        # Out here the error is gone, and with its traceback the tensors of the batch.
        self._optimized.optimizer.zero_grad(set_to_none=True)
        release()
        restore_random_state(random)
        self._make_room(rows, state, problem, was_guessed=was_guessed)
        return None

    def new_remarks(self) -> list[Noted]:
        """Remarks on the repairs since this was asked last."""
        remarks, self._remarks = self._remarks, []
        return remarks

    def _make_room(self, rows: int, state: TrainerState, problem: str, *, was_guessed: bool) -> None:
        able = not self._recomputes and can_recompute(self._optimized.model)
        smaller = state.micro_batching.smaller(rows, step=state.step + 1, can_recompute=able)
        if smaller is None:
            if not was_guessed:
                raise NothingFits(_ONE_ROW, context=problem)
            self.watch.desperate = True
            return
        if smaller.recompute and not self._recomputes:
            self._recomputes = True
            recompute(self._optimized.model)
            self.watch.begin_anew(recompute=True)
        state.micro_batching = smaller
        message = msg(
            "The memory is not enough at step {step:,}: from now on batches are learnt from "
            "{smaller}. The weights still move once for the same rows.",
            step=state.step + 1,
            smaller=smaller,
        )
        self._remarks.append(Noted(level="warning", message=message))

    def back(self, problem: Diverged, state: TrainerState, checkpointer: Checkpointer) -> TrainerState:
        """The state to go on from after a divergence: the last good checkpoint, or the start; put back already.

        Raises the problem where it has been repaired once, or there is nothing to go back to.
        """
        if state.rollback is not None:
            raise _again(problem, state.rollback) from problem
        self._optimized.optimizer.zero_grad(set_to_none=True)
        scaler = self._optimized.scaler
        # The gradients may have been unscaled already; the scaler would refuse to unscale those of the next step.
        scaler.update(scaler.get_scale())
        checkpointer.forget_from(state.step)
        good, _ = checkpointer.restore(self._optimized)
        if good is None:
            if not checkpointer.restore_start(self._optimized.model):
                raise problem
            good = self._start(checkpointer.group)
        good.micro_batching = state.micro_batching  # memory has not grown
        # What was the best on validation before the loss was lost still is: its weights lie beside the checkpoints.
        good.best_step, good.best_score = state.best_step, state.best_score
        good.rollback = Rollback(problem.step, good.step, problem.what)
        return good

    def _start(self, group: ProcessGroup) -> TrainerState:
        self._optimized.optimizer.state.clear()
        self._optimized.scaler.load_state_dict(self._scale)
        self._optimized.averaged.forget()
        seed_everything(group.seed(self._seed))
        return TrainerState()


def _again(problem: Diverged, before: Rollback) -> Diverged:
    return Diverged(
        problem.step,
        msg(
            "{what} (after the learning rate was halved because of step {diverged_at:,})",
            what=problem.what,
            diverged_at=before.diverged_at,
        ),
    )


# Gradient checkpointing: activations are computed again on the way back instead of being kept (Chen et al. 2016,
# arXiv:1604.06174). About a third slower, and the same numbers.


def can_recompute(model: nn.Module) -> bool:
    """True if `model` holds transformers networks that all support gradient checkpointing."""
    networks = _networks(model)
    return bool(networks) and all(network.supports_gradient_checkpointing for network in networks)


def recompute(model: nn.Module) -> None:
    """From now on keep only what each layer was given. `can_recompute` must hold; it may be said twice."""
    for network in _networks(model):
        # Not re-entrant: it works with frozen embeddings, hooks and autograd.grad, and keeps dropout's draws the same.
        network.activation_checkpointing_enable(activation_checkpointing_kwargs={"use_reentrant": False})


def _networks(model: nn.Module) -> list[PreTrainedModel]:
    """The outermost transformers networks: the model itself, or those inside a model of ours or an adapter."""
    if isinstance(model, PreTrainedModel):
        return [model]
    return [network for child in model.children() for network in _networks(child)]
