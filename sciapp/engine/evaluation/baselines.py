"""What a fine-tuned model must beat: the mean or the majority, and a simple model that takes a minute.

Molecules: random forest (Breiman 2001) on RDKit's 2-D descriptors. Proteins, nucleotides: ridge or logistic
regression on counts of 1- to 3-letter pieces. Text: the same on TF-IDF of words and word pairs.
"""

from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.dummy import DummyClassifier, DummyRegressor
from sklearn.ensemble import RandomForestClassifier, RandomForestRegressor
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.linear_model import LogisticRegression, RidgeCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MaxAbsScaler

from sciapp.engine.data.tables import Rows
from sciapp.engine.domains.base import Domain

Floats = npt.NDArray[np.float64]
_MOST_ROWS = 20_000  # training rows for the simple baseline: enough for it, and minutes instead of hours
_LARGEST = 1e6  # some descriptors explode (Ipc: 1e40); forests read float32


@dataclass(frozen=True)
class Baseline:
    """values as in `tasks.base.Predictions`: (rows, targets), or probabilities (rows, classes)."""

    name: str
    values: Floats


def trivial_baseline(task: str, train: Rows, test: Rows, classes: int) -> Baseline:
    """The mean of each target, or the shares of the classes, in the training rows."""
    nothing, empty = np.zeros((len(train), 1)), np.zeros((len(test), 1))
    if task == "classification":
        dummy = DummyClassifier(strategy="prior").fit(nothing, train.targets)
        values = _all_classes(dummy.predict_proba(empty), dummy.classes_, classes)
        return Baseline("Majority of the training rows", values)
    columns = []
    for target in np.asarray(train.targets, dtype=np.float64).T:
        known = ~np.isnan(target)
        columns.append(DummyRegressor().fit(nothing[known], target[known]).predict(empty))
    return Baseline("Mean of the training rows", np.column_stack(columns))


def simple_baseline(
    domain: Domain, task: str, train: Rows, test: Rows, classes: int, seed: int, threads: int
) -> Iterator[tuple[int, int] | Baseline]:
    """Yields (done, total) while it works, and the baseline last."""
    train = _fewer(train, seed)
    recipe = _RECIPES.get(domain.name, _letters)(task, seed, threads)
    if recipe.vectorizer is None:
        features = yield from _described(domain, train, test)
    else:
        yield 0, 1
        train_features = recipe.vectorizer.fit_transform(train.inputs)
        features = train_features, recipe.vectorizer.transform(test.inputs)
    yield Baseline(recipe.name, _fitted(recipe.make, task, train, features, classes))


@dataclass(frozen=True)
class _Recipe:
    """vectorizer None: the domain's descriptors are the features."""

    name: str
    make: Callable[[], Any]
    vectorizer: Any | None = None


def _forest(task: str, seed: int, threads: int) -> _Recipe:
    kind = RandomForestClassifier if task == "classification" else RandomForestRegressor
    return _Recipe(
        "Random forest on RDKit descriptors", lambda: kind(n_estimators=300, random_state=seed, n_jobs=threads or None)
    )


def _letters(task: str, seed: int, threads: int) -> _Recipe:
    counts = CountVectorizer(analyzer="char", ngram_range=(1, 3), lowercase=False)
    return _Recipe(f"{_linear_name(task)} on 1- to 3-mer counts", lambda: _linear(task, seed), counts)


def _words(task: str, seed: int, threads: int) -> _Recipe:
    weights = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, min_df=1, token_pattern=r"(?u)\b\w+\b")
    return _Recipe(f"{_linear_name(task)} on TF-IDF", lambda: _linear(task, seed), weights)


_RECIPES: dict[str, Callable[[str, int, int], _Recipe]] = {"molecule": _forest, "text": _words}


def _linear_name(task: str) -> str:
    return "Logistic regression" if task == "classification" else "Ridge regression"


def _linear(task: str, seed: int) -> Any:
    scaler = MaxAbsScaler()
    if task == "classification":
        return make_pipeline(scaler, LogisticRegression(max_iter=2000, C=1.0, random_state=seed))
    return make_pipeline(scaler, RidgeCV(alphas=np.logspace(-2, 4, 13)))


def _described(domain: Domain, train: Rows, test: Rows) -> Generator[tuple[int, int], None, tuple[Floats, Floats]]:
    tables, total, done = [], len(train) + len(test), 0
    for rows in (train, test):
        table = []
        for value in rows.inputs:
            table.append(list(domain.descriptors(value).values()))
            done += 1
            if done % 20 == 0:
                yield done, total
        tables.append(_finite(np.array(table, dtype=np.float64)))
    return tables[0], tables[1]


def _fitted(make: Callable[[], Any], task: str, train: Rows, features: tuple[Any, Any], classes: int) -> Floats:
    if task == "classification":
        model = make().fit(features[0], train.targets)
        classifier = model[-1] if hasattr(model, "steps") else model
        return _all_classes(model.predict_proba(features[1]), classifier.classes_, classes)
    columns = []
    for target in np.asarray(train.targets, dtype=np.float64).T:
        known = np.flatnonzero(~np.isnan(target))
        columns.append(make().fit(features[0][known], target[known]).predict(features[1]))
    return np.column_stack(columns)


def _all_classes(probabilities: Floats, seen: npt.NDArray[np.int64], classes: int) -> Floats:
    """Columns for classes that the training rows happen not to have."""
    out = np.zeros((len(probabilities), classes))
    out[:, seen] = probabilities
    return out


def _finite(table: Floats) -> Floats:
    return np.clip(np.nan_to_num(table, nan=0.0, posinf=_LARGEST, neginf=-_LARGEST), -_LARGEST, _LARGEST)


def _fewer(train: Rows, seed: int) -> Rows:
    if len(train) <= _MOST_ROWS:
        return train
    kept = np.sort(np.random.default_rng(seed).choice(len(train), _MOST_ROWS, replace=False))
    return Rows(train.line[kept], [train.inputs[i] for i in kept.tolist()], train.targets[kept])
