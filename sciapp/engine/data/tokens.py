"""Strings become token numbers once per run."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

_CHUNK = 2000


@dataclass(frozen=True)
class TokenRows:
    """Rows of token numbers of varying length, one behind the other in one array.

    numbers: int32 (tokens,). starts: int64 (rows + 1,), where each row begins, and the end of the last.
    """

    numbers: npt.NDArray[np.int32]
    starts: npt.NDArray[np.int64]

    @classmethod
    def of(cls, rows: Iterable[Sequence[int] | npt.NDArray[np.int32]]) -> "TokenRows":
        kept = [np.asarray(row, dtype=np.int32) for row in rows]
        lengths = np.array([0, *(len(row) for row in kept)], dtype=np.int64)
        return cls(np.concatenate([np.empty(0, dtype=np.int32), *kept]), np.cumsum(lengths))

    @classmethod
    def joined(cls, parts: Sequence["TokenRows"]) -> "TokenRows":
        """All rows of all parts, in order."""
        lengths = np.concatenate([np.zeros(1, dtype=np.int64), *(part.lengths for part in parts)])
        return cls(np.concatenate([np.empty(0, dtype=np.int32), *(p.numbers for p in parts)]), np.cumsum(lengths))

    def __len__(self) -> int:
        return len(self.starts) - 1

    def __getitem__(self, row: int) -> npt.NDArray[np.int32]:
        return self.numbers[self.starts[row] : self.starts[row + 1]]

    @property
    def lengths(self) -> npt.NDArray[np.int64]:
        """Tokens of each row (rows,)."""
        return np.diff(self.starts)

    def part(self, first: int, last: int) -> "TokenRows":
        """The rows from `first` up to, without, `last`."""
        starts = self.starts[first : last + 1]
        return TokenRows(self.numbers[starts[0] : starts[-1]], starts - starts[0])

    def of_rows(self, rows: npt.NDArray[np.int64]) -> "TokenRows":
        """These rows, in this order."""
        lengths = self.starts[rows + 1] - self.starts[rows]
        starts = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(lengths)])
        places = np.repeat(self.starts[rows] - starts[:-1], lengths) + np.arange(starts[-1])
        return TokenRows(self.numbers[places], starts)

    def count_with(self, number: int) -> int:
        """How many rows have the token `number`."""
        places = np.flatnonzero(self.numbers == number)
        return len(np.unique(np.searchsorted(self.starts, places, side="right")))

    def padded(
        self, rows: npt.NDArray[np.int64], length: int, pad: int
    ) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """Token numbers and mask (rows, length) of the rows at these positions; mask: 1 for real tokens.

        The mask is told by the lengths: a model may use the number of its padding for a real token.
        """
        lengths = self.starts[rows + 1] - self.starts[rows]
        places = np.arange(length)
        real = places < lengths[:, None]
        ids = np.full(real.shape, pad, dtype=np.int64)
        ids[real] = self.numbers[(self.starts[rows][:, None] + places)[real]]
        return ids, real.astype(np.int64)


@dataclass(frozen=True)
class Tokens:
    """Token numbers of some rows, special tokens included; `cut` counts rows that were longer than allowed."""

    rows: TokenRows
    cut: int


def tokenize(tokenizer: Any, inputs: list[str], max_length: int, check: Callable[[int], None]) -> Tokens:
    """Tokens of canonical inputs, each at most `max_length` long; `check(done)` may raise Cancelled between chunks."""
    parts: list[TokenRows] = []
    cut = 0
    for first in range(0, len(inputs), _CHUNK):
        check(first)
        # Asked for without a limit first: how many rows are cut off is something people must be told.
        rows = tokenizer(inputs[first : first + _CHUNK], truncation=False, verbose=False)["input_ids"]
        cut += sum(len(row) > max_length for row in rows)
        parts.append(TokenRows.of(_shortened(row, max_length, tokenizer) for row in rows))
    return Tokens(TokenRows.joined(parts), cut)


def _shortened(row: list[int], max_length: int, tokenizer: Any) -> list[int]:
    """The beginning of a row that is too long; an end mark stays at its end."""
    if len(row) <= max_length:
        return row
    return [*row[: max_length - 1], row[-1]] if row[-1] in tokenizer.all_special_ids else row[:max_length]
