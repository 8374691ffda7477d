"""Masked tokens (Devlin et al. 2019, BERT): hide some of a row's tokens and predict them. Spans as in SpanBERT
(Joshi et al. 2020): neighbours are hidden together."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sciapp.engine.statistics.intervals import beyond_redrawing
from sciapp.records.plan.plan import Masking
from sciapp.records.run.evaluation import Score, Scores

IGNORED = -100  # a label that is not asked for
_AS_MASK, _AS_ANOTHER = 0.8, 0.1  # the rest stays as it is

Ids = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class MaskedLMScore:
    """The score that self-supervision is judged by."""

    main_score: str = "masked_loss"
    greater_is_better: bool = False


@dataclass(frozen=True)
class MaskedBatch:
    """inputs: what the network is shown. labels: the true token where one is asked for, else IGNORED. Both (rows,
    length)."""

    inputs: Ids
    labels: Ids


@dataclass(frozen=True)
class Masker:
    """Hides tokens. mask: the mask token; ordinary: the tokens that may take the place of another one (words,)."""

    masking: Masking
    mask: int
    ordinary: Ids

    def hidden(self, ids: Ids, maskable: Flags, rng: np.random.Generator) -> MaskedBatch:
        """Choose `masked_share` of the maskable tokens; of these 80 % become the mask, 10 % another token, and 10 %
        stay, so that the network cannot know which of the tokens it sees are true."""
        chosen = masked_positions(ids.shape, self.masking, rng) & maskable
        fate = rng.random(ids.shape)
        others = rng.choice(self.ordinary, size=ids.shape)
        inputs = np.where(chosen & (fate < _AS_MASK), self.mask, ids)
        inputs = np.where(chosen & (fate >= _AS_MASK) & (fate < _AS_MASK + _AS_ANOTHER), others, inputs)
        return MaskedBatch(inputs, np.where(chosen, ids, IGNORED))


def masked_positions(shape: tuple[int, ...], masking: Masking, rng: np.random.Generator) -> Flags:
    """Flags (rows, length) of the hidden positions: each with probability `masked_share`, in spans of `span_length` on
    average.

    Along a row a two-state Markov chain enters and leaves spans, with the rates that give this share and this mean
    length. For shares so large that not even gaps of one token make room, spans become longer.
    """
    share, length = masking.masked_share, masking.span_length
    if length == 1:
        chosen: Flags = rng.random(shape) < share
        return chosen
    enter = min(1.0, share / (length * (1 - share)))
    leave = enter * (1 - share) / share
    draws = rng.random(shape)
    hidden = np.empty(shape, dtype=np.bool_)
    inside = rng.random(shape[0]) < share
    for position in range(shape[1]):
        hidden[:, position] = inside
        inside = np.where(inside, draws[:, position] >= leave, draws[:, position] < enter)
    return hidden


# Scores of masked-token prediction, with bootstrap intervals over rows.


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
