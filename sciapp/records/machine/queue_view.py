"""The queue as people see it: each entry in one line, in words."""

from enum import StrEnum

from pydantic import Field

from sciapp.i18n import Text, joined, msg, term
from sciapp.records.base import Frozen
from sciapp.records.formatting import progress_text
from sciapp.records.machine.queue import clash
from sciapp.records.run.progress import duration
from sciapp.records.run.run import LOCAL, usual_name


class EntryStatus(StrEnum):
    """Status of an entry of the queue. INTERRUPTED: its process is gone, and a person is to say whether it goes on."""

    ON = "on"
    WAITING = "waiting"
    INTERRUPTED = "interrupted"
    MISSING = "missing"
    OVER = "over"


class QueueLine(Frozen):
    """One run of the queue.

    name: the one that a person gave to it. position: 1, 2, … among those that wait, in the order in which
    they begin; 0 for others. Programs that read the JSON know it as `place`.
    """

    folder: str
    project: str
    run: str
    name: str = ""
    subject: str = ""
    model: str = ""
    backend: str = LOCAL
    lane: str
    turn: EntryStatus
    position: int = Field(0, serialization_alias="place")
    step: int = 0
    total_steps: int = 0
    expected_seconds: float | None = None
    changed: str = Field("", description="settings that are not the usual ones: “learning_rate 0.001, seed 3”")

    @property
    def display_name(self) -> str:
        """The run's own name, or the usual one."""
        return self.name or usual_name(self.run)

    @property
    def state(self) -> str:
        """“waiting”, “running, 40%”, “its folder is gone”."""
        if self.turn is EntryStatus.ON and self.total_steps:
            return msg("running, {share}", share=progress_text(self.step, self.total_steps))
        if self.turn is EntryStatus.ON:
            return term("running")
        return msg("cannot be read or is gone") if self.turn is EntryStatus.MISSING else term(self.turn)

    @property
    def expected(self) -> str:
        """“about 12 min 30 s”, as the same training took before; empty where that is not known."""
        if self.expected_seconds is None:
            return ""
        return msg("about {time}", time=duration(self.expected_seconds))


class QueueView(Frozen):
    """All lines, those that are on first. moving: somebody starts the next when its turn comes."""

    lines: tuple[QueueLine, ...] = ()
    paused: bool = False
    moving: bool = False
    remarks: tuple[Text, ...] = ()
    lane: str = Field("cpu", description="where the next training would go")

    def of(self, turn: EntryStatus) -> list[QueueLine]:
        return [line for line in self.lines if line.turn is turn]

    @property
    def is_stranded(self) -> bool:
        """Runs are waiting or were interrupted, and nobody will start them: after a reboot, a kill, a crash."""
        return (
            not self.moving
            and not self.paused
            and bool(self.of(EntryStatus.WAITING) or self.of(EntryStatus.INTERRUPTED))
        )

    @property
    def must_wait(self) -> bool:
        """True if a run that is started now waits for its turn."""
        moving = self.moving and not self.paused
        return any(
            line.backend == LOCAL
            and clash(line.lane, self.lane)
            and (line.turn is EntryStatus.ON or (moving and line.turn is EntryStatus.WAITING))
            for line in self.lines
        )

    @property
    def summary(self) -> str:
        """“1 run is on, 3 are waiting; the queue is paused.”; empty where nothing is to be said."""
        on, waiting, interrupted = (
            len(self.of(turn)) for turn in (EntryStatus.ON, EntryStatus.WAITING, EntryStatus.INTERRUPTED)
        )
        parts: list[str] = []
        if on:
            parts.append(msg("{count} running", count=on))
        if waiting:
            parts.append(msg("{count} waiting", count=waiting))
        if interrupted:
            parts.append(msg("{count} interrupted", count=interrupted))
        if not parts:
            return msg("The queue is empty and paused.") if self.paused else ""
        counts = joined(parts, ", ")
        return msg("Queue: {counts}; paused.", counts=counts) if self.paused else msg("Queue: {counts}.", counts=counts)
