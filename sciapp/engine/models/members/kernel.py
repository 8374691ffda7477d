"""Support vector machines: smooth functions of many descriptors, or of the terms that two rows share.

Regression (Drucker et al. 1997, NeurIPS 9:155); of classes one machine each, whose distances are made probabilities by
a sigmoid fitted to rows left out (Platt 1999, Advances in Large Margin Classifiers); of a class with fewer rows than
folds the sigmoid is the plain one.
"""

from abc import abstractmethod
from collections.abc import Mapping, Sequence
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
_MOST_COUNTS = 5_000_000  # of training rows: as many may have to be saved
_MOST_CLASSES, _MOST_TARGETS = 10, 20
_COST, _COSTS, _TUBES = 5.0, (1.0, 25.0), (0.1, 0.03, 0.3)  # of regression; tubes in units of the target's spread
_FEWEST_TRIED, _MOST_TRIED = 30, 1000  # rows by which cost and tube are chosen
_COST_OF_CLASSES = 3.0
_FOLDS = 3
_BLOCK = 1000  # rows of a prediction at once
_CERTAIN = 20.0  # logits


@dataclass(frozen=True)
class _Machine:
    """The machine of one output. coefficients (rows,): 0 for rows that are no support vector; slope, offset: of the
    sigmoid of a class."""

    coefficients: Floats
    bias: float
    slope: float = 1.0
    offset: float = 0.0

    @property
    def mirrored(self) -> "_Machine":
        """The machine of the other one of two classes."""
        return _Machine(-self.coefficients, -self.bias, self.slope, -self.offset)


@dataclass(frozen=True)
class Machines:
    """The machines of all outputs of a fit.

    coefficients (support vectors, outputs), bias (outputs,): bias + Σ c k(x, v). slope, offset (outputs,): of the
    sigmoids of classes; classes: 0 for numbers, 1 for one output of yes or no.
    """

    coefficients: Floats
    bias: Floats
    slope: Floats
    offset: Floats
    classes: int

    @classmethod
    def of(cls, machines: Sequence[_Machine], classes: int) -> tuple["Machines", npt.NDArray[np.int64]]:
        """The machines, and the indices of the rows that are support vectors of any of them."""
        coefficients = np.stack([machine.coefficients for machine in machines], axis=1)
        used = np.flatnonzero(coefficients.any(axis=1))
        bias, slope, offset = (
            np.array([getattr(machine, name) for machine in machines]) for name in ("bias", "slope", "offset")
        )
        return cls(coefficients[used], bias, slope, offset, classes), used

    def answers(self, similarity: Floats) -> Floats:
        """Numbers or probabilities (rows, outputs) of k(x, v) (rows, support vectors)."""
        distances = similarity @ self.coefficients + self.bias
        if not self.classes:
            return np.asarray(distances)
        shares = expit(self.slope * distances + self.offset)
        return shares if self.classes == 1 else np.asarray(shares / np.maximum(shares.sum(axis=1, keepdims=True), 1e-9))

    def arrays(self) -> Arrays:
        sigmoids = {"slope": self.slope, "offset": self.offset, "classes": np.array([self.classes], dtype=np.int64)}
        return {"coefficients": self.coefficients, "bias": self.bias, **sigmoids}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, npt.NDArray[Any]]) -> "Machines":
        """Models from before classes were learnt have one output of numbers."""
        coefficients = arrays["coefficients"]
        if coefficients.ndim == 1:
            return cls(coefficients[:, None], arrays["facts"][:1], np.ones(1), np.zeros(1), 0)
        bias, slope, offset = (arrays[name] for name in ("bias", "slope", "offset"))
        return cls(coefficients, bias, slope, offset, int(arrays["classes"][0]))


@dataclass(frozen=True)
class FittedMachines(FittedMember):
    """Machines, and in the classes below the support vectors that they ask for."""

    machines: Machines

    @abstractmethod
    def similarity(self, features: MemberFeatures) -> Floats:
        """k(x, v) of some rows and the support vectors (rows, support vectors)."""

    def predict(self, features: MemberFeatures) -> Floats:
        starts = range(0, features.rows, _BLOCK)
        blocks = (features.of(np.arange(first, min(first + _BLOCK, features.rows))) for first in starts)
        parts = [self.machines.answers(self.similarity(block)) for block in blocks]
        return np.concatenate(parts) if parts else np.empty((0, len(self.machines.bias)))


def _machines_on(
    kernel: Floats, labels: Floats, weights: Floats | None, task: MemberTask
) -> tuple[Machines, npt.NDArray[np.int64]]:
    """Machines learnt from a kernel (rows, rows), and the indices of their support vectors."""
    if not task.classifies:
        machine = _regression(*_chosen(kernel, labels, weights, task.seed)).fit(kernel, labels, weights)
        return Machines.of([_Machine(_all_coefficients(machine, len(labels)), float(machine.intercept_[0]))], 0)
    if task.classes <= 2:
        second = _class_machine(kernel, labels == 1, weights, task.seed)
        return Machines.of([second.mirrored, second] if task.outcome == "class" else [second], task.classes)
    classes = [_class_machine(kernel, labels == number, weights, task.seed) for number in range(task.classes)]
    return Machines.of(classes, task.classes)


def _regression(cost: float, tube: float) -> Any:
    return SVR(C=cost, epsilon=tube, kernel="precomputed", cache_size=500)


def _chosen(kernel: Floats, labels: Floats, weights: Floats | None, seed: int) -> tuple[float, float]:
    """Cost and tube with the least squared error in three folds: data differ in how much of them is noise. The tube is
    chosen first, which the cost matters little to."""
    if len(labels) < _FEWEST_TRIED:
        return _COST, _TUBES[0]
    rows = np.random.default_rng(seed).permutation(len(labels))[:_MOST_TRIED]
    folds = np.array_split(rows, _FOLDS)

    def error(cost: float, tube: float) -> float:
        total = 0.0
        for held in folds:
            learnt = np.concatenate([fold for fold in folds if fold is not held])
            counted = None if weights is None else weights[learnt]
            machine = _regression(cost, tube).fit(kernel[np.ix_(learnt, learnt)], labels[learnt], counted)
            squares = np.square(machine.predict(kernel[np.ix_(held, learnt)]) - labels[held])
            total += float(squares.sum() if weights is None else weights[held] @ squares)
        return total

    errors = {(_COST, tube): error(_COST, tube) for tube in _TUBES}
    tube = min(errors, key=lambda pair: errors[pair])[1]
    errors |= {(cost, tube): error(cost, tube) for cost in _COSTS}
    return min(errors, key=lambda pair: errors[pair])


def _class_machine(kernel: Floats, yes: npt.NDArray[np.bool_], weights: Floats | None, seed: int) -> _Machine:
    """One class against the others; a class that no row has is as good as impossible, one that all have is certain."""
    few = int(min(yes.sum(), (~yes).sum()))
    if not few:
        return _Machine(np.zeros(len(yes)), 0.0, 0.0, _CERTAIN if yes.all() else -_CERTAIN)
    machine = _separated(kernel, yes, weights)
    plain = _Machine(_all_coefficients(machine, len(yes)), float(machine.intercept_[0]))
    if few < _FOLDS:
        return plain
    distances = np.zeros(len(yes))
    for train, held in StratifiedKFold(_FOLDS, shuffle=True, random_state=seed).split(kernel, yes):
        part = _separated(kernel[np.ix_(train, train)], yes[train], None if weights is None else weights[train])
        distances[held] = part.decision_function(kernel[np.ix_(held, train)])
    sigmoid = LogisticRegression(C=100.0).fit(distances[:, None], yes, weights)
    return _Machine(plain.coefficients, plain.bias, float(sigmoid.coef_[0, 0]), float(sigmoid.intercept_[0]))


def _separated(kernel: Floats, yes: npt.NDArray[np.bool_], weights: Floats | None) -> Any:
    return SVC(C=_COST_OF_CLASSES, kernel="precomputed", cache_size=500).fit(kernel, yes, weights)


def _all_coefficients(machine: Any, rows: int) -> Floats:
    coefficients = np.zeros(rows)
    coefficients[machine.support_] = machine.dual_coef_[0]
    return coefficients


def _suits(task: MemberTask) -> bool:
    return task.classes <= _MOST_CLASSES and task.targets <= _MOST_TARGETS


def _most_rows(task: MemberTask) -> int:
    """Fewer where many machines are learnt, so that all of them take as long as one of `_MOST_ROWS`."""
    machines = task.classes if task.classes > 2 else task.targets
    return int(_MOST_ROWS / np.sqrt(machines))


def _learnt_rows(
    features: MemberFeatures, labels: Floats, task: MemberTask, most: int
) -> tuple[MemberFeatures, Floats, Floats | None]:
    """Features, labels and weights of as many rows as a kernel can have."""
    rows = drawn_rows(features, most, task.seed)
    return features.of(rows), labels[rows], None if task.weights is None else task.weights[rows]


@dataclass(frozen=True)
class FittedRadial(FittedMachines):
    """k = exp(-gamma |x - v|²). vectors (support vectors, columns)."""

    vectors: npt.NDArray[np.float32]
    gamma: float

    def similarity(self, features: MemberFeatures) -> Floats:
        assert features.numbers is not None, "numbers were learnt from"
        return _radial(features.numbers, self.vectors, self.gamma)

    def arrays(self) -> Arrays:
        return {**self.machines.arrays(), "vectors": self.vectors, "facts": np.array([0.0, self.gamma])}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, npt.NDArray[Any]]) -> Self:
        return cls(Machines.from_arrays(arrays), arrays["vectors"], float(arrays["facts"][1]))


class RadialMember(Member):
    """A radial kernel on descriptors."""

    key, title, fitted = "svm", msg("support vector machine on descriptors"), FittedRadial
    growth = 2.0

    def suits(self, features: MemberFeatures, task: MemberTask) -> bool:
        return features.numbers is not None and _suits(task)

    def most_rows(self, task: MemberTask) -> float:
        return _most_rows(task)

    def fit(self, features: MemberFeatures, labels: Floats, task: MemberTask) -> FittedRadial:
        learnt, known, weights = _learnt_rows(features, labels, task, _most_rows(task))
        numbers = learnt.numbers
        assert numbers is not None, "numbers are there"
        gamma = 1 / (numbers.shape[1] * (float(numbers.var(dtype=np.float64)) or 1.0))
        machines, used = _machines_on(_radial(numbers, numbers, gamma), known, weights, task)
        return FittedRadial(machines, numbers[used], gamma)


def _radial(ours: npt.NDArray[np.float32], theirs: npt.NDArray[np.float32], gamma: float) -> Floats:
    """exp(-gamma |x - v|²) of rows (ours, columns) and (theirs, columns)."""
    first, second = ours.astype(np.float64), theirs.astype(np.float64)
    # In place: of 6,000 rows each of these matrices takes 290 MB.
    similarity: Floats = first @ second.T
    similarity *= 2 * gamma
    similarity -= gamma * np.square(first).sum(axis=1)[:, None]
    similarity -= gamma * np.square(second).sum(axis=1)
    np.minimum(similarity, 0.0, out=similarity)
    np.exp(similarity, out=similarity)
    return similarity


@dataclass(frozen=True)
class FittedShared(FittedMachines):
    """vectors (support vectors, terms), sparse; k = T(x, v), the share of terms that both have (Tanimoto). counted:
    False for models of earlier versions, which asked of a term only whether it is there."""

    vectors: sparse.csr_matrix
    counted: bool = True

    def similarity(self, features: MemberFeatures) -> Floats:
        assert features.counts is not None, "counts were learnt from"
        if not self.counted:
            return _shared_terms(features.counts.sign(), self.vectors.sign())
        return _shared_terms(features.counts, self.vectors)

    def arrays(self) -> Arrays:
        vectors = self.vectors
        parts = {"data": vectors.data.astype(np.float32), "indices": vectors.indices, "indptr": vectors.indptr}
        return {**self.machines.arrays(), **parts, "facts": np.array([0.0, vectors.shape[1], self.counted])}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, npt.NDArray[Any]]) -> Self:
        _, columns, *counted = arrays["facts"].tolist()
        shape = (len(arrays["indptr"]) - 1, int(columns))
        vectors = sparse.csr_matrix((arrays["data"], arrays["indices"], arrays["indptr"]), shape=shape)
        return cls(Machines.from_arrays(arrays), vectors.astype(np.float64), bool(counted and counted[0]))


class SharedTermsMember(Member):
    """The Tanimoto kernel (Ralaivola et al. 2005, Neural Netw. 18:1093) of the square roots of counts, or of their
    TF-IDF: the second of two equal terms says less than the first."""

    key, title, fitted = "svm_shared", msg("support vector machine on shared letters, words or fragments"), FittedShared
    growth = 2.0

    def suits(self, features: MemberFeatures, task: MemberTask) -> bool:
        return features.has_counts and _suits(task)

    def most_rows(self, task: MemberTask) -> float:
        return _most_rows(task)

    def fit(self, features: MemberFeatures, labels: Floats, task: MemberTask) -> FittedShared:
        assert features.counts is not None, "counts are there"
        most = int(_MOST_COUNTS * features.rows / max(1, features.counts.nnz))
        learnt, known, weights = _learnt_rows(features, labels, task, min(_most_rows(task), max(most, _FOLDS)))
        assert learnt.counts is not None, "counts are there"
        counts = learnt.counts
        machines, used = _machines_on(_shared_terms(counts, counts), known, weights, task)
        return FittedShared(machines, counts[used].tocsr())


def _shared_terms(ours: sparse.csr_matrix, theirs: sparse.csr_matrix) -> Floats:
    """Tanimoto similarity x·v / (|x|² + |v|² - x·v) of the square roots of counts (ours, theirs)."""
    common: Floats = np.asarray((ours.sqrt() @ theirs.sqrt().T).todense(), dtype=np.float64)
    either: Floats = np.ravel(ours.sum(axis=1))[:, None] + np.ravel(theirs.sum(axis=1))
    either -= common
    common /= np.maximum(either, 1e-9, out=either)
    return common
