"""Columns that hold the sign of a measurement apart from its number, as ChEMBL writes them: “>” beside 10 is “> 10”."""

import re
from collections.abc import Iterable, Sequence
from itertools import groupby, pairwise
from operator import itemgetter
from typing import NamedTuple

from sciapp.engine.data.formats.table_format import FormatEvidence
from sciapp.engine.data.values.cell_units import number_and_unit
from sciapp.engine.data.values.cells import ContentCounter, is_gap, number
from sciapp.engine.data.values.censored_cells import LOWER, RELATION_SIGNS, UPPER
from sciapp.i18n import msg
from sciapp.records.dataset.number_format import DecimalSign, NumberFormat

_NAMES = frozenset(
    "relation relations qualifier qualifiers prefix operator operators modifier modifiers censor censored censoring "
    "censorship inequality comparator sign signs rel qual".split()
)
_QUANTITY = frozenset("value values val result results measurement".split())
_LOOKED_AT, _LOOKED_ON = (
    500,
    20_000,
)  # rows; the second for a column whose name says what it is and whose cells are empty
_OWN_SIGNS = "<>~≤≥≈="
_QUOTES = "'\"‘’“”`"
_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")

_FEWEST_STEPS = 10  # different numbers, to call one column a function of another
_TURNED = {LOWER: UPPER, UPPER: LOWER}


class Relation(NamedTuple):
    """A column of signs and a column of the numbers that they belong to. turned: the numbers fall where those that
    were measured rise, as a pIC50 does: “>” of the one is “<” of the other.
    """

    signs: str
    numbers: str
    turned: bool = False

    @property
    def finding(self) -> FormatEvidence:
        """Evidence of the relation, for people."""
        why = (
            msg(
                "the signs of the one belong to the numbers of the other, which fall where the measured ones rise: "
                "> is < there"
            )
            if self.turned
            else msg("the signs of the one belong to the numbers of the other")
        )
        return FormatEvidence(msg("relation"), f"{self.signs} → {self.numbers}", why)


def related_columns(
    columns: Sequence[str], rows: Iterable[Sequence[str]], decimal: DecimalSign = "."
) -> list[Relation]:
    """The columns of signs and of their numbers. rows: the first of the table, as wide as it; read as far as needed."""
    indices = dict.fromkeys(range(len(columns)), 0)  # → signs seen
    seen: list[Sequence[str]] = []
    for done, row in enumerate(rows):
        if not indices or (done >= _LOOKED_AT and (done >= _LOOKED_ON or not _worth_more(indices, columns))):
            break
        for index in list(indices):
            text = sign_in(row[index])
            if text and text not in RELATION_SIGNS and not is_gap(text):
                del indices[index]
            else:
                indices[index] += text in RELATION_SIGNS
        if done < _LOOKED_AT:
            seen.append(row)
    signs = [index for index, count in indices.items() if count]
    if not signs:
        return []
    cells = {index: [row[index] for row in seen] for index in range(len(columns)) if index not in indices}
    numeric = [index for index in cells if _holds_numbers(cells[index], decimal)]
    relations: list[Relation] = []
    for index in signs:
        own = _numbers_of(index, columns, numeric)
        if own is None:
            continue
        relations.append(Relation(columns[index], columns[own]))
        for other in numeric:
            if other != own and (rises := _rises(cells[own], cells[other], decimal)) is not None:
                relations.append(Relation(columns[index], columns[other], turned=not rises))
    return list({relation.numbers: relation for relation in reversed(relations)}.values())[::-1]


def sign_in(cell: str) -> str:
    """The sign in a cell without the quotation marks around it, which ChEMBL writes too."""
    return cell.strip().strip(_QUOTES).strip()


def with_sign(sign: str, number: str, *, turned: bool = False) -> str:
    """The number with its sign before it, where both are there and the number has none of its own."""
    plain = sign_in(sign)
    kind = RELATION_SIGNS.get(plain, "")
    if not plain or is_gap(plain) or kind == "=" or is_gap(number) or number.strip()[0] in _OWN_SIGNS:
        return number
    return f"{_TURNED.get(kind, plain) if turned else plain} {number.strip()}"


def _rises(numbers: Sequence[str], others: Sequence[str], decimal: DecimalSign) -> bool | None:
    """True if the others rise with the numbers, as in another unit; False if they fall, as −log; None: neither."""
    pairs: list[tuple[float, float]] = []
    for cells in zip(numbers, others, strict=True):
        try:
            first, second = (number(number_and_unit(cell)[0], decimal) for cell in cells)
        except ValueError:
            continue
        if first is not None and second is not None:
            pairs.append((first, second))
    if min(len({pair[side] for pair in pairs}) for side in (0, 1)) < _FEWEST_STEPS:
        return None
    steps = [
        b - a for _, group in groupby(sorted(pairs), itemgetter(0)) for a, b in pairwise([one for _, one in group])
    ]
    if any(steps):  # one number, and several of the other
        return None
    rising = [b[1] - a[1] for a, b in pairwise(sorted(set(pairs)))]
    return True if min(rising) >= 0 else False if max(rising) <= 0 else None


def _holds_numbers(cells: Sequence[str], decimal: DecimalSign) -> bool:
    counter = ContentCounter(NumberFormat(decimal=decimal))
    counter.add(number_and_unit(cell)[0] for cell in cells)
    return counter.content().mostly_numbers


def _worth_more(counts: dict[int, int], columns: Sequence[str]) -> bool:
    return any(not count and _NAMES & set(_words(columns[index])) for index, count in counts.items())


def _numbers_of(column: int, columns: Sequence[str], numeric: Sequence[int]) -> int | None:
    """The numeric column that shares the name, else the next to the right, else, of a column that is called so, the
    nearest to the left.
    """
    words = set(_words(columns[column]))
    named, stem = bool(words & _NAMES), words - _NAMES
    alike = [other for other in numeric if stem and stem <= set(_words(columns[other]))]
    if alike:
        return min(alike, key=lambda other: _distance(column, other, set(_words(columns[other])) - stem))
    right = [other for other in numeric if other > column]
    if named:
        return right[0] if right else max(numeric, default=None)
    return column + 1 if column + 1 in numeric else None


def _distance(column: int, other: int, more: set[str]) -> tuple[int, bool, int]:
    """A sorting key: few words beside the shared ones, those for any quantity not counted, then right before left."""
    return len(more - _QUANTITY), other < column, abs(other - column)


def _words(heading: str) -> list[str]:
    return [word.lower() for word in _WORDS.findall(heading)]
