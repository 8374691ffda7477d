"""Have run processes forked by the nursery, in place of `processes.started_process`."""

import contextlib
import json
import os
import socket
import subprocess
from collections.abc import Mapping, Sequence
from typing import IO, Any

import psutil

from sciapp.jobs.launch import processes
from tests.helpers.nursery import NURSERY

_plain = processes.started_process


class Forked:
    """What callers ask of a Popen, for a process that is a child of the nursery's and reaped there."""

    stdin = None

    def __init__(self, pid: int) -> None:
        self.pid, self.returncode = pid, 0
        self._process: psutil.Process | None = None
        with contextlib.suppress(psutil.NoSuchProcess):  # it has ended already
            self._process = psutil.Process(pid)

    def poll(self) -> int | None:
        return None if self._process is not None and self._process.is_running() else self.returncode

    def wait(self, timeout: float | None = None) -> int:
        if self._process is not None:
            self._process.wait(timeout)
        return self.returncode


def started_process(
    arguments: Sequence[str], environment: Mapping[str, str], *, stdin: int, output: IO[bytes]
) -> "subprocess.Popen[bytes]":
    """As `processes.started_process`; a run process without a pipe to it is forked."""
    path = os.environ.get(NURSERY)
    if path is None or arguments[0] != "run-child" or stdin != subprocess.DEVNULL:
        return _plain(arguments, environment, stdin=stdin, output=output)
    order = {"folder": arguments[1], "environment": processes.run_environment() | dict(environment)}
    with socket.socket(socket.AF_UNIX) as line:
        line.connect(path)
        socket.send_fds(line, [json.dumps(order).encode() + b"\n"], [output.fileno()])
        pid: Any = Forked(int(line.makefile().readline()))
    return pid


def ask_from_now_on() -> None:
    processes.started_process = started_process
