"""Files read as data: regular ones only, bounded in size and in nesting, whatever else lies under their name."""

import errno
import json
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO, TextIO

from sciapp.i18n import msg

MOST_BYTES = 64 << 20
"""Bytes of a record; the largest that SciApp writes have some megabytes."""
MOST_DEPTH = 100
"""Lists and objects within each other; the deepest record that SciApp writes has about ten."""
MOST_LETTERS = 16 << 20
"""Letters of a line; a row of a table has some thousands."""

_KINDS = (
    (stat.S_ISDIR, msg("a folder")),
    (stat.S_ISFIFO, msg("a pipe")),
    (stat.S_ISSOCK, msg("a socket")),
    (stat.S_ISCHR, msg("a device")),
    (stat.S_ISBLK, msg("a device")),
)


def check_regular(path: Path) -> None:
    """Raise OSError for what is no regular file, or leads to none: reading a pipe or a device may never end."""
    _check_mode(path.stat().st_mode, path)


def regular(path: Path) -> Path:
    """The path itself, for libraries that open it by name; what `check_regular` raises for what is no regular file."""
    check_regular(path)
    return path


def open_regular(path: Path) -> BinaryIO:
    """A regular file, opened for reading. Raises OSError, also for pipes, devices and folders."""
    check_regular(path)  # before it is opened: opening a device may do something
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    try:
        _check_mode(os.fstat(descriptor).st_mode, path)  # it may have been exchanged meanwhile
    except OSError:
        os.close(descriptor)
        raise
    return os.fdopen(descriptor, "rb")


def bytes_in(path: Path, most: int = MOST_BYTES) -> bytes:
    """All of a regular file. Raises OSError, ValueError for one of more than `most` bytes."""
    with open_regular(path) as file:
        content = file.read(most + 1)
    if len(content) > most:
        raise ValueError(f"it is larger than {most:,} bytes")
    return content


def text_in(path: Path, most: int = MOST_BYTES) -> str:
    """The text of a regular file, with or without a byte order mark. Raises OSError, ValueError (also for no UTF-8)."""
    return bytes_in(path, most).decode("utf-8-sig")


def lines_in(file: TextIO, most: int = MOST_LETTERS) -> Iterator[str]:
    """The lines of a text, each held in memory alone. Raises ValueError for one of more than `most` letters."""
    while line := file.readline(most + 1):
        if len(line) > most:
            raise ValueError(f"a line of it is longer than {most:,} letters")
        yield line


def json_in(path: Path, most: int = MOST_BYTES) -> Any:
    """Value of a JSON file. Raises OSError, ValueError."""
    return json_of(text_in(path, most))


def json_object_in(path: Path) -> dict[str, Any]:
    """The object that a JSON file holds; empty where there is no such file, or it holds none."""
    try:
        value = json_in(path)
    except (OSError, ValueError):
        return {}
    return value if isinstance(value, dict) else {}


def json_of(text: str) -> Any:
    """Value of a JSON text. Raises ValueError, also where its lists and objects lie too deep in each other, and for
    halves of letters (\\ud800), which cannot be written anywhere.
    """
    try:
        value = json.loads(text)
    except RecursionError as error:
        raise ValueError("its lists and objects lie too deep in each other") from error
    _check_depth(value)
    if "\\ud" in text.lower():
        json.dumps(value, ensure_ascii=False).encode("utf-8")
    return value


def _check_depth(value: Any) -> None:
    """Writing a value again needs more of the stack than reading it did."""
    level = [value]
    for _ in range(MOST_DEPTH):
        containers = [one for one in level if isinstance(one, dict | list)]
        if not containers:
            return
        level = [part for one in containers for part in (one.values() if isinstance(one, dict) else one)]
    raise ValueError("its lists and objects lie too deep in each other")


def _check_mode(mode: int, path: Path) -> None:
    if stat.S_ISREG(mode):
        return
    kind = next((words for is_kind, words in _KINDS if is_kind(mode)), msg("something else"))
    raise OSError(errno.EINVAL, f"it is no file but {kind}", str(path))
