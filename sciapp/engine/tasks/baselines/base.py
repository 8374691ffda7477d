"""Data and predictions of baselines, and the interface of the models behind them."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Protocol, TypeAlias

import numpy as np
import numpy.typing as npt

from sciapp.engine.data.dataset.table import Rows
from sciapp.engine.data.targets.base import RowValues
from sciapp.engine.domains.base import Domain
from sciapp.engine.runtime.progress import SILENT, Progress

Floats = npt.NDArray[np.float64]
Outcome: TypeAlias = Literal["number", "yes_or_no", "class"]
"""An output of a task: a number, the probability of 1, or a probability for each class."""


@dataclass(frozen=True)
class BaselineData:
    """Rows to learn from and rows to answer. classes: of the one target of classes, 0 where there is none.
    target_names: as on the card.

    threads: for models that can use several; 0: all. store: the file of descriptors beside the dataset's table, read
    and added to.
    """

    domain: Domain
    train: Rows
    test: Rows
    classes: int = 0
    seed: int = 0
    threads: int = 1
    store: Path | None = None
    target_names: tuple[str, ...] = ()


@dataclass(frozen=True)
class Baseline:
    """Predictions of the test rows, as the task decodes them."""

    name: str
    values: RowValues


@dataclass(frozen=True)
class LabelledFeatures:
    """features (rows, columns), dense or sparse; one target or class number a row (rows,). weights (rows,): how much
    each row counts, above 0; None: all the same.
    """

    features: Any
    target: npt.NDArray[Any]
    weights: Floats | None = None

    def of(self, rows: npt.NDArray[np.int64]) -> "LabelledFeatures":
        """These rows, in this order."""
        weights = None if self.weights is None else self.weights[rows]
        return LabelledFeatures(self.features[rows], self.target[rows], weights)


class BaselineModel(Protocol):
    """A model that is learnt in steps, so that a person can cancel between two of them."""

    @property
    def name(self) -> str: ...

    @property
    def steps(self) -> int:
        """The largest number of steps that `learn` reports."""

    def learn(self, data: LabelledFeatures, *, progress: Progress = SILENT) -> Any:
        """A fitted model with scikit-learn's `predict`. Raises Cancelled."""
