"""Support vector machines: smooth functions of many descriptors, or of the pieces that two rows share.

Regression (Drucker et al. 1997, NeurIPS 9:155); of classes one machine each, whose distances are made probabilities by
a sigmoid fitted to rows left out (Platt 1999, Advances in Large Margin Classifiers).
"""

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.special import expit
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold
from sklearn.svm import SVC, SVR

from sciapp.engine.models.members.base import (
    Arrays,
    FittedMember,
    Floats,
    Member,
    MemberFeatures,
    MemberTask,
    drawn_rows,
)
from sciapp.i18n import msg

_MOST_ROWS = 6000  # of training: the kernel of more takes minutes and gigabytes
_MOST_CLASSES = 10
_COST, _TUBE = 5.0, 0.1  # in units of the target's spread
_COST_OF_CLASSES = 3.0
_FOLDS = 3
_BLOCK = 1000  # rows of a prediction at once
_SLOPE = 1.0  # of a sigmoid that no rows tell of


@dataclass(frozen=True)
class FittedMachines(FittedMember):
    """coefficients (support vectors, outputs), bias (outputs,): bias + Σ c k(x, v).

    slope, offset (outputs,): of the sigmoids of classes; classes: 0 for numbers, 1 for one output of yes or no.
    """

    coefficients: Floats
    bias: Floats
    slope: Floats
    offset: Floats
    classes: int

    @abstractmethod
    def similarity(self, features: MemberFeatures) -> Floats:
        """k(x, v) of some rows and the support vectors (rows, support vectors)."""

    def predict(self, features: MemberFeatures) -> Floats:
        blocks = (
            features.of(np.arange(first, min(first + _BLOCK, features.rows)))
            for first in range(0, features.rows, _BLOCK)
        )
        parts = [self.similarity(block) @ self.coefficients + self.bias for block in blocks]
        distances = np.concatenate(parts) if parts else np.empty((0, len(self.bias)))
        if not self.classes:
            return distances
        shares = expit(self.slope * distances + self.offset)
        return shares if self.classes == 1 else np.asarray(shares / np.maximum(shares.sum(axis=1, keepdims=True), 1e-9))

    def arrays(self) -> Arrays:
        sigmoids = {"slope": self.slope, "offset": self.offset, "classes": np.array([self.classes], dtype=np.int64)}
        return {"coefficients": self.coefficients, "bias": self.bias, **sigmoids}


def _machines(arrays: Mapping[str, npt.NDArray[Any]]) -> dict[str, Any]:
    """Fields of `FittedMachines`; those of models from before classes were learnt have one output of numbers."""
    coefficients, facts = arrays["coefficients"], arrays["facts"]
    if coefficients.ndim == 1:
        one = np.ones(1)
        return {"coefficients": coefficients[:, None], "bias": facts[:1], "slope": one, "offset": 0 * one, "classes": 0}
    names = ("coefficients", "bias", "slope", "offset")
    return {**{name: arrays[name] for name in names}, "classes": int(arrays["classes"][0])}


def _machines_on(
    kernel: Floats, labels: Floats, weights: Floats | None, task: MemberTask
) -> tuple[npt.NDArray[np.int64], dict[str, Any]]:
    """Support vectors (indices of rows) and fields of `FittedMachines`, learnt from a kernel (rows, rows)."""
    if not task.classifies:
        machine = SVR(C=_COST, epsilon=_TUBE, kernel="precomputed", cache_size=500).fit(kernel, labels, weights)
        fitted = [_Machine(_all_coefficients(machine, len(labels)), float(machine.intercept_[0]))]
    else:
        classes = range(task.classes) if task.outcome == "class" else (1,)
        fitted = [_class_machine(kernel, labels == number, weights, task.seed) for number in classes]
    coefficients = np.stack([machine.coefficients for machine in fitted], axis=1)
    used = np.flatnonzero(coefficients.any(axis=1))
    return used, {
        "coefficients": coefficients[used],
        "bias": np.array([machine.bias for machine in fitted]),
        "slope": np.array([machine.slope for machine in fitted]),
        "offset": np.array([machine.offset for machine in fitted]),
        "classes": task.classes if task.classifies else 0,
    }


@dataclass(frozen=True)
class _Machine:
    """coefficients: of all rows; slope, offset: of the sigmoid of a class."""

    coefficients: Floats
    bias: float
    slope: float = _SLOPE
    offset: float = 0.0


def _class_machine(kernel: Floats, yes: npt.NDArray[np.bool_], weights: Floats | None, seed: int) -> _Machine:
    """One class against the others; a class that no row has is as good as impossible, one that all have is certain."""
    few = int(min(yes.sum(), (~yes).sum()))
    if not few:
        return _Machine(np.zeros(len(yes)), 0.0, 0.0, 20.0 if yes.all() else -20.0)
    machine = _separated(kernel, yes, weights)
    distances = np.zeros(len(yes))
    slope, offset = _SLOPE, 0.0
    if few >= _FOLDS:
        for train, held in StratifiedKFold(_FOLDS, shuffle=True, random_state=seed).split(kernel, yes):
            part = _separated(kernel[np.ix_(train, train)], yes[train], None if weights is None else weights[train])
            distances[held] = part.decision_function(kernel[np.ix_(held, train)])
        sigmoid = LogisticRegression(C=100.0).fit(distances[:, None], yes, weights)
        slope, offset = float(sigmoid.coef_[0, 0]), float(sigmoid.intercept_[0])
    return _Machine(_all_coefficients(machine, len(yes)), float(machine.intercept_[0]), slope, offset)


def _separated(kernel: Floats, yes: npt.NDArray[np.bool_], weights: Floats | None) -> Any:
    return SVC(C=_COST_OF_CLASSES, kernel="precomputed", cache_size=500).fit(kernel, yes, weights)


def _all_coefficients(machine: Any, rows: int) -> Floats:
    """(rows,): 0 for rows that are no support vector."""
    coefficients = np.zeros(rows)
    coefficients[machine.support_] = machine.dual_coef_[0]
    return coefficients


def _learnt_rows(
    features: MemberFeatures, labels: Floats, task: MemberTask
) -> tuple[MemberFeatures, Floats, Floats | None]:
    """Features, labels and weights of as many rows as a kernel can have."""
    rows = drawn_rows(features, _MOST_ROWS, task.seed)
    return features.of(rows), labels[rows], None if task.weights is None else task.weights[rows]


@dataclass(frozen=True)
class FittedRadial(FittedMachines):
    """k = exp(-gamma |x - v|²). vectors (support vectors, columns)."""

    vectors: npt.NDArray[np.float32]
    gamma: float

    def similarity(self, features: MemberFeatures) -> Floats:
        assert features.numbers is not None, "numbers were learnt from"
        return radial(features.numbers, self.vectors, self.gamma)

    def arrays(self) -> Arrays:
        return {**super().arrays(), "vectors": self.vectors, "facts": np.array([0.0, self.gamma])}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, npt.NDArray[Any]]) -> Self:
        return cls(**_machines(arrays), vectors=arrays["vectors"], gamma=float(arrays["facts"][1]))


class RadialMember(Member):
    """A radial kernel on descriptors."""

    key, title, fitted = "svm", msg("support vector machine on descriptors"), FittedRadial
    growth, most_rows = 2.0, _MOST_ROWS

    def suits(self, features: MemberFeatures, task: MemberTask) -> bool:
        return features.numbers is not None and task.classes <= _MOST_CLASSES

    def fit(self, features: MemberFeatures, labels: Floats, task: MemberTask) -> FittedRadial:
        learnt, known, weights = _learnt_rows(features, labels, task)
        numbers = learnt.numbers
        assert numbers is not None, "numbers are there"
        gamma = 1 / (numbers.shape[1] * (float(numbers.var(dtype=np.float64)) or 1.0))
        used, machines = _machines_on(radial(numbers, numbers, gamma), known, weights, task)
        return FittedRadial(**machines, vectors=numbers[used], gamma=gamma)


def radial(ours: npt.NDArray[np.float32], theirs: npt.NDArray[np.float32], gamma: float) -> Floats:
    """exp(-gamma |x - v|²) of rows (ours, columns) and (theirs, columns)."""
    first, second = ours.astype(np.float64), theirs.astype(np.float64)
    distances = np.square(first).sum(axis=1)[:, None] + np.square(second).sum(axis=1)
    distances -= 2 * first @ second.T
    np.maximum(distances, 0.0, out=distances)
    distances *= -gamma
    return np.asarray(np.exp(distances, out=distances))


@dataclass(frozen=True)
class FittedShared(FittedMachines):
    """vectors (support vectors, terms), sparse; k = T(x, v), the share of pieces that both have (Tanimoto). counted:
    False for models of earlier versions, which asked of a piece only whether it is there."""

    vectors: sparse.csr_matrix
    counted: bool = True

    def similarity(self, features: MemberFeatures) -> Floats:
        assert features.counts is not None, "counts were learnt from"
        if not self.counted:
            return shared_pieces(features.counts.sign(), self.vectors.sign())
        return shared_pieces(features.counts, self.vectors)

    def arrays(self) -> Arrays:
        parts = {"data": self.vectors.data, "indices": self.vectors.indices, "indptr": self.vectors.indptr}
        return {**super().arrays(), **parts, "facts": np.array([0.0, self.vectors.shape[1]])}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, npt.NDArray[Any]]) -> Self:
        shape = (len(arrays["indptr"]) - 1, int(arrays["facts"][1]))
        vectors = sparse.csr_matrix((arrays["data"], arrays["indices"], arrays["indptr"]), shape=shape)
        return cls(**_machines(arrays), vectors=vectors, counted=arrays["coefficients"].ndim > 1)


class SharedPiecesMember(Member):
    """The Tanimoto kernel (Ralaivola et al. 2005, Neural Netw. 18:1093) of the square roots of counts: the second of
    two equal pieces says less than the first."""

    key, title, fitted = "svm_shared", msg("support vector machine on shared pieces"), FittedShared
    growth, most_rows = 2.0, _MOST_ROWS

    def suits(self, features: MemberFeatures, task: MemberTask) -> bool:
        return features.counts is not None and task.classes <= _MOST_CLASSES

    def fit(self, features: MemberFeatures, labels: Floats, task: MemberTask) -> FittedShared:
        learnt, known, weights = _learnt_rows(features, labels, task)
        counts = learnt.counts
        assert counts is not None, "counts are there"
        used, machines = _machines_on(shared_pieces(counts, counts), known, weights, task)
        return FittedShared(**machines, vectors=counts[used].tocsr())


def shared_pieces(ours: sparse.csr_matrix, theirs: sparse.csr_matrix) -> Floats:
    """Tanimoto similarity x·v / (|x|² + |v|² - x·v) of the square roots of counts (ours, theirs)."""
    common: Floats = np.asarray((ours.sqrt() @ theirs.sqrt().T).todense(), dtype=np.float64)
    # In place: of 6,000 rows each of these matrices takes 290 MB.
    either = np.ravel(ours.sum(axis=1))[:, None] + np.ravel(theirs.sum(axis=1))
    either -= common
    common /= np.maximum(either, 1e-9, out=either)
    return common
