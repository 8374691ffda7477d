"""Files that hold no rows for SciApp, known by their content, and what to do about each."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from sciapp.engine.data.formats.detection import FileHead
from sciapp.engine.data.formats.encoding import encoding_of
from sciapp.engine.data.formats.table_format import TableFormat
from sciapp.errors import BadInput, ReadOtherwise
from sciapp.i18n import msg
from sciapp.records.read_options import Reading


class UnsupportedFormat(NamedTuple):
    """A kind of file by the bytes at a place."""

    place: int
    magic: bytes
    what: str
    hint: str


_TABLE = "Save the table as CSV UTF-8."
_STRANGERS: Sequence[UnsupportedFormat] = (
    UnsupportedFormat(0, b"SIMPLE  =", "a FITS file (astronomy)", "Its tables are not read; save one as CSV."),
    UnsupportedFormat(0, b"%PDF", "a PDF document", "Copy its table into a spreadsheet and save that as CSV UTF-8."),
    UnsupportedFormat(0, b"\x89PNG", "a picture", _TABLE),
    UnsupportedFormat(0, b"\xff\xd8\xff", "a picture", _TABLE),
    UnsupportedFormat(0, b"GIF8", "a picture", _TABLE),
    UnsupportedFormat(0, b"\x89HDF", "an HDF5 file", _TABLE),
    UnsupportedFormat(0, b"\x93NUMPY", "a NumPy array", _TABLE),
    UnsupportedFormat(0, b"SQLite format 3", "an SQLite database", _TABLE),
    UnsupportedFormat(
        0, b"\x80\x04\x95", "a Python pickle", "Pickles may run program code and are never opened; save it as CSV."
    ),
    UnsupportedFormat(
        0, b"\x80\x05\x95", "a Python pickle", "Pickles may run program code and are never opened; save it as CSV."
    ),
    UnsupportedFormat(0, b"\x7fELF", "a program", _TABLE),
    UnsupportedFormat(0, b"7z\xbc\xaf\x27\x1c", "a 7z archive", "Unpack it first."),
    UnsupportedFormat(0, b"Rar!", "a RAR archive", "Unpack it first."),
    UnsupportedFormat(0, b"\x28\xb5\x2f\xfd", "compressed with Zstandard", "Unpack it first."),
    UnsupportedFormat(0, b"{\\rtf", "an RTF document", "Save its table as CSV UTF-8."),
    UnsupportedFormat(257, b"ustar", "a tar archive", "Unpack it first."),
)
_INSIDE = (
    (b"PAR1", "a Parquet file"),
    (b"PK\x03\x04", "a workbook or an archive"),
    (b"\xd0\xcf\x11\xe0", "a workbook"),
)


def refuse_strangers(look: FileHead) -> None:
    """Raises BadInput for what is known to be something else."""
    for index, magic, what, hint in _STRANGERS:
        if look.head[index:].startswith(magic):
            raise refused(look, what, hint)
    if look.packing:
        for magic, what in _INSIDE:
            if look.head.startswith(magic):
                raise refused(look, f"{what} inside a {look.packing} file", "Unpack it first.")
    start = look.text[:2000].lstrip().lower() if look.encoding else ""
    if start.startswith(("<!doctype html", "<html")):
        raise refused(look, "a web page", "Download the file itself, or copy its table into a spreadsheet.")
    if start.startswith("<?xml"):
        raise refused(look, "an XML file", _TABLE)
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
        hint = "Save it as CSV, for example with astropy: Table.read(…, format='ascii.cds').write('new.csv')."
        raise refused(look, "a machine-readable table of CDS or the AAS (columns of fixed width)", hint)
    lines = [line for line in look.lines if line and not line.startswith("#")] if look.encoding else []
    if lines and lines[0].lower().startswith("@relation"):
        raise refused(look, "an ARFF file", "Save it as CSV; time series also as .ts.")


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
        hint = "Some programs fill cells up with them. Remove them (for example: tr -d '\\000' < old.csv > new.csv)."
        what = f"a binary file, or a text ({evidence.value}) with zero bytes, the first of them on line {line:,}"
        return refused(look, what, hint)
    return refused(look, "a binary file", "Choose a table, sequences or molecules; see the manual for the formats.")


# Validation of reading options: one that means nothing for a file's format is an error, not passed over in silence.


_OF_TABLES = ("delimiter", "quote", "decimal", "comment", "lines")
_WITH_HEADER = frozenset({"table", "workbook", "smi"})
_FOLDERS = frozenset({"folder", "dataset"})
_OF_WHAT = {
    "format": "files",
    "encoding": "files of text",
    "delimiter": "text tables",
    "quote": "text tables",
    "decimal": "text tables",
    "comment": "text tables",
    "lines": "text tables",
    "header": "tables and workbooks",
    "sheet": "workbooks, zip archives and Hugging Face data sets",
    "labels": "FASTA files",
    "download": "data sets of the Hugging Face hub (hf:OWNER/NAME)",
}


def applicable(format: TableFormat) -> frozenset[str]:
    """The names of the settings of a Reading that can be chosen for a file of this format."""
    names = {"format"} if format.kind not in _FOLDERS else set()
    names |= {"encoding"} if format.encoding else set()
    names |= set(_OF_TABLES) if format.kind == "table" else set()
    names |= {"header"} if format.kind in _WITH_HEADER else set()
    names |= {"sheet"} if format.sheet and format.kind != "folder" else set()
    names |= {"labels"} if format.kind == "fasta" else set()
    return frozenset(names | {"join", "on", "together"})


def must_apply(path: Path, reading: Reading, format: TableFormat, title: str, *, hub: bool = False) -> None:
    """Raise BadInput for something that was said and means nothing here."""
    options_set = reading.model_dump(exclude_defaults=True)
    usable = applicable(format) | ({"download"} if hub else set())
    idle = [name for name in options_set if name not in usable]
    if not idle:
        return
    options = [f"--{name}" if name != "header" or reading.header == "yes" else "--no-header" for name in idle]
    listed = options[0] if len(options) == 1 else f"{', '.join(options[:-1])} and {options[-1]}"
    means, it = ("means", "it") if len(options) == 1 else ("mean", "them")
    raise BadInput(
        msg(
            "{options} {means} nothing for “{file}” ({format}).",
            options=listed,
            means=means,
            file=path.name,
            format=title,
        ),
        hint=msg("Leave {it} out; {options} is for {of_what}.", it=it, options=options[0], of_what=_OF_WHAT[idle[0]]),
        context=str(path),
    )
