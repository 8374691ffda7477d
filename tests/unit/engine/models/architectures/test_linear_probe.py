import numpy as np
import pytest
import torch

from sciapp.engine.models.architectures.linear_probe import PENALTIES, best_choice, better, choose_in_folds, fit_probe
from sciapp.engine.tasks.classification import Classification
from sciapp.engine.tasks.regression import Regression


def test_a_ridge_finds_the_line_through_gaps() -> None:
    rng = np.random.default_rng(0)
    x = rng.normal(size=(300, 4))
    targets = np.column_stack([x @ [1.0, -2.0, 0.0, 3.0] + 5, x @ [0.0, 1.0, 1.0, 0.0]])
    targets[::3, 1] = np.nan
    task = Regression(("a", "b"), targets[:200])
    features = torch.tensor(x, dtype=torch.float32)
    probe = fit_probe(task, features[:200], task.labels(targets[:200]), features[200:], targets[200:], 0.03)
    said = (features[200:] @ probe.weight.T + probe.bias).numpy().astype(float)
    off = task.decode(said).values - targets[200:]
    assert np.nanmax(np.abs(off)) < 0.05
    assert probe.score < 0.05


def test_classes_are_told_apart_and_the_score_is_that_of_validation() -> None:
    rng = np.random.default_rng(1)
    labels = rng.integers(0, 3, 240)
    x = torch.tensor(np.eye(3)[labels] * 3 + rng.normal(size=(240, 3)), dtype=torch.float32)
    task = Classification(("p", "q", "r"))
    probe = fit_probe(task, x[:160], task.labels(labels[:160]), x[160:], labels[160:], 1.0)
    assert probe.weight.shape == (3, 3)
    assert 0.85 < probe.score <= 1.0


def folds_of(rows: int) -> list[np.ndarray]:
    return np.array_split(np.random.default_rng(0).permutation(rows), 4)


def test_the_penalty_that_does_best_on_rows_left_out_is_taken() -> None:
    rng = np.random.default_rng(2)
    x = rng.normal(size=(60, 50))
    target = (x[:, :1] + rng.normal(size=(60, 1)) * 2).astype(float)
    task, features = Regression(("y",), target), torch.tensor(x, dtype=torch.float32)
    (chosen,) = choose_in_folds(task, [features], task.labels(target), target, folds_of(60))
    assert chosen.penalty > min(PENALTIES)
    probe = fit_probe(task, features, task.labels(target), features, target, chosen.penalty)
    least = torch.linalg.lstsq(features, task.labels(target)).solution.T
    assert probe.weight.norm() < least.norm()


def test_rows_in_no_fold_are_neither_learnt_from_nor_scored() -> None:
    rng = np.random.default_rng(5)
    x, target = rng.normal(size=(80, 3)), rng.normal(size=(80, 1))
    target[:40] = x[:40, :1]
    task, features = Regression(("y",), target), torch.tensor(x, dtype=torch.float32)
    (chosen,) = choose_in_folds(task, [features], task.labels(target), target, folds_of(40))
    assert chosen.score < 0.05


@pytest.mark.parametrize(("score", "than", "expected"), [(1.0, 2.0, True), (2.0, 1.0, False), (1.0, np.nan, True)])
def test_smaller_errors_are_better_and_a_number_beats_none(score: float, than: float, expected: bool) -> None:
    task = Regression(("y",), np.arange(4.0)[:, None])
    assert better(task, score, than) is expected


def test_a_target_that_none_of_the_rows_has_is_left_at_zero() -> None:
    rng = np.random.default_rng(3)
    targets = rng.normal(size=(40, 2))
    task = Regression(("a", "b"), targets)
    labels = task.labels(targets)
    labels[:, 1] = torch.nan
    features = torch.tensor(rng.normal(size=(40, 3)), dtype=torch.float32)
    probe = fit_probe(task, features, labels, features, targets, 0.1)
    assert not probe.weight[1].any() and not probe.bias[1]
    assert torch.isfinite(probe.weight).all()


@pytest.mark.parametrize("classes", [False, True])
def test_of_several_sets_of_columns_the_one_that_tells_most_of_unseen_rows_is_chosen(classes: bool) -> None:
    rng = np.random.default_rng(4)
    told, noise = rng.normal(size=(80, 3)), rng.normal(size=(80, 60))
    value = told @ [1.0, -2.0, 1.0]
    targets = (value > 0).astype(np.int64) if classes else value[:, None]
    task = Classification(("no", "yes")) if classes else Regression(("y",), targets)
    candidates = [torch.tensor(part, dtype=torch.float32) for part in (noise, told, np.hstack([told, noise]))]
    choices = choose_in_folds(task, candidates, task.labels(targets), targets, folds_of(80))
    chosen = best_choice(task, choices)
    assert [choice.candidate for choice in choices] == [0, 1, 2] and chosen.candidate == 1
    assert chosen.score > 0.8 if classes else chosen.score < 0.2
    assert choose_in_folds(task, candidates, task.labels(targets), targets, folds_of(80)) == choices
