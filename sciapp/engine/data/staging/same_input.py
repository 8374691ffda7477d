"""Rows that share their input: which of them agree, which contradict each other, which fill each other's gaps."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

import numpy as np
import numpy.typing as npt

from sciapp.engine.data.staging.staged_rows import RowNotes, staged_batches
from sciapp.engine.data.values.rejections import RejectionReason

Bools = npt.NDArray[np.bool_]
RowIndices = npt.NDArray[np.int64]


@dataclass(frozen=True)
class SameInput:
    """order (rows,): places of the used rows, those of one input side by side, in the order of the file. begins
    (inputs + 1,): where each input's rows begin in `order`, and the end.

    clash, gaps, alike (inputs,): a target has two values; nothing contradicts, but some rows lack what others have;
    several rows say the same.
    """

    order: RowIndices
    begins: RowIndices
    clash: Bools
    gaps: Bools
    alike: Bools

    @classmethod
    def of(cls, digests: npt.NDArray[np.uint64], targets: npt.NDArray[np.float64], notes: RowNotes) -> "SameInput":
        """digests (rows, 2): of input and conditions; targets (rows, targets), NaN for gaps."""
        usable = np.flatnonzero(notes.usable)
        order = usable[np.lexsort((usable, digests[usable, 1], digests[usable, 0]))]
        new = (digests[order[1:]] != digests[order[:-1]]).any(axis=1)
        begins = np.flatnonzero(np.r_[True, new, True]) if len(order) else np.zeros(1, dtype=np.int64)
        inputs, sizes = len(begins) - 1, np.diff(begins)
        clash, holed = np.zeros(inputs, dtype=bool), np.zeros(inputs, dtype=bool)
        for values in targets.T if inputs else ():
            column, starts = values[order], begins[:-1]
            clash |= np.fmax.reduceat(column, starts) > np.fmin.reduceat(column, starts)  # NaN is passed over
            known = np.add.reduceat(~np.isnan(column), starts, dtype=np.int64)
            holed |= (known > 0) & (known < sizes)
        return cls(order, begins, clash, holed & ~clash, (sizes > 1) & ~clash & ~holed)

    def rows(self, which: Bools) -> RowIndices:
        """All rows of these inputs, those of one input side by side."""
        return self.order[np.repeat(which, np.diff(self.begins))]

    def groups(self, which: Bools) -> list[RowIndices]:
        """The rows of each of these inputs."""
        chosen = np.flatnonzero(which)
        return [self.order[self.begins[index] : self.begins[index + 1]] for index in chosen]


def keep_one(notes: RowNotes, rows: RowIndices, retained: int, why: RejectionReason) -> None:
    """Set all of `rows`, which share an input, aside but `retained`, whose line they name."""
    others = rows[rows != retained]
    notes.why[others] = why
    notes.detail[others] = notes.line[retained]


def keep_first(notes: RowNotes, same: SameInput, which: Bools, why: RejectionReason) -> None:
    """Of each of these inputs the first row stays; the others name its line."""
    sizes = np.diff(same.begins)[which]
    rows, first = same.rows(which), np.repeat(same.order[same.begins[:-1][which]], sizes)
    others = rows != first
    notes.why[rows[others]] = why
    notes.detail[rows[others]] = notes.line[first[others]]


def keep_none(notes: RowNotes, same: SameInput, which: Bools, targets: npt.NDArray[np.float64]) -> None:
    """Of each of these inputs all rows go: one that differs from the first names it, the others one that differs."""
    rows, sizes = same.rows(which), np.diff(same.begins)[which]
    if not len(rows):
        return
    starts = np.cumsum(sizes) - sizes
    first, second = np.repeat(rows[starts], sizes), np.repeat(rows[starts + 1], sizes)
    values, others = targets[rows], targets[first]
    differs = ((values != others) & ~np.isnan(values) & ~np.isnan(others)).any(axis=1)
    lines = np.where(differs, notes.line[rows], np.iinfo(np.int64).max)
    odd = np.repeat(np.minimum.reduceat(lines, starts), sizes)
    # Where only gaps keep the first row from differing, any other row of the input is named.
    odd = np.where(odd == np.iinfo(np.int64).max, notes.line[np.where(rows == first, second, first)], odd)
    notes.why[rows] = RejectionReason.CONFLICT
    notes.detail[rows] = np.where(differs, notes.line[first], odd)


# The conditions of a measurement make it another row: the same molecule at another temperature is no contradiction.


def with_conditions(digests: npt.NDArray[np.uint64], staged: Path, columns: Sequence[int]) -> npt.NDArray[np.uint64]:
    """Digests (rows, 2) of the inputs together with the cells at `columns`: the conditions of the measurement."""
    if not columns:
        return digests
    mixed = digests.copy()
    for batch in staged_batches(staged):
        cells = zip(*(batch.cells(index).to_pylist() for index in columns), strict=True)
        for row, under in enumerate(cells, start=batch.begin):
            text = "\t".join((cell or "").strip() for cell in under)
            mixed[row] ^= np.frombuffer(blake2b(text.encode("utf-8"), digest_size=16).digest(), dtype=np.uint64)
    return mixed
