"""A run is a folder. The engine writes it; everyone else reads it."""

from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, Literal

from pydantic import AwareDatetime, ConfigDict, Field

from sciapp.errors import BadInput, OutOfSpace, RunProblem
from sciapp.i18n import Text, joined, msg
from sciapp.records.annotation import Annotation, read_annotation
from sciapp.records.atomic import keep_room, write_in_room, write_json, write_text
from sciapp.records.plan.plan import Frozen, Plan, TrainPlan, is_fine_tuning, read_saved_plan
from sciapp.records.project_paths import check_inside, check_tree, open_to_append, open_to_change
from sciapp.records.regular import json_in, open_regular, text_in
from sciapp.records.run.evaluation import Evaluation
from sciapp.records.run.events import Event, from_line, lines_of, to_line, whole_lines
from sciapp.records.run.pretraining import Pretraining
from sciapp.records.run.state_recovery import recovered_fields


class RunStatus(StrEnum):
    """Status of a run. INTERRUPTED is never written: it is what readers call a running run whose process is gone."""

    WAITING = "waiting"
    RUNNING = "running"
    FINISHED = "finished"
    STOPPED = "stopped"
    CANCELLED = "cancelled"
    FAILED = "failed"
    INTERRUPTED = "interrupted"

    @property
    def is_over(self) -> bool:
        return self not in {RunStatus.WAITING, RunStatus.RUNNING}

    @property
    def has_model(self) -> bool:
        return self in {RunStatus.FINISHED, RunStatus.STOPPED}

    @property
    def can_resume(self) -> bool:
        return self in {RunStatus.INTERRUPTED, RunStatus.CANCELLED, RunStatus.FAILED}


STATUS_WORDS = (
    msg("waiting"),
    msg("running"),
    msg("finished"),
    msg("stopped"),
    msg("cancelled"),
    msg("failed"),
    msg("interrupted"),
)
"""Names of the statuses, for `term`."""


class RunState(Frozen):
    """`state.json`: who executes the run and how far it came."""

    model_config = ConfigDict(frozen=True, extra="ignore")
    status: Literal["waiting", "running", "finished", "stopped", "cancelled", "failed"] = "waiting"
    pid: int | None = Field(None, gt=0, lt=1 << 31)
    process_started: float | None = Field(None, description="seconds since 1970; tells a reused pid from the process")
    host: str = ""
    created: AwareDatetime
    launched: AwareDatetime | None = Field(None, description="when a process was last started for it")
    queued: bool = Field(False, description="it waits for its turn in the machine's queue")
    started: AwareDatetime | None = None
    ended: AwareDatetime | None = None
    step: int = Field(0, ge=0, lt=1 << 63)
    total_steps: int = Field(0, ge=0, lt=1 << 63)
    message: Text = ""
    hint: Text = ""
    memory_group: str = Field("", description="folder of the process's memory control group, where it has one")
    memory_kills: int = Field(0, description="processes of the group that the kernel had ended for memory by then")
    boot: str = Field("", description="which start of the system that was; counts begin anew with each")


class Outcome(Frozen):
    """End of a run, phrased for people."""

    run: str
    ending: RunStatus
    message: Text = ""
    hint: Text = ""
    began: bool = True

    def __str__(self) -> str:
        text = {
            RunStatus.FINISHED: msg("finished"),
            RunStatus.STOPPED: msg("was stopped; the best model so far was kept and evaluated"),
            RunStatus.CANCELLED: msg("was cancelled; what it had written is still there"),
            RunStatus.FAILED: msg("failed"),
            RunStatus.INTERRUPTED: msg("was interrupted: its process is gone; it can be resumed")
            if self.began
            else msg("has not begun, and no process of it is there; it can be resumed"),
            RunStatus.RUNNING: msg("is running"),
            RunStatus.WAITING: msg("is waiting"),
        }[self.ending]
        return joined([msg("Run {run} {text}.", run=self.run, text=text), self.message, self.hint])


def usual_name(id: str) -> str:
    """Name of a run that nobody gave one: “Run 3” for `003-train`; the id where no number begins it."""
    head, _, kind = id.partition("-")
    if not head.isdecimal() or not kind:
        return id
    return msg("Run {number}", number=int(head))


LOCAL = "local"
"""The backend that carries out runs on this computer."""


class RunHandle(Frozen):
    """`launched.json`: what the backend that started the run needs to find it again; its own keys are extra ones.

    For this computer number, beginning and host of a process, elsewhere perhaps the number of a job.
    """

    model_config = ConfigDict(frozen=True, extra="allow")
    backend: str = LOCAL

    @property
    def identity(self) -> dict[str, Any]:
        """The backend's own keys, with values of JSON."""
        return dict(self.model_extra or {})


def check_model(folder: Path) -> None:
    """Raise RunProblem where `model/` of a run, or a copy of it, holds no model."""
    if not (folder / "config.json").is_file():
        raise RunProblem(
            msg("This run has no saved model."), hint=msg("Choose a run that finished."), context=str(folder)
        )


class Run:
    """One run's folder: path names, plan, state, events, requests. Holds no open file."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.plan_file = folder / "plan.json"
        self.state_file = folder / "state.json"
        self.launched_file = folder / "launched.json"
        self.lock_file = folder / ".lock"  # held by the process that executes the run, as long as it lives
        self._last_words = folder / ".last-words.tmp"
        self.events_file = folder / "events.jsonl"
        self.log_file = folder / "log.txt"
        self.request_file = folder / "request.json"
        self.evaluation_file = folder / "evaluation.json"
        self.pretraining_file = folder / "pretraining.json"
        self.predictions_file = folder / "predictions.parquet"
        self.environment_file = folder / "environment.json"
        self.feature_selection_file = folder / "joining.json"
        self.continued_file = folder / "continued.json"
        self.checkpoints = folder / "checkpoints"
        self.model_folder = folder / "model"
        self.tensorboard_folder = folder / "tensorboard"

    @property
    def id(self) -> str:
        return self.folder.name

    @property
    def project_folder(self) -> Path:
        """runs/<id> lies two levels below the project."""
        return self.folder.parent.parent

    @property
    def annotation(self) -> Annotation:
        """Name, notes and tags that a person gave to the run; read anew each time."""
        return read_annotation(self.folder)

    @property
    def title(self) -> str:
        """The name that a person gave to the run, else its usual one: “Run 3”."""
        return self.annotation.name or usual_name(self.id)

    def plan(self) -> Plan:
        try:
            return read_saved_plan(json_in(self.plan_file))
        except (OSError, ValueError, TypeError, BadInput) as error:
            raise RunProblem(
                msg("The plan of run {run} cannot be read.", run=self.id), context=f"{self.plan_file}: {error}"
            ) from error

    def training_plan(self) -> TrainPlan:
        """The plan of a fine-tuning. Raises RunProblem, also for a run that is none."""
        plan = self.plan()
        if not is_fine_tuning(plan):
            raise RunProblem(
                msg("Run {run} is no fine-tuning: it {deed}.", run=self.id, deed=plan.deed),
                hint=msg("Choose a training."),
            )
        return plan

    def state(self) -> RunState:
        """State from `state.json`; where it is lost or damaged, from events and checkpoints. Raises RunProblem for a
        folder that has no plan either."""
        try:
            return RunState.model_validate_json(text_in(self.state_file))
        except (OSError, ValueError) as error:
            problem = f"{self.state_file}: {error}"
        try:
            self.plan()
            complete = self.evaluation_file.is_file() or self.pretraining_file.is_file()
            fields = recovered_fields(self.plan_file, self.events_file, self.checkpoints, complete=complete)
            return RunState.model_validate(fields)
        except (OSError, ValueError, RunProblem) as error:
            raise RunProblem(msg("The state of run {run} cannot be read.", run=self.id), context=problem) from error

    def launched(self) -> RunHandle | None:
        """The last launch of the run; None where nobody wrote that down, or not yet."""
        try:
            return RunHandle.model_validate_json(text_in(self.launched_file))
        except (OSError, ValueError):
            return None

    def check_inside(self) -> None:
        """Raise LeadsOutside or NoFile where anything in the folder is not the run's own."""
        check_tree(self.project_folder, self.folder)

    def write_state(self, state: RunState) -> None:
        self._write_text(self.state_file, state.model_dump_json(indent=2) + "\n")

    def keep_room_for_last_words(self) -> None:
        """Take the space on the disk that `write_last_state` needs; when the run is made, and at each of its starts."""
        self._check(self._last_words)
        keep_room(self._last_words)

    def write_last_state(self, state: RunState) -> None:
        """Write how the run ended; a disk that is full by now has room kept for it."""
        text = state.model_dump_json(indent=2) + "\n"
        try:
            self._write_text(self.state_file, text)
        except OutOfSpace:
            write_in_room(self._last_words, self.state_file, text)
        self._last_words.unlink(missing_ok=True)

    def events(self) -> list[Event]:
        """The whole history, torn lines left out. For a running run prefer `jobs.follow`, which reads what is new."""
        try:
            with open_regular(self.events_file) as file:
                return [event for line in lines_of(file) if (event := from_line(line)) is not None]
        except FileNotFoundError:
            return []
        except OSError as error:
            raise RunProblem(
                msg("The history of run {run} cannot be read.", run=self.id), context=f"{self.events_file}: {error}"
            ) from error

    def append_event(self, event: Event) -> None:
        """Called by the run process only; one write, so that readers see whole lines."""
        self._check(self.events_file)
        with open_to_append(self.events_file) as file:
            file.write(to_line(event).encode("utf-8"))

    def drop_torn_event(self) -> None:
        """Take away the half line that a power cut or a full disk left, before the next event is glued to it."""
        if not self.events_file.exists():
            return
        self._check(self.events_file)
        with open_to_change(self.events_file) as file:
            file.truncate(whole_lines(file))

    def evaluation(self) -> Evaluation | None:
        """The scores, or None for a run that was not evaluated. Raises RunProblem for a damaged file."""
        if not self.evaluation_file.exists():
            return None
        try:
            return Evaluation.model_validate_json(text_in(self.evaluation_file))
        except (OSError, ValueError) as error:
            context = f"{self.evaluation_file}: {error}"
            raise RunProblem(
                msg("The evaluation of run {run} cannot be read.", run=self.id), context=context
            ) from error

    def write_evaluation(self, evaluation: Evaluation) -> None:
        self._write_text(self.evaluation_file, evaluation.model_dump_json(indent=2) + "\n")

    def pretraining(self) -> Pretraining | None:
        """Result of a self-supervised run, or None. Raises RunProblem for a damaged file."""
        if not self.pretraining_file.exists():
            return None
        try:
            return Pretraining.model_validate_json(text_in(self.pretraining_file))
        except (OSError, ValueError) as error:
            context = f"{self.pretraining_file}: {error}"
            raise RunProblem(msg("The record of run {run} cannot be read.", run=self.id), context=context) from error

    def write_pretraining(self, record: Pretraining) -> None:
        self._write_text(self.pretraining_file, record.model_dump_json(indent=2) + "\n")

    def request(self) -> Literal["stop", "cancel"] | None:
        """Request of a person to the running process, if any."""
        try:
            verb = json_in(self.request_file)["verb"]
        except (OSError, ValueError, KeyError, TypeError):
            return None
        return verb if verb in {"stop", "cancel"} else None

    def write_request(self, verb: Literal["stop", "cancel"]) -> None:
        self._check(self.request_file)
        write_json(self.request_file, {"verb": verb, "time": datetime.now(UTC).isoformat()})

    def clear_request(self) -> None:
        self._check(self.request_file.parent)
        self.request_file.unlink(missing_ok=True)

    def _write_text(self, file: Path, text: str) -> None:
        self._check(file)
        write_text(file, text)

    def _check(self, file: Path) -> None:
        check_inside(self.project_folder, file)
