"""What somebody would use without us: four kinds of learner on descriptors, k-mers, words or fingerprints.

They learn from the training and the validation rows together, as their users would have them do, and choose their own
settings by cross-validation inside these.
"""

import warnings
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
from comparison.classical import ecfp4
from scipy import sparse
from sklearn.cross_decomposition import PLSRegression
from sklearn.decomposition import TruncatedSVD
from sklearn.ensemble import (
    HistGradientBoostingClassifier,
    HistGradientBoostingRegressor,
    RandomForestClassifier,
    RandomForestRegressor,
)
from sklearn.exceptions import ConvergenceWarning
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegressionCV, RidgeCV
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MaxAbsScaler, StandardScaler
from sklearn.svm import SVC, SVR

from fair.rows import Imported, Part
from sciapp.engine.domains.registry import domain_named
from sciapp.engine.inputs.features.descriptors import described

Floats = npt.NDArray[np.float64]
_PENALTIES = tuple(10.0**power for power in range(-3, 4))
_FOLDS = 3
_TREES = 300
_DIRECTIONS = 100  # of sparse features, for learners that want few columns
_LARGEST = 1e5  # of a scaled feature; descriptors such as Ipc overflow


def classical_predictions(data: Imported, seed: int) -> Iterator[tuple[str, Floats]]:
    """Name of each simple model and its predictions for the test rows, as in `scores.score`."""
    learnt = Part(
        data.train.inputs + data.validation.inputs, np.concatenate([data.train.labels, data.validation.labels])
    )
    for features, (seen, unseen) in _features(data, learnt).items():
        for learner, make in _learners(data.card.task, seed).items():
            if learner == "PLS" and features != "values":
                continue
            if features in {"values", "ECFP4", "one-hot"} and learner not in _FOR_RAW[features]:
                continue
            known, new = _suited(learner, seen, unseen, seed)
            yield f"{learner} on {features}", _predicted(data, make, known, new, learnt.labels)


_FOR_RAW = {"values": {"PLS", "ridge", "logistic"}, "ECFP4": {"forest", "SVM"}, "one-hot": {"ridge", "logistic"}}


def _features(data: Imported, learnt: Part) -> dict[str, tuple[Any, Any]]:
    """Features by name, of the rows that are learnt from and of the test rows."""
    domain, seen, unseen = data.card.domain, learnt.inputs, data.test.inputs
    if domain in {"molecule", "series", "material"}:
        store = data.project / "classical-descriptors.parquet"
        _, values = described(domain_named(domain), [*seen, *unseen], store)
        found = {"descriptors": (values[: len(seen)], values[len(seen) :])}
        if domain == "molecule":
            found["ECFP4"] = (ecfp4(list(map(str, seen))), ecfp4(list(map(str, unseen))))
        return found
    texts = list(map(str, seen)), list(map(str, unseen))
    if domain == "text":
        words = TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True)
        return {"TF-IDF": (words.fit_transform(texts[0]), words.transform(texts[1]))}
    longest = 3 if domain == "protein" else 6
    letters = CountVectorizer(analyzer="char", ngram_range=(1, longest), max_features=20_000, lowercase=False)
    counted = sparse.csr_matrix(letters.fit_transform(texts[0]), dtype=np.float64), letters.transform(texts[1])
    found = {"k-mers": counted}
    if len(set(map(len, texts[0] + texts[1]))) == 1:
        found["one-hot"] = (_one_hot(texts[0]), _one_hot(texts[1]))
    return found


def _one_hot(texts: list[str]) -> Any:
    letters = sorted("ABCDEFGHIKLMNPQRSTUVWXYZ")
    codes = np.array([list(text.upper()) for text in texts])
    return sparse.csr_matrix((codes[:, :, None] == np.array(letters)).reshape(len(texts), -1).astype(np.float64))


def _learners(task: str, seed: int) -> dict[str, Callable[[], Any]]:
    if task == "regression":
        return {
            "ridge": lambda: RidgeCV(alphas=(*_PENALTIES, 1e4)),
            "PLS": lambda: GridSearchCV(PLSRegression(scale=False), {"n_components": range(2, 21, 2)}, cv=_FOLDS),
            "forest": lambda: RandomForestRegressor(_TREES, max_features=1 / 3, random_state=seed),
            "SVM": lambda: GridSearchCV(_ScaledSVR(), {"C": [1.0, 10.0], "epsilon": [0.05, 0.2]}, cv=_FOLDS),
            "boosting": lambda: HistGradientBoostingRegressor(random_state=seed),
        }
    return {
        "logistic": lambda: LogisticRegressionCV(
            Cs=[0.01, 0.1, 1.0, 10.0], cv=_FOLDS, max_iter=200, scoring="neg_log_loss"
        ),
        "forest": lambda: RandomForestClassifier(_TREES, random_state=seed),
        "SVM": lambda: SVC(C=3.0, probability=True, class_weight=None, random_state=seed),
        "boosting": lambda: HistGradientBoostingClassifier(random_state=seed),
    }


class _ScaledSVR(SVR):  # type: ignore[misc]
    """Support vectors of targets in units of their spread, so that `epsilon` means the same for every data set."""

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> Any:
        self._middle, self._spread = float(np.mean(y)), float(np.std(y)) or 1.0
        return super().fit(X, (np.asarray(y) - self._middle) / self._spread, sample_weight)

    def predict(self, X: Any) -> Any:
        return super().predict(X) * self._spread + self._middle


def _suited(learner: str, seen: Any, unseen: Any, seed: int) -> tuple[Any, Any]:
    """The features as the learner wants them: gaps filled, scaled, dense and few where it needs that."""
    if sparse.issparse(seen):
        few = learner in {"boosting", "SVM"} and seen.shape[1] > _DIRECTIONS
        directions = min(_DIRECTIONS, seen.shape[0] - 1)
        steps = [TruncatedSVD(directions, random_state=seed), StandardScaler()] if few else [MaxAbsScaler()]
        pipeline = make_pipeline(*steps)
        known, new = pipeline.fit_transform(seen), pipeline.transform(unseen)
        return (known, new) if few or learner != "boosting" else (known.toarray(), new.toarray())
    clean = [np.where(np.isfinite(part), part, np.nan) for part in (seen, unseen)]
    filled = make_pipeline(SimpleImputer(keep_empty_features=True), StandardScaler())
    known, new = filled.fit_transform(np.clip(clean[0], -1e12, 1e12)), filled.transform(np.clip(clean[1], -1e12, 1e12))
    return np.clip(known, -_LARGEST, _LARGEST), np.clip(new, -_LARGEST, _LARGEST)


def _predicted(data: Imported, make: Callable[[], Any], seen: Any, unseen: Any, labels: Floats) -> Floats:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        warnings.simplefilter("ignore", FutureWarning)
        if data.card.task == "classification":
            return _probabilities(make, seen, unseen, labels[:, 0], len(data.card.class_names))
        columns = []
        for target in labels.T:
            known = np.flatnonzero(~np.isnan(target))
            if data.card.task == "multilabel":
                columns.append(_probabilities(make, seen[known], unseen, target[known], 2)[:, 1])
            else:
                columns.append(np.ravel(make().fit(seen[known], target[known]).predict(unseen)))
        return np.column_stack(columns)


def _probabilities(make: Callable[[], Any], seen: Any, unseen: Any, target: Floats, classes: int) -> Floats:
    """(rows, classes); a class that is not learnt from keeps zeros."""
    found = np.zeros((unseen.shape[0], classes))
    if len(np.unique(target)) < 2:
        found[:, int(target[0])] = 1.0
        return found
    model = make().fit(seen, target.astype(np.int64))
    found[:, model.classes_.astype(int)] = model.predict_proba(unseen)
    return found
