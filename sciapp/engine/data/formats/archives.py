"""Bytes of a file as they were before it was compressed: gzip, bzip2, xz, or a zip archive with one member."""

import bz2
import gzip
import io
import lzma
import zipfile
import zlib
from pathlib import Path, PurePosixPath
from typing import IO

from sciapp.errors import BadInput, ReadOtherwise
from sciapp.i18n import msg
from sciapp.records.read_options import SUFFIXES

UNREADABLE = (OSError, EOFError, zlib.error, lzma.LZMAError, zipfile.BadZipFile, NotImplementedError)

ZIP = b"PK\x03\x04"
_MAGIC = ((b"\x1f\x8b", "gzip"), (b"BZh", "bzip2"), (b"\xfd7zXZ\x00", "xz"), (ZIP, "zip"), (b"PK\x05\x06", "zip"))
_SUFFIXES = frozenset({".gz", ".bz2", ".xz", ".zip", ".tgz"})
_CALLED = {"gzip": msg("gzip file"), "bzip2": "bzip2 file", "xz": msg("xz file"), "zip": msg("workbook or zip archive")}
_DAMAGE = (EOFError, zlib.error, lzma.LZMAError, zipfile.BadZipFile, gzip.BadGzipFile)
_WORKBOOK = frozenset({"[Content_Types].xml", "mimetype"})
_LISTED = 6
_ZIP_END = 66_000  # bytes in which the end of an archive begins, its comment included


def packing_of(path: Path) -> str:
    """gzip, bzip2, xz, zip or nothing, by the first bytes. A workbook, which is a zip archive too, is not unpacked.

    Raises UNREADABLE.
    """
    with path.open("rb") as file:
        head = file.read(6)
    packing = next((name for magic, name in _MAGIC if head.startswith(magic)), "")
    return "" if packing == "zip" and _is_workbook(path) else packing


def members(path: Path) -> list[str]:
    """The files in a zip archive, without what macOS and folders leave there. Raises UNREADABLE."""
    with zipfile.ZipFile(path) as archive:
        names = [info.filename for info in archive.infolist() if not info.is_dir() and info.file_size]
    return [name for name in names if not name.startswith("__MACOSX/") and not PurePosixPath(name).name.startswith(".")]


def open_bytes(path: Path, member: str = "") -> IO[bytes]:
    """The bytes of a file, unpacked, whatever its name. member: of a zip archive with several.

    Raises UNREADABLE, BadInput for an archive of several files of which none was named.
    """
    match packing_of(path):
        case "gzip":
            return gzip.open(path, "rb")  # type: ignore[return-value]
        case "bzip2":
            return bz2.open(path, "rb")
        case "xz":
            return lzma.open(path, "rb")
        case "zip":
            return _member(path, member)
        case _:
            return path.open("rb")


def plain_name(path: Path) -> Path:
    """The name without what compressing added to it."""
    return path.with_suffix("") if path.suffix.lower() in _SUFFIXES and path.stem else path


def unreadable(path: Path, error: Exception) -> BadInput:
    """The error for a file that the system does not give us, or that cannot be unpacked."""
    if isinstance(error, _DAMAGE):
        try:
            kind = _CALLED.get(packing_of(path), "file")
        except UNREADABLE:
            kind = msg("workbook or zip archive")
        if isinstance(error, EOFError) or _without_end(path):
            how = msg("cut off") if isinstance(error, EOFError) else msg("damaged or cut off")
            return BadInput(
                msg("“{file}” is {how}: the end of the {kind} is missing.", file=path.name, how=how, kind=kind),
                hint=msg("Copy or download it again."),
                context=f"{path}: {error}",
            )
        return BadInput(
            msg("“{file}” is a damaged {kind}.", file=path.name, kind=kind),
            hint=msg("Copy it again, or unpack it first."),
            context=str(path),
        )
    if isinstance(error, NotImplementedError):
        return BadInput(
            msg("“{file}” is compressed in a way that is not known here.", file=path.name), hint=msg("Unpack it first.")
        )
    if isinstance(error, FileNotFoundError):
        return BadInput(
            msg("The file “{file}” does not exist.", file=path.name),
            hint=msg("It may have been moved or renamed."),
            context=str(path),
        )
    if isinstance(error, IsADirectoryError):
        return BadInput(
            msg("“{file}” is a folder.", file=path.name), hint=msg("Choose a table file in it."), context=str(path)
        )
    return BadInput(
        msg("“{file}” cannot be read: {reason}.", file=path.name, reason=getattr(error, "strerror", "") or error),
        context=str(path),
    )


def chosen_member(path: Path, wanted: str) -> str:
    """The member of a zip archive that is read. Raises BadInput where that is not clear, UNREADABLE."""
    names = members(path)
    if not names:
        which = msg("Every file in the archive") if _empty_members(path) else msg("The archive")
        raise BadInput(
            msg("{which} “{file}” is empty.", which=which, file=path.name),
            hint=msg("Choose another file."),
            context=str(path),
        )
    if wanted:
        if matches := _called_so(names, wanted):
            return matches[0]
        if _called_so(_empty_members(path), wanted):
            message = msg("The file “{wanted}” in “{name}” is empty.", wanted=wanted, name=path.name)
        else:
            message = msg("There is no file “{wanted}” in “{name}”.", wanted=wanted, name=path.name)
        raise BadInput(message, hint=_there_are(names), context=str(path))
    if len(names) > 1:
        table = next((name for name in names if PurePosixPath(name).suffix.lower() in SUFFIXES), names[0])
        raise ReadOtherwise(
            msg("The archive “{file}” has {count} files.", file=path.name, count=len(names)),
            {"sheet": table},
            hint=msg("Say which one with --sheet, or unpack it. {files}", files=_there_are(names)),
            context=str(path),
        )
    return names[0]


def _member(path: Path, wanted: str) -> IO[bytes]:
    name = chosen_member(path, wanted)
    archive = zipfile.ZipFile(path)
    try:
        return _Closing(archive, archive.open(name))
    except RuntimeError as error:  # zipfile's word for a password
        archive.close()
        raise BadInput(
            msg("The archive “{file}” is protected by a password.", file=path.name),
            hint=msg("Unpack it first."),
            context=str(error),
        ) from error
    except BaseException:
        archive.close()
        raise


class _Closing(io.BufferedReader):
    """A member of an archive that takes the archive with it when it is closed."""

    def __init__(self, archive: zipfile.ZipFile, member: IO[bytes]) -> None:
        super().__init__(member)  # type: ignore[arg-type]
        self._archive = archive

    def close(self) -> None:
        super().close()
        self._archive.close()


def _is_workbook(path: Path) -> bool:
    try:
        with zipfile.ZipFile(path) as archive:
            return bool(_WORKBOOK & set(archive.namelist()))
    except UNREADABLE:
        return False


def _without_end(path: Path) -> bool:
    """True for the beginning of a zip archive whose list of files, which comes last, is not there."""
    with path.open("rb") as file:
        begins = file.read(len(ZIP)) == ZIP
        file.seek(max(0, path.stat().st_size - _ZIP_END))
        return begins and b"PK\x05\x06" not in file.read()


def _empty_members(path: Path) -> list[str]:
    """The files of an archive that `members` leaves out because there is nothing in them."""
    with zipfile.ZipFile(path) as archive:
        return [info.filename for info in archive.infolist() if not info.is_dir() and not info.file_size]


def _called_so(names: list[str], wanted: str) -> list[str]:
    """By the whole name or by its last part."""
    return [name for name in names if wanted in (name, PurePosixPath(name).name)]


def _there_are(names: list[str]) -> str:
    return msg("There are: {names}", names=", ".join(names[:_LISTED]) + ("…" if len(names) > _LISTED else ""))
