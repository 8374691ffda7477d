"""A run whose folder was removed ends at once: there is nothing left to write to, and it must not come back."""

import logging
import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from sciapp.records.lock import ProjectLock
from sciapp.records.run.run import Run

GONE = 3
"""Exit code of a process whose run was removed."""
_LOOK = 0.5  # seconds between two looks


@contextmanager
def ends_with_folder(run: Run, *, look: float = _LOOK) -> Iterator[None]:
    """While the block runs, this process and those that it started end within a moment after the folder was removed.

    Not by a flag that the training asks: between two of its looks it may read or write for half a minute.
    """
    over, known = threading.Event(), _identity(run.folder)
    watch = threading.Thread(target=_watch, args=(run, known, look, over), name="folder", daemon=True)
    watch.start()
    try:
        yield
    finally:
        over.set()
        watch.join()
        if is_gone(run, known):  # the training saw it first, by a file that it could not write: nothing comes after it
            _leave(run)


def is_gone(run: Run, known: tuple[int, int]) -> bool:
    """True if the folder is not there any more, or is another one; a disk that does not answer is no reason to end.

    Some shared disks number a folder anew while it is used: it is still the run's where the lock names this process.
    """
    try:
        return _identity(run.folder) != known and not _is_signed(run)
    except FileNotFoundError:
        return True
    except OSError:
        return False


def _is_signed(run: Run) -> bool:
    holder = ProjectLock(run.lock_file).holder()
    return holder is not None and (holder.pid, holder.host) == (os.getpid(), socket.gethostname())


def _identity(folder: Path) -> tuple[int, int]:
    about = folder.stat()
    return about.st_dev, about.st_ino


def _watch(run: Run, known: tuple[int, int], look: float, over: threading.Event) -> None:
    gone = 0
    while gone < 2:  # a shared disk may hide a folder for a moment
        if over.wait(look):
            return
        gone = gone + 1 if is_gone(run, known) else 0
    _leave(run)


def _leave(run: Run) -> None:
    logging.error("the folder of run %s was removed: the run ends", run.id)
    for child in psutil.Process().children(recursive=True):
        try:
            child.kill()
        except psutil.Error:  # ended meanwhile
            continue
    os._exit(GONE)
