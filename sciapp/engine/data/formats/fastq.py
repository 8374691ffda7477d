"""FASTQ files (Cock et al. 2010, Nucleic Acids Res. 38:1767): a header, bases, a plus, a quality for each base."""

from pathlib import Path

from sciapp.engine.data.formats.look import Look
from sciapp.engine.data.formats.record import Record, Records
from sciapp.engine.data.formats.text_lines import broken, numbered_lines, text_format
from sciapp.engine.data.table_format import TableFormat
from sciapp.records.reading import Reading

COLUMNS = ("id", "description", "sequence", "quality")


class Fastq:
    """Four lines a record, as sequencers write them."""

    name = "fastq"
    title = "FASTQ reads"

    def fits(self, look: Look) -> str:
        lines = look.lines[:4]
        if len(lines) == 4 and lines[0].startswith("@") and lines[2].startswith("+") and len(lines[1]) == len(lines[3]):
            return "it begins with “@name”, bases, “+” and as many qualities"
        return ""

    def settled(self, look: Look, reading: Reading) -> TableFormat:
        return text_format(self.name, look, COLUMNS)

    def records(self, path: Path, format: TableFormat) -> Records:
        yield Record(0, list(COLUMNS))
        block: list[str] = []
        number = 0
        for number, line in numbered_lines(path, format):
            if not block and not line.strip():
                continue
            block.append(line)
            if len(block) < 4:
                continue
            header, bases, plus, quality = block
            if not header.startswith("@") or not plus.startswith("+"):
                raise broken(path, number - 3, "does not begin a FASTQ record")
            if len(bases) != len(quality):
                raise broken(path, number, f"has {len(quality):,} qualities for {len(bases):,} bases")
            name, _, rest = header[1:].partition(" ")
            yield Record(number - 3, [name, rest.strip(), bases, quality])
            block = []
        if block:
            raise broken(
                path, number, "is the last, in the middle of a record", "Copy the file again: its end is missing."
            )


FORMAT = Fastq()
