"""The machine's queue as it is written down: which runs wait for which device, and in which order.

Devices are the machine's and projects are many, so there is one queue for each user of a machine. It names run folders;
how far a run is, only its folder says.
"""

from datetime import UTC, datetime
from pathlib import Path

from pydantic import AwareDatetime, ConfigDict, Field

from sciapp.errors import RunProblem
from sciapp.i18n import Text, msg
from sciapp.records.atomic import write_text
from sciapp.records.base import Frozen
from sciapp.records.regular import json_in
from sciapp.records.run.run import LOCAL, Run

_REMARKS = 5  # the newest are kept


ALL_GPUS = "cuda"
"""The lane of runs that use several GPUs at once."""


def clash(lane: str, other: str) -> bool:
    """True if runs of these two lanes need the same device."""
    if ALL_GPUS in {lane, other}:
        return lane.startswith(ALL_GPUS) and other.startswith(ALL_GPUS)
    return lane == other


class Entry(Frozen):
    """A run that is on or waits. It stays in the queue until somebody has seen that the run is over."""

    model_config = ConfigDict(frozen=True, extra="ignore")
    folder: str = Field(description="the run's folder, absolute")
    backend: str = Field(LOCAL, description="where it is carried out")
    lane: str = Field("cpu", description="the device: cpu, cuda:0, …; runs of one lane come one after the other")
    added: AwareDatetime = Field(default_factory=lambda: datetime.now(UTC))
    resume: bool = Field(False, description="a person wants this interrupted run to go on")
    expected_seconds: float | None = Field(None, description="what the same training took before; None: not known")

    @property
    def run(self) -> Run:
        return Run(Path(self.folder))

    def of(self, following: Run) -> "Entry":
        """The entry of a run that takes this one's place, on the same device."""
        return Entry(folder=str(following.folder), backend=self.backend, lane=self.lane)

    def clashes_with(self, other: "Entry") -> bool:
        """True if the two need the same device."""
        return self.backend == other.backend and clash(self.lane, other.lane)


class Queue(Frozen):
    """The entries in their order over all lanes; a frozen value, changed by replacing it."""

    model_config = ConfigDict(frozen=True, extra="ignore")
    schema_version: int = 1
    paused: bool = Field(False, description="nothing is started; what is on goes on")
    entries: tuple[Entry, ...] = ()
    called: AwareDatetime | None = Field(None, description="when a keeper was started; taken out when it has come")
    remarks: tuple[Text, ...] = Field((), description="what happened to runs that could not have their turn")

    def entry_of(self, run: Run) -> Entry | None:
        return next((entry for entry in self.entries if entry.folder == str(run.folder)), None)

    def with_entry(self, entry: Entry, *, index: int | None = None) -> "Queue":
        """index: among the entries, the end if not given. An entry of the same run is replaced."""
        others = [other for other in self.entries if other.folder != entry.folder]
        others.insert(len(others) if index is None else index, entry)
        return self.model_copy(update={"entries": tuple(others)})

    def with_entries(self, entries: "tuple[Entry, ...] | list[Entry]") -> "Queue":
        return self.model_copy(update={"entries": tuple(entries)})

    def without(self, run: Run) -> "Queue":
        return self.with_entries([entry for entry in self.entries if entry.folder != str(run.folder)])

    def saying(self, remark: str) -> "Queue":
        """With a remark for whoever looks at the queue; the oldest give way."""
        others = [one for one in self.remarks if one != remark]
        return self.model_copy(update={"remarks": (*others, remark)[-_REMARKS:]})


class QueueFile:
    """`queue.json`; whoever changes it holds the queue's lock."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def read(self) -> Queue:
        """The queue; an empty one where there is none. A damaged file is put aside, never lost."""
        try:
            return Queue.model_validate(json_in(self.file))
        except FileNotFoundError:
            return Queue()
        except OSError as error:
            raise RunProblem(
                msg("The queue cannot be read: {reason}.", reason=error.strerror),
                hint=msg("Take what is in its file's place away; the runs in their projects are untouched."),
                context=str(self.file),
            ) from error
        except ValueError:  # no UTF-8, no JSON, no queue
            aside = self.file.with_suffix(".damaged.json")
            self.file.replace(aside)
            anew = Queue().saying(
                msg("The queue could not be read and begins anew; what it held: {aside}", aside=aside)
            )
            self.write(anew)  # the remark is for whoever looks, not for whoever came first
            return anew

    def write(self, queue: Queue) -> None:
        """Replace the file. Raises OutOfSpace, OSError."""
        write_text(self.file, queue.model_dump_json(indent=2) + "\n")
