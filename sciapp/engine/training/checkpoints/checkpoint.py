"""Checkpoints: all that a run needs to go on as if it had never been killed.

    checkpoints/step-000200/  model.safetensors  training.pt  state.json     everything, for resuming
    checkpoints/best-000150/  model.safetensors                              weights of the best model so far
    checkpoints/start.safetensors                                            those of the start, until there are others

Those of the start go at the latest when the training has ended.

Weights that never change (`FrozenWeights`: the encoder's, beside an adapter) are in neither; `training.pt` knows them
by their sha256.

`training.pt` holds the optimiser, the loss scale, the random states and averaged weights; it is read with
`weights_only=True`. Where weights are averaged, the best model is one of averaged weights.
`state.json` is a `TrainerState`: step, position in the epoch, tokens and seconds so far, best score, patience used up.

A folder is complete or absent (temporary name, fsync, rename). A `best-` folder stays as long as some `step-` folder
names it, so that whichever checkpoint a run resumes from, its best model is there.
"""

import io
import pickle
import random
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors import SafetensorError
from safetensors.torch import load, save
from torch import nn

from sciapp.engine.training.checkpoints.frozen_weights import FrozenWeights
from sciapp.engine.training.distributed import ProcessGroup
from sciapp.engine.training.optim.optimized_model import OptimizedModel
from sciapp.engine.training.state import TrainerState
from sciapp.errors import RunProblem
from sciapp.i18n import msg
from sciapp.records.atomic import explaining_out_of_space, new_folder, sync_folder, write_json
from sciapp.records.regular import json_in

_WEIGHTS, _TRAINING, _STATE = "model.safetensors", "training.pt", "state.json"
_NEXT = ".next-"  # begins the name of a complete folder that is about to replace another
# What reading a torn file raises: torch, json and safetensors each have words of their own.
_UNREADABLE = (
    OSError,
    ValueError,
    TypeError,
    RuntimeError,
    EOFError,
    KeyError,
    OverflowError,
    pickle.UnpicklingError,
    SafetensorError,
)


class Checkpointer:
    """Writes and reads the checkpoints of one run."""

    def __init__(self, folder: Path, *, limit: int, group: ProcessGroup | None = None) -> None:
        """limit: number of the latest that stay beside the best. group: its leader alone writes."""
        self.group = group or ProcessGroup()
        self._folder = folder
        self._limit = limit
        self._start = folder / "start.safetensors"
        self._base = FrozenWeights()

    def leave_out(self, base: FrozenWeights) -> None:
        """Write these weights into no checkpoint from now on."""
        self._base = base

    def save(self, optimized: OptimizedModel, state: TrainerState) -> Path:
        """A complete checkpoint is on disk when this returns; older ones beyond the limit are gone.

        Raises OutOfSpace, and leaves the earlier checkpoints as they were.
        """
        path = self._folder / f"step-{state.step:06d}"
        training = {
            "optimizer": optimized.optimizer.state_dict(),
            "scaler": optimized.scaler.state_dict(),
            "random": self.group.gather(random_state()),
            "averaged": optimized.averaged.state_dict(),
            "base": self._base.sha256,
        }
        if not self.group.is_leader:
            return path
        with _replaced(path) as draft:
            # Serialised in memory and written by us: torch reports a full disk as an unreadable RuntimeError.
            (draft / _WEIGHTS).write_bytes(save(self._base.without(_weights(optimized.model))))
            (draft / _TRAINING).write_bytes(_serialised(training))
            write_json(draft / _STATE, state.to_json())
        self._forget_old()
        return path

    def save_best(self, model: nn.Module, step: int) -> Path:
        """Keep the weights of the best model so far."""
        path = self._folder / f"best-{step:06d}"
        if not self.group.is_leader:
            return path
        with _replaced(path) as draft:
            (draft / _WEIGHTS).write_bytes(save(self._base.without(_weights(model))))
        return path

    def restore(self, optimized: OptimizedModel) -> tuple[TrainerState | None, list[str]]:
        """Put the newest readable checkpoint back; (None, …) when there is none. Also says which ones were damaged.

        Raises RunProblem for checkpoints of another network.
        """
        if self.group.is_leader:
            self._sweep_drafts()  # they may be what fills the disk
        damaged = []
        for path in self._checkpoints():
            try:
                state = TrainerState.read(path / _STATE)
                weights = load((path / _WEIGHTS).read_bytes())
                training = torch.load(path / _TRAINING, weights_only=True)
                if state.best_step is not None:
                    self.best_weights(state.best_step)
            except _UNREADABLE as error:
                damaged.append(f"{path.name} ({_first_line(error)})")
                continue
            self._base.must_be(training.get("base", ""))
            self._put_back(optimized, weights, training["optimizer"])
            if training["scaler"]:  # empty when the run began where no loss scale was needed
                optimized.scaler.load_state_dict(training["scaler"])
            if "averaged" in training:  # not in checkpoints from before weights were averaged
                optimized.averaged.load_state_dict(training["averaged"], state.step)
            restore_random_state(self._own(training["random"]))
            return state, damaged
        return None, damaged

    def save_start(self, model: nn.Module) -> None:
        """Keep the weights of the start, for a training that must begin again before it has good checkpoints.

        Not synced: after a power cut there is no training to take it back.
        """
        if not self.group.is_leader:
            return
        with explaining_out_of_space(self._start):
            self._folder.mkdir(exist_ok=True)  # not the run's folder: one that somebody removed stays removed
            self._start.write_bytes(save(self._base.without(_weights(model))))

    def forget_from(self, step: int) -> None:
        """Remove the checkpoints that are not good to go back to: those of `step`, of later ones, and of a loss that
        was far too high."""
        for path in self._checkpoints():
            try:
                state = TrainerState.read(path / _STATE)
                good = state.step < step and state.loss_history.is_calm
            except _UNREADABLE:
                good = False
            if not good and self.group.is_leader:
                shutil.rmtree(path, ignore_errors=True)
        self.group.barrier()  # nobody goes back before they are gone

    def restore_start(self, model: nn.Module) -> bool:
        """Put the weights of the start back; False when they are gone."""
        if not self._start.exists():
            return False
        self._base.put_back(model, load(self._start.read_bytes()))
        return True

    def forget_start(self) -> None:
        """Remove what `save_start` kept: the training has ended, nothing goes back any more."""
        if self.group.is_leader:
            self._start.unlink(missing_ok=True)

    def put_best(self, model: nn.Module, step: int) -> None:
        """Put back the weights that `save_best` kept."""
        self._base.put_back(model, self.best_weights(step))

    def best_weights(self, step: int) -> dict[str, torch.Tensor]:
        """The weights that `save_best` kept, without those that never change."""
        return load((self._folder / f"best-{step:06d}" / _WEIGHTS).read_bytes())

    def _put_back(self, optimized: OptimizedModel, weights: dict[str, torch.Tensor], moments: Any) -> None:
        try:
            self._base.put_back(optimized.model, weights)
            optimized.optimizer.load_state_dict(moments)
        except (RuntimeError, ValueError) as error:
            raise RunProblem(
                msg("The checkpoints of this run do not fit the model that its plan makes now."),
                hint=msg("The model it began from may have been replaced. Start a new run."),
                context=_first_line(error),
            ) from error

    def _own(self, states: Any) -> dict[str, Any]:
        """This process's random state among those of a group; a checkpoint of fewer processes has the leader's."""
        each: list[dict[str, Any]] = states if isinstance(states, list) else [states]
        return each[self.group.rank if self.group.rank < len(each) else 0]

    def _checkpoints(self) -> list[Path]:
        """Newest first."""
        folders = [path for path in self._folder.glob("step-*") if path.name[5:].isdecimal()]
        return sorted(folders, key=lambda path: int(path.name[5:]), reverse=True)

    def _forget_old(self) -> None:
        latest = self._checkpoints()[: self._limit]
        named = {_best_of(path) for path in latest}
        for path in self._checkpoints()[self._limit :]:
            shutil.rmtree(path, ignore_errors=True)
        for path in self._folder.glob("best-*"):
            if path.name not in named:
                shutil.rmtree(path, ignore_errors=True)
        if len(latest) > 1:  # the older of two is good to go back to
            self._start.unlink(missing_ok=True)

    def _sweep_drafts(self) -> None:
        """Remove what a kill in the middle of writing left; what only waited to take an older folder's place does."""
        for path in self._folder.glob(f"{_NEXT}*"):
            shutil.rmtree(path.with_name(path.name.removeprefix(_NEXT)), ignore_errors=True)
            path.replace(path.with_name(path.name.removeprefix(_NEXT)))
        for path in self._folder.glob(".ne*-*"):
            shutil.rmtree(path, ignore_errors=True)


def random_state() -> dict[str, Any]:
    """Every generator that a model's code may draw from; batches need none, they follow from seed and epoch."""
    version, numbers, gauss = random.getstate()
    kind, keys, index, has_gauss, cached = np.random.get_state(legacy=True)
    return {
        "torch": torch.get_rng_state(),
        "cuda": torch.cuda.get_rng_state_all() if torch.cuda.is_available() else [],
        "python": (version, numbers, gauss),
        "numpy": (str(kind), torch.from_numpy(np.asarray(keys, dtype=np.int64)), int(index), int(has_gauss), cached),
    }


def restore_random_state(state: dict[str, Any]) -> None:
    """Put back what `random_state` gave; states of GPUs only on a machine with as many."""
    torch.set_rng_state(state["torch"])
    if torch.cuda.is_available() and len(state["cuda"]) == torch.cuda.device_count():
        torch.cuda.set_rng_state_all(state["cuda"])
    version, numbers, gauss = state["python"]
    random.setstate((version, tuple(numbers), gauss))
    kind, keys, *rest = state["numpy"]
    np.random.set_state((kind, keys.numpy().astype(np.uint32), *rest))


def seed_everything(seed: int) -> None:
    """Begin every generator anew. numpy takes seeds below 2**32, as plans do."""
    torch.manual_seed(seed)
    random.seed(seed)
    np.random.seed(seed)


def _weights(model: nn.Module) -> dict[str, torch.Tensor]:
    """Contiguous copies on the processor; tied weights are stored under each of their names."""
    return {name: tensor.detach().cpu().contiguous().clone() for name, tensor in model.state_dict().items()}


def _serialised(value: Any) -> memoryview:
    buffer = io.BytesIO()
    torch.save(value, buffer)
    return buffer.getbuffer()


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]


def _best_of(path: Path) -> str:
    try:
        step = json_in(path / _STATE)["best_step"]
    except (OSError, ValueError, KeyError, TypeError):
        return ""
    return f"best-{step:06d}" if step is not None else ""


@contextmanager
def _replaced(path: Path) -> Iterator[Path]:
    """`new_folder` that takes the place of an older folder: a resumed run writes the same checkpoint again.

    Killed between the removal and the rename, the run finds the new folder when it is resumed.
    """
    following = path.with_name(f"{_NEXT}{path.name}")
    shutil.rmtree(following, ignore_errors=True)
    path.parent.mkdir(exist_ok=True)  # not the run's folder: one that somebody removed stays removed
    with new_folder(following, parents=False) as draft:
        yield draft
    shutil.rmtree(path, ignore_errors=True)
    following.replace(path)
    sync_folder(path.parent)
