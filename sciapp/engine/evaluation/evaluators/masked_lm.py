"""Scores of masked-token prediction, with bootstrap intervals over rows."""

import numpy as np
import numpy.typing as npt

from sciapp.engine.evaluation.intervals import beyond_redrawing
from sciapp.records.run.evaluation import Score, Scores

_DRAWS = 1000
_NAMES = ("masked_loss", "masked_accuracy")


def masked_scores(
    predictor: str, guesses: npt.NDArray[np.float64], seed: int, names: tuple[str, str] = _NAMES
) -> Scores:
    """Mean loss and share of right guesses over all hidden tokens, with 95 % intervals.

    guesses (rows, 3): each row's summed loss, right guesses, and hidden tokens. Rows are redrawn, not tokens: those of
    one row are not independent. names: of a loss and of what is better the more there is of it.
    """
    rng = np.random.default_rng(seed)
    weights = rng.multinomial(len(guesses), np.full(len(guesses), 1 / len(guesses)), size=_DRAWS)
    drawn = weights @ guesses
    scores = []
    for column, name in enumerate(names):
        total, hidden = guesses[:, column].sum(), guesses[:, 2].sum()
        means = drawn[drawn[:, 2] > 0]
        low, high = np.quantile(means[:, column] / means[:, 2], [0.025, 0.975]) if len(means) else (None, None)
        value = float(total / hidden) if hidden else None
        better, how = column == 1, "bootstrap"
        if low is not None and low == high:
            low, high, how = beyond_redrawing(value or 0.0, [len(guesses)] if better else None)
        scores.append(Score(name=name, value=value, low=low, high=high, greater_is_better=better, interval=how))
    return Scores(predictor=predictor, rows=len(guesses), scores=tuple(scores))
