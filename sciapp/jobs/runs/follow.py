"""Read a run's folder as it grows: new events, how it stands, how it ended."""

from datetime import UTC, datetime
from pathlib import Path

from sciapp.errors import USE_LESS_MEMORY, RunProblem
from sciapp.jobs.backends.registry import known_backend
from sciapp.jobs.machine.oom_killer import KILLED_FOR_MEMORY, was_killed_for_memory
from sciapp.records.regular import open_regular
from sciapp.records.run.events import Event, from_line
from sciapp.records.run.run import Outcome, Run, RunState, RunStatus

_COMING_UP = 60.0  # seconds between the word that a run is started and the process that somebody starts for it
_LOOKS = 3


def standing(run: Run) -> RunStatus:
    """The run's status now. A run that says *running* and whose process is plainly gone is INTERRUPTED."""
    try:
        state = run.state()
    except RunProblem:
        return RunStatus.FAILED  # nothing tells what it was to do: it cannot be resumed
    return standing_of(run, state)


def standing_of(run: Run, state: RunState) -> RunStatus:
    """Like `standing`, for a state that was read before.

    Nothing is called interrupted at one look: a process that ended, or signed, between the reading of the state and the
    look at the process has written a new one meanwhile.
    """
    for _ in range(_LOOKS):
        now = _standing_by(run, state)
        if now is not RunStatus.INTERRUPTED:
            return now
        try:
            again = run.state()
        except RunProblem:  # its folder was removed meanwhile
            return now
        if again == state:
            return now
        state = again
    return _standing_by(run, state)


def _standing_by(run: Run, state: RunState) -> RunStatus:
    if state.queued:
        return RunStatus.WAITING  # for its turn, however long; there is no process yet
    status = RunStatus(state.status)
    if status.is_over:
        return status
    handle = run.launched()
    backend = known_backend(handle)
    if backend is None or not backend.is_gone(run, state, handle):
        return status
    if status is RunStatus.RUNNING or handle is not None:
        # One that was launched comes up, on a busy machine for minutes.
        return RunStatus.INTERRUPTED
    waited = (datetime.now(UTC) - (state.launched or state.created)).total_seconds()
    return status if waited < _COMING_UP else RunStatus.INTERRUPTED


def outcome(run: Run) -> Outcome:
    """The end of the run, phrased for people; for a run that is on, that it is on."""
    try:
        ending = standing(run)
        if ending.is_over:
            _collect(run)
        state = run.state()  # second: what it says belongs to the ending
    except RunProblem as error:
        return Outcome(run=run.id, ending=RunStatus.FAILED, message=error.message)
    if ending is RunStatus.INTERRUPTED and was_killed_for_memory(state):
        return Outcome(run=run.id, ending=ending, message=KILLED_FOR_MEMORY, hint=USE_LESS_MEMORY)
    began = state.started is not None
    return Outcome(run=run.id, ending=ending, message=state.message, hint=state.hint, began=began)


def _collect(run: Run) -> None:
    handle = run.launched()
    backend = known_backend(handle)
    if backend is not None:
        backend.collect(run, handle)


class Follower:
    """Reads what is new in `events.jsonl`, whole lines only; a line that is being written is read the next time."""

    def __init__(self, run: Run) -> None:
        self._file: Path = run.events_file
        self._offset = 0

    def read_new(self, most_bytes: int = 1 << 24) -> list[Event]:
        """The events since the last call, oldest first; at most about `most_bytes` of them at once."""
        try:
            with open_regular(self._file) as file:
                file.seek(self._offset)
                chunk = file.read(most_bytes)
        except OSError:  # not there yet, or nothing that can be read
            return []
        whole = chunk.rfind(b"\n") + 1 or (len(chunk) if len(chunk) == most_bytes else 0)  # no event is that long
        self._offset += whole
        return [event for line in chunk[:whole].splitlines() if (event := from_line(line)) is not None]
