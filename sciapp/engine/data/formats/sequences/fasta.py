"""FASTA files (Pearson & Lipman 1988, PNAS 85:2444): a header line, then a sequence on any number of lines.

What headers say becomes columns of their own (`fasta_headers`).
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from sciapp.engine.data.formats.base import Record, Records
from sciapp.engine.data.formats.detection import FileHead, look_at
from sciapp.engine.data.formats.sequences.fasta_headers import (
    cut_header,
    header_pairs,
    header_parts,
    must_be_known,
    with_pairs,
)
from sciapp.engine.data.formats.table_format import FormatEvidence, TableFormat
from sciapp.engine.data.formats.text.lines import broken, numbered_lines, text_format
from sciapp.errors import BadInput
from sciapp.i18n import msg
from sciapp.records.read_options import Reading

ID, DESCRIPTION, SEQUENCE, LABEL = "id", "description", "sequence", "label"

_LETTERS = re.compile(r"[A-Za-z.*\-]+")
_NAMED = frozenset({"=", ":"})
_COMMENTS = (";", "#")  # of old files; ColabFold’s alignments begin with “#38	1”


class Fasta:
    """Columns: id, what headers say, sequence; with a file of labels the label of each unit too."""

    name = "fasta"
    title = msg("FASTA sequences")

    def fits(self, look: FileHead) -> str:
        filled = (line for line in look.beginning.split("\n") if line.strip() and not line.startswith(_COMMENTS))
        first, second = next(filled, ""), next(filled, "")
        nameless = first.strip() == ">" and _LETTERS.fullmatch(second.strip())  # a quotation in a text has words
        if first.startswith(">") and (len(first.strip()) > 1 or nameless) and second and not second.startswith(">"):
            return msg("it begins with a line “>name” and a sequence below")
        return ""

    def settled(self, look: FileHead, reading: Reading) -> TableFormat:
        names, sign, alone = _attributes(look)
        names = tuple(name for name in names if name != LABEL or not reading.labels)
        description = () if alone and names else (DESCRIPTION,)
        format = replace(text_format(self.name, look, (ID, *description, *names, SEQUENCE)), delimiter=sign)
        if names:
            format = format.because(
                FormatEvidence(msg("columns"), ", ".join(names), msg("the headers say KEY{sign}value", sign=sign))
            )
        elif parts := header_parts(_headers(look)):
            names = tuple(f"header {index}" for index in range(2, parts.width + 1))
            format = replace(format, names=(ID, DESCRIPTION, *names, SEQUENCE), delimiter=parts.sign)
            why = msg("all headers have {width} parts, and some of them are said again and again", width=parts.width)
            format = format.because(FormatEvidence(msg("columns"), ", ".join(names), why))
        if not reading.labels:
            return format
        labels = Path(reading.labels).expanduser().absolute()
        others = tuple(name for name in _attributes(look_at(labels, Reading()))[0] if name not in {LABEL, *names})
        format = replace(format, labels=str(labels), names=(*format.names, *others, LABEL))
        return format.because(
            FormatEvidence(msg("labels"), labels.name, msg("as said; ids say which labels belong to which sequence"))
        )

    def records(self, path: Path, format: TableFormat) -> Records:
        """With labels: a sequence without any has an empty cell, and labels without a sequence come last."""
        yield Record(0, list(format.names))
        if not format.labels:
            for line, values in _entries(path, format):
                yield Record(line, _row(values, format.names))
            return
        labels: dict[str, dict[str, str]] = {}
        for id, values in _labels(Path(format.labels)):
            if id in labels:
                raise BadInput(
                    msg("“{path}” has labels for “{id}” twice.", path=Path(format.labels).name, id=id),
                    hint=msg("Keep one of them, and import again."),
                    context=format.labels,
                )
            labels[id] = values
        for line, values in _entries(path, format):
            values = labels.pop(values[ID], {}) | values
            yield Record(line, _row(values, format.names))
        for values in labels.values():
            yield Record(0, [values.get(name, "") for name in format.names])


def _row(values: dict[str, str], names: tuple[str, ...]) -> list[str]:
    """A cell for each column. A key that the first headers did not have follows as one more: such a row is set aside
    for its width, where leaving out a late VALIDATION=True would move it to the training rows.
    """
    known = {*names, ID, DESCRIPTION, SEQUENCE, LABEL}
    return [values.get(name, "") for name in names] + [f"{k}={v}" for k, v in values.items() if k not in known]


def _headers(look: FileHead) -> list[str]:
    """Those in the beginning of the file, without the sign."""
    headers = [line[1:].strip() for line in look.lines if line.startswith(">")]
    return headers[:-1] if look.whole is False and len(headers) > 1 else headers


def _attributes(look: FileHead) -> tuple[tuple[str, ...], str, bool]:
    """(the columns that headers name, the sign behind the names, whether nothing else stands there)."""
    pairs = header_pairs(_headers(look))
    names = () if pairs is None else tuple(name for name in pairs.names if name not in {ID, SEQUENCE, DESCRIPTION})
    return (names, pairs.sign, pairs.alone) if pairs is not None and names else ((), "", False)


def _entries(path: Path, format: TableFormat) -> Iterator[tuple[int, dict[str, str]]]:
    """(line of the header, cells by column)."""
    begins, header, parts = 0, "", list[str]()
    for number, line in numbered_lines(path, format):
        if line.startswith(">"):
            if begins:
                yield begins, _cells(header, parts, format)
            begins, header, parts = number, line[1:].strip(), []
        elif line.startswith(_COMMENTS):
            continue
        elif begins:
            parts.append(line.strip())
        elif line.strip():
            raise broken(path, number, msg("is not “>name”, which comes before a sequence"))
    if begins:
        yield begins, _cells(header, parts, format)


def _cells(header: str, parts: list[str], format: TableFormat) -> dict[str, str]:
    name, _, rest = header.partition(" ")
    attributes: dict[str, str] = {}
    if format.delimiter in _NAMED:
        name, _, attributes = with_pairs(header, format.delimiter)
        rest = header.removeprefix(name).lstrip(" |;,")
        alone = DESCRIPTION not in format.names
        attributes = {
            key: value for key, value in attributes.items() if key in format.names or must_be_known(key, alone)
        }
    elif format.delimiter:
        cells = cut_header(header, format.delimiter)
        attributes = {f"header {index}": cell for index, cell in enumerate(cells[1:], start=2)}
    return attributes | {ID: name, DESCRIPTION: rest.strip(), SEQUENCE: "".join(parts)}


def _labels(path: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """(id, cells) of a file of labels. Raises BadInput for one that is no FASTA file."""
    look = look_at(path, Reading())
    if not FORMAT.fits(look):
        raise BadInput(
            msg("“{file}” is no FASTA file of labels.", file=path.name),
            hint=msg("It has to have “>id” above each string."),
        )
    names, sign, _ = _attributes(look)
    for _, values in _entries(path, replace(text_format("fasta", look, (ID, *names, SEQUENCE)), delimiter=sign)):
        values[LABEL] = values.pop(SEQUENCE)
        yield values[ID], values


FORMAT = Fasta()
