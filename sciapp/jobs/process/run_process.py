"""The run process: read the plan, execute it, append events, write the state."""

import contextlib
import faulthandler
import logging
import os
import signal
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from sciapp.errors import (
    MEMORY_NOT_ENOUGH,
    USE_LESS_MEMORY,
    Cancelled,
    OutOfSpace,
    RunProblem,
    SciAppError,
    system_refusal,
)
from sciapp.i18n import joined, msg
from sciapp.jobs.machine.liveness import this_process
from sciapp.jobs.machine.oom_killer import memory_watched
from sciapp.jobs.machine.power import be_nice, prevent_sleep
from sciapp.jobs.process.folder_watch import ends_with_folder
from sciapp.jobs.process.notification import tell_ended
from sciapp.jobs.process.ranks import end_others, follow_leader, is_follower, start_others
from sciapp.jobs.process.tensorboard import TensorboardLog
from sciapp.jobs.queue.queue import follow_on
from sciapp.jobs.runs.follow_up import follow_text, next_run
from sciapp.records.atomic import explaining_out_of_space
from sciapp.records.lock import ProjectLock
from sciapp.records.run.events import CheckpointSaved, Event, Noted, ResourcesUsed, RunEnded, StepTaken, Validated
from sciapp.records.run.run import Run, RunState

_STATE_EVERY = 1.0  # seconds between two updates of the step in state.json
_ASK_EVERY = 0.2  # seconds between two looks at request.json
_NOT_EXECUTED = 2  # exit code: it has ended before, or another process has it
_DYING = 5.0  # seconds that a killed process may hold its lock after it looks dead


class RequestFile:
    """The stop flag of a run: reads `request.json`, and hears SIGTERM as a request to cancel."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._verb: str | None = None
        self._looked = -_ASK_EVERY
        signal.signal(signal.SIGTERM, lambda *_: self._hear("cancel"))

    def stop_requested(self) -> bool:
        return self._current() == "stop"

    def cancel_requested(self) -> bool:
        return self._current() == "cancel"

    def _hear(self, verb: str) -> None:
        self._verb = verb

    def _current(self) -> str | None:
        now = time.monotonic()
        if self._verb != "cancel" and now - self._looked >= _ASK_EVERY:
            self._looked = now
            self._verb = self._run.request() or self._verb
        return self._verb


def main(folder: str) -> int:
    """Execute the run in `folder`; 0 when it ended well, 1 when it failed, 2 when it may not be executed.

    Started by torchrun or `accelerate launch` as one of several processes, all but the first train along.
    """
    if is_follower():
        return follow_leader(folder)
    run = Run(Path(folder))
    faulthandler.enable()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    # Two processes on one folder would ruin each other's checkpoints; the lock dies with its process.
    lock = ProjectLock(run.lock_file)
    if not _acquired(lock):
        logging.error("run %s is executed by another process", run.id)
        return _NOT_EXECUTED
    began = time.monotonic()
    try:
        with ends_with_folder(run):
            code = _execute(run)
    finally:
        lock.release()
    if code != _NOT_EXECUTED:
        tell_ended(run, seconds=time.monotonic() - began)
    return code


def _acquired(lock: ProjectLock) -> bool:
    """True if the lock is ours; a process that was killed a moment ago holds it until its last thread has died."""
    patience = time.monotonic() + _DYING
    while not lock.acquire():
        if time.monotonic() > patience:
            return False
        time.sleep(_ASK_EVERY)
    return True


def _execute(run: Run) -> int:
    if sys.platform != "win32":
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C in a terminal belongs to whoever follows the run
    be_nice()
    started = _sign(run)
    if started is None:
        return _NOT_EXECUTED
    flag = RequestFile(run)

    def note(event: Event) -> None:
        nonlocal started
        assert started is not None
        started = _note(run, event, started)

    try:
        run.check_inside()
        run.keep_room_for_last_words()
        run.drop_torn_event()
        with accompanied(run, note) as emit:
            _carry_out(run, flag, emit)
        following = next_run(run, stopped=flag.stop_requested())
        if following is not None:
            started = _note(run, Noted(message=follow_text(following, run)), started)
    except Cancelled:
        return _end(run, started, "cancelled")
    except SciAppError as error:
        logging.info("%s", traceback.format_exc())
        return _end(run, started, "failed", error.message, error.hint)
    except Exception as error:
        logging.exception("unexpected")
        return _end(run, started, "failed", *phrased(error))
    code = _end(run, started, "stopped" if flag.stop_requested() else "finished")
    if following is not None:
        _begin(run, following)
    return code


def _begin(run: Run, following: Run) -> None:
    """Start what comes after this run, which has ended: whatever goes wrong now is not its failure."""
    try:
        follow_on(run, following)
    except (OSError, SciAppError):
        logging.exception("run %s could not be started", following.id)


def _carry_out(run: Run, flag: RequestFile, emit: Callable[[Event], None]) -> None:
    # Imported here, after the state is signed: torch takes seconds, and the window wants to know that we are there.
    from sciapp.engine.runs.execute import check_devices, execute
    from sciapp.engine.runtime.progress import RunProgress

    plan = run.plan()
    check_devices(plan)
    others = start_others(run, plan)
    try:
        execute(plan, run, RunProgress(emit, flag))
    finally:
        end_others(others)


def _sign(run: Run) -> RunState | None:
    """Write that this process executes the run, before anything heavy is imported."""
    try:
        before = run.state()
    except RunProblem:
        logging.exception("the run cannot be executed")
        return None
    if before.status in {"finished", "stopped"}:
        logging.error("run %s has ended already", run.id)
        return None
    pid, moment, host = this_process()
    state = before.model_copy(
        update={
            "status": "running",
            "pid": pid,
            "process_started": moment,
            "host": host,
            **memory_watched(),
            "queued": False,
            "started": before.started or datetime.now(UTC),
            "ended": None,
            "message": "",
            "hint": "",
        }
    )
    run.write_state(state)
    return state


def _note(run: Run, event: Event, state: RunState) -> RunState:
    """Put the event on disk, and the step into the state once a second."""
    with explaining_out_of_space(run.events_file):
        run.append_event(event)
        if isinstance(event, CheckpointSaved | Validated):
            _sync(run.events_file)
    if not isinstance(event, StepTaken):
        return state
    state = state.model_copy(update={"step": event.step, "total_steps": event.total_steps})
    if time.time() - _last_write(run.state_file) >= _STATE_EVERY:
        run.write_state(state)
    return state


def _end(run: Run, state: RunState, ending: str, message: str = "", hint: str = "") -> int:
    """Write how it ended, on a full disk too; the event may not fit there, the state does."""
    logging.info("run %s: %s %s %s", run.id, ending, message, hint)
    ended = {"status": ending, "ended": datetime.now(UTC), "message": message, "hint": hint}
    with contextlib.suppress(OSError, SciAppError):
        run.append_event(RunEnded.model_validate({"ending": ending, "message": joined([message, hint])}))
        _sync(run.events_file)
    try:
        run.write_last_state(RunState.model_validate(state.model_dump() | ended))
    except (OSError, SciAppError):
        logging.exception("the state could not be written")
    return 1 if ending == "failed" else 0


def phrased(error: Exception) -> tuple[str, str]:
    """The message and the hint for an error that nobody expected."""
    from sciapp.engine.runtime.out_of_memory import is_out_of_memory  # torch, which a failed run has loaded mostly

    if isinstance(error, MemoryError) or is_out_of_memory(error):
        return msg("{problem}.", problem=MEMORY_NOT_ENOUGH), USE_LESS_MEMORY
    message, file = system_refusal(error) or (msg("Something unexpected happened: {error}", error=error), "")
    return message, joined([file, msg("The run's log.txt has the details; the checkpoints are still there.")])


def _last_write(file: Path) -> float:
    try:
        return file.stat().st_mtime
    except OSError:
        return 0.0


def _sync(file: Path) -> None:
    descriptor = os.open(file, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


# What goes along with every run, and may never end one: TensorBoard's file, staying awake, the memory it took.


@contextlib.contextmanager
def accompanied(run: Run, note: Callable[[Event], None]) -> Iterator[Callable[[Event], None]]:
    """Takes events while the block runs: `note` puts each on disk, then the others hear it; at the end what was used.

    Also for a run that fails, which may have failed for want of memory; only a full disk is not written to again.
    """
    log, last = TensorboardLog(run.tensorboard_folder), None

    def emit(event: Event) -> None:
        nonlocal last
        note(event)
        log.hear(event)
        last = event if isinstance(event, StepTaken) else last

    with prevent_sleep() as remark:
        try:
            if remark:
                emit(Noted(message=remark))
            yield emit
            note(_used(last))
        except OutOfSpace:
            raise
        except Exception:
            note(_used(last))
            raise
        finally:
            log.close()


def _used(last: StepTaken | None) -> ResourcesUsed:
    # torch is here already: whatever was executed has imported it.
    from sciapp.engine.runtime.peak_memory import peak_gpu_memory, peak_memory

    pace = last.tokens / last.seconds if last is not None and last.seconds > 0 else None
    return ResourcesUsed(peak_memory=peak_memory(), peak_gpu_memory=peak_gpu_memory(), tokens_per_second=pace)
