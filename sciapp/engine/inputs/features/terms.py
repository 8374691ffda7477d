"""Counts of terms of rows: features that need no network, learnt from training rows and saved as a list."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.preprocessing import normalize

from sciapp.engine.domains.terms import TermKind

_MOST = 30_000  # terms: what is rarer than these teaches little, and the list travels with the model


@dataclass(frozen=True)
class TermCounts:
    """The terms that were learnt of texts of one kind.

    terms: their names, by column; weight (terms,): what a count is multiplied by. Rows of TF-IDF have length 1."""

    kind: TermKind
    terms: tuple[str, ...]
    weight: npt.NDArray[np.float64]

    @classmethod
    def learnt(cls, kind: TermKind, texts: Sequence[str]) -> "TermCounts":
        """From the training rows' texts. Without a single term (texts of signs only) there are no columns."""
        counter = CountVectorizer(analyzer=kind.cut, min_df=kind.fewest(len(texts)), max_features=_MOST)
        try:
            counts = counter.fit_transform(texts)
        except ValueError:  # scikit-learn's word for an empty vocabulary
            return cls(kind, (), np.empty(0))
        weight = np.ones(counts.shape[1])
        if kind.weighting == "rarity":
            weight = np.log((1 + len(texts)) / (1 + np.bincount(counts.indices, minlength=len(weight)))) + 1
        return cls(kind, tuple(counter.get_feature_names_out().tolist()), np.asarray(weight, dtype=np.float64))

    def of(self, texts: Sequence[str]) -> sparse.csr_matrix:
        """(rows, terms); terms that were not learnt are passed over."""
        if not self.terms:
            return sparse.csr_matrix((len(texts), 0), dtype=np.float64)
        counter = CountVectorizer(analyzer=self.kind.cut, vocabulary={term: i for i, term in enumerate(self.terms)})
        counts = sparse.csr_matrix(counter.transform(texts), dtype=np.float64)
        if self.kind.weighting == "rarity":
            counts.data = 1 + np.log(counts.data)
        if not (self.weight == 1).all():
            counts = sparse.csr_matrix(counts.multiply(self.weight[None, :]))
        return normalize(counts) if self.kind.weighting == "rarity" else counts

    def to_json(self) -> dict[str, Any]:
        return {"kind": self.kind.name, "pieces": list(self.terms), "weight": self.weight.tolist()}

    @classmethod
    def from_json(cls, value: Mapping[str, Any], kinds: Mapping[str, TermKind]) -> "TermCounts":
        """kinds: by name. Raises KeyError, TypeError, ValueError for what `to_json` did not write."""
        kind, terms = kinds[value["kind"]], tuple(str(term) for term in value["pieces"])
        weight = np.array(value["weight"], dtype=np.float64)
        if weight.shape != (len(terms),) or len(set(terms)) != len(terms):
            raise ValueError("the weights do not fit the terms")
        return cls(kind, terms, weight)
