"""Support vector regression (Drucker et al. 1997, NeurIPS 9:155): smooth functions of many descriptors, or of the
fragments that two molecules share."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse
from sklearn.svm import SVR

from sciapp.engine.models.members.base import (
    Arrays,
    FittedMember,
    Floats,
    Member,
    MemberFeatures,
    MemberTask,
    most_rows,
)
from sciapp.i18n import msg

_MOST_ROWS = 6000  # of training: the kernel of more takes minutes and gigabytes
_COST, _TUBE = 5.0, 0.1  # in units of the target's spread
_BLOCK = 1000  # rows of a prediction at once


@dataclass(frozen=True)
class FittedRadial(FittedMember):
    """vectors (support vectors, columns), coefficients (support vectors,): bias + Σ c exp(-gamma |x - v|²)."""

    vectors: npt.NDArray[np.float32]
    coefficients: Floats
    bias: float
    gamma: float

    def predict(self, features: MemberFeatures) -> Floats:
        assert features.numbers is not None, "numbers were learnt from"
        norms = np.square(self.vectors, dtype=np.float64).sum(axis=1)
        parts = []
        for first in range(0, features.rows, _BLOCK):
            rows = features.numbers[first : first + _BLOCK].astype(np.float64)
            distances = np.square(rows).sum(axis=1)[:, None] + norms - 2 * rows @ self.vectors.T
            parts.append(np.exp(-self.gamma * np.maximum(distances, 0.0)) @ self.coefficients + self.bias)
        return np.concatenate(parts)[:, None] if parts else np.empty((0, 1))

    def arrays(self) -> Arrays:
        return {
            "vectors": self.vectors,
            "coefficients": self.coefficients,
            "facts": np.array([self.bias, self.gamma]),
        }

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, npt.NDArray[Any]]) -> "FittedRadial":
        bias, gamma = arrays["facts"].tolist()
        return cls(arrays["vectors"], arrays["coefficients"], bias, gamma)


class RadialMember(Member):
    """A radial kernel on descriptors."""

    key, title, fitted = "svm", msg("support vector machine on descriptors"), FittedRadial

    def suits(self, features: MemberFeatures, task: MemberTask) -> bool:
        return features.numbers is not None and not task.classifies

    def fit(self, features: MemberFeatures, labels: Floats, task: MemberTask) -> FittedRadial:
        rows = most_rows(features, _MOST_ROWS, task.seed)
        assert features.numbers is not None, "numbers are there"
        numbers = features.numbers[rows].astype(np.float64)
        spread = float(numbers.var()) or 1.0
        gamma = 1 / (numbers.shape[1] * spread)
        model = SVR(C=_COST, epsilon=_TUBE, gamma=gamma, cache_size=500)
        model.fit(numbers, labels[rows], None if task.weights is None else task.weights[rows])
        vectors = features.numbers[rows][model.support_]
        return FittedRadial(vectors, model.dual_coef_[0].copy(), float(model.intercept_[0]), gamma)


@dataclass(frozen=True)
class FittedShared(FittedMember):
    """vectors (support vectors, terms), sparse: bias + Σ c T(x, v), T the share of pieces that both have (Tanimoto)."""

    vectors: sparse.csr_matrix
    coefficients: Floats
    bias: float

    def predict(self, features: MemberFeatures) -> Floats:
        assert features.counts is not None, "counts were learnt from"
        parts = [
            shared_pieces(features.counts[first : first + _BLOCK], self.vectors) @ self.coefficients + self.bias
            for first in range(0, features.rows, _BLOCK)
        ]
        return np.concatenate(parts)[:, None] if parts else np.empty((0, 1))

    def arrays(self) -> Arrays:
        parts = {"data": self.vectors.data, "indices": self.vectors.indices, "indptr": self.vectors.indptr}
        facts = np.array([self.bias, self.vectors.shape[1]])
        return {**parts, "coefficients": self.coefficients, "facts": facts}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, npt.NDArray[Any]]) -> "FittedShared":
        bias, columns = arrays["facts"].tolist()
        shape = (len(arrays["indptr"]) - 1, int(columns))
        vectors = sparse.csr_matrix((arrays["data"], arrays["indices"], arrays["indptr"]), shape=shape)
        return cls(vectors, arrays["coefficients"], bias)


class SharedPiecesMember(Member):
    """The Tanimoto kernel of counts (Ralaivola et al. 2005, Neural Netw. 18:1093): Σ min / Σ max of two rows' counts,
    here by |x∧v| / (|x| + |v| − |x∧v|) of the pieces that are there at all."""

    key, title, fitted = "svm_shared", msg("support vector machine on shared pieces"), FittedShared

    def suits(self, features: MemberFeatures, task: MemberTask) -> bool:
        return features.counts is not None and not task.classifies

    def fit(self, features: MemberFeatures, labels: Floats, task: MemberTask) -> FittedShared:
        rows = most_rows(features, _MOST_ROWS, task.seed)
        assert features.counts is not None, "counts are there"
        counts = features.counts[rows]
        model = SVR(C=_COST, epsilon=_TUBE, kernel="precomputed", cache_size=500)
        model.fit(shared_pieces(counts, counts), labels[rows], None if task.weights is None else task.weights[rows])
        return FittedShared(counts[model.support_].tocsr(), model.dual_coef_[0].copy(), float(model.intercept_[0]))


def shared_pieces(ours: sparse.csr_matrix, theirs: sparse.csr_matrix) -> Floats:
    """Tanimoto similarity (ours, theirs) of the pieces that rows have at all."""
    first, second = (sparse.csr_matrix((np.ones_like(m.data), m.indices, m.indptr), m.shape) for m in (ours, theirs))
    common = np.asarray((first @ second.T).todense(), dtype=np.float64)
    sizes = np.diff(ours.indptr)[:, None] + np.diff(theirs.indptr)
    return np.asarray(common / np.maximum(sizes - common, 1.0))
