"""Drafts whose owner was killed: half-written files and folders under names that no list shows, taken away later.

Whoever writes a draft holds the system's own lock on it, which dies with the process; a draft that can be locked has no
owner any more. Where folders cannot be locked (Windows) only time tells.
"""

import os
import re
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

if sys.platform != "win32":
    import fcntl

_FILE = re.compile(r"\.(?P<name>.+)\.[a-z0-9_]{8}\.tmp")  # as `tempfile` names them
_FOLDER = re.compile(r"\.new-.+-[a-z0-9_]{8}|\.removed-.+")
_YOUNG = 60.0  # seconds; between a draft's making and its lock, and between its unlocking and its rename
_OLD = 86_400.0  # seconds, where nothing but time tells


def claim(descriptor: int) -> None:
    """Let others see that the draft behind this open file or folder has a living owner."""
    if sys.platform != "win32":
        with suppress(OSError):  # a file system without locks
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


def sweep(project: Path) -> None:
    """Remove the drafts of killed processes from a project's folder, never somebody's living ones. Raises nothing."""
    with suppress(OSError):
        for draft in _drafts(project):
            if _is_left(draft):
                if draft.is_dir():
                    shutil.rmtree(draft, ignore_errors=True)
                else:
                    draft.unlink(missing_ok=True)


def _drafts(project: Path) -> Iterator[Path]:
    """Links are passed over: what they lead to is not ours."""
    folders = [project, *(project / name for name in ("datasets", "runs", "reports", "studies", "trash"))]
    for parent in [folder for folder in folders if _is_own_folder(folder)]:
        for entry in list(parent.iterdir()):
            if _is_draft(entry):
                yield entry
            elif parent.name in {"datasets", "runs"} and _is_own_folder(entry):
                yield from filter(_is_draft, list(entry.iterdir()))


def _is_own_folder(path: Path) -> bool:
    return path.is_dir() and not path.is_symlink()


def _is_draft(entry: Path) -> bool:
    if entry.is_symlink():
        return False
    return bool(_FOLDER.fullmatch(entry.name) if entry.is_dir() else _FILE.fullmatch(entry.name))


def _is_left(draft: Path) -> bool:
    """True if nobody works on it: it lies there for a while, and neither it nor a lock file in it is held."""
    try:
        age = time.time() - draft.lstat().st_mtime
        if age < _YOUNG:
            return False
        if sys.platform == "win32":
            return age > _OLD
        held = [draft, *(draft.glob("*.lock") if draft.is_dir() else ())]
        return all(_can_be_locked(path) for path in held)
    except OSError:
        return False


def _can_be_locked(path: Path) -> bool:
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    finally:
        os.close(descriptor)
    return True
