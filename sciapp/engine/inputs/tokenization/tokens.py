"""Strings become token numbers once per run."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from sciapp.engine.domains.row_input import RowInput, parts_of

NO_UNIT = -1
TOKEN_IDS = "input_ids"  # under which transformers’ networks take token numbers

_CHUNK = 2000


@dataclass(frozen=True)
class TokenRows:
    """Rows of token numbers of varying length, one behind the other in one array; or of whatever another kind of inputs
    has in the place of tokens, such as the patches of a spectrum.

    numbers: int32 (tokens,), or float32 (patches, numbers of a patch). starts: int64 (rows + 1,), where each row
    begins, and the end of the last. name: under which a network takes them.
    """

    numbers: npt.NDArray[Any]
    starts: npt.NDArray[np.int64]
    name: str = TOKEN_IDS

    @classmethod
    def of(cls, rows: Iterable[Sequence[int] | npt.NDArray[Any]], name: str = TOKEN_IDS) -> "TokenRows":
        dtype = np.int32 if name == TOKEN_IDS else np.float32
        arrays = [np.asarray(row, dtype=dtype) for row in rows]
        lengths = np.array([0, *(len(row) for row in arrays)], dtype=np.int64)
        return cls(np.concatenate(arrays or [np.empty(0, dtype=dtype)]), np.cumsum(lengths), name)

    @classmethod
    def joined(cls, parts: Sequence["TokenRows"]) -> "TokenRows":
        """All rows of all parts, in order."""
        if not parts:
            return cls.of([])
        lengths = np.concatenate([np.zeros(1, dtype=np.int64), *(part.lengths for part in parts)])
        return cls(np.concatenate([part.numbers for part in parts]), np.cumsum(lengths), parts[0].name)

    def __len__(self) -> int:
        return len(self.starts) - 1

    def __getitem__(self, row: int) -> npt.NDArray[Any]:
        return self.numbers[self.starts[row] : self.starts[row + 1]]

    @property
    def lengths(self) -> npt.NDArray[np.int64]:
        """Tokens of each row (rows,)."""
        return np.diff(self.starts)

    def part(self, first: int, last: int) -> "TokenRows":
        """The rows from `first` up to, without, `last`."""
        starts = self.starts[first : last + 1]
        return TokenRows(self.numbers[starts[0] : starts[-1]], starts - starts[0], self.name)

    def of_rows(self, rows: npt.NDArray[np.int64]) -> "TokenRows":
        """These rows, in this order."""
        lengths = self.starts[rows + 1] - self.starts[rows]
        starts = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(lengths)])
        positions = np.repeat(self.starts[rows] - starts[:-1], lengths) + np.arange(starts[-1])
        return TokenRows(self.numbers[positions], starts, self.name)

    def count_with(self, number: int) -> int:
        """The number of rows that have the token `number`."""
        positions = np.flatnonzero(self.numbers == number)
        return len(np.unique(np.searchsorted(self.starts, positions, side="right")))

    def padded(
        self, rows: npt.NDArray[np.int64], length: int, pad: int
    ) -> tuple[npt.NDArray[Any], npt.NDArray[np.int64]]:
        """Token numbers and mask (rows, length) of the rows at these positions; mask: 1 for real tokens. What is no
        token number has a third axis and 0 for padding.

        The mask is told by the lengths: a model may use the number of its padding for a real token.
        """
        lengths = self.starts[rows + 1] - self.starts[rows]
        columns = np.arange(length)
        real = columns < lengths[:, None]
        if self.name == TOKEN_IDS:
            ids: npt.NDArray[Any] = np.full(real.shape, pad, dtype=np.int64)
        else:
            ids = np.zeros((*real.shape, *self.numbers.shape[1:]), dtype=np.float32)
        ids[real] = self.numbers[(self.starts[rows][:, None] + columns)[real]]
        return ids, real.astype(np.int64)


@dataclass(frozen=True)
class UnitPositions:
    """The units that tokens speak for, where rows are read in pieces. Units are counted over all rows.

    unit: int64 (tokens,), NO_UNIT for none. starts: int64 (rows + 1,), the first unit of each row, and the end of the
    last. pieces: int64 (rows + 1,), the same for pieces.
    """

    unit: npt.NDArray[np.int64]
    starts: npt.NDArray[np.int64]
    pieces: npt.NDArray[np.int64]


@dataclass(frozen=True)
class Tokens:
    """Token numbers of some rows, special tokens included; `cut` counts rows that were longer than allowed.

    units: for tasks that label units; each of `rows` is then a piece of a row, most often all of it.
    """

    rows: TokenRows
    cut: int
    units: UnitPositions | None = None

    @classmethod
    def joined(cls, parts: Sequence["Tokens"]) -> "Tokens":
        """All rows of all parts, in order; either all know their units or none does."""
        rows, cut = TokenRows.joined([part.rows for part in parts]), sum(part.cut for part in parts)
        all_positions = [part.units for part in parts if part.units is not None]
        if not all_positions:
            return cls(rows, cut)
        before = np.cumsum([0, *(positions.starts[-1] for positions in all_positions)])
        moved = [np.where(p.unit == NO_UNIT, NO_UNIT, p.unit + n) for p, n in zip(all_positions, before, strict=False)]
        starts, pieces = (
            np.cumsum(np.concatenate([np.zeros(1, dtype=np.int64), *map(np.diff, ends)]))
            for ends in (
                [positions.starts for positions in all_positions],
                [positions.pieces for positions in all_positions],
            )
        )
        return cls(rows, cut, UnitPositions(np.concatenate(moved), starts, pieces))

    def part(self, first: int, last: int) -> "Tokens":
        """The rows from `first` up to, without, `last`; `cut` stays that of the whole."""
        if self.units is None:
            return Tokens(self.rows.part(first, last), self.cut)
        unit, starts, pieces = self.units.unit, self.units.starts, self.units.pieces[first : last + 1]
        tokens = unit[self.rows.starts[pieces[0]] : self.rows.starts[pieces[-1]]]
        moved = np.where(tokens == NO_UNIT, NO_UNIT, tokens - starts[first])
        units = UnitPositions(moved, starts[first : last + 1] - starts[first], pieces - pieces[0])
        return Tokens(self.rows.part(int(pieces[0]), int(pieces[-1])), self.cut, units)


def tokenize(tokenizer: Any, inputs: Sequence[RowInput], max_length: int, check: Callable[[int], None]) -> Tokens:
    """Tokens of canonical inputs, or pairs, each at most `max_length` long; `check(done)` may raise Cancelled between
    chunks. Of a pair that is too long the longer input is cut, token by token."""
    parts: list[TokenRows] = []
    cut = 0
    for first in range(0, len(inputs), _CHUNK):
        check(first)
        sides = [list(side) for side in zip(*map(parts_of, inputs[first : first + _CHUNK]), strict=True)]
        if len(sides) > 1:
            firsts, seconds = sides  # no tokenizer puts more than two together
            whole = _pairs(tokenizer, firsts, seconds, max_length)
            cut += whole.cut
            parts.append(whole.rows)
            continue
        # Asked for without a limit first: how many rows are cut off is something people must be told.
        rows = tokenizer(sides[0], truncation=False, verbose=False)["input_ids"]
        cut += sum(len(row) > max_length for row in rows)
        parts.append(TokenRows.of(_shortened(row, max_length, tokenizer) for row in rows))
    return Tokens(TokenRows.joined(parts), cut)


def _pairs(tokenizer: Any, firsts: list[str], seconds: list[str], max_length: int) -> Tokens:
    rows = tokenizer(firsts, seconds, truncation=False, verbose=False)["input_ids"]
    long = [index for index, row in enumerate(rows) if len(row) > max_length]
    if long:
        sides = (_beginnings(tokenizer, [side[index] for index in long], max_length) for side in (firsts, seconds))
        cut = tokenizer(*sides, truncation="longest_first", max_length=max_length, verbose=False)["input_ids"]
        for index, row in zip(long, cut, strict=True):
            rows[index] = row
    return Tokens(TokenRows.of(rows), len(long))


def _beginnings(tokenizer: Any, texts: list[str], tokens: int) -> list[str]:
    """As much of each text as `tokens` tokens hold and a little more.

    What a fast tokenizer cuts off a pair it keeps, every window of the one beside every window of the other: memory
    grows with the product of both lengths. Nothing behind the first `tokens` tokens can stay, so it goes first.
    """
    if not tokenizer.is_fast:
        return texts
    offsets = tokenizer(texts, add_special_tokens=False, return_offsets_mapping=True, verbose=False)["offset_mapping"]
    return [text[: ends[tokens][1]] if len(ends) > tokens else text for text, ends in zip(texts, offsets, strict=True)]


def _shortened(row: list[int], max_length: int, tokenizer: Any) -> list[int]:
    """The beginning of a row that is too long; an end mark stays at its end."""
    if len(row) <= max_length:
        return row
    return [*row[: max_length - 1], row[-1]] if row[-1] in tokenizer.all_special_ids else row[:max_length]
