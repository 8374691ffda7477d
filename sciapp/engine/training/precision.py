"""Where a run computes and in which number format."""

import os
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass

import torch


@dataclass(frozen=True)
class Device:
    """A processor or a GPU; `autocast` None: plain fp32."""

    torch_device: torch.device
    autocast: torch.dtype | None

    def __str__(self) -> str:
        return f"{self.torch_device} ({'fp32' if self.autocast is None else str(self.autocast).removeprefix('torch.')})"

    def arithmetic(self) -> AbstractContextManager[object]:
        """The context in which the forward pass runs."""
        if self.autocast is None:
            return nullcontext()
        return torch.autocast(self.torch_device.type, dtype=self.autocast)

    @property
    def needs_scaling(self) -> bool:
        """fp16 gradients underflow without a loss scale; bf16 has fp32's range."""
        return self.autocast is torch.float16


def choose_device() -> Device:
    """The GPU when there is one (bf16 from Ampere on, else fp16), otherwise the processor in fp32.

    On the processor fp32 keeps the promise that a resumed run ends with the same bits.
    """
    if not torch.cuda.is_available():
        return Device(torch.device("cpu"), None)
    native = torch.cuda.get_device_capability()[0] >= 8
    return Device(torch.device("cuda"), torch.bfloat16 if native else torch.float16)


def choose_fast_device() -> Device:
    """Like `choose_device`, but in bf16 on processors that have it as well, where it is twice as fast.

    For self-supervision, whose long runs need the speed; it sums up in another order than fp32, the same each time.
    """
    device = choose_device()
    if device.torch_device.type != "cpu":
        return device
    can = torch.cpu.get_capabilities()
    native = any(can.get(name) for name in ("avx512_bf16", "amx_bf16", "bf16"))
    return Device(device.torch_device, torch.bfloat16) if native else device


def available_cores() -> int:
    """How many this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def use_threads(threads: int, processes: int = 1) -> int:
    """Let torch use `threads` (0: all cores this process may use), its share of them where several processes train
    together; returns the number of all."""
    available = available_cores()
    chosen = min(threads, available) if threads else available
    torch.set_num_threads(max(1, chosen // processes))
    return chosen
