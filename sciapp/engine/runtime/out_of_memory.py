"""Recognition of errors that mean that memory ran out, and how to take them back."""

import ctypes
import gc
import sys
from contextlib import suppress

import torch

from sciapp.errors import MEMORY_NOT_ENOUGH, USE_LESS_MEMORY, SciAppError
from sciapp.i18n import msg

# Of the processor: torch's allocator, oneDNN, and what C++ says of itself.
_WORDS = (
    "out of memory",
    "can't allocate memory",
    "could not create a memory object",
    "could not create a primitive",
    "can't start new thread",
    "std::bad_alloc",
)

OUT_OF_MEMORY = (MemoryError, RuntimeError)
"""What may be it; `is_out_of_memory` tells."""


class NothingFits(SciAppError):
    """Not even the smallest piece of the work fits into memory."""

    def __init__(self, what: str, context: str = "") -> None:
        super().__init__(
            msg("{problem}: {what}.", problem=MEMORY_NOT_ENOUGH, what=what), hint=USE_LESS_MEMORY, context=context
        )


def is_out_of_memory(error: BaseException) -> bool:
    """True for an error that a smaller batch, or less held in memory, could have avoided."""
    if isinstance(error, MemoryError | torch.OutOfMemoryError):
        return True
    return isinstance(error, RuntimeError) and any(word in str(error).lower() for word in _WORDS)


def release() -> None:
    """Give back what nobody holds any longer. Call it when the error, whose traceback holds the batch, is gone."""
    gc.collect()
    _trim_heap()
    if torch.cuda.is_available():
        torch.cuda.empty_cache()


def _trim_heap() -> None:
    """Freed memory that the allocator of glibc keeps counts against the limits of a process; elsewhere nothing."""
    if sys.platform == "linux":
        with suppress(OSError, AttributeError):
            ctypes.CDLL(None).malloc_trim(0)
