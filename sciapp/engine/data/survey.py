"""A first walk through a file: its fingerprint and about how many rows it has."""

import hashlib
import zlib
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path

from sciapp.engine.data.table_format import GZIP, UNREADABLE, unreadable

_BLOCK = 1 << 20
_GZIP_FORMAT = 31  # zlib's number for a gzip header and trailer


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
    unpack: zlib._Decompress | None = None
    try:
        with path.open("rb") as file:
            while block := file.read(_BLOCK):
                sha256.update(block)
                if not done and block.startswith(GZIP):
                    unpack = zlib.decompressobj(_GZIP_FORMAT)
                done += len(block)
                text = unpack.decompress(block) if unpack else block
                newlines += text.count(b"\n")
                returns += text.count(b"\r")
                yield done, max(total, done)
    except UNREADABLE as error:
        raise unreadable(path, error) from error
    return Survey(sha256.hexdigest(), done, max(newlines, returns))
