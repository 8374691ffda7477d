"""Short work in a process of its own, with progress: the same command that a person would type.

The window stays smooth because nothing heavy shares its interpreter. The child prints one JSON document on stdout and
progress on stderr, a line each: `@progress {"stage": …, "done": …, "total": …}`.
"""

import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

from sciapp.errors import Cancelled, SciAppError
from sciapp.jobs.launch.launcher import own_command, run_environment

PROGRESS_MARK = "@progress "
_POLL = 0.05  # seconds
_GRACE = 5.0  # seconds that a child has to clean up after a request to end


class Subcommand:
    """One command line of SciApp, without the program's name."""

    def __init__(self, arguments: list[str]) -> None:
        self._arguments = [*arguments, "--json", "--progress-lines"]

    def run(self, on_progress: Callable[[str, int, int], None], cancelled: Callable[[], bool]) -> dict[str, Any]:
        """What the command printed. Raises its SciAppError as it was, or Cancelled; leaves no process behind."""
        child = subprocess.Popen(
            own_command(*self._arguments),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=run_environment(),
            text=True,
            encoding="utf-8",
            errors="replace",
        )
        assert child.stdout is not None and child.stderr is not None
        answer: list[str] = []
        said: list[tuple[str, int, int]] = []
        other: list[str] = []
        readers = [
            threading.Thread(target=_read_all, args=(child.stdout, answer), daemon=True),
            threading.Thread(target=_read_progress, args=(child.stderr, said, other), daemon=True),
        ]
        for reader in readers:
            reader.start()
        try:
            self._wait(child, said, on_progress, cancelled)
        finally:
            _end(child)
            for reader in readers:
                reader.join(_GRACE)
            child.stdout.close()
            child.stderr.close()
        return _understood("".join(answer), child.returncode, "".join(other))

    def _wait(
        self,
        child: subprocess.Popen[str],
        said: list[tuple[str, int, int]],
        on_progress: Callable[[str, int, int], None],
        cancelled: Callable[[], bool],
    ) -> None:
        told = 0
        while child.poll() is None:
            if cancelled():
                raise Cancelled
            if len(said) > told:
                told = len(said)
                on_progress(*said[-1])
            time.sleep(_POLL)


def announce(stage: str, done: int, total: int, stream: IO[str] | None = None) -> None:
    """The child's side: one line of progress."""
    line = PROGRESS_MARK + json.dumps({"stage": stage, "done": done, "total": total})
    (stream or sys.stderr).write(line + "\n")
    (stream or sys.stderr).flush()


def _read_all(stream: IO[str], into: list[str]) -> None:
    into.append(stream.read())


def _read_progress(stream: IO[str], said: list[tuple[str, int, int]], other: list[str]) -> None:
    for line in stream:
        if line.startswith(PROGRESS_MARK):
            value = json.loads(line[len(PROGRESS_MARK) :])
            said.append((value["stage"], value["done"], value["total"]))
        else:
            other.append(line)


def _end(child: subprocess.Popen[str]) -> None:
    if child.poll() is not None:
        return
    child.terminate()
    try:
        child.wait(_GRACE)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait(_GRACE)


def _understood(answer: str, code: int, other: str) -> dict[str, Any]:
    try:
        value = json.loads(answer)
    except ValueError:
        value = {}
    error = value.get("error") if isinstance(value, dict) else None
    if error is not None:
        raise SciAppError(error["message"], hint=error.get("hint", ""), context=error.get("context", ""))
    if code != 0 or not isinstance(value, dict) or not value:
        name = Path(sys.executable).name
        raise SciAppError(
            "A helper process ended unexpectedly.",
            hint="Try again; if the computer is short of memory, close other programs.",
            context=f"{name} exit code {code}\n{other[-4000:]}",
        )
    return value
