"""One writer per project: a lock that says who holds it and dies with its process."""

import getpass
import io
import json
import os
import socket
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from sciapp.i18n import msg
from sciapp.records.project_paths import open_to_change
from sciapp.records.regular import json_in, open_regular

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

_FAR = 1 << 30  # Windows locks are mandatory: a byte far behind the text leaves the text readable


@dataclass(frozen=True)
class Holder:
    """The process that has the project open for writing."""

    user: str
    host: str
    pid: int
    since: str

    def __str__(self) -> str:
        return msg(
            "{user} on {host} (process {pid}, since {since})",
            user=self.user,
            host=self.host,
            pid=self.pid,
            since=self.since,
        )


class ProjectLock:
    """Held while a window has the project open for writing.

    The system's own file lock is the truth and vanishes with the process, so a stale lock file (crash, power cut)
    is taken over without a question; the text inside only says who holds it.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file: IO[str] | None = None

    def acquire(self) -> bool:
        """True when the lock is ours; False when another living process has it, or the folder cannot be written.

        Raises LeadsOutside for a link in its place.
        """
        if self._file is not None:
            return True
        try:
            file = io.TextIOWrapper(open_to_change(self.path, create=True), encoding="utf-8")
        except OSError:
            return False
        if not _try_lock(file):
            file.close()
            return False
        file.seek(0)
        file.truncate()
        json.dump(_ourselves(), file)
        file.flush()
        self._file = file
        return True

    def holder(self) -> Holder | None:
        """The holder of the lock, as far as the file says."""
        try:
            record = json_in(self.path)
            return Holder(str(record["user"]), str(record["host"]), int(record["pid"]), str(record["since"]))
        except (OSError, ValueError, KeyError, TypeError, OverflowError):
            return None

    def release(self) -> None:
        """Give the lock back; harmless when it is not held."""
        if self._file is None:
            return
        self._file.seek(0)
        self._file.truncate()
        self._file.flush()
        _unlock(self._file)
        self._file.close()
        self._file = None


def is_held(path: Path) -> bool:
    """True if a living process has the lock. Whoever tries to take it at this very moment may have to try again."""
    try:
        with open_regular(path) as file:
            if not _try_lock(file, shared=True):
                return True
            _unlock(file)
    except OSError:
        pass
    return False


def _ourselves() -> dict[str, str | int]:
    now = datetime.now(UTC).astimezone().strftime("%Y-%m-%d %H:%M")
    try:
        user = getpass.getuser()
    except (OSError, KeyError):  # a container's user without a name
        user = "someone"
    return {"user": user, "host": socket.gethostname(), "pid": os.getpid(), "since": now}


def _try_lock(file: IO[Any], *, shared: bool = False) -> bool:
    try:
        if sys.platform == "win32":
            file.seek(_FAR)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(file, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _unlock(file: IO[Any]) -> None:
    if sys.platform == "win32":
        file.seek(_FAR)
        msvcrt.locking(file.fileno(), msvcrt.LK_UNLCK, 1)
    else:
        fcntl.flock(file, fcntl.LOCK_UN)
