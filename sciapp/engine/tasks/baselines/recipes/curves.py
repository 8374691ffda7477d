"""Partial least squares and ridge on spectra and their derivatives, random forest on summary statistics: whichever does
best in three folds of the training rows.

PLS as Wold, Sjöström & Eriksson (2001, Chemom. Intell. Lab. Syst. 58:109); for classes its scores are read by a linear
discriminant (Barker & Rayens 2003, J. Chemom. 17:166).
"""

import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.cross_decomposition import PLSRegression
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.ensemble import RandomForestClassifier, RandomForestRegressor
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.model_selection import KFold, StratifiedKFold
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import StandardScaler

from sciapp.engine.runtime.progress import SILENT, Progress
from sciapp.engine.tasks.baselines.base import LabelledFeatures
from sciapp.engine.tasks.baselines.recipes.base import Fit, Recipe
from sciapp.engine.tasks.baselines.sklearn_models import Forest
from sciapp.i18n import all_of, msg

Floats = npt.NDArray[np.float64]

_SPECTRA = {msg("spectra"): "value ", msg("their first derivatives"): "first derivative "}
"""Beginnings of the names of descriptors, by how a spectrum is read."""
_COMPONENTS = (2, 4, 6, 8, 10, 13, 16, 20)
_PENALTIES = (1e-3, 1e-1, 10.0, 1e3)
_FOLDS = 3
_FEWEST_TO_CHOOSE = 12


def recipe(fit: Fit) -> Recipe:
    return Recipe("", BestOfCurves(fit.classifies, fit.seed, fit.threads, tuple(fit.described)))


@dataclass(frozen=True)
class _Candidate:
    """name: for people. columns: that it reads; weighted: the name of the fit's weights, empty where it has none."""

    name: str
    columns: npt.NDArray[np.int64]
    make: Callable[[], Any]
    weighted: str = ""

    def fit(self, features: Floats, target: npt.NDArray[Any], weights: Floats | None) -> "_Fitted":
        model = self.make()
        more = {} if weights is None or not self.weighted else {self.weighted: weights}
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # more components than the rows have, and steps that did not quite converge
            model.fit(features[:, self.columns], target, **more)
        return _Fitted(model, self.columns)


@dataclass(frozen=True)
class _Fitted:
    model: Any
    columns: npt.NDArray[np.int64]

    @property
    def classes_(self) -> npt.NDArray[Any]:
        return np.asarray(self.model.classes_)

    def predict(self, features: Floats) -> npt.NDArray[Any]:
        return np.asarray(self.model.predict(features[:, self.columns])).ravel()

    def predict_proba(self, features: Floats) -> Floats:
        return np.asarray(self.model.predict_proba(features[:, self.columns]), dtype=np.float64)


class _Scores(BaseEstimator, TransformerMixin):  # type: ignore[misc]  # scikit-learn has no types
    """The scores of a partial least squares regression on the classes."""

    def __init__(self, components: int) -> None:
        self.components = components

    def fit(self, features: Floats, target: npt.NDArray[Any]) -> "_Scores":
        truth = (np.asarray(target)[:, None] == np.unique(target)).astype(np.float64)
        self.model_ = PLSRegression(self.components, scale=False).fit(features, truth)
        return self

    def transform(self, features: Floats) -> Floats:
        return np.asarray(self.model_.transform(features), dtype=np.float64)


@dataclass
class BestOfCurves:
    """described: the names of the first columns of the features. `chosen`: what was best, of each target."""

    classifies: bool
    seed: int
    threads: int
    described: Sequence[str]
    chosen: list[str] = field(default_factory=list)
    steps = 100

    @property
    def name(self) -> str:
        return all_of(dict.fromkeys(self.chosen)) if self.chosen else msg("PLS, ridge or random forest")

    def learn(self, data: LabelledFeatures, *, progress: Progress = SILENT) -> Any:
        features, target, weights = np.asarray(data.features), data.target, data.weights
        candidates = self._candidates(features, weights is not None)
        forest = candidates[-1]
        losses = dict.fromkeys(range(len(candidates)), 0.0)
        folds = self._folds(target)
        for fold, (train, held) in enumerate(folds):
            for index, candidate in enumerate(candidates):
                progress.report(round(self.steps * (fold + index / len(candidates)) / (len(folds) + 1)), self.steps)
                try:
                    model = candidate.fit(features[train], target[train], None if weights is None else weights[train])
                    losses[index] += self._loss(model, features[held], target[held])
                except (ValueError, np.linalg.LinAlgError):  # more components than a fold has rows
                    losses[index] = np.inf
        best = candidates[min(losses, key=lambda index: losses[index])] if folds else forest
        self.chosen.append(best.name)
        model = best.fit(features, target, weights)
        progress.report(self.steps, self.steps)
        return model

    def _folds(self, target: npt.NDArray[Any]) -> list[tuple[Any, Any]]:
        if len(target) < _FEWEST_TO_CHOOSE:
            return []
        if self.classifies and np.unique(target, return_counts=True)[1].min() >= _FOLDS:
            return list(StratifiedKFold(_FOLDS, shuffle=True, random_state=self.seed).split(target, target))
        return list(KFold(_FOLDS, shuffle=True, random_state=self.seed).split(target))

    def _candidates(self, features: Floats, weighted: bool) -> list[_Candidate]:
        candidates: list[_Candidate] = []
        for read, begins in _SPECTRA.items():
            columns = np.array([i for i, name in enumerate(self.described) if name.startswith(begins)], dtype=np.int64)
            if not len(columns) or not features[:, columns].any():
                continue  # none of these series is a spectrum
            if not weighted:
                candidates += [
                    _Candidate(
                        msg("PLS ({count} components) on {read}", count=count, read=read), columns, self._pls(count)
                    )
                    for count in _COMPONENTS
                ]
            name: str = (
                msg("Logistic regression on {read}", read=read)
                if self.classifies
                else msg("Ridge regression on {read}", read=read)
            )
            candidates += [_Candidate(name, columns, self._linear(p), "linear__sample_weight") for p in _PENALTIES]
        shapes = tuple(_SPECTRA.values())
        described = [index for index, name in enumerate(self.described) if not name.startswith(shapes)]
        summary = [*described, *range(len(self.described), features.shape[1])]
        name = msg("{learner} on {features}", learner=Forest.name, features=msg("summary statistics"))
        return [*candidates, _Candidate(name, np.array(summary, dtype=np.int64), self._forest, "sample_weight")]

    def _pls(self, components: int) -> Callable[[], Any]:
        def make() -> Any:
            if not self.classifies:
                return PLSRegression(components, scale=False)
            return Pipeline([("scores", _Scores(components)), ("lda", LinearDiscriminantAnalysis())])

        return make

    def _linear(self, penalty: float) -> Callable[[], Any]:
        def make() -> Any:
            linear = LogisticRegression(C=1 / penalty, max_iter=200, tol=1e-3) if self.classifies else Ridge(penalty)
            return Pipeline([("scaled", StandardScaler()), ("linear", linear)])

        return make

    def _forest(self) -> Any:
        if self.classifies:
            return RandomForestClassifier(Forest.trees, random_state=self.seed, n_jobs=1)
        return RandomForestRegressor(Forest.trees, random_state=self.seed, n_jobs=1, max_features=1 / 3)

    def _loss(self, model: _Fitted, features: Floats, target: npt.NDArray[Any]) -> float:
        """Squared error, or the number of rows that are taken for another class."""
        predicted = model.predict(features)
        return float((predicted != target).sum() if self.classifies else ((predicted - target) ** 2).sum())
