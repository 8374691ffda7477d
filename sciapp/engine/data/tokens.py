"""Strings become token numbers once per run."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

_CHUNK = 2000


@dataclass(frozen=True)
class Tokens:
    """Token numbers of some rows, special tokens included; `cut` counts rows that were longer than allowed."""

    rows: list[list[int]]
    cut: int

    @property
    def lengths(self) -> list[int]:
        return [len(row) for row in self.rows]


def tokenize(tokenizer: Any, inputs: list[str], max_length: int, check: Callable[[int], None]) -> Tokens:
    """Tokens of canonical inputs, each at most `max_length` long; `check(done)` may raise Cancelled between chunks."""
    rows: list[list[int]] = []
    cut = 0
    for first in range(0, len(inputs), _CHUNK):
        check(first)
        # Asked for without a limit first: how many rows are cut off is something people must be told.
        for row in tokenizer(inputs[first : first + _CHUNK], truncation=False, verbose=False)["input_ids"]:
            if len(row) > max_length:
                cut += 1
                row = [*row[: max_length - 1], row[-1]] if _ends_specially(tokenizer, row) else row[:max_length]
            rows.append(row)
    return Tokens(rows, cut)


def _ends_specially(tokenizer: Any, row: list[int]) -> bool:
    return row[-1] in tokenizer.all_special_ids
