"""Processes that train one model together, one a device: each computes a share of every step's rows.

Gradients are summed over the group before the weights move, so every process holds the same weights after every step,
and the steps are those of a single process with the same batches. What is written is written by the leader alone.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, TypeVar

import torch
from torch import Tensor, nn

from sciapp.engine.inputs.tokenization.batches import Batch
from sciapp.engine.runtime.device import available_cores
from sciapp.engine.runtime.progress import StopFlag
from sciapp.errors import BadInput, SciAppError
from sciapp.i18n import msg

_PATIENCE = timedelta(hours=6)  # the others wait while the leader computes descriptors or validates

Value = TypeVar("Value")


class PeerLost(SciAppError):
    """Another process of the run is gone."""

    def __init__(self, context: str) -> None:
        super().__init__(
            msg("Another process of this run ended unexpectedly."),
            hint=msg("The run's log.txt says why. Resume, with fewer devices if memory was short."),
            context=context,
        )


@dataclass(frozen=True)
class ProcessGroup:
    """The processes of a run. rank: index of this one, 0 is the leader. size: their number."""

    rank: int = 0
    size: int = 1

    @classmethod
    def join(cls) -> "ProcessGroup":
        """The group that the environment names (RANK, WORLD_SIZE, MASTER_ADDR, MASTER_PORT, as torchrun and
        `accelerate launch` set them); waits for the others. Without one this process is alone."""
        if int(os.environ.get("WORLD_SIZE", "1")) < 2:
            return cls()
        from accelerate import PartialState  # here and below: it takes a second that a process alone need not wait

        os.environ.setdefault("LOCAL_RANK", os.environ["RANK"])
        state = PartialState(cpu=not torch.cuda.is_available(), timeout=_PATIENCE)
        return cls(state.process_index, state.num_processes)

    @property
    def is_leader(self) -> bool:
        return self.rank == 0

    def share(self, group: list[Batch]) -> list[Batch]:
        """This process's rows of each batch; batches of which it has none are left out."""
        if self.size == 1:
            return group
        mine = [replace(batch, rows=batch.rows[self.rows(len(batch.rows))]) for batch in group]
        return [batch for batch in mine if len(batch.rows)]

    def rows(self, count: int) -> slice:
        """This process's slice of `count` rows."""
        return slice(self.rank, count, self.size)

    def seed(self, seed: int) -> int:
        """Every process draws numbers of its own: dropout of the same neurons everywhere would be too little."""
        return (seed + self.rank) % 2**32

    def sum_counts(self, values: tuple[int, ...]) -> tuple[int, ...]:
        """Sums over all processes."""
        return values if self.size == 1 else tuple(_summed(torch.tensor(values)).tolist())

    def reduce_gradients(self, model: nn.Module, loss: float) -> float:
        """Give every process the sum of all gradients, and return that of the losses. A parameter that no process used
        keeps no gradient."""
        if self.size == 1:
            return loss
        parameters = [parameter for parameter in model.parameters() if parameter.requires_grad]
        head = torch.tensor([loss, *(float(parameter.grad is not None) for parameter in parameters)])
        grads = [torch.zeros_like(p) if p.grad is None else p.grad for p in parameters]
        flat = _summed(torch.cat([head.to(grads[0]), *(grad.reshape(-1) for grad in grads)]))
        (total, *used), *sums = torch.split(flat, [len(head), *(grad.numel() for grad in grads)])
        for parameter, count, gradient in zip(parameters, used, sums, strict=True):
            parameter.grad = gradient.view_as(parameter) if count else None
        return float(total)

    def from_leader(self, compute: Callable[[], Value]) -> Value:
        """The leader's result, in every process; only the leader computes it."""
        if self.size == 1:
            return compute()
        from accelerate.utils import broadcast_object_list

        objects: list[Any] = [compute() if self.is_leader else None]
        with _unbroken():
            broadcast_object_list(objects)
        value: Value = objects[0]
        return value

    def barrier(self) -> None:
        """Wait until every process has come here."""
        self.gather(None)

    @contextmanager
    def leader_first(self) -> Iterator[None]:
        """The leader walks through the block, then all others at once: they read what it has written.

        Where it fails it leaves them waiting, until its end breaks the connection.
        """
        if not self.is_leader:
            self.barrier()
        yield
        if self.is_leader:
            self.barrier()

    def gather(self, value: Value) -> list[Value]:
        """The values of all processes, in the order of their ranks."""
        if self.size == 1:
            return [value]
        from accelerate.utils import gather_object

        with _unbroken():
            values: list[Value] = gather_object([value])
        return values

    def stop_flag(self, flag: StopFlag) -> StopFlag:
        """One that all processes answer alike, though only the leader hears people."""
        return flag if self.size == 1 else _SharedFlag(self, flag)


@dataclass(frozen=True)
class _SharedFlag:
    group: ProcessGroup
    flag: StopFlag

    def stop_requested(self) -> bool:
        return self.group.from_leader(self.flag.stop_requested)

    def cancel_requested(self) -> bool:
        return self.group.from_leader(self.flag.cancel_requested)


def must_have(devices: int) -> None:
    """Raise BadInput where this computer has fewer devices: GPUs, or processor cores where it has none."""
    gpus = torch.cuda.device_count() if torch.cuda.is_available() else 0
    available, kind = (gpus, "GPUs") if gpus else (available_cores(), msg("processor cores"))
    if devices > available:
        raise BadInput(
            msg(
                "The plan asks for {devices} devices, but this computer has {there} {what}.",
                devices=devices,
                there=available,
                what=kind,
            ),
            hint=msg("Train on fewer devices, or on another computer."),
        )


def _summed(tensor: Tensor) -> Tensor:
    from accelerate import PartialState
    from accelerate.utils import reduce

    with _unbroken():
        summed: Tensor = reduce(tensor.to(PartialState().device), reduction="sum")
    return summed


@contextmanager
def _unbroken() -> Iterator[None]:
    """Say of a connection that broke what it means."""
    try:
        yield
    except RuntimeError as error:
        raise PeerLost(str(error)) from error
