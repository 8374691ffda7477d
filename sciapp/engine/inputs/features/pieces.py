"""Counts of letters or words of rows: features that need no network, learnt from training rows and saved as a list."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.preprocessing import normalize

_MOST = 30_000  # pieces: what is rarer than these teaches little, and the list travels with the model
_FEW_ROWS = 100  # below, a piece that comes once may be all there is


@dataclass(frozen=True)
class PieceCounts:
    """letters: counts of 1- to 3-letter pieces, each divided by its largest count. words: TF-IDF of words and word
    pairs (Salton & Buckley 1988, Inf. Process. Manag. 24:513), rows of length 1.

    pieces: their names, by column; weight (pieces,): what a count is multiplied by.
    """

    kind: str
    pieces: tuple[str, ...]
    weight: npt.NDArray[np.float64]

    @classmethod
    def learnt(cls, kind: str, texts: Sequence[str]) -> "PieceCounts":
        """From the training rows' texts. Without a single piece (texts of signs only) there are no columns."""
        fewest = 2 if kind == "words" and len(texts) >= _FEW_ROWS else 1
        counter = CountVectorizer(**_HOW[kind], min_df=fewest, max_features=_MOST)
        try:
            counts = counter.fit_transform(texts)
        except ValueError:  # scikit-learn's word for an empty vocabulary
            return cls(kind, (), np.empty(0))
        if kind == "letters":
            weight = 1 / np.maximum(counts.max(axis=0).toarray().ravel(), 1)
        else:
            rows_with = np.bincount(counts.indices, minlength=counts.shape[1])
            weight = np.log((1 + len(texts)) / (1 + rows_with)) + 1
        return cls(kind, tuple(counter.get_feature_names_out().tolist()), np.asarray(weight, dtype=np.float64))

    def of(self, texts: Sequence[str]) -> sparse.csr_matrix:
        """(rows, pieces); pieces that were not learnt are passed over."""
        if not self.pieces:
            return sparse.csr_matrix((len(texts), 0), dtype=np.float64)
        counter = CountVectorizer(**_HOW[self.kind], vocabulary={piece: i for i, piece in enumerate(self.pieces)})
        counts = sparse.csr_matrix(counter.transform(texts), dtype=np.float64)
        if self.kind == "words":
            counts.data = 1 + np.log(counts.data)
        weighted = sparse.csr_matrix(counts.multiply(self.weight[None, :]))
        return normalize(weighted) if self.kind == "words" else weighted

    def to_json(self) -> dict[str, Any]:
        return {"kind": self.kind, "pieces": list(self.pieces), "weight": self.weight.tolist()}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> "PieceCounts":
        """Raises KeyError, TypeError, ValueError for what `to_json` did not write."""
        kind, pieces = value["kind"], tuple(str(piece) for piece in value["pieces"])
        weight = np.array(value["weight"], dtype=np.float64)
        if kind not in _HOW or weight.shape != (len(pieces),) or len(set(pieces)) != len(pieces):
            raise ValueError("the weights do not fit the pieces")
        return cls(kind, pieces, weight)


_HOW: dict[str, dict[str, Any]] = {
    "letters": {"analyzer": "char", "ngram_range": (1, 3), "lowercase": False},
    "words": {"ngram_range": (1, 2), "token_pattern": r"(?u)\b\w+\b"},
}
"""scikit-learn's settings by kind."""

PIECE_KINDS = tuple(_HOW)
