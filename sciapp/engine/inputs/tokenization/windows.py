"""Windows of rows for self-supervised training: whole rows, random windows of long ones, other spellings.

Everything that is drawn follows from the generator that is passed in, so the same seed, epoch and batch show the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from sciapp.engine.domains.base import Augmentation
from sciapp.engine.domains.row_input import RowInput, only_part
from sciapp.engine.inputs.tokenization.batches import Batch, padded_lengths
from sciapp.engine.inputs.tokenization.tokens import TokenRows

Numbers = npt.NDArray[np.int64]

_SPELT_ANEW = 0.5  # share of the rows; the rest keeps the canonical spelling, which fine-tuning will read


@dataclass(frozen=True)
class SpecialTokenCounts:
    """The number of special tokens in front of and behind every row."""

    first: int
    last: int

    @classmethod
    def of(cls, tokenizer: Any, example: str) -> "SpecialTokenCounts":
        special = np.isin(tokenizer(example)["input_ids"], tokenizer.all_special_ids)
        inner = np.flatnonzero(~special)
        return cls(int(inner[0]), int(len(special) - 1 - inner[-1])) if len(inner) else cls(0, 0)


@dataclass(frozen=True)
class InputAugmentation:
    """Other spellings of the rows: their canonical forms, the domain's augmentation, and the tokenizer."""

    inputs: list[str]
    augmentation: Augmentation[RowInput]
    tokenizer: Any

    def tokens(self, values: Sequence[RowInput]) -> list[list[int]]:
        """Token numbers, special ones included."""
        if not values:
            return []
        texts = list(map(only_part, values))
        numbers: list[list[int]] = self.tokenizer(texts, truncation=False, verbose=False)["input_ids"]
        return numbers


@dataclass(frozen=True)
class Windows:
    """Rows as windows of at most `longest` tokens. owner: which row a window is drawn from (windows,)."""

    rows: TokenRows
    owner: Numbers
    longest: int
    frame: SpecialTokenCounts
    pad: int
    respelling: InputAugmentation | None = None

    @classmethod
    def over(
        cls,
        rows: TokenRows,
        chosen: Numbers,
        longest: int,
        frame: SpecialTokenCounts,
        pad: int,
        respelling: InputAugmentation | None,
    ) -> "Windows":
        """As many windows of each of the rows at the positions `chosen` as it takes to read all of it once."""
        room = longest - frame.first - frame.last
        inner = np.maximum(1, rows.lengths[chosen] - frame.first - frame.last)
        return cls(rows, np.repeat(chosen, -(-inner // room)), longest, frame, pad, respelling)

    @cached_property
    def lengths(self) -> Numbers:
        """Tokens of each window (windows,), in the canonical spelling."""
        return np.minimum(self.rows.lengths[self.owner], self.longest)

    def drawn(self, batch: Batch, rng: np.random.Generator) -> tuple[Numbers, Numbers]:
        """Token numbers and mask (rows, length) of a batch of windows."""
        owners = self.owner[batch.rows]
        tokens = [self.rows[owner] for owner in owners.tolist()]
        if self.respelling is not None:
            self._spell_anew(tokens, owners, rng)
        positions = rng.random(len(tokens))
        cropped = TokenRows.of(self._cropped(row, position) for row, position in zip(tokens, positions, strict=True))
        # Another spelling may be longer than the batch was made for; it is padded to the next length, not to any.
        longest = max(batch.length, int(cropped.lengths.max()))
        length = next((edge for edge in self._edges if edge >= longest), longest)
        return cropped.padded(np.arange(len(cropped)), length, self.pad)

    @cached_property
    def _edges(self) -> list[int]:
        return padded_lengths(self.lengths)

    def _spell_anew(self, tokens: list[npt.NDArray[np.int32]], owners: Numbers, rng: np.random.Generator) -> None:
        assert self.respelling is not None
        seeds = rng.integers(2**32, size=len(tokens))
        chosen = np.flatnonzero(rng.random(len(tokens)) < _SPELT_ANEW).tolist()
        spelt = [self.respelling.augmentation(self.respelling.inputs[owners[i]], int(seeds[i])) for i in chosen]
        for index, row in zip(chosen, self.respelling.tokens(spelt), strict=True):
            tokens[index] = np.asarray(row, dtype=np.int32)

    def _cropped(self, row: npt.NDArray[np.int32], fraction: float) -> npt.NDArray[np.int32]:
        """A window of the row that begins at this fraction of what is left over, its special tokens around it."""
        spare = len(row) - self.longest
        if spare <= 0:
            return row
        first, last = self.frame.first, self.frame.last
        begin = first + int(fraction * (spare + 1))
        inner = row[begin : begin + self.longest - first - last]
        return np.concatenate([row[:first], inner, row[len(row) - last :]])
