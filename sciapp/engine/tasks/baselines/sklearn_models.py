"""The learners behind the simple baselines, in steps, so that a person can cancel between two of them."""

import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import sparse
from sklearn.decomposition import TruncatedSVD
from sklearn.ensemble import RandomForestClassifier, RandomForestRegressor
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.model_selection import KFold
from sklearn.naive_bayes import GaussianNB
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler

from sciapp.engine.runtime.progress import SILENT, Progress
from sciapp.engine.tasks.baselines.base import BaselineModel, LabelledFeatures
from sciapp.i18n import msg

_TREES, _TREES_A_STEP = 300, 20
_PENALTIES = tuple(10.0**power for power in range(-2, 3))
_FOLDS = 3
_MOST_BYTES = 2e9  # that a model may take
_MOST_CLASSES = 300  # every split and every step of a fit takes as long as there are classes
_FEW_CLASSES = 20  # as ever
_BYTES_A_WEIGHT = 200  # of a logistic regression while it is fitted: the optimiser's memory of ten steps, and copies
_COLUMNS = 100
_FEWEST_TO_CHOOSE = 30  # rows; with fewer the choice of a penalty is chance


@dataclass(frozen=True)
class Forest:
    """Random forest (Breiman 2001): 300 trees; a third of the columns at each split, for classes the square root."""

    classifies: bool
    seed: int
    threads: int
    name = msg("Random forest")
    trees = _TREES
    steps = _TREES // _TREES_A_STEP

    def learn(self, data: LabelledFeatures, *, progress: Progress = SILENT) -> Any:
        # warm_start adds trees: step by step the same forest as at once.
        model = (
            RandomForestClassifier(warm_start=True, random_state=self.seed, n_jobs=self.threads or None)
            if self.classifies
            else RandomForestRegressor(
                warm_start=True, random_state=self.seed, n_jobs=self.threads or None, max_features=1 / 3
            )
        )
        for trees in range(_TREES_A_STEP, _TREES + 1, _TREES_A_STEP):
            model.set_params(n_estimators=trees).fit(data.features, data.target, sample_weight=data.weights)
            progress.report(trees // _TREES_A_STEP, self.steps)
        # Threads add the trees' votes up in any order, and so change the last digits.
        return model.set_params(n_jobs=1)


@dataclass(frozen=True)
class NearestMeans:
    """Gaussian naive Bayes with one wide spread for all classes: the class whose mean is nearest, and how sure that is.

    For many classes: it holds one mean for each, and of sparse features the 100 directions in which they vary most.
    """

    seed: int
    name = msg("Nearest class mean (Gaussian naive Bayes, for there are many classes)")
    steps = 1

    def learn(self, data: LabelledFeatures, *, progress: Progress = SILENT) -> Any:
        features = data.features
        if not sparse.issparse(features):
            few: Any = FunctionTransformer()
        elif features.shape[1] > _COLUMNS:
            few = TruncatedSVD(_COLUMNS, random_state=self.seed)
        else:
            few = FunctionTransformer(_dense, accept_sparse=True)
        # A class of one row has no spread of its own: the greatest of all columns is added to each.
        model = make_pipeline(few, StandardScaler(), GaussianNB(var_smoothing=1.0))
        progress.report(0, self.steps)
        model.fit(features, data.target, gaussiannb__sample_weight=data.weights)
        progress.report(1, self.steps)
        return model


def _dense(features: Any) -> Any:
    return features.toarray()


def bounded(learner: BaselineModel, features: Any, classes: int, seed: int) -> BaselineModel:
    """`learner`, or the nearest mean where there are so many classes that it would take gigabytes.

    features: of the training rows (rows, columns). classes: 0 for numbers.
    """
    rows, columns = features.shape
    # Each leaf and each fork of each tree holds a number for every class.
    needed = 8.0 * _TREES * 2 * rows if isinstance(learner, Forest) else linear_bytes(columns)
    return learner if is_affordable(classes, needed) else NearestMeans(seed)


def is_affordable(classes: int, bytes_a_class: float) -> bool:
    """True if a model that holds so many bytes for each class can be learnt without gigabytes and hours."""
    return classes <= _FEW_CLASSES or (classes <= _MOST_CLASSES and classes * bytes_a_class <= _MOST_BYTES)


def linear_bytes(columns: int) -> float:
    """That a logistic regression takes for each class."""
    return float(_BYTES_A_WEIGHT * columns)


@dataclass(frozen=True)
class Linear:
    """Ridge or logistic regression with the penalty, of five from 0.01 to 100, that does best in three folds."""

    classifies: bool
    seed: int
    steps = len(_PENALTIES) * _FOLDS + 1

    @property
    def name(self) -> str:
        return msg("Logistic regression") if self.classifies else msg("Ridge regression")

    def learn(self, data: LabelledFeatures, *, progress: Progress = SILENT) -> Any:
        losses, done = dict.fromkeys(_PENALTIES, 0.0), 0
        if len(data.target) >= _FEWEST_TO_CHOOSE:
            for train, held in KFold(_FOLDS, shuffle=True, random_state=self.seed).split(data.target):
                if len(np.unique(data.target[train])) < 2:
                    continue
                for penalty in _PENALTIES:
                    model = fitted_linear(penalty, data.of(train), classifies=self.classifies)
                    losses[penalty] += self._loss(model, data.of(held))
                    done += 1
                    progress.report(done, self.steps)
        chosen = min(losses, key=lambda penalty: losses[penalty]) if any(losses.values()) else 1.0
        model = fitted_linear(chosen, data, classifies=self.classifies)
        progress.report(done + 1, self.steps)
        return model

    def _loss(self, model: Any, data: LabelledFeatures) -> float:
        """Squared error, or minus the log-likelihood, summed over the rows."""
        counted = 1.0 if data.weights is None else data.weights
        if not self.classifies:
            return float((counted * (model.predict(data.features) - data.target) ** 2).sum())
        column = {label: index for index, label in enumerate(model.classes_.tolist())}
        probabilities = model.predict_proba(data.features)
        indices = [column.get(label) for label in data.target.tolist()]
        right = np.array([0.0 if index is None else probabilities[row, index] for row, index in enumerate(indices)])
        return float(-(counted * np.log(np.maximum(right, 1e-12))).sum())


def fitted_linear(penalty: float, data: LabelledFeatures, *, classifies: bool) -> Any:
    """Ridge regression, or logistic regression of class numbers."""
    if not classifies:
        return Ridge(alpha=penalty).fit(data.features, data.target, sample_weight=data.weights)
    with warnings.catch_warnings():
        # Not quite converged is good enough to compare with, and better than waiting.
        warnings.simplefilter("ignore", ConvergenceWarning)
        model = LogisticRegression(C=1 / penalty, max_iter=100, tol=1e-3)
        return model.fit(data.features, data.target, sample_weight=data.weights)
