"""Is the process that signed a run's state still there?"""

import socket

import psutil

from sciapp.records.run import RunState

_SAME_MOMENT = 2.0  # seconds; creation times are rounded differently by different systems


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
    except psutil.Error:
        return None


def is_elsewhere(state: RunState) -> bool:
    """True when another computer on a shared disk executes the run: its word is all there is."""
    return bool(state.host) and state.host != socket.gethostname()
