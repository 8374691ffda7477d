"""Tokens of rows whose every unit (residue, base, word) is labelled: none may be cut off, so long rows come in pieces.

Pieces overlap, and each token speaks in one of them only, the one in whose middle it lies most: the others lend it
their surroundings.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import ceil
from typing import Any

import numpy as np
import numpy.typing as npt

from sciapp.engine.data.values.token_labels import spans, starts_of
from sciapp.engine.inputs.tokenization.tokens import NO_UNIT, TokenRows, Tokens, UnitPositions
from sciapp.errors import BadInput
from sciapp.i18n import msg

Ints = npt.NDArray[np.int64]

_CHUNK = 1000
_OVERLAP = 4  # a quarter of a piece


@dataclass(frozen=True)
class _Row:
    """One row's tokens: numbers and the unit of each (tokens,); lead, trail: special tokens at both ends."""

    numbers: Ints
    unit: Ints
    lead: int
    trail: int


def tokenize_units(
    tokenizer: Any, inputs: list[str], separator: str, max_length: int, check: Callable[[int], None]
) -> Tokens:
    """Tokens of canonical inputs in pieces of at most `max_length`, each with the first unit that begins in it.

    A token in which no unit begins (the rest of a word) speaks for none, nor do special tokens. `check(done)` may
    raise Cancelled between chunks. Raises BadInput for a tokenizer that does not tell where its tokens lie.
    """
    numbers: list[Ints] = []
    unit_parts: list[Ints] = []
    units: list[int] = []
    pieces: list[int] = []
    before = cut = 0
    for first in range(0, len(inputs), _CHUNK):
        check(first)
        for row, count in _rows(tokenizer, inputs[first : first + _CHUNK], separator):
            divided = _pieces(row, max_length)
            cut += len(divided) > 1
            numbers += [piece for piece, _ in divided]
            unit_parts += [np.where(unit == NO_UNIT, NO_UNIT, unit + before) for _, unit in divided]
            units.append(count)
            pieces.append(len(divided))
            before += count
    unit = np.concatenate([np.empty(0, dtype=np.int64), *unit_parts])
    return Tokens(TokenRows.of(numbers), cut, UnitPositions(unit, starts_of(units), starts_of(pieces)))


def _rows(tokenizer: Any, inputs: list[str], separator: str) -> list[tuple[_Row, int]]:
    """Each row with the number of its units."""
    fast = bool(tokenizer.is_fast)
    more = {"return_offsets_mapping": True, "return_special_tokens_mask": True} if fast else {}
    encoded = tokenizer(inputs, truncation=False, verbose=False, **more)
    rows = []
    for index, value in enumerate(inputs):
        unit_spans, ids = spans(value, separator), np.asarray(encoded["input_ids"][index], dtype=np.int64)
        if fast:
            special = np.asarray(encoded["special_tokens_mask"][index], dtype=bool)
            row = _aligned(ids, special, np.asarray(encoded["offset_mapping"][index]).reshape(-1, 2), unit_spans[:, 0])
        else:
            row = _counted(tokenizer, ids, len(unit_spans))
        rows.append((row, len(unit_spans)))
    return rows


def _aligned(ids: Ints, special: npt.NDArray[np.bool_], offsets: Ints, begins: Ints) -> _Row:
    """By where tokens and units begin in the text."""
    first = np.searchsorted(begins, offsets[:, 0])
    padded = np.append(begins, np.iinfo(np.int64).max)
    unit = np.where(~special & (padded[first] < offsets[:, 1]), first, NO_UNIT)
    real = np.flatnonzero(~special)
    lead = int(real[0]) if len(real) else len(ids)
    return _Row(ids, unit, lead, len(ids) - 1 - int(real[-1]) if len(real) else 0)


def _counted(tokenizer: Any, ids: Ints, units: int) -> _Row:
    """A tokenizer without offsets is as good where it makes one token of each unit."""
    lead = int(len(ids) > 0 and int(ids[0]) in {tokenizer.cls_token_id, tokenizer.bos_token_id} - {None})
    trail = len(ids) - lead - units
    if trail not in {0, 1}:
        raise BadInput(
            msg("This model’s tokenizer does not tell which part of a row each of its tokens stands for."),
            hint=msg("Choose a model that reads one residue, base or word at a time, or one with a tokenizer.json."),
        )
    unit = np.full(len(ids), NO_UNIT, dtype=np.int64)
    unit[lead : lead + units] = np.arange(units)
    return _Row(ids, unit, lead, trail)


def _pieces(row: _Row, max_length: int) -> list[tuple[Ints, Ints]]:
    """(numbers, unit) of each piece, special tokens at the ends of all."""
    inner = slice(row.lead, len(row.numbers) - row.trail)
    numbers, unit = row.numbers[inner], row.unit[inner]
    room = max(1, max_length - row.lead - row.trail)
    if len(numbers) <= room:
        return [(row.numbers, row.unit)]
    overlap = room // _OVERLAP
    count = ceil((len(numbers) - overlap) / (room - overlap))
    begins = np.linspace(0, len(numbers) - room, count).round().astype(np.int64)
    middles = begins + room / 2
    # The piece in whose middle a token lies most is the one that speaks for it.
    owner = np.searchsorted((middles[1:] + middles[:-1]) / 2, np.arange(len(numbers)), side="right")
    nothing = np.full(row.lead, NO_UNIT), np.full(row.trail, NO_UNIT)
    head, tail = row.numbers[: row.lead], row.numbers[len(row.numbers) - row.trail :]
    pieces = []
    for index, begin in enumerate(begins.tolist()):
        part = slice(begin, begin + room)
        own = np.where(owner[part] == index, unit[part], NO_UNIT)
        pieces.append((np.concatenate([head, numbers[part], tail]), np.concatenate([nothing[0], own, nothing[1]])))
    return pieces
