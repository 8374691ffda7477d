"""A run on more than one device: the run process leads, and each further device has a process of its own.

The leader starts the others with the variables that torchrun and `accelerate launch` set; started by one of those, all
of them are there already (`torchrun --nproc-per-node 2 -m sciapp run-child RUN`).
"""

import faulthandler
import logging
import os
import socket
import subprocess
import sys
import threading
from pathlib import Path

from sciapp.errors import BadInput, SciAppError
from sciapp.i18n import msg
from sciapp.jobs.launch.processes import own_command, run_environment
from sciapp.records.plan.plan import Plan
from sciapp.records.project_paths import open_to_append
from sciapp.records.run.run import Run

_LEADER = "SCIAPP_LEADER"
_LOOK = 1.0  # seconds between two looks at whether the leader is there


def is_follower() -> bool:
    """True if this process is one of several that train one model, and not the one that leads."""
    return int(os.environ.get("RANK", "0")) > 0


def start_others(run: Run, plan: Plan) -> list[subprocess.Popen[bytes]]:
    """Start the processes for all devices but the first, and tell this one that it leads. They end with it."""
    devices = plan.device_count
    if devices < 2 or "RANK" in os.environ:
        return []
    meeting = {
        "WORLD_SIZE": str(devices),
        "LOCAL_WORLD_SIZE": str(devices),
        "MASTER_ADDR": "127.0.0.1",
        "MASTER_PORT": str(_free_port()),
        _LEADER: str(os.getpid()),  # whoever asks for its parent may be too late to see it
    }
    os.environ.update(meeting, RANK="0", LOCAL_RANK="0")
    with open_to_append(run.log_file) as log:
        return [
            subprocess.Popen(
                own_command("rank-child", str(run.folder)),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env={**run_environment(), **meeting, "RANK": str(rank), "LOCAL_RANK": str(rank)},
            )
            for rank in range(1, devices)
        ]


def end_others(others: list[subprocess.Popen[bytes]]) -> None:
    """End what `start_others` started; most have ended by themselves by now."""
    for other in others:
        other.kill()
        other.wait()


def follow_leader(folder: str) -> int:
    """Train along in the run of `folder`; writes nothing but the log. 0 when the training ended, 1 when it failed."""
    faulthandler.enable()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    _end_with(int(os.environ.get(_LEADER, os.getppid())))
    from sciapp.engine.runs.execute import execute
    from sciapp.engine.runtime.progress import RunProgress

    run = Run(Path(folder))
    try:
        plan = run.plan()
        if not plan.trains:
            hint = msg("Start it as one process.")
            raise BadInput(msg("Only trainings can be carried out by several processes."), hint=hint)
        execute(plan, run, RunProgress())  # the leader hears people, and writes the events
    except SciAppError as error:
        logging.info("rank %s: %s %s", os.environ["RANK"], error.message, error.context)
        return 1
    return 0


def _end_with(leader: int) -> None:
    """A follower that waits for a leader who was killed would wait for hours."""

    def watch() -> None:
        while os.getppid() == leader:
            stopped.wait(_LOOK)
        os._exit(1)

    stopped = threading.Event()
    if sys.platform != "win32":  # where a process keeps its parent's number; there the broken connection ends it
        threading.Thread(target=watch, daemon=True).start()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
