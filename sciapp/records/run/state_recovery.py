"""State recovery: the state of a run whose `state.json` is lost or damaged, from its events and checkpoints."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sciapp.i18n import joined, msg
from sciapp.records.regular import open_regular
from sciapp.records.run.events import Event, RunEnded, RunStarted, StepTaken, from_line, lines_of

_TAIL = 1 << 18  # bytes; steps are written in lines of some 200
_RECOVERED = msg("Its state.json was lost or damaged; how it stands was read from its events and checkpoints.")


def recovered_fields(plan_file: Path, events_file: Path, checkpoints: Path, *, complete: bool) -> dict[str, Any]:
    """The fields of a RunState as events and checkpoints have them: how the last sitting ended, or that it did not end.

    complete: the run's result was written. The process is not known: whoever holds the run's lock is it. Raises OSError
    where the plan is gone.
    """
    created = datetime.fromtimestamp(plan_file.stat().st_mtime, tz=UTC)
    tail = _last_events(events_file)
    times = [datetime.fromtimestamp(event.time, tz=UTC) for event in tail]
    last = tail[-1] if tail else None
    status, message = "finished" if complete and last is None else "running", ""
    if isinstance(last, RunEnded):
        status, message = str(last.ending), last.message
    step = max([*_steps_saved(checkpoints), *(event.step for event in tail if isinstance(event, StepTaken))] or [0])
    has_begun = bool(tail) or step > 0 or complete
    totals = [event.total_steps for event in tail if isinstance(event, StepTaken | RunStarted) and event.total_steps]
    return {
        "status": status if has_begun else "waiting",
        "created": min([created, *times[:1]]),
        "started": (times[0] if times else created) if has_begun else None,
        "ended": times[-1] if isinstance(last, RunEnded) else None,
        "step": step,
        "total_steps": totals[-1] if totals else 0,
        "message": joined([_RECOVERED, message]),
    }


def _last_events(file: Path) -> list[Event]:
    """Those in the last part of a history that may be long."""
    try:
        with open_regular(file) as stream:
            stream.seek(max(0, file.stat().st_size - _TAIL))
            return [event for line in lines_of(stream) if (event := from_line(line)) is not None]
    except OSError:
        return []


def _steps_saved(checkpoints: Path) -> list[int]:
    return [int(path.name[5:]) for path in checkpoints.glob("step-*") if path.name[5:].isdecimal()]
