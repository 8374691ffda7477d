"""The best linear model of fixed numbers: where a joined head starts, and what decides whether descriptors help.

Ridge regression for numbers, logistic regression for classes, each with the penalty that does best in folds of the
training rows: of the few validation rows of a small table any penalty may do best by chance.
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

PENALTIES = (0.03, 0.3, 3.0, 30.0, 300.0, 3000.0)
_STEPS = 60  # of L-BFGS, for classes


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
    penalty: float,
    weights: Tensor | None = None,
) -> LinearProbe:
    """The model with a penalty that `choose_in_folds` gave. train, validation: (rows, columns), scaled; labels as
    `task.labels` gives them, targets those of the validation rows. weights: of the training rows (rows,), None: all the
    same.
    """
    if task.predicts_numbers:
        weight, bias = _ridges(train, labels, weights)(penalty)
    else:
        weight, bias = _by_descent(task, train, labels, penalty, weights)
    logits = (validation @ weight.T + bias).numpy().astype(np.float64)
    return LinearProbe(weight, bias, float(task.scores(task.decode(logits), targets)[task.main_score]))


def better(task: Task, score: float, than: float) -> bool:
    """True if a score is better than another; a number is better than none."""
    if np.isnan(score) or np.isnan(than):
        return not np.isnan(score)
    return score > than if task.greater_is_better else score < than


@dataclass(frozen=True)
class FoldedChoice:
    """A candidate with the penalty that does best in folds of the training rows: the task's main score and loss there.

    candidate: its index.
    """

    candidate: int
    penalty: float
    score: float
    loss: float


def choose_in_folds(
    task: Task,
    candidates: Sequence[Tensor],
    labels: Tensor,
    targets: Targets,
    folds: Sequence[npt.NDArray[np.int64]],
    check: Callable[[int], None] = lambda done: None,
    weights: Tensor | None = None,
) -> list[FoldedChoice]:
    """The best penalty of each of several sets of columns (rows, columns), by the main score of rows left out.

    labels as `task.labels` gives them, targets of the same rows. folds: rows that are left out together; rows in none
    of them are passed over. The choice is as good as the training rows are many, however few there are to validate on.
    `check(fits done, of all candidates and folds)` may raise to give up.
    """
    seen = np.concatenate(list(folds))
    choices = []
    for index, columns in enumerate(candidates):
        logits = {penalty: np.zeros((len(labels), len(task.outputs))) for penalty in PENALTIES}
        for fold, held in enumerate(folds):
            learnt, out = torch.from_numpy(np.setdiff1d(seen, held)), torch.from_numpy(held)
            own = None if weights is None else weights[learnt]
            fits = _ridges(columns[learnt], labels[learnt], own) if task.predicts_numbers else None
            for fit, penalty in enumerate(PENALTIES):
                check((index * len(folds) + fold) * len(PENALTIES) + fit)
                weight, bias = (
                    fits(penalty) if fits else _by_descent(task, columns[learnt], labels[learnt], penalty, own)
                )
                logits[penalty][held] = (columns[out] @ weight.T + bias).numpy()
        tried = []
        for penalty, predicted in logits.items():
            score = float(task.scores(task.decode(predicted[seen]), targets[seen])[task.main_score])
            loss = float(task.loss(torch.from_numpy(predicted[seen]), labels[torch.from_numpy(seen)]))
            tried.append(FoldedChoice(index, penalty, score, loss))
        choices.append(best_choice(task, tried))
    return choices


def best_choice(task: Task, choices: Sequence[FoldedChoice]) -> FoldedChoice:
    """The one with the best score; of equal ones the one with the least loss. There is at least one."""
    best = choices[0]
    for choice in choices[1:]:
        # Of few rows many choices tell all classes: the surest of them is taken.
        if better(task, choice.score, best.score) or (choice.score == best.score and choice.loss < best.loss):
            best = choice
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
