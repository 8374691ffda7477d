"""Weights of members in their common answer: non-negative, summing to one, fitted to rows that they did not learn from.

Stacked regressions (Breiman 1996, Mach. Learn. 24:49); of probabilities the mixture that makes the labels most likely,
by expectation maximisation.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
from scipy.optimize import nnls

from sciapp.engine.tasks.baselines.base import Outcome

Floats = npt.NDArray[np.float64]

_SMALLEST = 0.02  # a weight below it is noise
_ROUNDS = 200
_SURE_OF_SUM = 1e3  # how much the sum of the weights counts beside the errors
_FEWEST_JUDGED = 10  # rows that say anything of a standard error
_PRIOR_ROWS = 20.0  # rows that speak for shares by the two losses alone, where two are mixed


def mixture(
    answers: Sequence[Floats], labels: Floats, *, outcome: Outcome, row_weights: Floats | None = None
) -> Floats:
    """The weights (answers,) of predictions (rows, outputs) of the same rows.

    labels: (rows, outputs), NaN for what was not measured; numbers in units of their spread, or 0 and 1 of each class.
    row_weights: (rows,), how much each row counts; None: all the same.
    """
    known = ~np.isnan(labels)
    if not known.any():
        return np.full(len(answers), 1 / len(answers))
    stacked = np.stack([answer[known] for answer in answers], axis=1)
    truth = labels[known]
    counts = np.ones(len(labels)) if row_weights is None else row_weights
    counts = np.broadcast_to(counts[:, None], labels.shape)[known]
    if outcome == "number":
        weights = _least_squares(stacked, truth, counts)
    elif outcome == "class":  # only the 1 of a one-hot line counts
        weights = _likeliest(stacked[truth == 1], counts[truth == 1])
    else:
        weights = _likeliest(np.where(truth[:, None] == 1, stacked, 1 - stacked), counts)
    weights = np.where(weights < _SMALLEST, 0.0, weights)
    return np.asarray(weights / weights.sum()) if weights.sum() > 0 else np.full(len(answers), 1 / len(answers))


def _least_squares(stacked: Floats, truth: Floats, counts: Floats) -> Floats:
    # A line that asks the weights to sum to one, as heavy as all rows together.
    heavy, root = _SURE_OF_SUM * np.sqrt(counts.sum()), np.sqrt(counts)
    lines = np.vstack([stacked * root[:, None], np.full(stacked.shape[1], heavy)])
    solution, _ = nnls(lines, np.append(truth * root, heavy))
    return np.asarray(solution)


def _likeliest(own: Floats, counts: Floats) -> Floats:
    """By expectation maximisation. own (labels, answers): the probability that each answer gives to what came true;
    counts (labels,): how much each of them does."""
    own = np.maximum(own, 1e-6)
    weights = np.full(own.shape[1], 1 / own.shape[1])
    for _ in range(_ROUNDS):
        shares = own * weights
        weights = np.average(shares / shares.sum(axis=1, keepdims=True), axis=0, weights=counts)
    return np.asarray(weights)


def share_of_second(first: Floats, second: Floats, labels: Floats, *, classifies: bool) -> float:
    """Part of the second of two predictions in the best mean of both, 0 to 1.

    Few rows say little of how the errors of the two go together; they leave the share near what is best where they go
    each their own way: as the other's loss to the sum of both (inverse-variance weighting).
    """
    known = ~np.isnan(labels)
    one, two, truth = first[known], second[known], labels[known]
    if not len(truth) or np.allclose(one, two):
        return 0.5
    steps = np.linspace(0, 1, 41)
    if classifies:
        losses = [float(_surprise((1 - a) * one + a * two, truth).mean()) for a in steps]
    else:
        losses = [float(np.square((1 - a) * one + a * two - truth).mean()) for a in steps]
    curved = max(float(np.polyfit(steps, losses, 2)[0]), 0.0)
    usual = losses[0] / (losses[0] + losses[-1]) if losses[0] + losses[-1] > 0 else 0.5
    rows = int(known.any(axis=1).sum())
    pulled = [loss + curved * _PRIOR_ROWS / rows * (a - usual) ** 2 for a, loss in zip(steps, losses, strict=True)]
    return float(steps[int(np.argmin(pulled))])


def clearly_better(whole: Floats, parts: Mapping[str, Floats], labels: Floats, *, classifies: bool) -> str | None:
    """The key of the part with the least loss, where that is less than the whole's by two standard errors of the
    difference between the rows' losses: of several parts one is better by chance. None: no part is.
    """
    known = ~np.isnan(labels)
    rows = known.any(axis=1)
    if rows.sum() < _FEWEST_JUDGED or not parts:
        return None

    def losses(answers: Floats) -> Floats:
        """The mean loss of each row."""
        each = _surprise(answers, labels) if classifies else np.square(answers - labels)
        return np.asarray(np.nanmean(np.where(known, each, np.nan)[rows], axis=1))

    ours = losses(whole)
    best = min(parts, key=lambda key: float(losses(parts[key]).mean()))
    gain = ours - losses(parts[best])
    return best if gain.mean() > 2 * gain.std(ddof=1) / np.sqrt(len(gain)) else None


def _surprise(probability: Floats, truth: Floats) -> Floats:
    held = np.clip(probability, 1e-6, 1 - 1e-6)
    return np.asarray(-(truth * np.log(held) + (1 - truth) * np.log(1 - held)))
