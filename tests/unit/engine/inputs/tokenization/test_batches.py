"""Batches hold every row once, keep to the budget, and come in few shapes that are the same in every epoch."""

from collections import Counter
from collections.abc import Iterable
from itertools import combinations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sciapp.engine.inputs.tokenization.batches import (
    MOST_LENGTHS,
    Batch,
    ordered_batches,
    padded_lengths,
    shuffled_batches,
)

some_lengths = st.lists(st.integers(1, 300), min_size=1, max_size=400)
budgets = st.integers(64, 4096)
seeds = st.integers(0, 2**32 - 1)


def shapes(batches: list[Batch]) -> Counter[tuple[int, int]]:
    return Counter((len(batch.rows), batch.length) for batch in batches)


@given(lengths=some_lengths, budget=budgets, seed=seeds, epoch=st.integers(0, 1000))
def test_every_row_comes_once_and_fits_its_batch(lengths: list[int], budget: int, seed: int, epoch: int) -> None:
    batches = shuffled_batches(lengths, budget, seed=seed, epoch=epoch)
    assert sorted(np.concatenate([batch.rows for batch in batches]).tolist()) == list(range(len(lengths)))
    assert all(lengths[row] <= batch.length for batch in batches for row in batch.rows.tolist())
    assert all(len(batch.rows) == 1 or len(batch.rows) * batch.length <= budget for batch in batches)


@given(lengths=some_lengths, budget=budgets, seed=seeds)
def test_shapes_are_few_and_the_same_in_every_epoch(lengths: list[int], budget: int, seed: int) -> None:
    first = shapes(shuffled_batches(lengths, budget, seed=seed, epoch=0))
    assert len(padded_lengths(lengths)) <= MOST_LENGTHS
    assert len(first) <= MOST_LENGTHS + 1
    assert shapes(shuffled_batches(lengths, budget, seed=seed + 1, epoch=7)) == first


@given(lengths=st.lists(st.integers(1, 96), min_size=1, max_size=60))
def test_no_other_choice_of_lengths_leaves_less_padding(lengths: list[int]) -> None:
    top = 8 * -(-max(lengths) // 8)

    def padding(edges: Iterable[int]) -> int:
        return sum(min(edge for edge in edges if edge >= length) - length for length in lengths)

    others = combinations(range(8, top, 8), min(MOST_LENGTHS - 1, top // 8 - 1))
    assert padding(padded_lengths(lengths)) == min(padding([*chosen, top]) for chosen in others)


@given(lengths=some_lengths, budget=budgets)
def test_only_one_batch_of_a_length_may_be_short_and_it_is_of_the_longest(lengths: list[int], budget: int) -> None:
    batches = ordered_batches(lengths, budget)
    short = [batch for batch in batches if len(batch.rows) < max(1, budget // batch.length)]
    assert len(short) <= 1
    assert all(batch.length == max(padded_lengths(lengths)) for batch in short)


@given(lengths=some_lengths, seed=seeds)
def test_seed_and_epoch_alone_decide_the_order(lengths: list[int], seed: int) -> None:
    once = shuffled_batches(lengths, 512, seed=seed, epoch=3)
    again = shuffled_batches(lengths, 512, seed=seed, epoch=3)
    assert all((a.rows == b.rows).all() and a.length == b.length for a, b in zip(once, again, strict=True))


def test_another_epoch_has_another_order() -> None:
    lengths = list(range(1, 201))
    orders = [
        np.concatenate([batch.rows for batch in shuffled_batches(lengths, 512, seed=0, epoch=epoch)]).tolist()
        for epoch in range(3)
    ]
    assert orders[0] != orders[1] != orders[2] != orders[0]


def test_a_row_longer_than_the_budget_goes_alone() -> None:
    batches = ordered_batches([10, 500, 500], 64)
    assert {len(batch.rows) for batch in batches if batch.length >= 500} == {1}


def test_little_is_padding_when_lengths_vary_much() -> None:
    lengths = np.random.default_rng(0).integers(8, 200, 4000).tolist()
    padded = sum(len(batch.rows) * batch.length for batch in ordered_batches(lengths, 4096))
    assert padded < 1.25 * sum(lengths)


def test_nothing_to_judge_gives_no_batches() -> None:
    assert ordered_batches([], 512) == []
