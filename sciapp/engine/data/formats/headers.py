"""Whether the first row of a table names its columns, and which sign stands before decimals: both by content."""

import re
from collections.abc import Sequence

from sciapp.engine.data.labels import MISSING, is_infinite, number
from sciapp.engine.data.table_format import Finding

HEADING_WORDS = frozenset(
    "id name smiles sequence seq text label labels target class value y x text sentence abstract title split set "
    "activity index mol molecule protein peptide dna rna compound inchi score formula category type group date time "
    "temperature ph dose concentration words tokens tags sample samples name names document question answer".split()
)
_NUMERIC = 0.8  # share of a column's filled cells
_COMMA = re.compile(r"[+\-−]?\d+,\d+(?:[eE][+-]?\d+)?")
_POINT = re.compile(r"[+\-−]?\d*\.\d+(?:[eE][+-]?\d+)?")
_THOUSANDS = re.compile(r"[+\-−]?\d{1,3}(?:,\d{3})+")
_LONG_LINE = 6  # words


def header_of(rows: Sequence[Sequence[str]], decimal: str) -> Finding:
    """“yes” or “no”, and why. rows: the first rows of the table, the one in question on top."""
    first, body = rows[0], rows[1:]
    if not body:
        return Finding("header", "yes", "there is one row only")
    known = [cell.strip() for cell in first if cell.strip().lower() in HEADING_WORDS]
    repeated = any(cell.strip() in {row[i].strip() for row in body if i < len(row)} for i, cell in enumerate(first))
    if known and not (repeated and len(known) < len(first)):
        return Finding("header", "yes", f"“{known[0]}” is a usual name of a column")
    names, numbers = _votes(first, body, decimal)
    if numbers and numbers >= len(names):
        return Finding("header", "no", "there are numbers in the first row, as in the rows below it")
    if names:
        return Finding("header", "yes", f"“{names[0]}” stands above numbers")
    return _of_words([cell.strip() for cell in first], body)


def decimal_of(rows: Sequence[Sequence[str]], delimiter: str) -> Finding:
    """The sign before decimals, and why. rows: the first rows of the table."""
    cells = [cell.strip() for row in rows for cell in row]
    commas = [cell for cell in cells if _COMMA.fullmatch(cell)]
    points = sum(_POINT.fullmatch(cell) is not None for cell in cells)
    clear = [cell for cell in commas if not _THOUSANDS.fullmatch(cell)]
    if len(clear) > points:
        return Finding("decimal", ",", f"there are numbers such as {clear[0]}")
    if points:
        return Finding("decimal", ".", "numbers have points")
    if delimiter == ";":
        return Finding("decimal", ",", "spreadsheets that separate cells by semicolons write 3,14")
    return Finding("decimal", ".", "no number says otherwise")


def _votes(first: Sequence[str], body: Sequence[Sequence[str]], decimal: str) -> tuple[list[str], int]:
    """Words above columns of numbers, and how many numbers stand above such columns."""
    names: list[str] = []
    numbers = 0
    for place, cell in enumerate(first):
        below = [row[place] for row in body if place < len(row) and row[place].strip().lower() not in MISSING]
        if not below or sum(_is_number(found, decimal) for found in below) < _NUMERIC * len(below):
            continue
        if _is_number(cell, decimal):
            numbers += 1
        elif cell.strip().lower() not in MISSING:
            names.append(cell.strip())
    return names, numbers


def _of_words(first: list[str], body: Sequence[Sequence[str]]) -> Finding:
    """For tables of words alone."""
    columns = [[row[i].strip() for row in body if i < len(row) and row[i].strip()] for i in range(len(first))]
    for cell, below in zip(first, columns, strict=True):
        if cell and cell in below:
            return Finding("header", "no", f"“{cell}” stands in other rows of its column as well")
    if len(set(first)) < len([cell for cell in first if cell]):
        return Finding("header", "no", "the first row has the same cell twice")
    for cell, below in zip(first, columns, strict=True):
        lengths = {len(found) for found in below}
        if len(below) > 2 and len(lengths) == 1 and cell:
            same = len(cell) in lengths
            said = "as long as" if same else "of another length than"
            return Finding("header", "no" if same else "yes", f"“{_short(cell)}” is {said} the cells below it")
    typical = [sorted(map(len, below))[len(below) // 2] if below else 0 for below in columns]
    sentence = first[0].endswith((".", "!", "?", "。", "…"))
    if len(first) == 1 and (sentence or len(first[0].split()) >= _LONG_LINE or not _shorter(first[0], typical[0])):
        return Finding("header", "no", "the first line is like those below it")
    return Finding("header", "yes", "the first row is taken for names where nothing says otherwise")


def _shorter(cell: str, usual: int) -> bool:
    return len(cell) < 0.5 * usual and len(cell.split()) <= 3


def _short(cell: str) -> str:
    return cell if len(cell) <= 30 else cell[:30] + "…"


def _is_number(cell: str, decimal: str) -> bool:
    try:
        return number(cell, decimal) is not None
    except ValueError:
        return is_infinite(cell, decimal)
