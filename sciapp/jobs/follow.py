"""Read a run's folder as it grows: new events, how it stands, how it ended."""

from datetime import UTC, datetime
from pathlib import Path

from sciapp.errors import USE_LESS_MEMORY, RunProblem
from sciapp.jobs.killed import KILLED_FOR_MEMORY, was_killed_for_memory
from sciapp.jobs.liveness import is_elsewhere, process_of
from sciapp.records.events import Event, from_line
from sciapp.records.run import Ending, Outcome, Run, RunState

_COMING_UP = 60.0  # seconds that a started process may take until it signs the state


def standing(run: Run) -> Ending:
    """How the run stands now. A run that says *running* without a living process is INTERRUPTED."""
    try:
        state = run.state()
    except RunProblem:
        return Ending.INTERRUPTED  # without a readable state nobody executes it
    return standing_of(state)


def standing_of(state: RunState) -> Ending:
    """Like `standing`, for a state that was read before."""
    if state.queued:
        return Ending.WAITING  # for its turn, however long; there is no process yet
    said = Ending(state.status)
    if said.is_over or is_elsewhere(state):
        return said
    if said is Ending.RUNNING:
        return said if process_of(state) is not None else Ending.INTERRUPTED
    if process_of(state) is not None:
        return said
    waited = (datetime.now(UTC) - (state.launched or state.created)).total_seconds()
    return said if waited < _COMING_UP else Ending.INTERRUPTED


def outcome(run: Run) -> Outcome:
    """How the run ended, phrased for people; for a run that is on, that it is on."""
    try:
        state = run.state()
    except RunProblem as error:
        return Outcome(run=run.id, ending=Ending.INTERRUPTED, message=error.message)
    ending = standing_of(state)
    if ending is Ending.INTERRUPTED and was_killed_for_memory(state):
        return Outcome(run=run.id, ending=ending, message=KILLED_FOR_MEMORY, hint=USE_LESS_MEMORY)
    return Outcome(run=run.id, ending=ending, message=state.message, hint=state.hint)


class Follower:
    """Reads what is new in `events.jsonl`, whole lines only; a line that is being written is read the next time."""

    def __init__(self, run: Run) -> None:
        self._file: Path = run.events_file
        self._offset = 0

    def read_new(self, most_bytes: int = 1 << 24) -> list[Event]:
        """The events since the last call, oldest first; at most about `most_bytes` of them at once."""
        try:
            with self._file.open("rb") as file:
                file.seek(self._offset)
                chunk = file.read(most_bytes)
        except FileNotFoundError:
            return []
        whole = chunk.rfind(b"\n") + 1
        self._offset += whole
        return [event for line in chunk[:whole].splitlines() if (event := from_line(line)) is not None]

    def at_end(self) -> bool:
        """True when everything that is on disk has been read."""
        try:
            return self._file.stat().st_size <= self._offset
        except FileNotFoundError:
            return True
