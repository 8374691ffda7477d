"""A3M alignments (HH-suite; Steinegger et al. 2019, BMC Bioinformatics 20:473): insertions in small letters."""

from dataclasses import replace
from pathlib import Path

from sciapp.engine.data.formats.base import Record, Records
from sciapp.engine.data.formats.detection import FileHead
from sciapp.engine.data.formats.sequences import fasta
from sciapp.engine.data.formats.table_format import FormatEvidence, TableFormat
from sciapp.i18n import msg
from sciapp.records.read_options import Reading

_FEWEST = 2  # sequences
_AWAY = str.maketrans("", "", "abcdefghijklmnopqrstuvwxyz-.")


class A3m:
    """The columns of a FASTA file; of each sequence what stands at the query's places, without gaps."""

    name = "a3m"
    title = msg("A3M alignment")

    def fits(self, look: FileHead) -> str:
        if not fasta.FORMAT.fits(look):
            return ""
        if look.suffix == ".a3m":
            return msg("its name ends in .a3m")
        aligned = _sequences(look)
        columns = {sum(letter.isupper() or letter == "-" for letter in sequence) for sequence in aligned}
        small = [sequence for sequence in aligned if any(map(str.islower, sequence))]
        gaps = any("-" in sequence for sequence in aligned)
        if len(aligned) >= _FEWEST and len(columns) == 1 and small and gaps and aligned[0] not in small:
            return msg("without small letters all sequences are equally long, with gaps in capitals")
        return ""

    def settled(self, look: FileHead, reading: Reading) -> TableFormat:
        format = fasta.FORMAT.settled(look, reading.model_copy(update={"labels": ""}))
        away = FormatEvidence(
            msg("alignment"), msg("insertions and gaps removed"), msg("small letters stand at no place of the query")
        )
        return replace(format, kind=self.name, passed_over=(*format.passed_over, away)).because(away)

    def records(self, path: Path, format: TableFormat) -> Records:
        index = format.names.index(fasta.SEQUENCE)
        for record in fasta.FORMAT.records(path, format):
            if record.line == 0:
                yield record
                continue
            cells = list(record.cells)
            cells[index] = cells[index].translate(_AWAY)
            yield Record(record.line, cells, record.text)


def _sequences(look: FileHead) -> list[str]:
    """Those that are whole in the beginning of the file."""
    sequences: list[str] = []
    for line in look.lines:
        if line.startswith(">"):
            sequences.append("")
        elif sequences:
            sequences[-1] += line.strip()
    return sequences if look.whole else sequences[:-1]


FORMAT = A3m()
