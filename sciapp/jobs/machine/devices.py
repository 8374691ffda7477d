"""The machine's devices as lanes: runs of one lane come one after the other, runs of two lanes side by side."""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from functools import cache
from importlib.metadata import PackageNotFoundError, version

from sciapp.errors import BadInput, nearest
from sciapp.i18n import msg
from sciapp.records.machine.queue import ALL_GPUS

CPU = "cpu"
_BEFORE = "SCIAPP_VISIBLE_DEVICES"  # what CUDA_VISIBLE_DEVICES was before a lane narrowed it
_ASKED = 10.0  # seconds that nvidia-smi may take


def lanes() -> tuple[str, ...]:
    """“cuda:0”, … for every GPU that runs may use, then “cpu”. Found without torch, for the window asks."""
    return (*(f"cuda:{number}" for number in range(len(_devices()))), CPU)


def check_lane(lane: str) -> str:
    """The lane itself. Raises BadInput for one that this machine does not have."""
    if lane not in lanes() and not (lane == ALL_GPUS and _devices()):
        raise BadInput(msg("This machine has no device “{device}”.", device=lane), hint=nearest(lane, lanes()))
    return lane


def choose_lane(taken: Sequence[str], *, devices: int = 1) -> str:
    """The GPU with the fewest runs on or waiting (`taken`: the lane of each); the processor where there is no GPU.

    devices: how many the run uses; with several, GPUs are not told apart.
    """
    available = lanes()
    if devices > 1 and len(available) > 1:
        return ALL_GPUS
    return min(available[:-1] or available, key=lambda lane: (taken.count(lane), available.index(lane)))


def environment_of(lane: str) -> dict[str, str]:
    """Environment variables for the run process of a lane: the one device that it sees. Empty on a machine without a
    choice.
    """
    devices = _devices()
    if not devices or lane == ALL_GPUS:
        return {}
    kind, _, number = lane.partition(":")
    seen = devices[int(number)] if kind == "cuda" and int(number) < len(devices) else ""
    before = os.environ.get(_BEFORE, os.environ.get("CUDA_VISIBLE_DEVICES"))
    saved = {_BEFORE: before} if before is not None else {}
    return {"CUDA_VISIBLE_DEVICES": seen, "CUDA_DEVICE_ORDER": "PCI_BUS_ID", **saved}


def _devices() -> list[str]:
    """Numbers (or UUIDs) of the GPUs, as CUDA_VISIBLE_DEVICES has them; none for a torch that cannot use them."""
    if not _torch_has_cuda():
        return []
    visible = os.environ.get(_BEFORE, os.environ.get("CUDA_VISIBLE_DEVICES"))
    if visible is not None:
        return [device.strip() for device in visible.split(",") if device.strip() not in {"", "-1"}]
    return [str(number) for number in range(_count())]


@cache
def _torch_has_cuda() -> bool:
    try:
        return sys.platform != "darwin" and not version("torch").endswith("+cpu")
    except PackageNotFoundError:
        return False


@cache
def _count() -> int:
    """GPUs of the machine as its driver says; none where there is no driver."""
    program = shutil.which("nvidia-smi")
    if program is None:
        return 0
    try:
        listing = subprocess.run(
            [program, "--list-gpus"], capture_output=True, text=True, timeout=_ASKED, stdin=subprocess.DEVNULL
        )
    except (OSError, subprocess.TimeoutExpired):
        return 0
    return sum(line.startswith("GPU ") for line in listing.stdout.splitlines()) if listing.returncode == 0 else 0
