"""How much memory this process came to need: the first thing to know before a larger model is tried."""

import sys
from pathlib import Path

import psutil
import torch


def peak_memory() -> int:
    """The most bytes of memory that this process held at once, as the system counts them.

    Linux keeps it for the program that runs now; what `getrusage` says there can be the parent's.
    """
    if sys.platform == "win32":
        return int(psutil.Process().memory_info().peak_wset)
    if sys.platform == "darwin":
        import resource

        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    try:
        status = Path("/proc/self/status").read_text(encoding="ascii", errors="replace")
        line = next(line for line in status.splitlines() if line.startswith("VmHWM:"))
        return int(line.split()[1]) * 1024
    except (OSError, StopIteration, ValueError):  # a system without /proc
        return int(psutil.Process().memory_info().rss)


def peak_gpu_memory() -> int | None:
    """The most bytes that torch's tensors took on the GPU; None where none was used."""
    if not torch.cuda.is_available():
        return None
    return int(torch.cuda.max_memory_allocated()) or None
