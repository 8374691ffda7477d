"""Nothing inside a project leads out of it: a project from somebody else is data, and SciApp writes nowhere else.

How the project's own folder is reached does not matter: it may be a link to another disk. Below it no link is followed
for writing, and no link, pipe or device is opened where a dataset or a run is used.
"""

import os
import stat
from pathlib import Path
from typing import BinaryIO

from sciapp.errors import ProjectProblem
from sciapp.i18n import msg
from sciapp.records.regular import check_regular

_INSTEAD = msg(
    "Put the files themselves in its place, or take it away. To keep a project on another disk, move its "
    "whole folder there."
)


class OutsideProject(ProjectProblem):
    """A link where the project should have a file or a folder of its own."""

    def __init__(self, path: Path, root: Path) -> None:
        super().__init__(
            msg(
                "“{named}” in this project is a link to somewhere else, which SciApp does not follow.",
                named=_named(path, root),
            ),
            hint=_INSTEAD,
            context=f"{path} → {os.path.realpath(path)}",
        )


class NotAFile(ProjectProblem):
    """A pipe, a socket or a device where the project should have a file."""

    def __init__(self, path: Path, root: Path) -> None:
        super().__init__(
            msg("“{named}” in this project is neither a file nor a folder.", named=_named(path, root)),
            hint=msg("Take it away: it is nothing that SciApp wrote."),
            context=str(path),
        )


def check_inside(root: Path, path: Path) -> None:
    """Raise LeadsOutside when something between the project's folder `root` and `path`, or `path` itself, is a link.

    What is not there yet is fine.
    """
    current = root
    for part in path.relative_to(root).parts:
        current = current / part
        if part == ".." or _is_link(current):
            raise OutsideProject(current, root)


def check_tree(root: Path, folder: Path) -> None:
    """Raise LeadsOutside or NoFile when `folder`, something above it in the project, or anything in it is no plain file
    and no plain folder."""
    check_inside(root, folder)
    for parent, folders, files in os.walk(folder):
        for name in (*folders, *files):
            path = Path(parent) / name
            if _is_link(path):
                raise OutsideProject(path, root)
            if not _is_plain(path):
                raise NotAFile(path, root)


def open_to_append(path: Path) -> BinaryIO:
    """A file of a project, opened for adding to its end; made where there is none. Raises LeadsOutside, OSError."""
    return _opened(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, "ab")


def open_to_change(path: Path, *, create: bool = False) -> BinaryIO:
    """A file of a project, opened for reading and writing in place. Raises LeadsOutside, OSError."""
    return _opened(path, os.O_RDWR | (os.O_CREAT if create else 0), "r+b")


def _opened(path: Path, flags: int, mode: str) -> BinaryIO:
    """The flags say it to the system once more: what lies there may be exchanged after the look at it."""
    if _is_link(path):
        raise OutsideProject(path, path.parent)
    if path.exists():
        check_regular(path)
    safe = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    return os.fdopen(os.open(path, flags | safe, 0o666), mode)  # type: ignore[return-value]


def _is_link(path: Path) -> bool:
    is_junction = getattr(os.path, "isjunction", None)  # Windows' own kind of link, known from Python 3.12 on
    return path.is_symlink() or (is_junction is not None and is_junction(path))


def _is_plain(path: Path) -> bool:
    try:
        mode = path.lstat().st_mode
    except OSError:  # gone meanwhile
        return True
    return stat.S_ISREG(mode) or stat.S_ISDIR(mode)


def _named(path: Path, root: Path) -> str:
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else path.name
