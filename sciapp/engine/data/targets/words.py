"""The words that reports and model cards have for a task."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from sciapp.i18n import all_of, joined, msg
from sciapp.records.dataset.card import PREDICTION_PREFIX, DatasetCard, TargetSummary
from sciapp.records.plan.optimization import Optimization

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

MOST_DRAWN = 12  # targets with figures of their own: a page with more can hardly be opened


@dataclass(frozen=True)
class Trace:
    """A series and the forecast of what follows: times, values (n,); ahead, measured, predicted, low, high (steps,).

    low, high: of the interval, NaN where there is none.
    """

    title: str
    times: Floats
    values: Floats
    ahead: Floats
    measured: Floats
    predicted: Floats
    low: Floats
    high: Floats


class ForecastRow(NamedTuple):
    """A value that was forecast. line: of the source file; ahead: steps; time: at which it is expected; measured: NaN
    for a gap."""

    line: int
    band: str
    ahead: int
    time: float
    measured: float
    predicted: float


class TaskWords(ABC):
    """together: a sentence on what a score over several targets is. pipeline, network: Hugging Face's names.
    pieces_note: what the lines of Python for transformers do not do.
    """

    together: ClassVar[str] = ""
    pipeline: ClassVar[str] = "text-classification"
    network: ClassVar[str] = "AutoModelForSequenceClassification"
    pieces_note: ClassVar[str] = ""
    fused_result: ClassVar[str] = "probabilities = model.values({example}{more})  # columns as in model.task.outputs"
    curve_words: ClassVar[str] = msg("a class against the rest")

    @abstractmethod
    def name(self, card: DatasetCard) -> str:
        """The field's words for it: “multi-label classification”."""

    @abstractmethod
    def loss(self, how: Optimization) -> str:
        """The loss, in the middle of a sentence."""

    def loss_of_targets(self, loss: str) -> str:
        """The loss with the scale of its targets, where that is not the one of the file."""
        return loss

    @abstractmethod
    def result(self, loss: str, config: Mapping[str, Any]) -> str:
        """A line of Python that turns a batch into predictions. config: of the saved model."""

    def curves(self, card: DatasetCard, drawn: int) -> str:
        """The legend of the ROC curves, of which so many are drawn."""
        return self.curve_words

    def title(self, card: DatasetCard) -> str:
        """The targets, as a heading."""
        return joined(card.target_names, ", ")

    def targets(self, card: DatasetCard) -> str:
        """The targets, in the middle of a sentence."""
        return all_of(card.target_names)

    def drawn_targets(self, card: DatasetCard) -> tuple[str, ...]:
        """The targets with figures of their own in a report."""
        return card.target_names[:MOST_DRAWN]

    def listed_targets(self, card: DatasetCard) -> tuple[TargetSummary, ...]:
        """The targets that a description of the data lists."""
        return card.targets

    def scored_targets(self, card: DatasetCard) -> tuple[str, ...] | None:
        """Names of the scores that a report lists, besides those over all targets; None: all there are."""
        return None

    @abstractmethod
    def errors(self, test: pa.Table, card: DatasetCard) -> tuple[Floats, Ints]:
        """The error of each row (rows,) on its worst target, and the index of that target (rows,).

        test: rows of `predictions.parquet`. At most 0: right, or not measured.
        """

    def traces(self, predictions: pa.Table, card: DatasetCard) -> tuple[Trace, ...]:
        """Examples to draw, of tasks that predict along an axis. predictions: rows of `predictions.parquet`."""
        return ()

    def forecast_rows(self, predictions: pa.Table, card: DatasetCard) -> Iterator[ForecastRow]:
        """Every forecast value of the test rows, of tasks that predict along an axis."""
        return iter(())

    def prediction(self, test: pa.Table, card: DatasetCard, row: int, target: str) -> tuple[Any, str]:
        """The value predicted for one row, and a remark in brackets behind it."""
        return test.column(PREDICTION_PREFIX + target)[row].as_py(), ""


def column_of(table: pa.Table, name: str) -> Floats:
    """A column of numbers, NaN for null."""
    return np.asarray(table.column(name).to_numpy(zero_copy_only=False), dtype=np.float64)


def cross_entropy_words(how: Optimization) -> str:
    """“cross-entropy”, or what a plan makes of it."""
    return (
        msg("focal loss (gamma {focal_gamma:g}; Lin et al. 2017)", focal_gamma=how.focal_gamma)
        if how.loss == "focal"
        else msg("cross-entropy")
    )


def worst_of(errors: Floats) -> tuple[Floats, Ints]:
    """The largest error of each row (rows, targets), NaN where nothing was measured, and its target."""
    known = np.nan_to_num(errors, nan=-1.0)
    return known.max(axis=1), known.argmax(axis=1)
