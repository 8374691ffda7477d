"""Splits are exact, disjoint, seeded, and the same whatever order the rows come in."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sciapp.engine.data.values.split_names import (
    TEST,
    TRAIN,
    VALIDATION,
    column_split,
    grouped_split,
    quantiles,
    random_split,
    share_out,
    split_named,
    stratified_split,
)
from sciapp.errors import BadInput
from sciapp.records.dataset.card import SplitPlan

some_keys = st.lists(st.integers(0, 2**64 - 1), min_size=10, max_size=200, unique=True).map(
    lambda keys: np.array(keys, dtype=np.uint64)
)
seeds = st.integers(0, 2**32 - 1)


def keys_of(count: int) -> np.ndarray:
    return np.random.default_rng(1).integers(0, 2**63, count, dtype=np.uint64)


@given(keys=some_keys, seed=seeds)
def test_a_random_split_has_exact_shares_and_follows_the_rows(keys, seed) -> None:
    plan = SplitPlan(seed=seed)
    codes = random_split(keys, plan).codes
    assert list(np.bincount(codes, minlength=3)) == share_out(len(keys), plan.fractions)
    shuffled = np.random.default_rng(0).permutation(len(keys))
    assert (random_split(keys[shuffled], plan).codes == codes[shuffled]).all()


def test_another_seed_gives_another_split() -> None:
    keys = keys_of(500)
    assert (random_split(keys, SplitPlan(seed=1)).codes != random_split(keys, SplitPlan(seed=2)).codes).any()


@given(keys=some_keys, seed=seeds, data=st.data())
def test_no_group_is_in_two_splits(keys, seed, data) -> None:
    groups = np.array(data.draw(st.lists(st.integers(0, 30), min_size=len(keys), max_size=len(keys))), dtype=np.uint64)
    plan = SplitPlan(method="scaffold", seed=seed)
    try:
        codes = grouped_split(keys, groups, plan).codes
    except BadInput:
        assert len(np.unique(groups)) < 15
        return
    assert all(len(set(codes[groups == group])) == 1 for group in np.unique(groups))
    assert set(codes) == {TRAIN, VALIDATION, TEST}
    shuffled = np.random.default_rng(0).permutation(len(keys))
    assert (grouped_split(keys[shuffled], groups[shuffled], plan).codes == codes[shuffled]).all()


def test_groups_come_near_the_wanted_shares() -> None:
    groups = np.random.default_rng(3).geometric(0.01, 2000).astype(np.uint64)
    counts = grouped_split(keys_of(2000), groups, SplitPlan(method="scaffold")).counts()
    assert counts["train"] == pytest.approx(1600, abs=60)
    assert counts["test"] == pytest.approx(200, abs=60)


def test_one_great_group_is_trained_on() -> None:
    groups = np.array([0] * 90 + list(range(1, 11)), dtype=np.uint64)
    codes = grouped_split(keys_of(100), groups, SplitPlan(method="scaffold")).codes
    assert set(codes[:90]) == {TRAIN}


def test_a_single_group_cannot_be_divided() -> None:
    with pytest.raises(BadInput, match="1 group"):
        grouped_split(keys_of(50), np.zeros(50, dtype=np.uint64), SplitPlan(method="scaffold"))


@given(keys=some_keys, seed=seeds, data=st.data())
def test_every_class_is_trained_on_and_shares_are_kept(keys, seed, data) -> None:
    strata = np.array(data.draw(st.lists(st.integers(0, 3), min_size=len(keys), max_size=len(keys))))
    try:
        codes = stratified_split(keys, strata, SplitPlan(method="stratified", seed=seed)).codes
    except BadInput:
        assert len(keys) < 20
        return
    for stratum in np.unique(strata):
        of_class = codes[strata == stratum]
        assert (of_class == TRAIN).any()
        assert abs((of_class == TEST).sum() - 0.1 * len(of_class)) <= 1.5
    shuffled = np.random.default_rng(0).permutation(len(keys))
    again = stratified_split(keys[shuffled], strata[shuffled], SplitPlan(method="stratified", seed=seed)).codes
    assert (again == codes[shuffled]).all()


def test_quantiles_hold_like_many_rows_and_gaps_apart() -> None:
    target = np.r_[np.random.default_rng(0).normal(size=1000), [np.nan] * 7]
    strata = quantiles(target)
    assert list(np.bincount(strata[:1000])) == [100] * 10
    assert set(strata[1000:]) == {-1}


@pytest.mark.parametrize(
    ("cell", "code"),
    [("train", TRAIN), (" Valid ", VALIDATION), ("VAL", VALIDATION), ("dev", VALIDATION), ("Test", TEST), ("", None)],
)
def test_split_names_of_all_habits_are_known(cell: str, code: int | None) -> None:
    assert split_named(cell) == code


def test_without_validation_rows_a_tenth_of_training_is_taken_and_said() -> None:
    named = np.array([TRAIN] * 80 + [TEST] * 20, dtype=np.int8)
    found = column_split(named, keys_of(100), SplitPlan(method="column"))
    assert found.counts() == {"train": 72, "validation": 8, "test": 20}
    assert (found.codes[80:] == TEST).all()
    assert "8 training rows" in found.remarks[0]


@pytest.mark.parametrize("only", [TRAIN, TEST])
def test_a_split_column_needs_training_and_test_rows(only: int) -> None:
    with pytest.raises(BadInput, match=r"no (train|test) rows"):
        column_split(np.full(20, only, dtype=np.int8), keys_of(20), SplitPlan(method="column"))


@pytest.mark.parametrize("fractions", [(1.0, 0.0, 0.0), (0.5, -0.1, 0.6)])
def test_every_split_needs_a_share(fractions: tuple[float, float, float]) -> None:
    with pytest.raises(BadInput, match="share"):
        share_out(100, fractions)
