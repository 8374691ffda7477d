"""This program as a further process: the command, its environment, and children that are not left as zombies."""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, Any

from sciapp.errors import RunProblem
from sciapp.i18n import msg
from sciapp.records.project_paths import open_to_append

_OF_A_TEAM = {"RANK", "LOCAL_RANK", "WORLD_SIZE", "LOCAL_WORLD_SIZE", "MASTER_ADDR", "MASTER_PORT"}

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


def adopt(child: "subprocess.Popen[bytes]") -> None:
    """Reap this child when it has ended, like those that were started here."""
    _children.append(child)


def reap() -> int:
    """Take note of children that ended, so that none stays as a zombie; returns how many are alive."""
    _children[:] = [child for child in _children if child.poll() is None]
    return len(_children)


def _neutral_folder() -> Path:
    """Not the caller's folder: a run must not keep a USB stick from being unmounted."""
    return Path.home() if Path.home().is_dir() else Path("/")


def _detached() -> dict[str, Any]:
    if sys.platform == "win32":
        flags = subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.DETACHED_PROCESS | subprocess.CREATE_NO_WINDOW
        return {"creationflags": flags | subprocess.BELOW_NORMAL_PRIORITY_CLASS}
    return {"start_new_session": True}
