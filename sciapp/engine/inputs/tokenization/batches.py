"""Batches of rows of like length by a token budget, in few distinct shapes.

A free choice of shapes grew a training process past 6 GB: libraries cache buffers and kernels for every new one.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Lengths = Sequence[int] | npt.NDArray[np.int64]

MOST_LENGTHS = 8
_GRAIN = 8


@dataclass(frozen=True)
class Batch:
    """rows: positions (rows,); each is padded to `length` tokens."""

    rows: npt.NDArray[np.int64]
    length: int


def padded_lengths(lengths: Lengths) -> list[int]:
    """At most MOST_LENGTHS lengths to pad to, ascending, multiples of 8, the longest row included.

    They are those that leave the least padding when every row is padded to the next of them (dynamic programming over
    the multiples of 8 that occur).
    """
    if not len(lengths):
        return []
    grains, rows = np.unique(-(-np.asarray(lengths) // _GRAIN), return_counts=True)
    before = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(rows)])
    # least[i]: the fewest grains for the rows of the first i kinds, with as many lengths as rounds so far.
    least = np.where(before == 0, 0.0, np.inf)
    choices: list[npt.NDArray[np.int64]] = []
    for _ in range(min(MOST_LENGTHS, len(grains))):
        cost = least[:-1, None] + (before[None, 1:] - before[:-1, None]) * grains[None, :]
        cost[np.tril_indices(len(grains), -1)] = np.inf
        choices.append(cost.argmin(axis=0))
        least = np.concatenate([np.zeros(1), cost.min(axis=0)])
    edges, end = [], len(grains)
    for begins in reversed(choices):
        if end:
            edges.append(int(grains[end - 1]) * _GRAIN)
            end = int(begins[end - 1])
    return sorted(edges)


def shuffled_batches(
    lengths: Lengths, tokens_per_batch: int, *, seed: int, epoch: int, most_rows: int | None = None
) -> list[Batch]:
    """One epoch of training batches. The same (seed, epoch) gives the same batches, whatever came before.

    most_rows: of a batch, however many the token budget would hold; None: as many as it holds. Every row comes exactly
    once. All batches of a length have the same number of rows, but for the last one: what is left over in a length
    moves up to the next. So there are at most MOST_LENGTHS + 1 shapes, in every epoch the same.
    """
    rng = np.random.default_rng([seed, epoch])
    order = rng.permutation(len(lengths))
    batches = _grouped(order, np.asarray(lengths)[order], padded_lengths(lengths), tokens_per_batch, most_rows)
    return [batches[index] for index in rng.permutation(len(batches))]


def ordered_batches(lengths: Lengths, tokens_per_batch: int) -> list[Batch]:
    """Batches for judging: the same shapes, no shuffling."""
    if not len(lengths):
        return []
    order = np.arange(len(lengths))
    return _grouped(order, np.asarray(lengths), padded_lengths(lengths), tokens_per_batch)


def _grouped(
    order: npt.NDArray[np.int64],
    lengths: npt.NDArray[np.int64],
    edges: list[int],
    budget: int,
    most_rows: int | None = None,
) -> list[Batch]:
    batches: list[Batch] = []
    waiting = np.empty(0, dtype=np.int64)
    below = 0
    for edge in edges:
        members = np.concatenate([waiting, order[(lengths > below) & (lengths <= edge)]])
        size = max(1, budget // edge if most_rows is None else min(budget // edge, most_rows))
        full = len(members) // size * size
        batches += [Batch(members[i : i + size], edge) for i in range(0, full, size)]
        waiting, below = members[full:], edge
    if len(waiting):
        batches.append(Batch(waiting, edges[-1]))
    return batches
