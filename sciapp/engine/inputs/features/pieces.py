"""Counts of pieces of rows: features that need no network, learnt from training rows and saved as a list."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.preprocessing import normalize

from sciapp.engine.domains.pieces import PieceKind

_MOST = 30_000  # pieces: what is rarer than these teaches little, and the list travels with the model


@dataclass(frozen=True)
class PieceCounts:
    """pieces: their names, by column; weight (pieces,): what a count is multiplied by. Rows of TF-IDF have length 1."""

    kind: PieceKind
    pieces: tuple[str, ...]
    weight: npt.NDArray[np.float64]

    @classmethod
    def learnt(cls, kind: PieceKind, texts: Sequence[str]) -> "PieceCounts":
        """From the training rows' texts. Without a single piece (texts of signs only) there are no columns."""
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
        """(rows, pieces); pieces that were not learnt are passed over."""
        if not self.pieces:
            return sparse.csr_matrix((len(texts), 0), dtype=np.float64)
        counter = CountVectorizer(analyzer=self.kind.cut, vocabulary={piece: i for i, piece in enumerate(self.pieces)})
        counts = sparse.csr_matrix(counter.transform(texts), dtype=np.float64)
        if self.kind.weighting == "rarity":
            counts.data = 1 + np.log(counts.data)
        weighted = sparse.csr_matrix(counts.multiply(self.weight[None, :]))
        return normalize(weighted) if self.kind.weighting == "rarity" else weighted

    def to_json(self) -> dict[str, Any]:
        return {"kind": self.kind.name, "pieces": list(self.pieces), "weight": self.weight.tolist()}

    @classmethod
    def from_json(cls, value: Mapping[str, Any], kinds: Mapping[str, PieceKind]) -> "PieceCounts":
        """kinds: by name. Raises KeyError, TypeError, ValueError for what `to_json` did not write."""
        kind, pieces = kinds[value["kind"]], tuple(str(piece) for piece in value["pieces"])
        weight = np.array(value["weight"], dtype=np.float64)
        if weight.shape != (len(pieces),) or len(set(pieces)) != len(pieces):
            raise ValueError("the weights do not fit the pieces")
        return cls(kind, pieces, weight)
