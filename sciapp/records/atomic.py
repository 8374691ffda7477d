"""Write files so that a power cut leaves the old one or the new one, never half of either."""

import errno
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TextIO

from sciapp.errors import BadInput, OutOfSpace


def write_bytes(path: Path, content: bytes) -> None:
    """Replace `path` by `content`: temp file in the same folder, fsync, rename. Raises OutOfSpace on a full disk."""
    with out_of_space_said(path):
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".tmp")
        temporary = Path(name)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            temporary.chmod(0o666 & ~_umask())  # mkstemp's files are for their owner alone; a lab shares projects
            temporary.replace(path)
        except BaseException:
            with suppress(OSError):
                temporary.unlink()
            raise
        sync_folder(path.parent)


def write_text(path: Path, text: str) -> None:
    """Like `write_bytes`, in UTF-8 with plain newlines whatever the system's habit."""
    write_bytes(path, text.encode("utf-8"))


def write_json(path: Path, value: Any) -> None:
    """Like `write_text`, indented, keys in the order given."""
    write_text(path, json.dumps(value, indent=2, ensure_ascii=False) + "\n")


@contextmanager
def new_file(path: Path) -> Iterator[TextIO]:
    """Write text line by line to a temporary file that takes the place of `path` at the end; not after an error."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".tmp")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(0o666 & ~_umask())
        temporary.replace(path)
    except BaseException:
        with suppress(OSError):
            temporary.unlink()
        raise
    sync_folder(path.parent)


def keep_room(path: Path, size: int = 1 << 14) -> None:
    """Take `size` bytes of the disk now, so that `write_in_room` can still speak when the disk is full."""
    write_bytes(path, b" " * size)


def write_in_room(room: Path, path: Path, text: str) -> None:
    """Like `write_text`, but within the bytes of `room`, which becomes `path`: neither step needs free space."""
    with room.open("r+b") as file:
        file.write(text.encode("utf-8"))
        file.truncate()
        file.flush()
        os.fsync(file.fileno())
    room.replace(path)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make a rename inside `folder` durable; a no-op where folders cannot be synced (Windows)."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def new_folder(path: Path) -> Iterator[Path]:
    """Fill a folder under a temporary name and rename it to `path` at the end; on an error nothing is left.

    Raises FileExistsError when `path` exists and is not empty.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with out_of_space_said(path):
        temporary = Path(tempfile.mkdtemp(dir=path.parent, prefix=f".new-{path.name}-"))
        temporary.chmod(0o777 & ~_umask())
        try:
            yield temporary
            for file in temporary.rglob("*"):
                if file.is_file():
                    file.chmod(0o666 & ~_umask())  # some libraries write for the owner alone
                    _sync_file(file)
            if path.exists() and any(path.iterdir()):
                raise FileExistsError(errno.EEXIST, "already there", str(path))
            temporary.replace(path)
        except BaseException:
            shutil.rmtree(temporary, ignore_errors=True)
            raise
        sync_folder(path.parent)


def _umask() -> int:
    """The user's own mask; it can only be read by setting it."""
    mask = os.umask(0o022)
    os.umask(mask)
    return mask


def _sync_file(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def out_of_space_said(path: Path, hint: str = "") -> Iterator[None]:
    """Turn the system's ENOSPC and EDQUOT into OutOfSpace, which says where and what to do.

    hint: what to do, where there is nothing to resume; it takes the place of what was said further inside.
    """
    usual = "Free some space there and resume; what was finished before is kept."
    try:
        yield
    except OutOfSpace as error:
        if not hint:
            raise
        raise OutOfSpace(error.message, hint=hint, context=error.context) from error
    except OSError as error:
        if error.errno in {errno.ENOSPC, getattr(errno, "EDQUOT", -1)}:
            raise OutOfSpace("The disk is full.", hint=hint or usual, context=str(path)) from error
        raise


@dataclass
class Made:
    """What was made so far, to be taken away again should it come to nothing."""

    files: list[Path] = field(default_factory=list)
    folders: list[Path] = field(default_factory=list)

    def make_folder(self, folder: Path) -> None:
        """Make a folder with those above it; one that is there already stays, whatever comes. Raises OSError."""
        missing = [one for one in (folder, *folder.parents) if not one.exists()]
        for one in reversed(missing):
            one.mkdir(exist_ok=True)
            self.folders.append(one)


@contextmanager
def nothing_left_behind() -> Iterator[Made]:
    """Make files and folders where they are to stay; on an error those that were made are removed.

    For folders that somebody may stand in already (`sciapp new .`); `new_folder` would exchange them.
    """
    made = Made()
    try:
        yield made
    except BaseException:
        for file in made.files:
            with suppress(OSError):
                file.unlink()
        for folder in reversed(made.folders):
            with suppress(OSError):  # not empty: somebody else put something there
                folder.rmdir()
        raise


def unwritable(out: Path, error: OSError) -> BadInput:
    """What to raise where a file that somebody asked for cannot be written."""
    return BadInput(
        f"“{out.name}” could not be written: {error.strerror or error}.",
        hint="Choose another place.",
        context=str(out),
    )
