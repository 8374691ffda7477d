"""Events: what happened in a run, one JSON line each. A run's history is its events; the window replays them."""

import os
import time
from collections.abc import Iterator
from typing import Annotated, BinaryIO, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from sciapp.i18n import Text, joined, msg
from sciapp.records.formatting import size_text

_YEAR_10000 = 253_402_300_800.0  # seconds; no calendar goes on behind that


class EventRecord(BaseModel):
    """Base of all events: the moment, in seconds since 1970 (UTC)."""

    model_config = ConfigDict(frozen=True, extra="ignore", ser_json_inf_nan="constants")
    time: float = Field(default_factory=time.time, ge=0, lt=_YEAR_10000)


class RunStarted(EventRecord):
    """The run process took the plan up; comes again, with `resumed_at_step`, each time a run is resumed.

    On a resume, readers drop what they hold of steps later than `resumed_at_step`: those are trained again.
    """

    event: Literal["run_started"] = "run_started"
    resumed_at_step: int | None = None
    total_steps: int | None = None


class StageBegan(EventRecord):
    """A new part of the story begins, e.g. “Loading the model”; `title` is for people."""

    event: Literal["stage_began"] = "stage_began"
    stage: str
    title: Text


class Progressed(EventRecord):
    """Progress of the current stage."""

    event: Literal["progressed"] = "progressed"
    stage: str
    done: int
    total: int


class StepTaken(EventRecord):
    """One optimiser step. loss: mean over the step's rows; tokens: real ones, without padding, so far in the run."""

    event: Literal["step_taken"] = "step_taken"
    step: int
    total_steps: int
    epoch: float
    loss: float
    learning_rate: float
    gradient_norm: float
    tokens: int
    seconds: float = Field(description="training seconds so far, over all sittings")


class Validated(EventRecord):
    """Loss and scores on the validation rows. `score` is the one that selects the best model (`score_name`)."""

    event: Literal["validated"] = "validated"
    step: int
    epoch: float
    loss: float
    score_name: str
    score: float
    greater_is_better: bool
    scores: dict[str, float] = Field(default_factory=dict)
    best: bool = False


class BaselineMeasured(EventRecord):
    """The simple baseline, fitted to the training rows, on the validation rows: what `Validated` is compared with.

    name: of the baseline, for people. score_name, score: as in `Validated`.
    """

    event: Literal["baseline_measured"] = "baseline_measured"
    name: Text
    score_name: str
    score: float
    greater_is_better: bool


class CheckpointSaved(EventRecord):
    """A checkpoint is on disk, complete. path: relative to the run folder."""

    event: Literal["checkpoint_saved"] = "checkpoint_saved"
    step: int
    path: str
    best: bool = False


class Noted(EventRecord):
    """A remark for people: a warning, a decision that was taken, a repair."""

    event: Literal["noted"] = "noted"
    level: Literal["info", "warning", "error"] = "info"
    message: Text


class ResourcesUsed(EventRecord):
    """Resources used by a sitting, told before it ends. bytes; tokens_per_second: mean over the whole training."""

    event: Literal["resources_used"] = "resources_used"
    peak_memory: int
    peak_gpu_memory: int | None = None
    tokens_per_second: float | None = None

    def __str__(self) -> str:
        parts = [msg("peak memory {size}", size=size_text(self.peak_memory))]
        if self.peak_gpu_memory is not None:
            parts.append(msg("on the GPU {size}", size=size_text(self.peak_gpu_memory)))
        if self.tokens_per_second is not None:
            parts.append(msg("mean {tokens:,.0f} tokens/s", tokens=self.tokens_per_second))
        return joined(parts, ", ")


class RunEnded(EventRecord):
    """The last event of a sitting; `ending` as in `records.run.Ending`."""

    event: Literal["run_ended"] = "run_ended"
    ending: Literal["finished", "stopped", "cancelled", "failed"]
    message: Text = ""


Event = (
    RunStarted
    | StageBegan
    | Progressed
    | StepTaken
    | Validated
    | BaselineMeasured
    | CheckpointSaved
    | Noted
    | ResourcesUsed
    | RunEnded
)

_LONGEST = 1 << 22  # bytes of a line; the longest events have some kilobytes
_MOST_PASSED = 1 << 26  # bytes of a line until nothing more is looked for behind it
_EVENTS: TypeAdapter[Event] = TypeAdapter(Annotated[Event, Field(discriminator="event")])


def to_line(event: Event) -> str:
    """The event as one line of JSON, newline included; NaN and infinity are written as such and read back."""
    return event.model_dump_json() + "\n"


def lines_of(file: BinaryIO) -> Iterator[bytes]:
    """The whole lines of a history; one longer than any event is passed over, and one without an end ends it."""
    while line := file.readline(_LONGEST):
        if line.endswith(b"\n"):
            yield line
            continue
        passed = 0
        while line and not line.endswith(b"\n"):
            passed += len(line)
            if passed > _MOST_PASSED:
                return
            line = file.readline(_LONGEST)


def whole_lines(file: BinaryIO) -> int:
    """Number of bytes of a history that are whole lines: where the half line begins that a kill left at its end."""
    end = file.seek(0, os.SEEK_END)
    while end > 0:
        begin = max(0, end - _LONGEST)
        file.seek(begin)
        newline = file.read(end - begin).rfind(b"\n")
        if newline >= 0:
            return begin + newline + 1
        end = begin
    return 0


def from_line(line: str | bytes) -> Event | None:
    """The event on a line; None for a torn line (a power cut) or a kind that this version does not know."""
    try:
        return _EVENTS.validate_json(line)
    except ValidationError:
        return None
