"""Start runs, ask them to end, and end them by force as the last resort; wherever they are carried out."""

import contextlib
from collections.abc import Mapping
from datetime import UTC, datetime

from sciapp.errors import OutOfSpace, RunProblem
from sciapp.i18n import msg
from sciapp.jobs.backends.base import HandOver, RunRequest
from sciapp.jobs.backends.registry import backend_for, backend_named
from sciapp.jobs.runs.follow import standing
from sciapp.records.atomic import write_text
from sciapp.records.run.run import LOCAL, Run, RunHandle, RunStatus


def start(
    run: Run, *, environment: Mapping[str, str] | None = None, hand_over: HandOver | None = None, backend: str = LOCAL
) -> RunHandle:
    """Start the run, detached: it outlives whoever started it. Raises RunProblem, BadInput for an unknown backend.

    environment: what the run's process is told beyond our own environment. hand_over: asks a process that stands by to
    become the run's; where that answers None, a fresh one is started.
    """
    run.check_inside()
    carrying_out = backend_named(backend)
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
    handle = carrying_out.start(run, environment=environment or {}, hand_over=hand_over)
    with contextlib.suppress(OSError, OutOfSpace):  # it is started; without this its process has a minute to sign
        write_text(run.launched_file, handle.model_dump_json() + "\n")
    return handle


def ask_to_stop(run: Run) -> None:
    """End training now, keep the best model so far and evaluate it."""
    _ask(run, "stop")


def ask_to_cancel(run: Run) -> None:
    """End and leave the folder as it stands."""
    _ask(run, "cancel")


def resume(run: Run) -> None:
    """Go on from the last checkpoint. Raises RunProblem for a run that is on or that ended well."""
    must_be_resumable(run)
    run.clear_request()
    start(run)


def must_be_resumable(run: Run) -> None:
    """Raise RunProblem for a run that is on, waits, or ended well."""
    now = standing(run)
    if not now.can_resume:
        raise RunProblem(
            msg("Run {run} cannot be resumed: it is {now}.", run=run.id, now=now), hint=_instead_of_resuming(run, now)
        )


def _instead_of_resuming(run: Run, now: RunStatus) -> str:
    if not now.is_over:
        return msg("It goes on by itself.")
    if not run.plan().fits_labels:
        return msg("Start a new run instead.")
    more = f'sciapp train "{run.project_folder}" --continue {run.id} --epochs N'
    return msg("For more passes over the data press “Train on…” in the Training tab, or: {more}", more=more)


def kill_tree(run: Run) -> None:
    """End the run and all processes that it started by force; harmless when it is gone."""
    handle = run.launched()
    backend_for(run, handle).kill(run, handle)


def _ask(run: Run, request: RunRequest) -> None:
    now = standing(run)
    if now not in {RunStatus.RUNNING, RunStatus.WAITING}:
        raise RunProblem(msg("Run {run} is not on: it is {now}.", run=run.id, now=now))
    handle = run.launched()
    backend_for(run, handle).ask(run, handle, request)
