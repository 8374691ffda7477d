"""Linear members: ridge or logistic regression on descriptors, or on counts of letters, words or fragments."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.special import expit, softmax
from sklearn.model_selection import KFold

from sciapp.engine.models.members.base import Arrays, FittedMember, Floats, Member, MemberFeatures, MemberTask
from sciapp.engine.tasks.baselines.base import LabelledFeatures
from sciapp.engine.tasks.baselines.sklearn_models import fitted_linear
from sciapp.i18n import msg

_PENALTIES = {"numbers": (3.0, 30.0, 300.0, 3000.0), "counts": (0.1, 1.0, 10.0, 100.0)}
_FOLDS = 3
_MOST_CLASSES = 50


@dataclass(frozen=True)
class FittedLinear(FittedMember):
    """weight (outputs, columns), bias (outputs,); reads: “numbers” or “counts”. classes: 0 for numbers, 2 for one
    output of yes or no."""

    weight: Floats
    bias: Floats
    reads: str
    classes: int

    def predict(self, features: MemberFeatures) -> Floats:
        logits = np.asarray(getattr(features, self.reads) @ self.weight.T + self.bias, dtype=np.float64)
        if not self.classes:
            return logits
        return expit(logits) if len(self.bias) == 1 else np.asarray(softmax(logits, axis=1))

    def arrays(self) -> Arrays:
        facts = np.array([self.reads == "counts", self.classes], dtype=np.int64)
        return {"weight": self.weight.astype(np.float32), "bias": self.bias, "facts": facts}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, npt.NDArray[Any]]) -> "FittedLinear":
        counts, classes = arrays["facts"].tolist()
        return cls(arrays["weight"].astype(np.float64), arrays["bias"], "counts" if counts else "numbers", classes)


class LinearMember(Member):
    """Ridge or logistic regression with the penalty, of a few, that does best in three folds."""

    fitted = FittedLinear
    reads: ClassVar[str]

    def suits(self, features: MemberFeatures, task: MemberTask) -> bool:
        return getattr(features, self.reads) is not None and task.classes <= _MOST_CLASSES

    def fit(self, features: MemberFeatures, labels: Floats, task: MemberTask) -> FittedLinear:
        rows, scale = self._scaled(getattr(features, self.reads))
        penalties = _PENALTIES[self.reads]
        losses = dict.fromkeys(penalties, 0.0)
        data = LabelledFeatures(rows, labels.astype(np.int64) if task.classifies else labels, task.weights)
        folds = KFold(_FOLDS, shuffle=True, random_state=task.seed)
        for train, held in folds.split(labels) if len(labels) >= 4 * _FOLDS else ():
            if task.classifies and len(np.unique(labels[train])) < 2:
                continue
            for penalty in penalties:
                model = fitted_linear(penalty, data.of(train), classifies=task.classifies)
                counts = None if task.weights is None else task.weights[held]
                losses[penalty] += _loss(model, rows[held], labels[held], task, counts)
        best = min(losses, key=lambda penalty: losses[penalty]) if any(losses.values()) else penalties[1]
        model = fitted_linear(best, data, classifies=task.classifies)
        weight, bias = np.atleast_2d(model.coef_), np.atleast_1d(model.intercept_)
        if task.outcome == "class":
            weight, bias = _of_all_classes(model, weight, bias, task.classes)
        return FittedLinear(
            (weight / scale).astype(np.float64), bias.astype(np.float64), self.reads, 2 * task.classifies
        )

    def _scaled(self, rows: Any) -> tuple[Any, Floats]:
        """The rows with columns of a like size, and what each column was divided by (columns,)."""
        return rows, np.ones(rows.shape[1])


def _loss(model: Any, rows: Any, labels: Floats, task: MemberTask, counts: Floats | None) -> float:
    """Squared error, or minus the log-likelihood, summed over the rows. counts (rows,): how much each does."""
    counts = np.ones(len(labels)) if counts is None else counts
    if not task.classifies:
        return float(counts @ (model.predict(rows) - labels) ** 2)
    index = {int(name): column for column, name in enumerate(model.classes_)}
    shares = model.predict_proba(rows)
    own = [shares[row, index[int(label)]] if int(label) in index else 0.0 for row, label in enumerate(labels)]
    return float(-counts @ np.log(np.maximum(own, 1e-6)))


def _of_all_classes(model: Any, weight: Floats, bias: Floats, classes: int) -> tuple[Floats, Floats]:
    """Weights with a line for each class; one that was not learnt from is as good as impossible."""
    if len(bias) == 1:  # two classes: of the first the opposite
        weight, bias = np.vstack([-weight / 2, weight / 2]), np.array([-bias[0] / 2, bias[0] / 2])
    all_weights, all_biases = np.zeros((classes, weight.shape[1])), np.full(classes, bias.min() - 20.0)
    learnt = model.classes_.astype(int)
    all_weights[learnt], all_biases[learnt] = weight, bias
    return all_weights, all_biases


class LinearOnNumbers(LinearMember):
    key, title, reads = "linear", msg("linear model on descriptors"), "numbers"


class LinearOnCounts(LinearMember):
    key, title, reads = "linear_counts", msg("linear model on counts of letters, words or fragments"), "counts"

    def suits(self, features: MemberFeatures, task: MemberTask) -> bool:
        return features.has_counts and super().suits(features, task)

    def _scaled(self, rows: sparse.csr_matrix) -> tuple[sparse.csr_matrix, Floats]:
        # TF-IDF, whose rows have length 1, stays as it is.
        largest = np.maximum(rows.max(axis=0).toarray().ravel(), 1.0) if rows.shape[1] else np.ones(0)
        return sparse.csr_matrix(rows.multiply(1 / largest[None, :])), largest
