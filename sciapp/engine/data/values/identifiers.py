"""Columns whose cells name rows or number them: ids, dates, lists. Nothing that a model could read, or learn."""

import re
from collections.abc import Iterable, Sequence

import numpy as np

from sciapp.engine.data.values.cells import is_gap, number
from sciapp.engine.data.values.dates import reader_for

_ID_WORDS = frozenset("id ids uid uuid guid identifier accession index key code number no barcode url doi date".split())
_FEWEST, _MOSTLY = 5, 0.9
_HASH = re.compile(r"(?=.*\d)(?:[0-9a-f]{12,}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})", re.IGNORECASE)
_DIGITS = re.compile(r"\d+")
_BRACKETS = {"[": "]", "(": ")", "{": "}"}
_QUOTES = frozenset({"'", '"'})
_LOOK, _MOST_PARTS = 200, 5  # letters and values of a long list that are looked at: the last may be cut off
_PARTS = re.compile(r"\s*[,;]\s*|\s+")


def is_list(cell: str) -> bool:
    """True if a cell holds several values in brackets, as programs print them: “[1.0, 2.0]”, “['a', 'b']”."""
    text = cell.strip()
    if len(text) < 5 or text[0] not in _BRACKETS or text[-1] != _BRACKETS[text[0]]:
        return False
    inside = text[1:-1].strip().removesuffix(",")
    parts = _PARTS.split(inside[:_LOOK].strip())[: _MOST_PARTS if len(inside) > _LOOK else None]
    return len(parts) > 1 and (all(map(_is_number, parts)) or all(part[:1] == part[-1:] in _QUOTES for part in parts))


def hold_lists(cells: Sequence[str]) -> bool:
    """True if most of the cells that are filled hold lists, in brackets or as plain numbers with fractions."""
    filled = [cell for cell in cells if cell.strip()]
    return bool(filled) and sum(is_list(cell) or _are_fractions(cell) for cell in filled) > 0.5 * len(filled)


def name_rows(header: str, cells: Sequence[str]) -> bool:
    """True if the cells are ids, dates or numbers of rows by their look: no letter in them, one word with a running
    number, or single words under a heading that says so.
    """
    filled = [cell.strip() for cell in cells if not is_gap(cell)]
    if not filled or any(len(cell.split()) > 4 for cell in filled):
        return False
    if _share(not any(map(str.isalpha, cell)) for cell in filled) >= _MOSTLY:
        return True
    if len(filled) >= _FEWEST and np.isfinite([reader_for(filled).moment(cell) for cell in filled]).mean() >= _MOSTLY:
        return True
    different = len(set(filled)) > _MOSTLY * len(filled)
    if any(" " in cell for cell in filled):  # “HD 92519”: two words at most, or it may be a sentence
        return (
            different and len(filled) >= _FEWEST and max(len(cell.split()) for cell in filled) < 3 and _counted(filled)
        )
    headed = bool(set(re.findall(r"[a-z]+", header.lower())) & _ID_WORDS)
    if headed and _share(any(map(str.isdigit, cell)) or "-" in cell for cell in filled) >= _MOSTLY:
        return True
    hashes = _share(_HASH.fullmatch(cell) is not None for cell in filled) >= _MOSTLY
    return different and len(filled) >= _FEWEST and (hashes or _counted(filled))


def _counted(cells: Sequence[str]) -> bool:
    """True if all cells are alike but for a number in them."""
    shapes = {_DIGITS.sub("#", cell) for cell in cells}
    return len(shapes) == 1 and "#" in next(iter(shapes))


def _share(answers: Iterable[bool]) -> float:
    known = list(answers)
    return sum(known) / len(known)


def _is_number(part: str) -> bool:
    try:
        return number(part) is not None or is_gap(part)
    except ValueError:
        return False


def _are_fractions(cell: str) -> bool:
    """Several numbers with a point in one cell; whole numbers may well be labels of units."""
    parts = _PARTS.split(cell.strip()[:_LOOK])[:_MOST_PARTS]
    return len(parts) > 2 and "." in cell[:_LOOK] and all(map(_is_number, parts))
