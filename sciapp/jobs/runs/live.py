"""The numbers of a run that is on: pace, time left, what it takes of its machine; of one that is over, what it took."""

import time
from dataclasses import dataclass

from sciapp.jobs.machine.resource_usage import ResourceMeter
from sciapp.records.machine.load import MachineLoad
from sciapp.records.regular import open_regular
from sciapp.records.run.events import Event, ResourcesUsed, StepTaken, from_line
from sciapp.records.run.progress import RemainingTime, Throughput
from sciapp.records.run.run import Run

_TAIL = 64 * 1024  # bytes of the newest events: a few hundred steps
_BETWEEN = 0.5  # seconds between two readings: processor use is counted from one to the other


@dataclass(frozen=True)
class LiveNumbers:
    """load: None for a run that is not on here. tokens_per_second, seconds_left: by its newest steps, None before
    there are any. used: what the run came to need.
    """

    load: MachineLoad | None = None
    tokens_per_second: float | None = None
    seconds_left: float | None = None
    used: ResourcesUsed | None = None


def live_numbers(run: Run) -> LiveNumbers:
    """Takes half a second for a run that is on."""
    newest = _newest_events(run)
    used = next((event for event in reversed(newest) if isinstance(event, ResourcesUsed)), None)
    load = _load(run)
    if load is None:
        return LiveNumbers(used=used)
    return LiveNumbers(load, *_pace(newest), used)


def _load(run: Run) -> MachineLoad | None:
    meter = ResourceMeter()
    try:
        if meter.read(run.state()) is None:
            return None
        time.sleep(_BETWEEN)
        return meter.read(run.state())
    finally:
        meter.close()


def _pace(events: list[Event]) -> tuple[float | None, float | None]:
    """Tokens per second and seconds left, by the newest steps."""
    recent, remaining = Throughput(), RemainingTime()
    pace: tuple[float | None, float | None] = (None, None)
    for event in events:
        if isinstance(event, StepTaken):
            pace = recent.update(event), remaining.update(event)
    return pace


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
