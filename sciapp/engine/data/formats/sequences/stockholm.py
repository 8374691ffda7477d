"""Stockholm alignments (Pfam, Rfam; sonnhammer.sbc.su.se/Stockholm.html): the sequences, without their gaps."""

from pathlib import Path

from sciapp.engine.data.formats.base import Record, Records
from sciapp.engine.data.formats.detection import FileHead
from sciapp.engine.data.formats.table_format import FormatEvidence, TableFormat
from sciapp.engine.data.formats.text.lines import broken, numbered_lines, text_format
from sciapp.i18n import msg
from sciapp.records.read_options import Reading

COLUMNS = ("id", "family", "sequence")

_GAPS = str.maketrans("", "", ".-_~")


class Stockholm:
    """A row for each sequence; those of several blocks are joined. family: what `#=GF AC` or `#=GF ID` says."""

    name = "stockholm"
    title = msg("Stockholm alignment")

    def fits(self, look: FileHead) -> str:
        return msg("it begins with “# STOCKHOLM”") if look.text.lstrip().startswith("# STOCKHOLM") else ""

    def settled(self, look: FileHead, reading: Reading) -> TableFormat:
        gaps = FormatEvidence(msg("alignment"), msg("gaps removed"), msg("sequences are read as they are, in capitals"))
        format = text_format(self.name, look, COLUMNS, passed_over=(gaps,))
        return format.because(gaps)

    def records(self, path: Path, format: TableFormat) -> Records:
        yield Record(0, list(COLUMNS))
        sequences: dict[str, tuple[int, list[str]]] = {}
        about: dict[str, str] = {}
        for number, line in numbered_lines(path, format):
            if line.startswith("#"):
                words = line.split(maxsplit=2)
                if len(words) == 3 and words[0] == "#=GF":
                    about[words[1]] = words[2].strip()
            elif line.startswith("//"):
                yield from _rows(sequences, about)
                sequences, about = {}, {}
            elif line.strip():
                words = line.split()
                if len(words) != 2:
                    raise broken(path, number, msg("is no name and its sequence"))
                sequences.setdefault(words[0], (number, []))[1].append(words[1])
        yield from _rows(sequences, about)


def _rows(sequences: dict[str, tuple[int, list[str]]], about: dict[str, str]) -> Records:
    family = about.get("AC") or about.get("ID") or ""
    for name, (line, parts) in sequences.items():
        yield Record(line, [name, family, "".join(parts).translate(_GAPS).upper()])


FORMAT = Stockholm()
