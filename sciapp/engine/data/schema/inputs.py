"""Columns that look like the input: by heading, and by how many of their cells are members of the domain."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence

from sciapp.engine.data.values.cells import number
from sciapp.engine.data.values.identifiers import hold_lists, name_rows
from sciapp.engine.domains.base import Domain, OtherNotation, Rejected
from sciapp.engine.domains.row_input import RowInput
from sciapp.errors import shortened
from sciapp.i18n import joined, msg, plural

LOOK = 60  # cells of a column that are looked at
_FEW_WORDS, _RARELY = 30, 0.1  # different values of one unit each, and their share of the rows: classes, no inputs
_FIRST = 10
_SHOWN = 4


def input_fits(domain: Domain, columns: Mapping[str, Sequence[str]]) -> dict[str, float]:
    """Score of each column as the input. A cell that stands in many columns is parsed once."""
    known: dict[str, RowInput | None] = {}
    return {name: input_fit(domain, name, cells, known) for name, cells in columns.items()}


def input_fit(domain: Domain, header: str, cells: Sequence[str], known: dict[str, RowInput | None]) -> float:
    """0 when most cells are no members, else up to about 3. known: canonical forms of cells that were parsed."""
    filled = [cell for cell in cells[:LOOK] if cell.strip()]
    # Parsing is dear: what is a number, a list or an id is told by its look.
    if not filled or (not domain.reads_numbers and (hold_numbers(filled) or hold_lists(filled))):
        return 0.0
    name = "_".join(header_words(header))
    if name not in domain.column_names and not domain.reads_numbers and name_rows(header, filled):
        return 0.0
    for cell in filled:
        if cell not in known:
            known[cell] = canonical_form(domain, cell)
    cleaned = [value for cell in filled if (value := known[cell]) is not None]
    if len(cleaned) < 0.5 * len(filled):
        return 0.0
    length = sum(len(domain.units(value)) for value in cleaned) / len(cleaned)
    varied = len(set(cleaned)) / len(cleaned)
    named = 1.0 if name in domain.column_names else 0.5 if set(header_words(header)) & set(domain.column_names) else 0.0
    plain = not any(letter.isdigit() for cell in filled for letter in cell)
    if not named and plain and length <= 1 and len(set(cells)) <= min(_FEW_WORDS, _RARELY * len(cells)):
        return 0.0
    share = len(cleaned) / len(filled)
    return share * (0.2 + 0.5 * varied + 0.5 * min(length / 8, 1.0) + named)


def why_no_input(domain: Domain, columns: Mapping[str, Sequence[str]]) -> str:
    """Explanation of why no column is the input, and of what the columns hold instead."""
    if not any(map(len, columns.values())):
        return msg("The file has a header and no rows.")
    filled = {name: [cell for cell in cells[:LOOK] if cell.strip()] for name, cells in columns.items()}
    words = {name: cells for name, cells in filled.items() if not hold_numbers(cells)}
    lists = [name for name, cells in words.items() if hold_lists(cells)]
    words = {name: cells for name, cells in words.items() if name not in lists}
    names = [name for name, cells in words.items() if name_rows(name, cells)]
    sentences = [
        msg("No column looks like a {name}.", name=domain.name),
        _other_notation(domain, words),
        about_lists(lists),
    ]
    if names:
        sentences.append(
            plural(
                "{names} names rows (ids or dates).",
                "{names} name rows (ids or dates).",
                len(names),
                names=listed_names(names),
            )
        )
    return joined(sentences)


def about_lists(names: Sequence[str]) -> str:
    """Problem of columns whose cells are lists; empty without any."""
    if not names:
        return ""
    return plural(
        "{names} holds a list of values in each cell; a column that is read or learnt has one value in each.",
        "{names} hold lists of values in their cells; a column that is read or learnt has one value in each.",
        len(names),
        names=listed_names(names),
    )


def listed_names(names: Sequence[str]) -> str:
    listed = ", ".join(f"“{shortened(name)}”" for name in names[:_SHOWN])
    return msg("{names} and {more} more", names=listed, more=len(names) - _SHOWN) if len(names) > _SHOWN else listed


def hold_numbers(cells: Sequence[str]) -> bool:
    """True if at least half of the cells are numbers; a few of them are enough where these are."""
    return all(map(_is_number, cells[:: max(1, len(cells) // _FIRST)])) or 2 * sum(map(_is_number, cells)) >= len(cells)


def _is_number(cell: str) -> bool:
    try:
        return number(cell) is not None
    except ValueError:
        return False


def canonical_form(domain: Domain, cell: str) -> RowInput | None:
    """The member of the domain that a cell holds; None for none."""
    try:
        return domain.clean(cell)
    except Rejected:
        return None


def _other_notation(domain: Domain, columns: Mapping[str, Sequence[str]]) -> str:
    """A sentence on a column that is written in another way, if one is. columns: filled cells that are no numbers."""
    for name, cells in columns.items():
        reasons = Counter(reason for cell in cells if (reason := _other_way(domain, cell)))
        if reasons and reasons.total() >= 0.5 * len(cells):
            return msg(
                "“{shortened}”, cell by cell: {most_common}.",
                shortened=shortened(name),
                most_common=reasons.most_common(1)[0][0],
            )
    return ""


def _other_way(domain: Domain, cell: str) -> str:
    try:
        domain.clean(cell)
    except OtherNotation as error:
        return error.reason
    except Rejected:
        pass
    return ""


def header_words(header: str) -> list[str]:
    return re.findall(r"[^\W_]+", header.lower())
