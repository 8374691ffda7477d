"""Slow work on many rows in several processes, with the results in the order of the rows."""

import multiprocessing
import os
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import Future, ProcessPoolExecutor
from typing import TypeVar

_MOST_PROCESSES = 8

Label = TypeVar("Label")
Chunk = TypeVar("Chunk")
Done = TypeVar("Done")


def in_order(
    work: Callable[[Chunk], Done], chunks: Iterable[tuple[Label, Chunk]], *, parallel: bool
) -> Generator[tuple[Label, Done], None, None]:
    """Each label with `work(chunk)`, in the order given; what is labelled stays here, `work` and chunks may travel.

    With `parallel` in processes of their own, as many as there are cores. Closing the iterator ends them; so does the
    death of this process.
    """
    processes = min(_cores(), _MOST_PROCESSES)
    if not parallel or processes < 2:
        for label, chunk in chunks:
            yield label, work(chunk)
        return
    # spawn: the only way that is safe beside threads, the same on all systems, and works in a frozen bundle.
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(processes, mp_context=context, initializer=_end_with_parent)
    waiting: deque[tuple[Label, Future[Done]]] = deque()
    try:
        for label, chunk in chunks:
            waiting.append((label, pool.submit(work, chunk)))
            if len(waiting) > processes + 2:  # enough to keep them busy; more would only fill memory
                first, future = waiting.popleft()
                yield first, future.result()
        while waiting:
            first, future = waiting.popleft()
            yield first, future.result()
    finally:
        pool.shutdown(cancel_futures=True)


def _end_with_parent() -> None:
    """A pool's processes wait for work forever when their parent is killed; this ends them with it."""
    threading.Thread(target=_follow_parent, daemon=True).start()


def _follow_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _cores() -> int:
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity else os.cpu_count() or 1
