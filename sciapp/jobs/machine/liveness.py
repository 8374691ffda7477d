"""The process of a run: whether it is there, and whether it is plain that it is gone."""

import socket

import psutil
from pydantic import ConfigDict, ValidationError

from sciapp.records.base import Frozen
from sciapp.records.lock import is_held
from sciapp.records.run.run import Run, RunHandle, RunState

_SAME_MOMENT = 2.0  # seconds; creation times are rounded differently by different systems


class LocalProcess(Frozen):
    """A process of a computer: a number alone is given to another process one day. process_started in seconds since
    1970, None for one that had ended before anybody could look."""

    model_config = ConfigDict(frozen=True, extra="ignore")
    pid: int
    process_started: float | None = None
    host: str = ""

    @classmethod
    def of(cls, pid: int) -> "LocalProcess":
        """The process of this computer that has the number now."""
        try:
            began: float | None = psutil.Process(pid).create_time()
        except psutil.Error:  # it has ended already
            began = None
        return cls(pid=pid, process_started=began, host=socket.gethostname())

    @classmethod
    def in_handle(cls, handle: RunHandle) -> "LocalProcess | None":
        """The process that a handle of the local backend names; None for a damaged one."""
        try:
            return cls.model_validate(handle.identity)
        except ValidationError:
            return None


def this_process() -> tuple[int, float, str]:
    """pid, creation time (seconds since 1970) and host, as a run's state keeps them."""
    me = psutil.Process()
    return me.pid, me.create_time(), socket.gethostname()


def process_of(state: RunState) -> psutil.Process | None:
    """The living process that executes the run; None when it is gone, a zombie, or another that got its number."""
    if state.pid is None or state.host != socket.gethostname():
        return None
    try:
        process = psutil.Process(state.pid)
        same = state.process_started is None or abs(process.create_time() - state.process_started) < _SAME_MOMENT
        # A killed child that its parent has not reaped is a zombie: dead, though its number is still taken.
        return process if same and process.status() != psutil.STATUS_ZOMBIE else None
    except (psutil.Error, ValueError, OverflowError):  # a number that no process can have
        return None


def is_plainly_gone(run: Run, signed: RunState | LocalProcess) -> bool:
    """True if the process that signed, or was launched, is gone and nobody else executes the run: its number is
    nobody's or another's, and the lock that a run process holds as long as it lives is free.

    A question that the system does not answer is no evidence. The lock is what counts when a clock was put right:
    the moments at which processes began move with it.
    """
    if signed.pid is not None and (signed.host not in {"", socket.gethostname()} or not _is_nobody(signed)):
        return False
    return not is_held(run.lock_file)


def _is_nobody(signed: RunState | LocalProcess) -> bool:
    try:
        process = psutil.Process(signed.pid)
        moment = signed.process_started
        if moment is not None and abs(process.create_time() - moment) >= _SAME_MOMENT:
            return True
        return bool(process.status() == psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:  # a zombie's too
        return True
    except psutil.Error:
        return False


def is_elsewhere(state: RunState) -> bool:
    """True when another computer on a shared disk executes the run: its word is all there is."""
    return bool(state.host) and state.host != socket.gethostname()
