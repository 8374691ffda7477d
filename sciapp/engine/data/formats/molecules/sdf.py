"""SD files and single MOL files (Dalby et al. 1992, J. Chem. Inf. Comput. Sci. 32:244), read by RDKit.

A molecule becomes a SMILES; its title and its properties become columns.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from sciapp.engine.data.formats.base import Record, Records
from sciapp.engine.data.formats.detection import FileHead
from sciapp.engine.data.formats.table_format import FormatEvidence, TableFormat
from sciapp.engine.data.formats.text.lines import numbered_lines, text_format
from sciapp.i18n import msg
from sciapp.records.read_options import Reading

SMILES, TITLE = "smiles", "title"

_COUNTS = re.compile(r"^[ \d]{6}.*V[23]000\s*$")
_PROPERTY = re.compile(r"^>.*?<([^>]*)>")
_SEARCHED = 2_000_000  # lines in which names of properties are looked for


class Sdf:
    """Columns: smiles, title, then the properties in the order in which they first come."""

    name = "sdf"
    title = msg("SD or MOL file (molecules)")

    def fits(self, look: FileHead) -> str:
        lines = look.lines[:12]
        if any(_COUNTS.match(line) for line in lines[3:5]):
            return msg("its fourth line counts atoms and bonds, as in a MOL block")
        return ""

    def settled(self, look: FileHead, reading: Reading) -> TableFormat:
        plain = text_format(self.name, look)
        names = _property_names(look.path, plain)
        format = text_format(self.name, look, (SMILES, TITLE, *names))
        return (
            format.because(FormatEvidence(msg("columns"), ", ".join(names), msg("properties of the molecules")))
            if names
            else format
        )

    def records(self, path: Path, format: TableFormat) -> Records:
        """A block that RDKit cannot read gives a row whose SMILES says so and is set aside."""
        yield Record(0, list(format.names))
        known = {name: index for index, name in enumerate(format.names[2:])}
        for begins, block in _blocks(path, format):
            properties = _properties(block)
            cells = [""] * len(known)
            further = []
            for name, value in properties.items():
                if name in known:
                    cells[known[name]] = value
                else:
                    further.append(f"{name}: {value}")
            yield Record(begins, [_smiles(block), block[0].strip(), *cells, *further])


def _blocks(path: Path, format: TableFormat) -> Iterator[tuple[int, list[str]]]:
    begins, block = 1, list[str]()
    for number, line in numbered_lines(path, format):
        if line.startswith("$$$$"):
            if any(line.strip() for line in block):
                yield begins, block
            begins, block = number + 1, []
        else:
            block.append(line)
    if any(line.strip() for line in block):
        yield begins, block


def _smiles(block: list[str]) -> str:
    from rdkit import Chem

    from sciapp.engine.domains.molecule import rdkit_log
    from sciapp.engine.domains.molecule.domain import DOMAIN  # noqa: F401 (from then on RDKit is listened to)

    with rdkit_log.listening() as messages:
        try:
            molecule = Chem.MolFromMolBlock("\n".join(block))
            smiles = str(Chem.MolToSmiles(molecule)) if molecule is not None else ""
        except (RuntimeError, ValueError):
            smiles = ""
    return smiles or f"({rdkit_log.summary(messages)})"


def _properties(block: list[str]) -> dict[str, str]:
    """Properties by name: the text below `> <NAME>` lines, up to an empty line."""
    properties: dict[str, list[str]] = {}
    current: list[str] | None = None
    for line in block:
        if (match := _PROPERTY.match(line)) is not None:
            current = properties.setdefault(match.group(1).strip(), [])
        elif current is not None and line.strip():
            current.append(line.strip())
        else:
            current = None
    return {name: "\n".join(lines) for name, lines in properties.items()}


def _property_names(path: Path, format: TableFormat) -> tuple[str, ...]:
    names: dict[str, None] = {}
    for number, line in numbered_lines(path, format):
        if line.startswith(">") and (match := _PROPERTY.match(line)) is not None:
            names.setdefault(match.group(1).strip())
        if number >= _SEARCHED:
            break
    return tuple(names)


FORMAT = Sdf()
