"""A pass over a small table has steps enough, whatever the token budget would hold."""

import numpy as np
import pytest

from sciapp.engine.training.sampler import BatchSampler
from sciapp.records.plan.plan import FEWEST_ROWS, Batching


def sampler(rows: int, **settings: int) -> BatchSampler:
    lengths = np.random.default_rng(0).integers(3, 20, rows)
    return BatchSampler(lengths, Batching(tokens_per_batch=4096, **settings), seed=0)


@pytest.mark.parametrize(("rows", "least", "most"), [(250, 24, 30), (900, 24, 30), (40, 5, 8), (9, 1, 2)])
def test_short_rows_of_a_small_table_are_learnt_in_many_steps(rows: int, least: int, most: int) -> None:
    made = sampler(rows)
    assert least <= made.steps_per_epoch <= most
    batches = [batch for step in made.steps(3) for batch in step.batches]
    assert sorted(row for batch in batches for row in batch.rows) == list(range(rows))
    assert len(made.steps(3)) == made.steps_per_epoch


def test_batches_do_not_become_smaller_than_a_few_rows() -> None:
    sizes = [len(batch.rows) for step in sampler(60).steps(0) for batch in step.batches]
    assert max(sizes) == FEWEST_ROWS


def test_accumulated_batches_are_one_step() -> None:
    assert 24 <= sampler(2000, gradient_accumulation_steps=4).steps_per_epoch <= 30


def test_a_large_table_is_divided_by_tokens_alone() -> None:
    assert sampler(40_000).steps_per_epoch == sampler(40_000, min_steps_per_epoch=1).steps_per_epoch


def test_one_step_a_pass_is_as_the_token_budget_says() -> None:
    assert sampler(150, min_steps_per_epoch=1).steps_per_epoch <= 2
