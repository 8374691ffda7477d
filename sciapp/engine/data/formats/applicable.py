"""Validation of reading options: one that means nothing for a file's format is an error, not passed over in silence."""

from pathlib import Path

from sciapp.engine.data.table_format import TableFormat
from sciapp.errors import BadInput
from sciapp.records.reading import Reading

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
    said = reading.model_dump(exclude_defaults=True)
    usable = applicable(format) | ({"download"} if hub else set())
    idle = [name for name in said if name not in usable]
    if not idle:
        return
    options = [f"--{name}" if name != "header" or reading.header == "yes" else "--no-header" for name in idle]
    listed = options[0] if len(options) == 1 else f"{', '.join(options[:-1])} and {options[-1]}"
    means, it = ("means", "it") if len(options) == 1 else ("mean", "them")
    raise BadInput(
        f"{listed} {means} nothing for “{path.name}” ({title}).",
        hint=f"Leave {it} out; {options[0]} is for {_OF_WHAT[idle[0]]}.",
        context=str(path),
    )
