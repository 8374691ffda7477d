"""Baselines that a fine-tuned model must beat: the mean or the majority, and a simple model that takes a minute.

Each domain names its recipe (`recipes`): a forest on descriptors, a linear model on counts of letters or words, partial
least squares on spectra. Where these would take gigabytes because there are hundreds of classes: the nearest class
mean. Labels of single units: see `token_baselines`.
"""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix, hstack
from sklearn.base import clone

from sciapp.engine.data.dataset.table import Rows
from sciapp.engine.data.targets.base import ArrayValues
from sciapp.engine.data.values.safe_float import mean_and_spread
from sciapp.engine.domains.base import Domain
from sciapp.engine.domains.row_input import RowInput, parts_of
from sciapp.engine.inputs.features.descriptors import described
from sciapp.engine.inputs.features.scaling import Scaling
from sciapp.engine.runtime.progress import SILENT, Progress
from sciapp.engine.tasks.baselines.base import Baseline, BaselineData, BaselineModel, LabelledFeatures, Outcome
from sciapp.engine.tasks.baselines.recipes.base import Fit
from sciapp.engine.tasks.baselines.recipes.base import recipe as recipe_named
from sciapp.engine.tasks.baselines.sklearn_models import bounded
from sciapp.engine.tasks.sample_weights import of_mean_one
from sciapp.i18n import msg

Floats = npt.NDArray[np.float64]

_MOST_ROWS = 20_000  # training rows for the simple baseline: enough for it, and minutes instead of hours
_LARGEST = 1e6  # descriptors' own units; some of them explode (Ipc: 1e40), and forests read float32
_GRID = 2.0**20  # parts of a standard deviation


def mean_baseline(data: BaselineData, name: str) -> Baseline:
    """The mean of each target in the training rows; each counts by its weight where rows have one."""
    means = [_mean(target, data.train.weights) for target in np.asarray(data.train.targets, dtype=np.float64).T]
    return Baseline(name, ArrayValues(np.tile(means, (len(data.test), 1))))


def majority_baseline(data: BaselineData) -> Baseline:
    """The shares of the classes in the training rows; each counts by its weight where rows have one."""
    train = data.train
    counts = np.bincount(np.asarray(train.targets, dtype=np.int64), train.weights, minlength=data.classes)
    shares = np.tile(counts / counts.sum(), (len(data.test), 1))
    return Baseline(msg("Majority of the training rows"), ArrayValues(shares))


def feature_baseline(data: BaselineData, outcome: Outcome, *, progress: Progress = SILENT) -> Baseline:
    """A simple model on the domain's simple features.

    Rows that have weights count by them, those of weight 0 not at all. Raises OutOfSpace, Cancelled.
    """
    train, test, domain = affordable_rows(data.train, data.seed), data.test, data.domain
    names = list(domain.descriptors(domain.example))
    fit = Fit(outcome != "number", data.seed, data.threads, len(train), names, domain.descriptors_called)
    recipe = recipe_named(domain.simple_features, fit)
    labels = np.asarray(train.targets, dtype=np.float64).reshape(len(train), -1)
    classes = {"number": 0, "yes_or_no": 2, "class": data.classes}[outcome]
    described = len(train) + len(test) if recipe.vectorizer is None else 1
    total = described + recipe.learner.steps * labels.shape[1]
    if recipe.vectorizer is None:
        features: tuple[Any, Any] = _described(domain, train, test, data.store, progress.part(0, total))
    else:
        progress.report(0, total)
        features = _vectorized(recipe.vectorizer, train, test)
    learner = bounded(recipe.learner, features[0], classes, data.seed)
    total = described + learner.steps * labels.shape[1]
    labelled = LabelledFeatures(features[0], labels, train.weights)
    predictions = learnt_values(learner, labelled, features[1], classes, progress.part(described, total))
    if outcome == "yes_or_no":
        predictions = predictions[:, 1::2]
    name = learner.name
    if recipe.features:
        name = msg("{learner} on {features}", learner=learner.name, features=recipe.features)
    return Baseline(name, ArrayValues(predictions))


def learnt_values(
    learner: BaselineModel, data: LabelledFeatures, queries: Any, classes: int, progress: Progress
) -> Floats:
    """Predictions (queries, targets), or probabilities (queries, targets * classes), of a model for each target.

    data: targets (rows, targets), NaN for what was not measured. Raises Cancelled.
    """
    columns, steps = [], learner.steps * data.target.shape[1]
    for number, label in enumerate(data.target.T):
        labelled = LabelledFeatures(data.features, label, data.weights)
        columns.append(_predicted(learner, labelled, queries, classes, progress.part(number * learner.steps, steps)))
    return np.concatenate(columns, axis=1)


def _described(
    domain: Domain, train: Rows, test: Rows, store: Path | None, progress: Progress
) -> tuple[Floats, Floats]:
    _, table = described(domain, train.inputs + test.inputs, store, progress=progress)
    numbers = np.clip(np.nan_to_num(table, posinf=_LARGEST), -_LARGEST, _LARGEST)
    covariates = _covariates(train, test)
    return np.hstack([numbers[: len(train)], covariates[0]]), np.hstack([numbers[len(train) :], covariates[1]])


def _vectorized(vectorizer: Any, train: Rows, test: Rows) -> tuple[Any, Any]:
    try:
        features = _of_texts(vectorizer, train.inputs, test.inputs)
    except ValueError:
        # scikit-learn's word for an empty vocabulary (texts of signs only): what can be learnt is the mean.
        features = csr_matrix((len(train), 1)), csr_matrix((len(test), 1))
    if train.covariates is None:
        return features
    return tuple(
        hstack([part, csr_matrix(more)]).tocsr() for part, more in zip(features, _covariates(train, test), strict=True)
    )


def _of_texts(vectorizer: Any, train: Sequence[RowInput], test: Sequence[RowInput]) -> tuple[Any, Any]:
    """Features of training and test inputs; those of a row's several inputs side by side."""
    learnt, unseen = (list(zip(*map(parts_of, rows), strict=True)) for rows in (train, test))
    sides = []
    for known, new in zip(learnt, unseen, strict=True):
        own = clone(vectorizer)
        sides.append((own.fit_transform(known), own.transform(new)))
    if len(sides) == 1:
        return sides[0]
    first, second = zip(*sides, strict=True)
    return hstack(first).tocsr(), hstack(second).tocsr()


def _covariates(train: Rows, test: Rows) -> tuple[Floats, Floats]:
    """The covariates, which the baseline reads as the model does; scaled, gaps are the training rows' mean."""
    if train.covariates is None or test.covariates is None:
        return np.empty((len(train), 0)), np.empty((len(test), 0))
    scaling = Scaling.of(["" for _ in train.covariates.T], train.covariates)
    return scaling.apply(train.covariates).astype(np.float64), scaling.apply(test.covariates).astype(np.float64)


def _predicted(
    learner: BaselineModel, data: LabelledFeatures, queries: Any, classes: int, progress: Progress
) -> Floats:
    """Predictions (queries, 1), or probabilities (queries, classes). data: NaN for what was not measured."""
    label, weights = data.target, data.weights
    known = np.flatnonzero(~np.isnan(label))
    rows = queries.shape[0]
    measured: npt.NDArray[Any] = label[known].astype(np.int64) if classes else label[known]
    if not len(known):
        return np.full((rows, classes or 1), 1 / classes if classes else _mean(label, weights))
    if classes and len(np.unique(measured)) == 1:
        return np.tile(np.eye(classes)[measured[0]], (rows, 1))
    of_known = None if weights is None else weights[known]
    if classes:
        mean, spread = 0.0, 1.0
    else:
        mean, spread = _standard(measured, of_known)
        measured = _on_a_grid((measured - mean) / spread)
    model = learner.learn(LabelledFeatures(data.features[known], measured, of_known), progress=progress)
    if not classes:
        return np.asarray(model.predict(queries), dtype=np.float64)[:, None] * spread + mean
    # A class that the training rows happen not to have keeps a column of zeros.
    probabilities = np.zeros((rows, classes))
    probabilities[:, model.classes_] = model.predict_proba(queries)
    return probabilities


def _standard(target: Floats, weights: Floats | None) -> tuple[float, float]:
    """Mean and spread of a target; learners stop splitting where a variance is below their own idea of nothing."""
    mean, spread = mean_and_spread(target[:, None], weights)
    return float(mean[0]), float(spread[0]) or 1.0


def _on_a_grid(standard: Floats) -> Floats:
    """In steps of a millionth: sums of such numbers are exact, so that no rounding decides between equal splits, and
    the same target in another unit gives the same model."""
    return np.asarray(np.round(standard * _GRID) / _GRID)


def _mean(target: Floats, weights: Floats | None) -> float:
    """0 where nothing was measured."""
    mean = float(mean_and_spread(target[:, None], weights)[0][0])
    return 0.0 if np.isnan(mean) else mean


def affordable_rows(train: Rows, seed: int) -> Rows:
    """The rows to learn from: those of a weight above 0, and of these at most as many as take minutes."""
    learnt = np.arange(len(train)) if train.weights is None else np.flatnonzero(train.weights)
    if len(learnt) > _MOST_ROWS:
        learnt = np.sort(np.random.default_rng(seed).choice(learnt, _MOST_ROWS, replace=False))
    fewer = train if len(learnt) == len(train) else train.of(learnt)
    # Weights of the mean 1, so that a penalty means the same whatever they are.
    return fewer if fewer.weights is None else replace(fewer, weights=of_mean_one(fewer.weights))
