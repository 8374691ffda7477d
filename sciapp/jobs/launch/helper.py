"""Work in a helper process: a request goes in as JSON on standard input, lines of JSON come back on standard output.

The window stays smooth because nothing heavy shares its interpreter. A line is `{"progress": {"stage", "done",
"total"}}`, `{"note": text}`, and at the end either `{"result": record}` or `{"error": record}`.
"""

import json
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import IO, Any, Protocol, TypeVar

from pydantic import BaseModel

from sciapp.engine.runtime.progress import Progress
from sciapp.errors import SciAppError, error_from
from sciapp.i18n import from_record, msg
from sciapp.jobs.launch.processes import own_command, run_environment
from sciapp.records.project.requests import ProjectRequest

HELPER = "helper-child"
_POLL = 0.05  # seconds
_GRACE = 5.0  # seconds that a child has to clean up after a request to end
_LOG_LINES = 100

Answer = TypeVar("Answer", bound=BaseModel)


class Executor(Protocol):
    """Carries a request out and returns its answer. Raises SciAppError of the class that the work raised."""

    def __call__(self, request: ProjectRequest, answer: type[Answer], progress: Progress) -> Answer: ...


def in_helper_process(request: ProjectRequest, answer: type[Answer], progress: Progress) -> Answer:
    """Carry `request` out in a process of its own, of which nothing is left afterwards.

    Raises the SciAppError of the work with its class, message, hint and context, or Cancelled.
    """
    child = subprocess.Popen(
        own_command(HELPER),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=run_environment(),
        text=True,
        encoding="utf-8",
        errors="replace",
    )
    assert child.stdin is not None and child.stdout is not None and child.stderr is not None
    lines: SimpleQueue[str] = SimpleQueue()
    log: deque[str] = deque(maxlen=_LOG_LINES)
    readers = [
        threading.Thread(target=_read_lines, args=(child.stdout, lines.put), daemon=True),
        threading.Thread(target=_read_lines, args=(child.stderr, log.append), daemon=True),
    ]
    for reader in readers:
        reader.start()
    try:
        _send(child.stdin, request)
        outcome = _follow(child, lines, progress)
    finally:
        _end(child)
        for reader in readers:
            reader.join(_GRACE)
        for stream in (child.stdout, child.stderr):
            stream.close()
    if outcome is None:
        outcome = next(_outcomes(_drain(lines), progress), None)
    return _understood(outcome, answer, child.returncode, "".join(log))


def _send(stream: IO[str], request: ProjectRequest) -> None:
    try:
        with stream:
            stream.write(request.model_dump_json())
    except OSError:  # it ended before it read: its exit code and its last words are told
        return


def _follow(child: "subprocess.Popen[str]", lines: "SimpleQueue[str]", progress: Progress) -> dict[str, Any] | None:
    """The last line of the child, or None where it ended without one that was read yet."""
    while child.poll() is None:
        progress.check()
        for outcome in _outcomes(_drain(lines), progress):
            with suppress(subprocess.TimeoutExpired):  # on a busy machine; it has answered, and is ended then
                child.wait(_GRACE)
            return outcome
        time.sleep(_POLL)
    return None


def _drain(lines: "SimpleQueue[str]") -> Iterator[str]:
    while True:
        try:
            yield lines.get_nowait()
        except Empty:
            return


def _outcomes(lines: Iterator[str], progress: Progress) -> Iterator[dict[str, Any]]:
    """Report what is on the way; of many lines of progress that arrive at once only the last."""
    newest: dict[str, Any] | None = None
    for line in lines:
        value = json.loads(line)
        if "progress" in value:
            newest = value["progress"]
        elif "note" in value:
            progress.note(from_record(value["note"]))
        else:
            yield value
    if newest is not None:
        progress.relay(from_record(newest["stage"]), newest["done"], newest["total"])


def _read_lines(stream: IO[str], take: Any) -> None:
    for line in stream:
        take(line)


def _end(child: "subprocess.Popen[str]") -> None:
    if child.poll() is not None:
        return
    child.terminate()
    try:
        child.wait(_GRACE)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait(_GRACE)


def _understood(outcome: dict[str, Any] | None, answer: type[Answer], code: int, log: str) -> Answer:
    if outcome is not None and "error" in outcome:
        raise error_from(outcome["error"])
    if outcome is None:
        name = Path(sys.executable).name
        raise SciAppError(
            msg("A helper process ended unexpectedly."),
            hint=msg("Try again; if the computer is short of memory, close other programs."),
            context=f"{name} exit code {code}\n{log[-4000:]}",
        )
    return answer.model_validate(outcome["result"])
