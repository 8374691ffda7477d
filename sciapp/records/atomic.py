"""Write files so that a power cut leaves the old one or the new one, never half of either."""

import errno
import io
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, TextIO

from sciapp.errors import BadInput, OutOfSpace
from sciapp.i18n import msg
from sciapp.records.project_paths import open_to_change
from sciapp.records.stale_drafts import claim


def write_bytes(path: Path, content: bytes) -> None:
    """Replace `path` by `content`: temp file in the same folder, fsync, rename. Raises OutOfSpace on a full disk."""
    with explaining_out_of_space(path):
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".tmp")
        temporary = Path(name)
        try:
            with os.fdopen(handle, "wb") as file:
                claim(handle)
                file.write(content)
                _finish(file, temporary)
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
def new_file(path: Path, encoding: str = "utf-8") -> Iterator[TextIO]:
    """Write text line by line to a temporary file that takes the place of `path` at the end; not after an error."""
    with new_binary_file(path) as file:
        text = io.TextIOWrapper(file, encoding=encoding, newline="")
        try:
            yield text
        except BaseException:
            with suppress(OSError):  # what is half written is removed anyway
                text.detach()
            raise
        text.detach()  # written out, and the file stays open for what is left to do


@contextmanager
def new_binary_file(path: Path) -> Iterator[IO[bytes]]:
    """The same for bytes."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".tmp")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            claim(handle)
            yield file
            _finish(file, temporary)
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
    with open_to_change(room) as file:
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
def new_folder(path: Path, *, parents: bool = True) -> Iterator[Path]:
    """Fill a folder under a temporary name and rename it to `path` at the end; on an error nothing is left.

    parents: make the folders above it; without that they must be there, and one that somebody removed stays removed.
    Raises FileExistsError when `path` exists and is not empty.
    """
    if parents:
        path.parent.mkdir(parents=True, exist_ok=True)
    with explaining_out_of_space(path):
        temporary = Path(tempfile.mkdtemp(dir=path.parent, prefix=f".new-{path.name}-"))
        temporary.chmod(0o777 & ~_umask())
        try:
            with _claimed(temporary):  # to the rename: bringing large files to the disk may take minutes
                yield temporary
                for file in temporary.rglob("*"):
                    if file.is_file() and not file.is_symlink():
                        file.chmod(0o666 & ~_umask())  # some libraries write for the owner alone
                        _sync_file(file)
                if path.exists() and any(path.iterdir()):
                    raise FileExistsError(errno.EEXIST, msg("already there"), str(path))
                temporary.replace(path)
        except BaseException:
            shutil.rmtree(temporary, ignore_errors=True)
            raise
        sync_folder(path.parent)


@contextmanager
def _claimed(folder: Path) -> Iterator[None]:
    """While the block runs others see that the draft has an owner; a no-op where folders cannot be opened (Windows)."""
    if os.name == "nt":
        yield
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        claim(descriptor)
        yield
    finally:
        os.close(descriptor)


def _finish(file: IO[Any], temporary: Path) -> None:
    """On disk, and readable for others: mkstemp's files are for their owner alone, and a lab shares projects."""
    file.flush()
    os.fsync(file.fileno())
    if hasattr(os, "fchmod"):  # of the very file that was written, whatever lies under its name by now
        os.fchmod(file.fileno(), 0o666 & ~_umask())
    else:
        temporary.chmod(0o666 & ~_umask())


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
def explaining_out_of_space(path: Path, hint: str = "") -> Iterator[None]:
    """Turn the system's ENOSPC and EDQUOT into OutOfSpace, which says where and what to do.

    hint: what to do, where there is nothing to resume; it takes the place of what was said further inside.
    """
    usual = msg("Free some space there and resume; what was finished before is kept.")
    try:
        yield
    except OutOfSpace as error:
        if not hint:
            raise
        raise OutOfSpace(error.message, hint=hint, context=error.context) from error
    except OSError as error:
        if error.errno in {errno.ENOSPC, getattr(errno, "EDQUOT", -1)}:
            raise OutOfSpace(msg("The disk is full."), hint=hint or usual, context=str(path)) from error
        raise


@dataclass
class CreatedPaths:
    """Paths made so far, to be removed again should it come to nothing."""

    files: list[Path] = field(default_factory=list)
    folders: list[Path] = field(default_factory=list)

    def make_folder(self, folder: Path) -> None:
        """Make a folder with those above it; one that is there already stays, whatever comes. Raises OSError."""
        missing = [one for one in (folder, *folder.parents) if not one.exists()]
        for one in reversed(missing):
            one.mkdir(exist_ok=True)
            self.folders.append(one)


@contextmanager
def nothing_left_behind() -> Iterator[CreatedPaths]:
    """Make files and folders where they are to stay; on an error those that were made are removed.

    For folders that somebody may stand in already (`sciapp new .`); `new_folder` would exchange them.
    """
    made = CreatedPaths()
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
    """Error for a file that somebody asked for and that cannot be written."""
    return BadInput(
        msg("“{file}” could not be written: {reason}.", file=out.name, reason=error.strerror or error),
        hint=msg("Choose another place."),
        context=str(out),
    )
