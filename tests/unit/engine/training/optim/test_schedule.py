"""The course of the learning rate, against torch's own schedulers."""

import pytest
import torch

from sciapp.engine.training.checkpoints.checkpoint import TrainerState
from sciapp.engine.training.optim.schedule import learning_rate, notice_plateau
from sciapp.records.plan.plan import Optimization


def rates(settings: Optimization, steps: int) -> list[float]:
    return [learning_rate(step, steps, settings) for step in range(steps)]


@pytest.mark.parametrize("steps", [10, 137, 1000])
def test_one_cycle_is_that_of_torch(steps: int) -> None:
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=1.0)
    theirs = torch.optim.lr_scheduler.OneCycleLR(optimizer, 0.01, total_steps=steps, cycle_momentum=False)
    expected = []
    for _ in range(steps):
        expected.append(theirs.get_last_lr()[0])
        optimizer.step()
        theirs.step()
    settings = Optimization(learning_rate=0.01, lr_scheduler_type="one_cycle")
    assert rates(settings, steps) == pytest.approx(expected, rel=1e-6, abs=1e-12)


def test_a_one_cycle_of_very_few_steps_stays_within_its_peak() -> None:
    settings = Optimization(learning_rate=0.01, lr_scheduler_type="one_cycle")
    for steps in range(1, 6):
        assert all(0 < rate <= 0.01 for rate in rates(settings, steps))


def test_constant_stays_after_its_warm_up_and_the_others_fall_to_zero() -> None:
    for name, last in (("constant_with_warmup", 1.0), ("reduce_lr_on_plateau", 1.0), ("linear", 0.0), ("cosine", 0.0)):
        settings = Optimization(learning_rate=1.0, lr_scheduler_type=name, warmup_ratio=0.1)
        found = rates(settings, 1000)
        assert found[:100] == sorted(found[:100])
        assert found[100] == 1.0
        assert found[-1] == pytest.approx(last, abs=2e-3)


def test_a_plateau_lowers_the_rate_when_torch_would() -> None:
    scores = [5, 4, 4, 4, 3, 3, 3, 3, 3, 3, 2, 2]
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=1.0)
    theirs = torch.optim.lr_scheduler.ReduceLROnPlateau(optimizer, factor=0.1, patience=1, threshold=0)
    settings = Optimization(lr_scheduler_type="reduce_lr_on_plateau", plateau_factor=0.1, plateau_patience=2)
    position, best = TrainerState(), float("inf")
    for score in scores:
        theirs.step(score)
        notice_plateau(position, settings, better=score < best)
        best = min(best, score)
        assert position.rate_factor == pytest.approx(optimizer.param_groups[0]["lr"])
    assert position.rate_factor < 0.1


def test_other_schedules_know_no_plateau() -> None:
    position = TrainerState()
    assert not any(notice_plateau(position, Optimization(), better=False) for _ in range(20))
    assert position.rate_factor == 1.0
