"""How a table file is written: found out from its first bytes, and said in one sentence when it is no table."""

import codecs
import csv
import gzip
import io
import zlib
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import IO

from sciapp.errors import BadInput

GZIP = b"\x1f\x8b"
UNREADABLE = (OSError, EOFError, zlib.error)

_LOOK = 262_144
_SAMPLE_ROWS = 50
_DELIMITERS = (",", "\t", ";")
_NOT_TABLES = (
    (b"PK\x03\x04", "is an Excel or OpenDocument workbook or a zip archive", "Save the sheet as CSV UTF-8."),
    (b"\xd0\xcf\x11\xe0", "is an old Excel workbook", "Save the sheet as CSV UTF-8."),
    (b"PAR1", "is a Parquet file", "Save it as CSV."),
    (codecs.BOM_UTF16_LE, "is written in UTF-16", "Save it as UTF-8."),
    (codecs.BOM_UTF16_BE, "is written in UTF-16", "Save it as UTF-8."),
)


@dataclass(frozen=True)
class TableFormat:
    """`encoding` is utf-8 or utf-8-sig (with a byte order mark); `delimiter` is a comma, a tab or a semicolon."""

    encoding: str = "utf-8"
    delimiter: str = ","

    @property
    def decimal(self) -> str:
        """The decimal sign: where the semicolon separates cells, spreadsheets write 3,14."""
        return "," if self.delimiter == ";" else "."


def sniff(path: Path | str) -> TableFormat:
    """Encoding and delimiter of a table file. Raises BadInput for one that is missing, empty, binary or not UTF-8."""
    path = Path(path)
    try:
        with open_bytes(path) as file:
            head = file.read(_LOOK)
            whole = not file.read(1)
    except UNREADABLE as error:
        raise unreadable(path, error) from error
    _refuse_other_files(path, head)
    encoding = "utf-8-sig" if head.startswith(codecs.BOM_UTF8) else "utf-8"
    try:
        text = codecs.getincrementaldecoder("utf-8-sig")().decode(head, final=whole)
    except UnicodeDecodeError as error:
        raise not_utf8(path) from error
    if not text.strip():
        raise BadInput(f"“{path.name}” is empty.", hint="Choose a file with a header line and rows.", context=str(path))
    return TableFormat(encoding, _delimiter(text, whole, plain_name(path).suffix.lower()))


def open_bytes(path: Path) -> IO[bytes]:
    """The bytes of a table file, unpacked where it is compressed with gzip, whatever its name. Raises UNREADABLE."""
    with path.open("rb") as file:
        packed = file.read(2) == GZIP
    return gzip.open(path, "rb") if packed else path.open("rb")  # type: ignore[return-value]


def plain_name(path: Path) -> Path:
    """The name without what compressing added to it."""
    return path.with_suffix("") if path.suffix.lower() == ".gz" else path


def not_utf8(path: Path) -> BadInput:
    """The error for text in another encoding; looks the first wrong line up."""
    line = _first_wrong_line(path)
    return BadInput(
        f"“{path.name}” is not UTF-8 text: line {line} cannot be read.",
        hint="Save it as UTF-8 (in a spreadsheet: “CSV UTF-8”) and import again.",
        context=f"{path}: line {line}",
    )


def unreadable(path: Path, error: Exception) -> BadInput:
    """The error for a file that the system does not give us, or that cannot be unpacked."""
    if isinstance(error, EOFError | zlib.error | gzip.BadGzipFile):
        return BadInput(
            f"“{path.name}” is a damaged gzip file.", hint="Copy it again, or unpack it first.", context=str(path)
        )
    if isinstance(error, FileNotFoundError):
        return BadInput(
            f"The file “{path.name}” does not exist.", hint="It may have been moved or renamed.", context=str(path)
        )
    if isinstance(error, IsADirectoryError):
        return BadInput(f"“{path.name}” is a folder.", hint="Choose a table file in it.", context=str(path))
    return BadInput(f"“{path.name}” cannot be read: {getattr(error, 'strerror', '') or error}.", context=str(path))


def _refuse_other_files(path: Path, head: bytes) -> None:
    for signature, what, hint in _NOT_TABLES:
        if head.startswith(signature):
            raise BadInput(f"“{path.name}” {what}, not a CSV or TSV table.", hint=hint, context=str(path))
    if b"\0" in head:
        raise BadInput(
            f"“{path.name}” is a binary file, not a CSV or TSV table.",
            hint="Choose a text table in UTF-8.",
            context=str(path),
        )


def _delimiter(text: str, whole: bool, suffix: str) -> str:
    """The sign that cuts the first rows most evenly into more than one cell; a tie goes to what the suffix says."""
    if not whole:
        text = text[: text.rfind("\n") + 1] or text
    usual = "\t" if suffix in {".tsv", ".tab"} else ","
    order = (usual, *(d for d in _DELIMITERS if d != usual))
    return max(order, key=lambda delimiter: _evenness(text, delimiter))


def _evenness(text: str, delimiter: str) -> tuple[float, int]:
    """(fraction of rows as wide as the header, width); (0, 1) where the header is a single cell."""
    csv.field_size_limit(_LOOK * 4)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    rows = list(islice((row for row in reader if row), _SAMPLE_ROWS))
    width = len(rows[0]) if rows else 1
    if width == 1:
        return 0.0, 1
    return sum(len(row) == width for row in rows) / len(rows), width


def _first_wrong_line(path: Path) -> int:
    line = 0
    with open_bytes(path) as file:
        for line, content in enumerate(file, start=1):  # noqa: B007 (the number is the answer)
            try:
                content.decode("utf-8")
            except UnicodeDecodeError:
                break
    return line
