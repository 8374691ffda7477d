"""This computer: a run is a detached process here, and its folder lies on a disk that the process writes to."""

import os
import select
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack, suppress

import psutil

from sciapp.errors import SciAppError
from sciapp.i18n import msg
from sciapp.jobs.backends.base import HandOver, RunRequest
from sciapp.jobs.launch import processes
from sciapp.jobs.machine.devices import check_lane, choose_lane, environment_of
from sciapp.jobs.machine.liveness import LocalProcess, is_elsewhere, is_plainly_gone, process_of
from sciapp.records.run.run import LOCAL, Run, RunHandle, RunState, RunStatus


class LocalBackend:
    """Another computer that shares the disk is believed: of its processes nothing can be seen from here."""

    name = LOCAL
    title: str = msg("This computer")

    def lane(self, wanted: str, taken: Sequence[str], *, devices: int = 1) -> str:
        return check_lane(wanted) if wanted else choose_lane(taken, devices=devices)

    def environment(self, lane: str) -> Mapping[str, str]:
        return environment_of(lane)

    def start(self, run: Run, *, environment: Mapping[str, str], hand_over: HandOver | None = None) -> RunHandle:
        processes.reap()
        pid = hand_over(run, environment) if hand_over is not None else None
        if pid is None:
            pid = processes.spawn("run-child", str(run.folder), log=run.log_file, environment=environment)
        return RunHandle.model_validate({"backend": self.name, **LocalProcess.of(pid).model_dump()})

    def is_gone(self, run: Run, state: RunState, handle: RunHandle | None) -> bool:
        if is_elsewhere(state):
            return False
        signed = RunStatus(state.status) is RunStatus.RUNNING
        launched = None if signed or handle is None else LocalProcess.in_handle(handle)
        return is_plainly_gone(run, launched or state)

    def ask(self, run: Run, handle: RunHandle | None, request: RunRequest) -> None:
        run.write_request(request)

    def kill(self, run: Run, handle: RunHandle | None) -> None:
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
        processes.reap()

    def collect(self, run: Run, handle: RunHandle | None) -> None:
        """Nothing: everything is in the folder already."""

    def wait(self, runs: Sequence[Run], seconds: float) -> None:
        _until_one_ends([pid for run in runs if (pid := _pid(run)) is not None], seconds)


def _pid(run: Run) -> int | None:
    try:
        process = process_of(run.state())
    except SciAppError:
        return None
    return process.pid if process is not None else None


def _until_one_ends(pids: Sequence[int], seconds: float) -> None:
    """Return when one of the processes ends, at the latest after `seconds`.

    Linux tells through a pidfd, of children and strangers alike; elsewhere the time is slept away.
    """
    if not hasattr(os, "pidfd_open") or not pids:
        time.sleep(seconds)
        return
    with ExitStack() as opened:
        poll = select.poll()
        for pid in pids:
            with suppress(OSError):  # gone already, or not ours to watch: the next look finds out
                descriptor = os.pidfd_open(pid)
                opened.callback(os.close, descriptor)
                poll.register(descriptor, select.POLLIN)
        poll.poll(seconds * 1000)
