"""GenBank flat files, a row for each record, read by Biopython (Cock et al. 2009, Bioinformatics 25:1422)."""

import io
import warnings
from pathlib import Path

from sciapp.engine.data.formats.base import Record, Records
from sciapp.engine.data.formats.detection import FileHead
from sciapp.engine.data.formats.table_format import TableFormat
from sciapp.engine.data.formats.text.lines import broken, numbered_lines, text_format
from sciapp.i18n import msg
from sciapp.records.read_options import Reading

COLUMNS = ("id", "name", "description", "organism", "date", "sequence")


class GenBank:
    """One record is in memory at a time."""

    name = "genbank"
    title = msg("GenBank records")

    def fits(self, look: FileHead) -> str:
        first = next((line for line in look.lines if line.strip()), "")
        return msg("it begins with a LOCUS line") if first.startswith("LOCUS  ") else ""

    def settled(self, look: FileHead, reading: Reading) -> TableFormat:
        return text_format(self.name, look, COLUMNS)

    def records(self, path: Path, format: TableFormat) -> Records:
        yield Record(0, list(COLUMNS))
        block: list[str] = []
        begins = 1
        for number, line in numbered_lines(path, format):
            if not block:
                begins = number
                if not line.strip():
                    continue
            block.append(line)
            if line.startswith("//"):
                yield Record(begins, _cells(block, path, begins))
                block = []
        if any(line.strip() for line in block):
            raise broken(
                path,
                begins,
                msg("begins a record that has no end (“//”)"),
                msg("Copy the file again: its end is missing."),
            )


def _cells(block: list[str], path: Path, begins: int) -> list[str]:
    from Bio import SeqIO

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Biopython's remarks on odd headers
            record = SeqIO.read(io.StringIO("\n".join(block) + "\n"), "genbank")
        sequence = str(record.seq)
    except Exception as error:  # Biopython raises whatever its parser stumbles over
        if "content is undefined" in str(error) or "UndefinedSequenceError" in type(error).__name__:
            sequence = ""
        else:
            raise broken(
                path, begins, msg("begins a record that cannot be read"), msg("Biopython says: {error}", error=error)
            ) from error
    notes = record.annotations
    return [
        record.id,
        record.name,
        record.description,
        str(notes.get("organism", "")),
        str(notes.get("date", "")),
        sequence,
    ]


FORMAT = GenBank()
