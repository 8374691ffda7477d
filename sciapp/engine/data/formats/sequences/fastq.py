"""FASTQ files (Cock et al. 2010, Nucleic Acids Res. 38:1767): a header, bases, a plus, a quality for each base."""

import re
from dataclasses import dataclass
from pathlib import Path

from sciapp.engine.data.formats.base import Record, Records
from sciapp.engine.data.formats.detection import FileHead
from sciapp.engine.data.formats.table_format import TableFormat
from sciapp.engine.data.formats.text.lines import broken, numbered_lines, text_format
from sciapp.i18n import msg
from sciapp.records.read_options import Reading

COLUMNS = ("id", "description", "sequence", "quality")


_LETTERS = re.compile(r"[A-Za-z.*\-]+")


class Fastq:
    """Bases and qualities may be wrapped; a quality line may begin with “@”, so only their number ends a record."""

    name = "fastq"
    title = msg("FASTQ reads")

    def fits(self, look: FileHead) -> str:
        lines = [line for line in look.lines if line.strip()]
        plus = next((index for index, line in enumerate(lines) if line.startswith("+")), 0)
        if plus < 2 or not lines[0].startswith("@") or not all(map(_LETTERS.fullmatch, lines[1:plus])):
            return ""
        bases, qualities = sum(map(len, lines[1:plus])), 0
        for line in lines[plus + 1 :]:
            qualities += len(line)
            if qualities >= bases:
                return msg("it begins with “@name”, bases, “+” and as many qualities") if qualities == bases else ""
        return msg("it begins with “@name”, bases and “+”") if not look.whole else ""

    def settled(self, look: FileHead, reading: Reading) -> TableFormat:
        return text_format(self.name, look, COLUMNS)

    def records(self, path: Path, format: TableFormat) -> Records:
        yield Record(0, list(COLUMNS))
        read = _Read()
        number = 0
        for number, line in numbered_lines(path, format):
            if not read.begins:
                if not line.strip():
                    continue
                if not line.startswith("@"):
                    raise broken(path, number, msg("does not begin a FASTQ record"))
                read = _Read(number, line[1:])
            elif not read.plus:
                read.plus = line.startswith("+")
                read.bases += "" if read.plus else line.strip()
            else:
                read.quality += line
            if read.plus and len(read.quality) >= len(read.bases) and (read.quality or not read.bases):
                if len(read.quality) > len(read.bases):
                    raise broken(
                        path,
                        number,
                        msg(
                            "has {quality:,} qualities for {bases:,} bases",
                            quality=len(read.quality),
                            bases=len(read.bases),
                        ),
                    )
                name, _, rest = read.header.partition(" ")
                yield Record(read.begins, [name, rest.strip(), read.bases, read.quality])
                read = _Read()
        if read.quality:
            raise broken(
                path,
                number,
                msg("has {quality:,} qualities for {bases:,} bases", quality=len(read.quality), bases=len(read.bases)),
            )
        if read.begins:
            raise broken(
                path,
                number,
                msg("is the last, in the middle of a record"),
                msg("Copy the file again: its end is missing."),
            )


@dataclass
class _Read:
    """A record so far. begins: the line of its header; 0 for none."""

    begins: int = 0
    header: str = ""
    bases: str = ""
    quality: str = ""
    plus: bool = False


FORMAT = Fastq()
