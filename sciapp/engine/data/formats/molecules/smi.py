"""Lists of SMILES (.smi): a molecule a line, behind it a name or nothing; no header, or one."""

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from sciapp.engine.data.formats.base import Record, Records
from sciapp.engine.data.formats.detection import FileHead
from sciapp.engine.data.formats.table_format import FormatEvidence, TableFormat
from sciapp.engine.data.formats.text.lines import numbered_lines, text_format
from sciapp.engine.domains.base import Rejected
from sciapp.i18n import msg
from sciapp.records.read_options import Reading

SUFFIXES = frozenset({".smi", ".smiles"})

_SIGNS = re.compile(r"[A-Za-z0-9@+\-\[\]()=#$:./\\%*~>]+")
_LOOK, _FEWEST = 20, 3  # lines
_MOST = 0.9


class SmilesList:
    """Columns: smiles, name; more where every line has as many cells between tabs."""

    name = "smi"
    title = msg("list of SMILES")

    def fits(self, look: FileHead) -> str:
        lines = [line.strip() for line in look.lines if line.strip()][: _LOOK + 1]
        if look.suffix in SUFFIXES and lines:
            return msg("its name ends in {suffix}", suffix=look.suffix)
        alone = len(lines) >= _FEWEST and all(_SIGNS.fullmatch(line) for line in lines)
        if alone and any(not line.isalpha() for line in lines) and _share_of_molecules(lines) >= _MOST:
            return msg("every line is a SMILES")
        return ""

    def settled(self, look: FileHead, reading: Reading) -> TableFormat:
        lines = [line for line in look.lines if line.strip()]
        widths = {line.count("\t") + 1 for line in lines}
        width = widths.pop() if len(widths) == 1 else 2
        header = reading.header == "yes" or (reading.header == "auto" and _is_heading(lines[:_LOOK]))
        named = any(len(line.split(maxsplit=1)) > 1 for line in lines)
        names = ["smiles", "name", *(f"column {index}" for index in range(3, width + 1))][
            : max(width, 2) if named else 1
        ]
        if header:
            cells = lines[0].split("\t") if width > 2 else lines[0].split(maxsplit=1)
            names = [cell.strip() for cell in cells] + names[len(cells) :]
        format = replace(
            text_format(self.name, look, tuple(names)), header=header, delimiter="\t" if width > 2 else " "
        )
        why = msg("the first line is no molecule, those below are") if header else msg("the first line is a molecule")
        return format.because(
            FormatEvidence(
                msg("header"), "yes" if header else "no", why if reading.header == "auto" else msg("as said")
            )
        )

    def records(self, path: Path, format: TableFormat) -> Records:
        yield Record(0, list(format.names))
        heading = format.header
        for number, line in numbered_lines(path, format):
            if not line.strip():
                continue
            if heading:
                heading = False
                continue
            cells = line.split("\t") if format.delimiter == "\t" else line.split(maxsplit=1)
            cells = [cell.strip() for cell in cells]
            yield Record(number, cells + [""] * (len(format.names) - len(cells)))


def _is_heading(lines: Sequence[str]) -> bool:
    below = [line.split()[0] for line in lines[1:]]
    return bool(below) and not _is_molecule(lines[0].split()[0]) and _share_of_molecules(below) > 0.5


def _share_of_molecules(words: Sequence[str]) -> float:
    return sum(map(_is_molecule, words)) / len(words) if words else 0.0


def _is_molecule(word: str) -> bool:
    from sciapp.engine.domains.molecule.domain import DOMAIN

    try:
        return bool(DOMAIN.clean(word))
    except Rejected:
        return False


FORMAT = SmilesList()
