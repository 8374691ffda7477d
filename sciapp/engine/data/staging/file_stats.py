"""A first walk through a file: its fingerprint and about how many rows it has."""

import bz2
import hashlib
import lzma
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from sciapp.engine.data.formats.archives import UNREADABLE, packing_of, unreadable
from sciapp.engine.data.formats.folders.hub_dataset import hub_name
from sciapp.engine.runtime.progress import SILENT, Progress

_BLOCK = 1 << 20
_GZIP_FORMAT = 31  # zlib's number for a gzip header and trailer


@dataclass(frozen=True)
class FileStats:
    """`lines` is about the number of rows: quoted newlines and blank lines count."""

    sha256: str
    bytes: int
    lines: int


class _Unpacker(Protocol):
    def decompress(self, data: bytes, /) -> bytes: ...


def survey(path: Path, *, progress: Progress = SILENT) -> FileStats:
    """Read the whole file once; progress is counted in bytes. Raises BadInput, Cancelled.

    Of a folder all files are looked at, in the order of their names; of a data set on the hub nothing is.
    """
    sha256 = hashlib.sha256()
    if name := hub_name(path):
        sha256.update(name.encode())
        return FileStats(sha256.hexdigest(), 0, 0)
    files = sorted(p for p in path.rglob("*") if p.is_file()) if path.is_dir() else [path]
    total, done, newlines, returns = sum(file.stat().st_size for file in files), 0, 0, 0
    for file in files:
        if path.is_dir():
            sha256.update(file.relative_to(path).as_posix().encode("utf-8", "surrogatepass") + b"\0")
        try:
            unpack = _unpacker(packing_of(file))
            for block in _blocks(file):
                sha256.update(block)
                done += len(block)
                text = unpack.decompress(block) if unpack and not getattr(unpack, "eof", False) else block
                newlines += text.count(b"\n")
                returns += text.count(b"\r")
                progress.report(done, max(total, done))
        except UNREADABLE as error:
            raise unreadable(file, error) from error
    return FileStats(sha256.hexdigest(), done, max(newlines, returns))


def _blocks(file: Path) -> Iterator[bytes]:
    with file.open("rb") as opened:
        while block := opened.read(_BLOCK):
            yield block


def _unpacker(packing: str) -> _Unpacker | None:
    """Decompressor of a packed file, to count its lines; the members of a zip archive are not looked into."""
    match packing:
        case "gzip":
            return zlib.decompressobj(_GZIP_FORMAT)
        case "bzip2":
            return bz2.BZ2Decompressor()
        case "xz":
            return lzma.LZMADecompressor()
        case _:
            return None
