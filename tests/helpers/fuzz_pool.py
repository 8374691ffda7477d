"""Spoilt projects tried by a few long-lived processes; one that hangs or dies is a fault of its case and replaced."""

import contextlib
import multiprocessing
import os
import shutil
import signal
import tempfile
import time
from dataclasses import dataclass, field
from multiprocessing import connection
from pathlib import Path

from tests.helpers.fuzz_worker import work

SECONDS = 60.0
"""For all of a case, on a busy machine; a pipe that is waited for lasts for ever."""
_STARTING = 180.0  # seconds until a process has loaded everything


@dataclass
class Tried:
    """What came of it: how many of the cases were tried in the time, and what went wrong in them."""

    cases: int
    tried: int = 0
    faults: list[str] = field(default_factory=list)


def try_cases(count: int, seed: int, *, workers: int = 1, budget: float = float("inf")) -> Tried:
    """Try the first `count` cases of a seed, in their order, beginning none after `budget` seconds."""
    result, end, numbers = Tried(count), time.monotonic() + budget, iter(range(count))
    pool = [_Worker(count, seed) for _ in range(workers)]
    try:
        while pool:
            connection.wait([worker.line for worker in pool], max(0.0, min(w.until for w in pool) - time.monotonic()))
            for place, worker in reversed(list(enumerate(pool))):
                state = worker.look(result)
                if state == "ended":
                    worker.close()
                    worker = pool[place] = _Worker(count, seed)
                elif state == "idle":
                    number = next(numbers, None) if time.monotonic() < end else None
                    if number is None or number >= result.cases:
                        worker.close()
                        del pool[place]
                    else:
                        worker.line.send(number)
    finally:
        for worker in pool:
            worker.close()
    return result


class _Worker:
    """A process, the line to it, and the time by which it must have said something."""

    def __init__(self, count: int, seed: int) -> None:
        # A name as long each time: what lies where in a file that holds it must not change with the place.
        self.home = Path(tempfile.mkdtemp(prefix="fuzz-"))
        context = multiprocessing.get_context("spawn")
        self.line, theirs = context.Pipe()
        self.process = context.Process(target=work, args=(theirs, count, seed, self.home, SECONDS))
        self.process.start()
        theirs.close()
        self.case = ""
        self.until = time.monotonic() + _STARTING

    def look(self, result: Tried) -> str:
        """“idle”, “busy”, or “ended”; what it said is added to the result."""
        state = "busy"
        try:
            while self.line.poll():
                state = self._hear(self.line.recv(), result)
        except (EOFError, OSError):
            self.process.join(10)
            return self._fault(f"the program ended with {self.process.exitcode}", result)
        if state == "busy" and time.monotonic() > self.until:
            return self._fault(f"HANGS\n{(self.home / 'where').read_text()}", result)
        return state

    def _hear(self, said: int | str | list[str], result: Tried) -> str:
        if isinstance(said, str):
            self.case, self.until = said, time.monotonic() + SECONDS
            return "busy"
        if isinstance(said, int):
            result.cases = said
        else:
            result.tried += 1
            result.faults += said
        self.case, self.until = "", time.monotonic() + _STARTING
        return "idle"

    def _fault(self, words: str, result: Tried) -> str:
        if not self.case:
            raise AssertionError(f"a process of the proof did not come up: {words}")
        result.tried += 1
        result.faults.append(f"{self.case}: {words}")
        return "ended"

    def close(self) -> None:
        self.line.close()
        if self.case or self.process.is_alive():
            self.process.join(0 if self.case else 10)
        with contextlib.suppress(OSError):
            os.killpg(self.process.pid or 0, signal.SIGKILL)
        self.process.kill()
        self.process.join()
        self.process.close()
        for folder, _, _ in os.walk(self.home):
            Path(folder).chmod(0o700)
        shutil.rmtree(self.home, ignore_errors=True)
