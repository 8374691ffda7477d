"""Baselines for labels of single units: the commonest label, and a linear model of a unit and its neighbours.

The window is that of the early predictors of secondary structure (Qian & Sejnowski 1988, J. Mol. Biol. 202:865): the
unit and seven neighbours on either side, each as a row of noughts with a single one. Where there are hundreds of
labels, a model of all of them would take gigabytes: then each unit gets the label that is commonest for its like.
"""

import warnings
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression

from sciapp.engine.data.targets.token_classification import TokenLabels, token_labels
from sciapp.engine.data.values.token_labels import NO_LABEL, starts_of
from sciapp.engine.domains.base import Domain
from sciapp.engine.domains.row_input import RowInput
from sciapp.engine.runtime.progress import SILENT, Progress
from sciapp.engine.tasks.baselines.base import Baseline, BaselineData, BaselineModel, LabelledFeatures
from sciapp.engine.tasks.baselines.row_baselines import affordable_rows
from sciapp.engine.tasks.baselines.sklearn_models import is_affordable, linear_bytes
from sciapp.i18n import msg

Ints = npt.NDArray[np.int64]

_REACH = 7  # neighbours on either side
_MOST_UNITS = 60_000  # that the model learns from: with more it takes minutes and gains nothing
_MOST_SYMBOLS = 2000  # kinds of units with a column of their own; texts have many words
_STEPS, _ITERATIONS = 6, 15
_OUTSIDE, _RARE = 0, 1  # numbers of what is before the beginning or behind the end, and of rare units
_AT_ONCE = 200_000  # units predicted together
_MOST_NUMBERS = 60_000_000  # that a prediction holds at once: one for each unit and label


def most_frequent(data: BaselineData) -> Baseline:
    """The commonest label that counts, for every unit of the test rows."""
    train, weights = token_labels(data.train.targets), data.train.weights
    of_units = None if weights is None else weights[train.rows][train.counts]
    commonest = int(np.bincount(train.codes[train.counts], of_units).argmax())
    starts = starts_of([len(data.domain.units(value)) for value in data.test.inputs])
    labels = _labelled(np.full(int(starts[-1]), commonest, dtype=np.int64), starts)
    return Baseline(msg("Most frequent label of the training rows"), labels)


def windowed(data: BaselineData, *, progress: Progress = SILENT) -> Baseline:
    """A linear model of a unit and its neighbours, for the units of the test rows. Raises Cancelled."""
    train, domain, test, seed = affordable_rows(data.train, data.seed), data.domain, data.test.inputs, data.seed
    inputs, labels, weights = train.inputs, token_labels(train.targets), train.weights
    learner: BaselineModel = _Logistic()
    progress.report(0, learner.steps)
    known = np.flatnonzero(labels.counts)
    if len(known) > _MOST_UNITS:
        known = np.sort(np.random.default_rng(seed).choice(known, _MOST_UNITS, replace=False))
    symbols = _symbols(inputs, domain)
    seen, queries = _Windows.of(inputs, symbols, domain), _Windows.of(test, symbols, domain)
    of_units = None if weights is None else weights[labels.rows[known]]
    features, truth = _one_hot(seen.around(known), len(symbols)), labels.codes[known]
    kinds = len(np.unique(truth))
    if kinds < 2:
        return Baseline(learner.name, _labelled(np.full(len(queries), truth[0], dtype=np.int64), queries.starts))
    if not is_affordable(kinds, linear_bytes(features.shape[1])):
        learner = CommonestLabel()
    model = learner.learn(LabelledFeatures(features, truth, of_units), progress=progress)
    parts, at_once = [np.empty(0, dtype=np.int64)], min(_AT_ONCE, _MOST_NUMBERS // kinds + 1)
    for first in range(0, len(queries), at_once):
        units = np.arange(first, min(first + at_once, len(queries)))
        parts.append(model.predict(_one_hot(queries.around(units), len(symbols))))
    return Baseline(learner.name, _labelled(np.concatenate(parts), queries.starts))


@dataclass(frozen=True)
class _Logistic:
    """Logistic regression that is taken up again step by step; see `base.BaselineModel`."""

    name = msg("Logistic regression on the unit and its neighbours")
    steps = _STEPS

    def learn(self, data: LabelledFeatures, *, progress: Progress = SILENT) -> LogisticRegression:
        model = LogisticRegression(C=0.3, max_iter=_ITERATIONS, warm_start=True)
        for done in range(_STEPS):
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", ConvergenceWarning)  # it goes on where it was in the next step
                model.fit(data.features, data.target, sample_weight=data.weights)
            progress.report(done + 1, _STEPS)
        return model


@dataclass(frozen=True)
class CommonestLabel:
    """The label that the unit in the middle of the window has most often; for many labels. See `base.BaselineModel`."""

    name = msg("Commonest label of the same unit, for there are many labels")
    steps = 1

    def learn(self, data: LabelledFeatures, *, progress: Progress = SILENT) -> "_CommonestLabels":
        features, target = data.features, data.target
        counted = np.ones(len(target)) if data.weights is None else data.weights
        shape = (features.shape[1], int(target.max()) + 1)
        counts = sparse.csr_matrix((counted, (_middle(features), target)), shape=shape)
        progress.report(1, self.steps)
        of_each = np.asarray(counts.argmax(axis=1)).ravel()
        of_all = int(np.bincount(target, counted).argmax())
        return _CommonestLabels(np.where(np.diff(counts.indptr) > 0, of_each, of_all))


@dataclass(frozen=True)
class _CommonestLabels:
    """of_column: the label for each column of the features (columns,)."""

    of_column: Ints

    def predict(self, features: Any) -> Ints:
        return self.of_column[_middle(features)]


def _middle(features: Any) -> Ints:
    """(units,): the column of the unit itself; a row has a single one for each place of the window, in their order."""
    columns: Ints = features.indices.reshape(features.shape[0], -1)[:, _REACH]
    return columns


def _symbols(inputs: Sequence[RowInput], domain: Domain) -> dict[str, int]:
    """A number for each of the commonest units of the training rows, above those with a meaning of their own."""
    counted = Counter(chain.from_iterable(domain.units(value) for value in inputs))
    return {unit: index + _RARE + 1 for index, (unit, _) in enumerate(counted.most_common(_MOST_SYMBOLS))}


@dataclass(frozen=True)
class _Windows:
    """Symbol numbers with gaps between the rows, where each unit lies in them, and at which unit each row begins."""

    padded: Ints
    positions: Ints
    starts: Ints

    @classmethod
    def of(cls, inputs: Sequence[RowInput], symbols: dict[str, int], domain: Domain) -> "_Windows":
        rows = [[symbols.get(unit, _RARE) for unit in domain.units(value)] for value in inputs]
        gap = [_OUTSIDE] * _REACH
        padded = np.array([*gap, *chain.from_iterable([*row, *gap] for row in rows)], dtype=np.int64)
        starts = starts_of([len(row) for row in rows])
        # A gap of `reach` lies before every row, so no window reaches into the next one.
        gaps = _REACH * (np.repeat(np.arange(len(rows)), np.diff(starts)) + 1)
        return cls(padded, np.arange(starts[-1]) + gaps, starts)

    def __len__(self) -> int:
        return len(self.positions)

    def around(self, units: Ints) -> Ints:
        """(units, 2 * reach + 1)"""
        around: Ints = self.padded[self.positions[units][:, None] + np.arange(-_REACH, _REACH + 1)]
        return around


def _one_hot(windows: Ints, symbols: int) -> sparse.csr_matrix:
    """(units, width * (symbols + 2)), a single one for each place of the window."""
    units, width = windows.shape
    kinds = symbols + _RARE + 1
    columns = (windows + np.arange(width) * kinds).ravel()
    shape = (units, width * kinds)
    return sparse.csr_matrix((np.ones(units * width), columns, np.arange(0, units * width + 1, width)), shape=shape)


def _labelled(codes: Ints, starts: Ints) -> TokenLabels:
    return TokenLabels(codes, starts, codes != NO_LABEL)
