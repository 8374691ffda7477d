"""Inputs of rows: the string of a row that has one input, the strings of a row that has several.

All that reads, splits, learns or predicts rows hands these values on. They become one text in two ways only:
`stored_text`, where a hash, a seed or a cache on disk needs one, and `display_text`, for people.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from sciapp.engine.domains.about import summary_of
from sciapp.i18n import joined

_SEPARATOR = "\ufdd0"  # a noncharacter: Unicode (section 23.7) reserves it for use inside of programs


@dataclass(frozen=True, order=True, slots=True)
class MultiInput:
    """Inputs of a row that has several, at least two, in the order of its columns."""

    parts: tuple[str, ...]


RowInput = str | MultiInput


def parts_of(value: RowInput) -> tuple[str, ...]:
    """The inputs of a row, one for each of its columns."""
    return value.parts if isinstance(value, MultiInput) else (value,)


def row_input(parts: Sequence[str]) -> RowInput:
    """The value of a row with these inputs; the inverse of `parts_of`."""
    return MultiInput(tuple(parts)) if len(parts) > 1 else parts[0]


def only_part(value: RowInput) -> str:
    """The input of a row that has one. Raises ValueError for a row with several."""
    (part,) = parts_of(value)
    return part


def stored_text(value: RowInput) -> str:
    """One text for a row, another for every other row with as many inputs; `read_stored` reads it.

    The inputs with a separator between them, which files and hashes have held since rows can be pairs. Where an input
    contains the separator, which earlier versions replaced by a blank, JSON behind as many separators as there are
    inputs: the plain form has one less.
    """
    parts = parts_of(value)
    if len(parts) == 1 or not any(_SEPARATOR in part for part in parts):
        return _SEPARATOR.join(parts)
    return _SEPARATOR * len(parts) + json.dumps(parts)


def read_stored(text: str, inputs: int) -> RowInput:
    """The row that `stored_text` wrote. inputs: how many a row has. Raises ValueError for another number of them."""
    if inputs == 1:
        return text
    escaped = text.count(_SEPARATOR) == inputs and text.startswith(_SEPARATOR * inputs)
    parts = json.loads(text[inputs:]) if escaped else text.split(_SEPARATOR)
    if len(parts) != inputs:
        raise ValueError(f"{len(parts)} inputs in a row of {inputs}")
    return row_input(parts)


def display_text(value: RowInput) -> str:
    """The inputs of a row for people."""
    return joined(map(summary_of, parts_of(value)), "  |  ")
