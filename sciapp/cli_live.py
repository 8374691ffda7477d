"""The numbers of a run that is on: pace, time left, what it takes of its machine; of one that is over, what it took."""

import json
import time
from dataclasses import dataclass
from typing import Any

from sciapp.jobs.meter import Meter
from sciapp.records.events import Event, ResourcesUsed, StepTaken, from_line
from sciapp.records.machine_load import MachineLoad
from sciapp.records.pace import RecentPace, TimeLeft, duration
from sciapp.records.regular import open_regular
from sciapp.records.run import Run

_TAIL = 64 * 1024  # bytes of the newest events: a few hundred steps
_BETWEEN = 0.5  # seconds between two readings: processor use is counted from one to the other


@dataclass(frozen=True)
class LiveNumbers:
    """lines: for people; value: for programs, None for a run that is not on here; used: what the run came to need."""

    lines: tuple[str, ...] = ()
    value: dict[str, Any] | None = None
    used: ResourcesUsed | None = None


def live_numbers(run: Run) -> LiveNumbers:
    """Takes half a second for a run that is on."""
    newest = _newest_events(run)
    used = next((event for event in reversed(newest) if isinstance(event, ResourcesUsed)), None)
    load = _load(run)
    if load is None:
        return LiveNumbers((f"Needed: {used}",) if used else (), None, used)
    pace, left = _pace(newest)
    lines = [f"Speed: {pace:,.0f} tokens/s" + (f", {duration(left)} left" if left is not None else "")] if pace else []
    value = {"tokens_per_second": pace, "seconds_left": left, "machine": json.loads(load.model_dump_json())}
    return LiveNumbers((*lines, *str(load).splitlines()), value, used)


def _load(run: Run) -> MachineLoad | None:
    meter = Meter()
    try:
        if meter.read(run.state()) is None:
            return None
        time.sleep(_BETWEEN)
        return meter.read(run.state())
    finally:
        meter.close()


def _pace(events: list[Event]) -> tuple[float | None, float | None]:
    """Tokens per second and seconds left, by the newest steps."""
    recent, remaining, found = RecentPace(), TimeLeft(), (None, None)
    for event in events:
        if isinstance(event, StepTaken):
            found = recent.update(event), remaining.update(event)
    return found


def _newest_events(run: Run) -> list[Event]:
    """The last of them; a long history is not read through for its end."""
    try:
        with open_regular(run.events_file) as file:
            size = file.seek(0, 2)
            file.seek(max(0, size - _TAIL))
            lines = file.read().splitlines()
    except OSError:
        return []
    return [event for line in lines if (event := from_line(line)) is not None]
