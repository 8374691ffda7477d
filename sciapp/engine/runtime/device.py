"""The device and the number format of a run."""

import json
import os
import timeit
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

import torch

from sciapp import settings
from sciapp.errors import BadInput
from sciapp.i18n import msg
from sciapp.records.plan.plan import Precision
from sciapp.records.regular import json_in

_FORMATS = {"fp32": None, "bf16": torch.bfloat16, "fp16": torch.float16}
_WORTHWHILE = 0.8  # of fp32's time: below that the conversions are paid back
_TRIES = 5
# What narrows the instructions that the libraries of matrix products use; unset they take all that there are.
_NARROWED_BY = ("ONEDNN_MAX_CPU_ISA", "DNNL_MAX_CPU_ISA", "ATEN_CPU_CAPABILITY", "MKL_ENABLE_INSTRUCTIONS")


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


def choose_device(precision: Precision = "auto", before: str = "") -> Device:
    """The GPU when there is one, otherwise the processor; with auto in the fastest number format that trains well.

    auto: bf16 on GPUs from Ampere on and on processors that have it and are faster with it, fp16 on older GPUs, fp32
    elsewhere; on one computer always the same. before: what `str` said of the device in an earlier sitting of the run,
    whose format it keeps: a resumed run must compute as it began. Raises BadInput for fp16 without a GPU.
    """
    where = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    if precision == "fp16" and where.type == "cpu":
        raise BadInput(msg("fp16 needs a GPU."), hint=msg("Leave the precision on auto, or choose bf16 or fp32."))
    for autocast in (None, torch.bfloat16, torch.float16):
        if before == str(Device(where, autocast)):
            return Device(where, autocast)
    return Device(where, _FORMATS[precision] if precision != "auto" else _fastest(where))


def device_before(file: Path) -> str:
    """The device of an earlier sitting, from `environment.json`; empty for a run that begins."""
    try:
        device = json_in(file).get("device", "")
    except (OSError, ValueError, AttributeError):
        return ""
    return str(device)


def _fastest(where: torch.device) -> torch.dtype | None:
    if where.type == "cuda":
        return torch.bfloat16 if torch.cuda.get_device_capability()[0] >= 8 else torch.float16
    can = torch.cpu.get_capabilities()
    native = any(can.get(name) for name in ("avx512_bf16", "amx_bf16", "bf16"))
    return torch.bfloat16 if native and _remembered(_bf16_is_faster) else None


def _bf16_is_faster() -> bool:
    return matrix_product_seconds(torch.bfloat16) < _WORTHWHILE * matrix_product_seconds(None)


def _remembered(measure: Callable[[], bool]) -> bool:
    """Measured once a computer: were it measured at each start, a busy moment could give two equal trainings two number
    formats, and with them two different models."""
    file = settings.cache_folder() / "number-formats" / f"{_processor()}.json"
    if (known := _known(file)) is not None:
        return known
    faster = measure()
    with suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=file.parent) as folder:
            draft = Path(folder) / file.name
            draft.write_text(json.dumps({"bf16": faster}), encoding="utf-8")
            os.link(draft, file)  # fails where another run, which measured at the same time, was first
    known = _known(file)
    return faster if known is None else known


def _known(file: Path) -> bool | None:
    try:
        supported = json_in(file)["bf16"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return supported if isinstance(supported, bool) else None


def _processor() -> str:
    """A digest of all that decides the speed of each format; computers of a cluster may share one home."""
    narrowed = [os.environ.get(name, "") for name in _NARROWED_BY]
    facts = (torch.__version__, sorted(torch.cpu.get_capabilities().items()), narrowed)
    return sha256(repr(facts).encode()).hexdigest()[:16]


def matrix_product_seconds(autocast: torch.dtype | None) -> float:
    """The shortest of some matrix products as an encoder makes them."""
    a, b = torch.rand(1024, 512), torch.rand(512, 512)
    with Device(torch.device("cpu"), autocast).arithmetic(), torch.no_grad():
        return min(timeit.repeat(lambda: torch.mm(a, b), number=1, repeat=_TRIES))


def available_cores() -> int:
    """The number of cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def use_threads(threads: int, processes: int = 1) -> int:
    """Let torch use `threads` (0: all cores this process may use), its share of them where several processes train
    together; returns the number of all."""
    available = available_cores()
    chosen = min(threads, available) if threads else available
    torch.set_num_threads(max(1, chosen // processes))
    return chosen
