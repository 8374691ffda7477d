"""Rows at the end of a table that are none of its rows: totals, means, deviations, and empty ones."""

from collections import deque
from collections.abc import Sequence

from sciapp.engine.data.formats.base import Record, Records
from sciapp.engine.data.formats.header import is_number
from sciapp.engine.data.values.cells import is_gap
from sciapp.i18n import msg

_WORDS = frozenset(
    "mean|means|average|averages|avg|ave|median|total|totals|grand total|subtotal|sum|sums|sd|s.d.|std|stdev|std dev|"
    "std. dev.|st. dev.|stddev|standard deviation|sem|s.e.m.|se|standard error|cv|cv%|cv (%)|%cv|rsd|variance|var|min|"
    "minimum|max|maximum|range|n|count|mittelwert|mittel|durchschnitt|summe|gesamt|standardabweichung|anzahl|moyenne|"
    "somme|écart type|ecart type|écart-type|media|promedio|suma|desviación estándar".split("|")
)
_SURE = _WORDS - {"n", "se", "ave", "var", "range", "count", "media", "min", "max", "sums", "means"}
_MOST, _CONTEXT, _LETTERS = 12, 40, 1_000_000  # rows at the end, rows before them, and what is held of them
_LONGER = 2.0

SUMMARY = msg("a summary row at the end of the table")
EMPTY = msg("an empty row at the end of the table")


def with_summaries(records: Records, decimal: str) -> Records:
    """The header and the rows; those at the end that sum up the others, or are empty, say so in `problem`."""
    yield next(records)
    held: deque[tuple[Record, int]] = deque()
    letters = 0
    for record in records:
        size = sum(map(len, record.cells))
        held.append((record, size))
        letters += size
        while len(held) > _MOST + _CONTEXT or (letters > _LETTERS and len(held) > _MOST):
            first, size = held.popleft()
            letters -= size
            yield first
    yield from _marked([record for record, _ in held], decimal)


def _marked(rows: list[Record], decimal: str) -> list[Record]:
    begin = len(rows)
    while begin > max(1, len(rows) - _MOST) and (_is_empty(rows[begin - 1]) or _word_in(rows[begin - 1], decimal)):
        begin -= 1
    before, end = rows[:begin], rows[begin:]
    usual = {" ".join(cell.lower().split()) for row in before for cell in row.cells} & _WORDS
    if usual:  # words like others
        return rows
    words = [_word_in(row, decimal) for row in end]
    several = len({word for word in words if word}) > 1
    apart = bool(end) and not words[0] and any(words)  # an empty row above them
    marked = []
    for row, word in zip(end, words, strict=True):
        if not word:
            marked.append(row if row.problem else row._replace(problem=EMPTY))
        elif several or apart or _has_gaps(row, before) or (word in _SURE and _is_strange(row, before)):
            marked.append(row._replace(problem=msg("{problem} (“{label}”)", problem=SUMMARY, label=_label(row))))
        else:
            marked.append(row)
    return [*before, *marked]


def _is_empty(row: Record) -> bool:
    return not any(cell.strip() for cell in row.cells)


def _label(row: Record) -> str:
    """The first cell that is filled."""
    return next((cell.strip() for cell in row.cells if cell.strip()), "")


def _word_in(row: Record, decimal: str) -> str:
    """The word for a summary that the row begins with, where all its other cells are numbers or gaps; else empty."""
    label = _label(row)
    word = " ".join(label.rstrip(":= ").lower().split())
    if word not in _WORDS:
        return ""
    others = [cell for cell in row.cells if cell.strip()][1:]
    return word if others and all(is_gap(cell) or is_number(cell, decimal) for cell in others) else ""


def _has_gaps(row: Record, before: Sequence[Record]) -> bool:
    """True if the row lacks what nearly all rows before it have."""
    for index in range(max((len(one.cells) for one in before), default=0)):
        filled = sum(index < len(one.cells) and bool(one.cells[index].strip()) for one in before)
        if filled > 0.9 * len(before) and not "".join(row.cells[index : index + 1]).strip():
            return True
    return False


def _is_strange(row: Record, before: Sequence[Record]) -> bool:
    """True if the cells above the word are far longer, or have digits or other signs than letters: no words like it."""
    index = next(index for index, cell in enumerate(row.cells) if cell.strip())
    above = [one.cells[index].strip() for one in before if index < len(one.cells)]
    if not above or row.cells[index].strip().isupper():
        return False
    lengths = sorted(map(len, above))
    marked = sum(not cell.replace(" ", "").isalpha() for cell in above)
    return lengths[len(lengths) // 2] >= _LONGER * len(_label(row)) or marked > 0.5 * len(above)
