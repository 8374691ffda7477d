"""The test rows that were predicted worst: where to look first, in the data as much as in the model."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from sciapp.engine.data.dataset.pairs import inputs_of
from sciapp.engine.data.targets.base import ACCURACY_PREFIX, PREDICTION_PREFIX, PROBABILITY_PREFIX
from sciapp.engine.domains.pair import shown
from sciapp.engine.domains.registry import domain_of
from sciapp.engine.reports.figures.base import inline
from sciapp.engine.reports.names import one_line
from sciapp.records.dataset.card import LINE, TARGET_PREFIX, DatasetCard
from sciapp.records.formatting import cell_text, percent_text, with_minus

_MOST = 10
_LONGEST = 300  # signs of an input
_LONGEST_SHOWN = 40  # of a class, or of the labels of units


@dataclass(frozen=True)
class WorstRow:
    """One row for the page; svg None where there is nothing to draw."""

    line: int
    input: str
    svg: str | None
    target: str
    measured: str
    predicted: str


def worst_rows(test: pa.Table, card: DatasetCard) -> list[WorstRow]:
    """The rows furthest off, in units of each target's spread; for classes the surest wrong ones; for labels of units
    the rows with the smallest share right.

    test: rows of `predictions.parquet`.
    """
    off, target = _WRONG[card.task](test, card)
    order = [place for place in np.argsort(-off, kind="stable")[:_MOST].tolist() if off[place] > 0]
    return [_row(test, card, place, card.target_names[target[place]]) for place in order]


def _off(test: pa.Table, card: DatasetCard) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.int64]]:
    """How far each row is off on its worst target, and which that is."""
    errors = np.column_stack(
        [
            np.abs(_floats(test, TARGET_PREFIX + summary.name) - _floats(test, PREDICTION_PREFIX + summary.name))
            / (summary.standard_deviation or 1.0)
            for summary in card.targets
        ]
    )
    errors = np.nan_to_num(errors, nan=-1.0)
    return errors.max(axis=1), errors.argmax(axis=1)


def _wrong(test: pa.Table, card: DatasetCard) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.int64]]:
    name = card.target_names[0]
    true = test.column(TARGET_PREFIX + name).to_numpy(zero_copy_only=False)
    said = test.column(PREDICTION_PREFIX + name).to_numpy(zero_copy_only=False)
    sure = np.column_stack([_floats(test, PROBABILITY_PREFIX + one) for one in card.class_names]).max(axis=1)
    return np.where(true == said, -1.0, sure), np.zeros(len(sure), dtype=np.int64)


def _missed(test: pa.Table, card: DatasetCard) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.int64]]:
    """How far the probability of each row's worst target is on the wrong side; targets that are 0 or 1."""
    pairs = [
        (_floats(test, TARGET_PREFIX + name), _floats(test, PROBABILITY_PREFIX + name)) for name in card.target_names
    ]
    errors = np.nan_to_num(np.column_stack([np.abs(true - said) - 0.5 for true, said in pairs]), nan=-1.0)
    return errors.max(axis=1), errors.argmax(axis=1)


def _mislabelled(test: pa.Table, card: DatasetCard) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.int64]]:
    right = np.nan_to_num(_floats(test, ACCURACY_PREFIX + card.target_names[0]), nan=1.0)
    return 1 - right, np.zeros(len(right), dtype=np.int64)


_WRONG = {"regression": _off, "classification": _wrong, "multilabel": _missed, "tagging": _mislabelled}


def _row(test: pa.Table, card: DatasetCard, place: int, target: str) -> WorstRow:
    value = inputs_of(test.slice(place, 1))[0]
    svg = domain_of(card).depict(value)
    prefix = PROBABILITY_PREFIX if card.task == "multilabel" else PREDICTION_PREFIX
    said = _shown(test.column(prefix + target)[place].as_py())
    if card.task == "classification":
        sure = max(test.column(PROBABILITY_PREFIX + one)[place].as_py() for one in card.class_names)
        said += f" ({percent_text(sure)} sure)"
    elif card.task == "tagging":
        said += f" ({percent_text(test.column(ACCURACY_PREFIX + target)[place].as_py())} right)"
    return WorstRow(
        line=test.column(LINE)[place].as_py(),
        input=one_line(shown(value), _LONGEST),
        svg=inline(svg) if svg else None,
        target=target,
        measured=_shown(test.column(TARGET_PREFIX + target)[place].as_py()),
        predicted=said,
    )


def _floats(table: pa.Table, name: str) -> npt.NDArray[np.float64]:
    return np.asarray(table.column(name).to_numpy(zero_copy_only=False), dtype=np.float64)


def _shown(value: Any) -> str:
    return with_minus(cell_text(value)) if isinstance(value, float) else one_line(str(value), _LONGEST_SHOWN)
