"""Files that hold no rows for SciApp, known by their content, and what to do about each."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from sciapp.engine.data.formats.detection import FileHead
from sciapp.engine.data.formats.encoding import encoding_of
from sciapp.engine.data.formats.table_format import TableFormat
from sciapp.errors import BadInput, ReadOtherwise
from sciapp.i18n import all_of, msg, plural
from sciapp.records.read_options import Reading


class UnsupportedFormat(NamedTuple):
    """A kind of file by the bytes at a place."""

    offset: int
    magic: bytes
    what: str
    hint: str


_TABLE = msg("Save the table as CSV UTF-8.")
_STRANGERS: Sequence[UnsupportedFormat] = (
    UnsupportedFormat(
        0, b"%PDF", msg("a PDF document"), msg("Copy its table into a spreadsheet and save that as CSV UTF-8.")
    ),
    UnsupportedFormat(0, b"\x89PNG", msg("a picture"), _TABLE),
    UnsupportedFormat(0, b"\xff\xd8\xff", msg("a picture"), _TABLE),
    UnsupportedFormat(0, b"GIF8", msg("a picture"), _TABLE),
    UnsupportedFormat(0, b"\x89HDF", msg("an HDF5 file"), _TABLE),
    UnsupportedFormat(0, b"\x93NUMPY", msg("a NumPy array"), _TABLE),
    UnsupportedFormat(0, b"SQLite format 3", msg("an SQLite database"), _TABLE),
    UnsupportedFormat(
        0,
        b"\x80\x04\x95",
        msg("a Python pickle"),
        msg("Pickles may run program code and are never opened; save it as CSV."),
    ),
    UnsupportedFormat(
        0,
        b"\x80\x05\x95",
        msg("a Python pickle"),
        msg("Pickles may run program code and are never opened; save it as CSV."),
    ),
    UnsupportedFormat(0, b"\x7fELF", msg("a program"), _TABLE),
    UnsupportedFormat(0, b"7z\xbc\xaf\x27\x1c", msg("a 7z archive"), msg("Unpack it first.")),
    UnsupportedFormat(0, b"Rar!", msg("a RAR archive"), msg("Unpack it first.")),
    UnsupportedFormat(0, b"\x28\xb5\x2f\xfd", msg("compressed with Zstandard"), msg("Unpack it first.")),
    UnsupportedFormat(0, b"{\\rtf", msg("an RTF document"), msg("Save its table as CSV UTF-8.")),
    UnsupportedFormat(257, b"ustar", msg("a tar archive"), msg("Unpack it first.")),
)
_INSIDE = (
    (b"PAR1", msg("a Parquet file")),
    (b"PK\x03\x04", msg("a workbook or an archive")),
    (b"\xd0\xcf\x11\xe0", msg("a workbook")),
)


def refuse_strangers(look: FileHead) -> None:
    """Raises BadInput for what is known to be something else."""
    for index, magic, what, hint in _STRANGERS:
        if look.head[index:].startswith(magic):
            raise refused(look, what, hint)
    if look.packing:
        for magic, what in _INSIDE:
            if look.head.startswith(magic):
                raise refused(
                    look,
                    msg("{what} inside a {packing} file", what=what, packing=look.packing),
                    msg("Unpack it first."),
                )
    start = look.text[:2000].lstrip().lower() if look.encoding else ""
    if start.startswith(("<!doctype html", "<html")):
        raise refused(look, msg("a web page"), msg("Download the file itself, or copy its table into a spreadsheet."))
    if start.startswith("<?xml"):
        raise refused(look, msg("an XML file"), _TABLE)
    if "$$SOE" in look.text:
        rows = [index for index, line in enumerate(look.lines, 1) if line.startswith(("$$SOE", "$$EOE"))]
        where = f"{rows[0] + 1}-{rows[1] - 1 if len(rows) > 1 else ''}"
        raise ReadOtherwise(
            msg("“{path}” is a page of JPL Horizons, not a table.", path=look.path.name),
            {"lines": where},
            hint=msg("Its rows stand in lines {where}: say so with --lines {where}.", where=where),
            context=str(look.path),
        )
    if "Byte-by-byte Description of file" in look.text[:20_000]:
        hint = msg("Save it as CSV, for example with astropy: Table.read(…, format='ascii.cds').write('new.csv').")
        raise refused(look, msg("a machine-readable table of CDS or the AAS (columns of fixed width)"), hint)
    lines = [line for line in look.lines if line and not line.startswith("#")] if look.encoding else []
    if lines and lines[0].lower().startswith("@relation"):
        raise refused(look, msg("an ARFF file"), msg("Save it as CSV; time series also as .ts."))


def refused(look: FileHead, what: str, hint: str) -> BadInput:
    """The error for a file that is something else."""
    return BadInput(
        msg("“{path}” is {what}, not a table.", path=look.path.name, what=what), hint=hint, context=str(look.path)
    )


def no_format(look: FileHead) -> BadInput:
    """The error for bytes that nobody knows, or for a text with zero bytes in it."""
    plain = look.head.replace(b"\0", b"")
    if b"\0" in look.head and b"\n" in plain and (evidence := encoding_of(plain, False)):
        line = look.head[: look.head.index(b"\0")].count(b"\n") + 1
        hint = msg(
            "Some programs fill cells up with them. Remove them (for example: tr -d '\\000' < old.csv > new.csv)."
        )
        what = msg(
            "a binary file, or a text ({encoding}) with zero bytes, the first of them on line {line:,}",
            encoding=evidence.value,
            line=line,
        )
        return refused(look, what, hint)
    return refused(
        look, msg("a binary file"), msg("Choose a table, sequences or molecules; see the manual for the formats.")
    )


# Validation of reading options: one that means nothing for a file's format is an error, not passed over in silence.


_OF_TABLES = ("delimiter", "quote", "decimal", "comment", "lines")
_WITH_HEADER = frozenset({"table", "workbook", "smi"})
_FOLDERS = frozenset({"folder", "dataset"})
_OF_WHAT = {
    "format": "files",
    "encoding": msg("files of text"),
    "delimiter": msg("text tables"),
    "quote": msg("text tables"),
    "decimal": msg("text tables"),
    "comment": msg("text tables"),
    "lines": msg("text tables"),
    "header": msg("tables and workbooks"),
    "sheet": msg("workbooks, zip archives and Hugging Face data sets"),
    "labels": msg(
        "FASTA files, and for tables with many rows of one object (--series-id, --series-time, --series-value)"
    ),
    "download": msg("data sets of the Hugging Face hub (hf:OWNER/NAME)"),
}


def applicable(format: TableFormat) -> frozenset[str]:
    """The names of the settings of a Reading that can be chosen for a file of this format."""
    names = {"format"} if format.kind not in _FOLDERS else set()
    names |= {"encoding"} if format.encoding else set()
    names |= set(_OF_TABLES) if format.kind == "table" else set()
    names |= {"header"} if format.kind in _WITH_HEADER else set()
    names |= {"sheet"} if format.sheet and format.kind != "folder" else set()
    names |= {"labels"} if format.kind == "fasta" else set()
    return frozenset(names | {"join", "on", "together", "joined_as", "series", "axis"})


def must_apply(path: Path, reading: Reading, format: TableFormat, title: str, *, hub: bool = False) -> None:
    """Raise BadInput for something that was said and means nothing here."""
    options_set = reading.model_dump(exclude_defaults=True)
    usable = applicable(format) | ({"download"} if hub else set())
    if reading.series is not None and reading.series.wanted:
        usable |= {"labels"}  # of the objects
    idle = [name for name in options_set if name not in usable]
    if not idle:
        return
    options = [f"--{name}" if name != "header" or reading.header == "yes" else "--no-header" for name in idle]
    raise BadInput(
        plural(
            "{options} means nothing for “{file}” ({format}).",
            "{options} mean nothing for “{file}” ({format}).",
            len(options),
            options=all_of(options),
            file=path.name,
            format=title,
        ),
        hint=plural(
            "Leave it out; {option} is for {rows}.",
            "Leave them out; {option} is for {rows}.",
            len(options),
            option=options[0],
            rows=_OF_WHAT[idle[0]],
        ),
        context=str(path),
    )
