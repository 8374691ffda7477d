"""The test rows that were predicted worst: where to look first, in the data as much as in the model."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from sciapp.engine.data.prediction_table import PREDICTION_PREFIX, PROBABILITY_PREFIX
from sciapp.engine.domains.registry import domain_named
from sciapp.engine.reports.pictures import inline
from sciapp.engine.reports.wording import one_line
from sciapp.records.dataset import INPUT, LINE, TARGET_PREFIX, DatasetCard

_MOST = 10
_LONGEST = 300  # signs of an input


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
    """The rows furthest off, in units of each target's spread; for classes the surest wrong ones.

    test: rows of `predictions.parquet`.
    """
    off, target = _wrong(test, card) if card.class_names else _off(test, card)
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


def _row(test: pa.Table, card: DatasetCard, place: int, target: str) -> WorstRow:
    value = test.column(INPUT)[place].as_py()
    svg = domain_named(card.domain).depict(value)
    said = _shown(test.column(PREDICTION_PREFIX + target)[place].as_py())
    if card.class_names:
        sure = max(test.column(PROBABILITY_PREFIX + one)[place].as_py() for one in card.class_names)
        said += f" ({sure:.0%} sure)"
    return WorstRow(
        line=test.column(LINE)[place].as_py(),
        input=one_line(value, _LONGEST),
        svg=inline(svg) if svg else None,
        target=target,
        measured=_shown(test.column(TARGET_PREFIX + target)[place].as_py()),
        predicted=said,
    )


def _floats(table: pa.Table, name: str) -> npt.NDArray[np.float64]:
    return np.asarray(table.column(name).to_numpy(zero_copy_only=False), dtype=np.float64)


def _shown(value: Any) -> str:
    return f"{value:.4g}".replace("-", "−") if isinstance(value, float) else str(value)
