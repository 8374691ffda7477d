"""Peak memory of this process: the first thing to know before a larger model is tried.

What a piece of work took at most is measured with Linux's own mark of the process, which is set back before it. The
mark of the whole process is remembered here then, so that `peak_memory` stays true; what else the system tells
(`getrusage`) falls with the mark.
"""

import sys
from pathlib import Path

import psutil
import torch

from sciapp.engine.runtime.available_memory import process_memory

_before = 0  # bytes; the most that was held until the mark was last set back


def peak_memory() -> int:
    """The most bytes of memory that this process held at once since it began, as the system counts them.

    Linux keeps it for the program that runs now; what `getrusage` says there can be the parent's.
    """
    return max(_before, _marked())


def forget_peak() -> bool:
    """Let `peak_since` count from now on; False where that is not possible."""
    global _before
    _before = peak_memory()
    try:
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    except OSError:
        return False
    return True


def peak_since() -> int:
    """The most bytes that this process held since `forget_peak`, or since it began."""
    return _marked()


def peak_gpu_memory() -> int | None:
    """The most bytes that torch's tensors took on the GPU; None where none was used."""
    if not torch.cuda.is_available():
        return None
    return int(torch.cuda.max_memory_allocated()) or None


def _marked() -> int:
    if sys.platform == "win32":
        return int(psutil.Process().memory_info().peak_wset)
    if sys.platform == "darwin":
        import resource

        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return process_memory().get("VmHWM") or int(psutil.Process().memory_info().rss)  # a system without /proc
