"""Start runs as processes of their own, ask them to end, and end them by force as the last resort."""

import contextlib
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

import psutil

from sciapp.errors import OutOfSpace, RunProblem
from sciapp.i18n import msg
from sciapp.jobs.machine.liveness import process_of
from sciapp.jobs.runs.follow import standing
from sciapp.records.atomic import write_text
from sciapp.records.inside import open_to_append
from sciapp.records.run.run import Launched, Run, RunStatus

_OF_A_TEAM = {"RANK", "LOCAL_RANK", "WORLD_SIZE", "LOCAL_WORLD_SIZE", "MASTER_ADDR", "MASTER_PORT"}

HandOver = Callable[[Run, Mapping[str, str]], int | None]

_children: list[subprocess.Popen[bytes]] = []


def own_command(*arguments: str) -> list[str]:
    """The command that starts this program again, from source or frozen in a bundle."""
    if getattr(sys, "frozen", False):
        return [sys.executable, *arguments]
    return [sys.executable, "-m", "sciapp", *arguments]


def run_environment() -> dict[str, str]:
    """The environment of a run process; read by OpenMP and the tokenizers when they load, so it is set before."""
    # A run that follows on one of several devices is no member of that one's team.
    environment = {name: value for name, value in os.environ.items() if name not in _OF_A_TEAM}
    # With threads that spin while they wait, one other busy process makes training fifteen times slower.
    environment.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    environment.setdefault("TOKENIZERS_PARALLELISM", "false")
    environment.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    environment["PYTHONUTF8"] = "1"
    return environment


def start(run: Run, *, environment: Mapping[str, str] | None = None, hand_over: HandOver | None = None) -> int:
    """Start the run's process, detached: it outlives whoever started it. Returns its pid; raises RunProblem.

    environment: what the process is told beyond our own environment. hand_over: asks a process that stands by to
    become the run's; where that answers None, a fresh one is started.
    """
    reap()
    run.check_inside()
    # Said before the process exists: a follower must not take the old, dead process for the end of the story.
    waiting = {
        "status": "waiting",
        "pid": None,
        "host": "",
        "launched": datetime.now(UTC),
        "queued": False,
        "ended": None,
        "message": "",
    }
    run.launched_file.unlink(missing_ok=True)  # first: what it says is of an earlier process
    run.write_state(run.state().model_copy(update=waiting))
    told = environment or {}
    pid = hand_over(run, told) if hand_over is not None else None
    if pid is None:
        pid = spawn("run-child", str(run.folder), log=run.log_file, environment=told)
    with contextlib.suppress(OSError, OutOfSpace):  # the process is there; without this it has a minute to sign
        write_text(run.launched_file, _launched(pid).model_dump_json() + "\n")
    return pid


def _launched(pid: int) -> Launched:
    """A process that lives is known by its number and its beginning."""
    try:
        began: float | None = psutil.Process(pid).create_time()
    except psutil.Error:  # it has ended already
        began = None
    return Launched(pid=pid, process_started=began, host=socket.gethostname())


def spawn(*arguments: str, log: Path, environment: Mapping[str, str] | None = None) -> int:
    """Start this program as a detached process of its own that writes to `log`; its pid. Raises RunProblem."""
    with open_to_append(log) as file:
        child = started_process(arguments, environment or {}, stdin=subprocess.DEVNULL, output=file)
    _children.append(child)
    return int(child.pid)


def started_process(
    arguments: Sequence[str], environment: Mapping[str, str], *, stdin: int, output: IO[bytes]
) -> "subprocess.Popen[bytes]":
    """This program again, detached; the caller answers for reaping it. Raises RunProblem."""
    try:
        return subprocess.Popen(
            own_command(*arguments),
            stdin=stdin,
            stdout=output,
            stderr=output,
            env=run_environment() | dict(environment),
            cwd=_neutral_folder(),
            **_detached(),
        )
    except OSError as error:
        raise RunProblem(
            msg("The run process could not be started: {reason}.", reason=error.strerror),
            hint=msg("Close other programs and try again."),
            context=str(error),
        ) from error


def ask_to_stop(run: Run) -> None:
    """End training now, keep the best model so far and evaluate it."""
    _ask(run, "stop")


def ask_to_cancel(run: Run) -> None:
    """End and leave the folder as it stands."""
    _ask(run, "cancel")


def resume(run: Run) -> int:
    """Go on from the last checkpoint. Raises RunProblem for a run that is on or that ended well."""
    must_be_resumable(run)
    run.clear_request()
    return start(run)


def must_be_resumable(run: Run) -> None:
    """Raise RunProblem for a run that is on, waits, or ended well."""
    now = standing(run)
    if not now.can_resume:
        raise RunProblem(
            msg("Run {run} cannot be resumed: it is {now}.", run=run.id, now=now), hint=_instead_of_resuming(run, now)
        )


def _instead_of_resuming(run: Run, now: RunStatus) -> str:
    if not now.is_over:
        return "It goes on by itself."
    if not run.plan().fits_labels:
        return "Start a new run instead."
    more = f'sciapp train "{run.project_folder}" --continue {run.id} --epochs N'
    return f"For more passes over the data press “Train on…” in the Training tab, or: {more}"


def kill_tree(run: Run) -> None:
    """End the run's process and all its children by force; harmless when it is gone."""
    process = process_of(run.state())
    if process is None:
        return
    try:
        family = [*process.children(recursive=True), process]
    except psutil.Error:
        family = [process]
    for member in family:
        try:
            member.kill()
        except psutil.Error:  # gone meanwhile
            continue
    psutil.wait_procs(family, timeout=10)
    reap()


def adopt(child: "subprocess.Popen[bytes]") -> None:
    """Reap this child when it has ended, like those that were started here."""
    _children.append(child)


def reap() -> None:
    """Take note of children that ended, so that none stays as a zombie."""
    _children[:] = [child for child in _children if child.poll() is None]


def _ask(run: Run, verb: str) -> None:
    now = standing(run)
    if now not in {RunStatus.RUNNING, RunStatus.WAITING}:
        raise RunProblem(msg("Run {run} is not on: it is {now}.", run=run.id, now=now))
    run.write_request("stop" if verb == "stop" else "cancel")


def _neutral_folder() -> Path:
    """Not the caller's folder: a run must not keep a USB stick from being unmounted."""
    return Path.home() if Path.home().is_dir() else Path("/")


def _detached() -> dict[str, Any]:
    if sys.platform == "win32":
        flags = subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.DETACHED_PROCESS | subprocess.CREATE_NO_WINDOW
        return {"creationflags": flags | subprocess.BELOW_NORMAL_PRIORITY_CLASS}
    return {"start_new_session": True}
