"""A first walk through a file: its fingerprint and about how many rows it has."""

import hashlib
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path

from sciapp.engine.data.table_format import unreadable

_BLOCK = 1 << 20


@dataclass(frozen=True)
class Survey:
    """`lines` is an upper bound of the rows: quoted newlines and blank lines count."""

    sha256: str
    bytes: int
    lines: int


def survey(path: Path) -> Generator[tuple[int, int], None, Survey]:
    """Yields (bytes done, bytes in all) for every mebibyte; returns the survey. Raises BadInput."""
    total, done, newlines, returns = path.stat().st_size, 0, 0, 0
    sha256 = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while block := file.read(_BLOCK):
                sha256.update(block)
                newlines += block.count(b"\n")
                returns += block.count(b"\r")
                done += len(block)
                yield done, max(total, done)
    except OSError as error:
        raise unreadable(path, error) from error
    return Survey(sha256.hexdigest(), done, max(newlines, returns))
