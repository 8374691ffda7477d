"""When a training counts as lost, and when it is only noisy."""

import math
from dataclasses import asdict

import numpy as np
import pytest

from sciapp.engine.training.state import GRADIENT_NO_NUMBER, LOSS_NO_NUMBER, Diverged, LossHistory
from tests.helpers.messages import refused_exactly


def taken(losses: list[float]) -> LossHistory:
    course = LossHistory()
    for step, loss in enumerate(losses, 1):
        course.take(loss, step)
    return course


def test_a_loss_that_is_no_number_is_a_divergence_at_once() -> None:
    for loss in (math.nan, math.inf):
        with refused_exactly(Diverged, what=LOSS_NO_NUMBER, step=3):
            taken([1.0, 0.9, loss])


def test_ten_losses_far_above_their_level_are_an_explosion() -> None:
    with refused_exactly(Diverged, what={"far": 5, "in_a_row": 10}, step=70):
        taken([1.0] * 60 + [8.0 * 1.3**n for n in range(20)])


def test_noise_of_single_rows_is_no_explosion() -> None:
    losses = np.random.default_rng(0).chisquare(1, 200_000)
    assert len(taken(losses.tolist()).first) == 20


def test_a_fitted_start_that_gives_way_is_no_explosion() -> None:
    taken([0.01] * 40 + [min(1.0, 0.02 * n) for n in range(200)])


def test_a_spike_that_passes_is_no_explosion() -> None:
    course = taken([1.0] * 30 + [50.0] * 9)
    assert not course.is_calm
    course.take(1.0, 40)
    assert course.is_calm


@pytest.mark.parametrize("jump", [2, 4, 20])
def test_a_loss_that_jumps_before_there_is_a_level_is_nothing_to_save(jump: int) -> None:
    course = LossHistory()
    for step in range(1, jump):
        course.take(0.9 + step % 3 / 10, step)
        assert course.is_calm
    course.take(900.0, jump)
    assert not course.is_calm
    course.take(1.0, jump + 1)
    assert course.is_calm


def test_a_course_from_a_checkpoint_judges_like_one_that_was_never_saved() -> None:
    course = taken([1.0] * 30 + [50.0] * 9)
    with pytest.raises(Diverged):
        LossHistory(**asdict(course)).take(50.0, 40)


def test_a_loss_scale_that_looks_for_its_size_is_no_divergence_but_one_that_never_finds_it_is() -> None:
    course = LossHistory()
    for step in range(1, 41):
        course.take_gradient(math.inf, step, scaled=True)
    with refused_exactly(Diverged, what=GRADIENT_NO_NUMBER, step=41):
        course.take_gradient(math.nan, 41, scaled=True)


def test_an_infinite_gradient_without_a_loss_scale_is_a_divergence() -> None:
    with refused_exactly(Diverged, what=GRADIENT_NO_NUMBER, step=1):
        LossHistory().take_gradient(math.inf, 1, scaled=False)
