"""One idle process with torch already imported, so that a training takes its first step at once.

Whoever brings it up (the window) holds the other end of its standard input: when the window is closed or dies, that
end closes and the process ends itself.
"""

import contextlib
import json
import subprocess
import threading
from collections.abc import Mapping

import psutil

from sciapp import settings
from sciapp.errors import RunProblem
from sciapp.jobs.launch import processes
from sciapp.jobs.machine.devices import choose_lane, environment_of
from sciapp.records.run.run import Run

_MEMORY = 3 << 30  # bytes that must be free before a process with half a gigabyte is kept for later
_SCARCE = 1 << 30  # bytes; below this the process is given up
_GRACE = 5.0  # seconds
_DEATHS = 3  # after as many no further one is tried


class Standby:
    """At most one process that stands by; may be asked from any thread."""

    def __init__(self) -> None:
        self._child: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()
        self._environment: dict[str, str] = {}
        self._closed = False
        self._died = 0

    @property
    def pid(self) -> int | None:
        """The process that stands by, None where there is none."""
        return self._child.pid if self._child is not None and self._child.poll() is None else None

    def bring_up(self) -> bool:
        """Start the process unless there is one or memory is scarce; whether one stands by now."""
        with self._lock:
            return self._closed is False and self._brought_up()

    def _brought_up(self) -> bool:
        if self.pid is not None:
            return True
        if self._child is not None:  # it died by itself: what was handed over is not ours any more
            self._died += 1
            _end(self._child)
            self._child = None
        if self._died >= _DEATHS or psutil.virtual_memory().available < _MEMORY:
            return False
        log = settings.log_folder() / "standby.log"
        try:
            log.parent.mkdir(parents=True, exist_ok=True)
            with log.open("ab") as file:
                # What it sees of the GPUs is settled when it loads torch, so it stands by for one lane.
                self._environment = environment_of(choose_lane([]))
                self._child = processes.started_process(
                    ["standby-child"], self._environment, stdin=subprocess.PIPE, output=file
                )
        except (OSError, RunProblem):  # a training begins a few seconds later then
            return False
        return True

    def give_up_if_scarce(self) -> None:
        """End the process when others need the memory more."""
        if self._child is not None and psutil.virtual_memory().available < _SCARCE:
            self.drop()

    def hand_over(self, run: Run, environment: Mapping[str, str]) -> int | None:
        """Let the process become that of `run`; its pid, or None where none stands by. It is nobody's standby then.

        environment: what the run's process is to be told; one that was brought up for another device stays.
        """
        if dict(environment) != self._environment:
            return None
        child = self._take_child()
        if child is None or child.stdin is None:
            return None
        try:
            with child.stdin as pipe:
                pipe.write(json.dumps(str(run.folder)).encode() + b"\n")
        except OSError:  # it died meanwhile
            _end(child)
            return None
        if child.poll() is not None:
            return None
        processes.adopt(child)
        return int(child.pid)

    def close(self) -> None:
        """End the process for good: none is brought up any more."""
        with self._lock:
            self._closed = True
        self.drop()

    def drop(self) -> None:
        """End the process; harmless when there is none."""
        child = self._take_child()
        if child is not None:
            _end(child)

    def _take_child(self) -> "subprocess.Popen[bytes] | None":
        with self._lock:
            child, self._child = self._child, None
        return child


def _end(child: "subprocess.Popen[bytes]") -> None:
    if child.stdin is not None:
        with contextlib.suppress(OSError):
            child.stdin.close()
    child.terminate()  # harmless for one that is dead
    try:
        child.wait(_GRACE)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait(_GRACE)
