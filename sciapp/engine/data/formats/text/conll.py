"""CoNLL files: a word a line with its label, an empty line between sentences; a row for each sentence.

CoNLL-2003 and its kin (Tjong Kim Sang & De Meulder 2003: the label stands last) and CoNLL-U
(universaldependencies.org).
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from sciapp.engine.data.formats.base import Record, Records
from sciapp.engine.data.formats.detection import FileHead
from sciapp.engine.data.formats.table_format import FormatEvidence, TableFormat
from sciapp.engine.data.formats.text.lines import broken, numbered_lines, text_format
from sciapp.i18n import msg
from sciapp.records.read_options import Reading

SUFFIXES = frozenset({".conll", ".conllu", ".bio", ".iob", ".iob2", ".ner"})
WORDS, LABELS = "words", "labels"

_UNIVERSAL = ("words", "lemmas", "labels", "xpos", "features", "heads", "relations", "dependencies", "further")
_MOST_CELLS = 4  # of a word in a file with blanks between them
_BOUNDARY = "-DOCSTART-"
_BIO = re.compile(r"O|[BIESLU]-\S+")
_FEWEST = 5  # lines
_MOST = 0.95  # share of the lines


class Conll:
    """Columns: words and labels, joined by blanks, and what stands between them."""

    name = "conll"
    title = msg("CoNLL words with labels")

    def fits(self, look: FileHead) -> str:
        sentences = [s for s in _sentences(iter(enumerate(look.lines, 1))) if s[1]]
        rows = [row for _, sentence in sentences for row in sentence]
        width = _usual_width(rows)
        usual = [row for row in rows if len(row) == width]
        # A line that is broken is told later, with its number; it does not make a table of the file.
        if not 2 <= width <= 20 or len(rows) < _FEWEST or len(usual) < _MOST * len(rows):
            return ""
        if width == 10 and _counts_words(sentences):
            return msg("words are numbered in ten columns, with empty lines between sentences (CoNLL-U)")
        if all(_BIO.fullmatch(row[-1]) for row in usual):
            return msg("every line ends in a label such as O or B-…, with empty lines between sentences")
        if look.suffix in SUFFIXES and len(sentences) > 1:
            return msg("its name ends in {suffix}, and empty lines stand between sentences", suffix=look.suffix)
        return ""

    def settled(self, look: FileHead, reading: Reading) -> TableFormat:
        rows = [row for _, sentence in _sentences(iter(enumerate(look.lines, 1))) for row in sentence]
        width = _usual_width(rows)
        universal = width == 10 and _counts_words(list(_sentences(iter(enumerate(look.lines, 1)))))
        between = tuple(f"column {index}" for index in range(2, width))
        names = _UNIVERSAL if universal else (WORDS, *between, LABELS)
        format = replace(text_format(self.name, look, names), delimiter="\t" if universal else " ")
        return format.because(
            FormatEvidence(msg("columns"), ", ".join(names), msg("a row for each sentence, words joined by blanks"))
        )

    def records(self, path: Path, format: TableFormat) -> Records:
        yield Record(0, list(format.names))
        universal = format.names == _UNIVERSAL
        width = len(format.names)
        for begins, rows in _sentences(numbered_lines(path, format)):
            for index, row in enumerate(rows):
                if len(row) != width + universal:
                    what = msg("has {row} cells, others have {width}", row=len(row), width=width + universal)
                    raise broken(path, begins + index, what)
            if rows:
                cells = [" ".join(column) for column in zip(*rows, strict=True)]
                yield Record(begins, cells[1:] if universal else cells)


def _sentences(lines: Iterator[tuple[int, str]]) -> Iterator[tuple[int, list[list[str]]]]:
    """(first line, cells of each word) of every sentence. Blanks within a cell between tabs become underscores."""
    begins, rows = 0, list[list[str]]()
    for number, line in lines:
        if not line.strip() or line.startswith(_BOUNDARY):
            if rows:
                yield begins, rows
            rows = []
            continue
        if line.startswith("# ") and not rows and ("=" in line or len(line.split()) > _MOST_CELLS):
            continue  # a comment, such as “# sent_id = 3”; “# O” is a word and its label
        cells = ["_".join(cell.split()) or "_" for cell in line.split("\t")] if "\t" in line else line.split()
        if len(cells) == 10 and re.fullmatch(r"\d+[-.]\d+", cells[0]):
            continue  # CoNLL-U: contracted or empty words, whose parts follow
        if not rows:
            begins = number
        rows.append(cells)
    if rows:
        yield begins, rows


def _usual_width(rows: Sequence[Sequence[str]]) -> int:
    return Counter(map(len, rows)).most_common(1)[0][0] if rows else 0


def _counts_words(sentences: Sequence[tuple[int, list[list[str]]]]) -> bool:
    return all(
        [row[0] for row in rows] == [str(i) for i in range(1, len(rows) + 1)] for _, rows in sentences[:-1] or sentences
    )


FORMAT = Conll()
