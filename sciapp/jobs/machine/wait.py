"""Wait until a process ends, without asking again and again."""

import os
import select
import time
from collections.abc import Sequence
from contextlib import ExitStack, suppress


def until_one_ends(pids: Sequence[int], seconds: float) -> None:
    """Return when one of the processes ends, at the latest after `seconds`.

    Linux tells through a pidfd, of children and strangers alike; elsewhere the time is slept away.
    """
    if not hasattr(os, "pidfd_open") or not pids:
        time.sleep(seconds)
        return
    with ExitStack() as opened:
        poll = select.poll()
        for pid in pids:
            with suppress(OSError):  # gone already, or not ours to watch: the next look finds out
                descriptor = os.pidfd_open(pid)
                opened.callback(os.close, descriptor)
                poll.register(descriptor, select.POLLIN)
        poll.poll(seconds * 1000)
