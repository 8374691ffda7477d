"""The best linear model of fixed numbers: where a joined head starts, and what decides whether descriptors help.

Ridge regression for numbers, logistic regression for classes, each with the penalty that does best on validation.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from sciapp.engine.data.targets.base import Targets
from sciapp.engine.tasks.base import Task

Floats = npt.NDArray[np.float64]

PENALTIES = tuple(10.0**power for power in range(-1, 5))
_STEPS = 60  # of L-BFGS, for classes
_FOLDS, _MOST_FOLDED = 4, 2000  # rows: enough to choose by
_FOLDED_PENALTIES = (0.03, 0.3, 3.0, 30.0, 300.0)


@dataclass(frozen=True)
class LinearProbe:
    """weight (outputs, columns) and bias (outputs,) give logits; score: the task's main score on validation."""

    weight: Tensor
    bias: Tensor
    score: float


def fit_probe(
    task: Task,
    train: Tensor,
    labels: Tensor,
    validation: Tensor,
    targets: Targets,
    check: Callable[[int], None] = lambda done: None,
    weights: Tensor | None = None,
    penalties: Sequence[float] = PENALTIES,
) -> LinearProbe:
    """The best of a few penalties. train, validation: (rows, columns), scaled; labels as `task.labels` gives them,
    targets those of the validation rows. `check(penalties tried)` may raise to give up. weights: of the training rows
    (rows,), None: all the same.
    """
    best: LinearProbe | None = None
    fits = _ridges(train, labels, weights) if task.predicts_numbers else None
    for done, penalty in enumerate(penalties):
        check(done)
        weight, bias = fits(penalty) if fits else _by_descent(task, train, labels, penalty, weights)
        logits = (validation @ weight.T + bias).numpy().astype(np.float64)
        score = float(task.scores(task.decode(logits), targets)[task.main_score])
        if best is None or better(task, score, best.score):
            best = LinearProbe(weight, bias, score)
    assert best is not None, "there are penalties"
    return best


def better(task: Task, score: float, than: float) -> bool:
    """True if a score is better than another; a number is better than none."""
    if np.isnan(score) or np.isnan(than):
        return not np.isnan(score)
    return score > than if task.greater_is_better else score < than


@dataclass(frozen=True)
class FoldedChoice:
    """The candidate that does best in folds of the training rows, its penalty, the task's main score and loss."""

    candidate: int
    penalty: float
    score: float
    loss: float


def choose_in_folds(
    task: Task,
    candidates: Sequence[Tensor],
    labels: Tensor,
    targets: Targets,
    seed: int,
    check: Callable[[int], None] = lambda done: None,
    weights: Tensor | None = None,
) -> FoldedChoice:
    """The best of several sets of columns, each (rows, columns), by the main score of rows that were left out.

    labels as `task.labels` gives them, targets of the same rows. The choice is as good as the training rows are many,
    however few there are to validate on. `check(fits done)` may raise to give up.
    """
    order = np.random.default_rng(seed).permutation(len(labels))[:_MOST_FOLDED]
    best: FoldedChoice | None = None
    for index, columns in enumerate(candidates):
        logits = {penalty: np.zeros((len(labels), len(task.outputs))) for penalty in _FOLDED_PENALTIES}
        for held in np.array_split(order, _FOLDS):
            learnt, out = torch.from_numpy(np.setdiff1d(order, held)), torch.from_numpy(held)
            own = None if weights is None else weights[learnt]
            fits = _ridges(columns[learnt], labels[learnt], own) if task.predicts_numbers else None
            for done, penalty in enumerate(_FOLDED_PENALTIES):
                check(done)
                weight, bias = (
                    fits(penalty) if fits else _by_descent(task, columns[learnt], labels[learnt], penalty, own)
                )
                logits[penalty][held] = (columns[out] @ weight.T + bias).numpy()
        for penalty, predicted in logits.items():
            score = float(task.scores(task.decode(predicted[order]), targets[order])[task.main_score])
            loss = float(task.loss(torch.from_numpy(predicted[order]), labels[torch.from_numpy(order)]))
            # Of few rows many choices tell all classes: the surest of them is taken.
            draw = best is not None and score == best.score and loss < best.loss
            if best is None or better(task, score, best.score) or draw:
                best = FoldedChoice(index, penalty, score, loss)
    assert best is not None, "there are candidates"
    return best


def _ridges(train: Tensor, labels: Tensor, weights: Tensor | None) -> Callable[[float], tuple[Tensor, Tensor]]:
    """Closed form for each target on the rows where it was measured; the eigenvectors serve all penalties."""
    parts = []
    for target in labels.T:
        known = ~torch.isnan(target)
        x, y = train[known].double(), target[known].double()
        w = torch.ones_like(y) if weights is None else weights[known].double()
        if not w.any():  # measured in none of the rows that are looked at: nothing is fitted
            x, y, w = x.new_zeros(1, train.shape[1]), y.new_zeros(1), y.new_ones(1)
        middle, mean = w @ x / w.sum(), w @ y / w.sum()
        heavy = (x - middle) * w[:, None]
        values, vectors = torch.linalg.eigh((x - middle).T @ heavy)
        parts.append((values.clamp(min=0), vectors, vectors.T @ (heavy.T @ (y - mean)), middle, mean))

    def fitted(penalty: float) -> tuple[Tensor, Tensor]:
        weights: Sequence[Tensor] = [vectors @ (right / (values + penalty)) for values, vectors, right, _, _ in parts]
        biases = [mean - middle @ weight for weight, (_, _, _, middle, mean) in zip(weights, parts, strict=True)]
        return torch.stack(list(weights)).float(), torch.stack(biases).float()

    return fitted


def _by_descent(
    task: Task, train: Tensor, labels: Tensor, penalty: float, weights: Tensor | None
) -> tuple[Tensor, Tensor]:
    """The task's own loss plus penalty / 2 * |weight|², by L-BFGS (Liu & Nocedal 1989) from zero."""
    weight = torch.zeros(len(task.outputs), train.shape[1], requires_grad=True)
    bias = torch.zeros(len(task.outputs), requires_grad=True)
    optimizer = torch.optim.LBFGS([weight, bias], max_iter=_STEPS, line_search_fn="strong_wolfe")

    def closure() -> Tensor:
        optimizer.zero_grad()
        loss = task.loss(train @ weight.T + bias, labels, weights) + penalty / 2 * weight.square().sum()
        loss.backward()  # type: ignore[no-untyped-call]
        return loss

    optimizer.step(closure)  # type: ignore[no-untyped-call]
    return weight.detach(), bias.detach()
