"""Features that members read of rows: their recipe, learnt from training rows and saved with the model."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from scipy import sparse

from sciapp.engine.domains.registry import domain_named
from sciapp.engine.domains.row_input import RowInput, parts_of
from sciapp.engine.domains.terms import TERM_KINDS
from sciapp.engine.inputs.features.matrix import FeatureRecipe, collected, feature_names
from sciapp.engine.inputs.features.scaling import Scaling
from sciapp.engine.inputs.features.terms import TermCounts
from sciapp.engine.models.members.base import Floats, MemberFeatures
from sciapp.engine.runtime.progress import SILENT, Progress


@dataclass(frozen=True)
class MemberRecipe:
    """domain: its name. numbers: descriptors and covariates, None where there are neither. terms: of the inputs of a
    row, each with the input's index; () for domains that have none."""

    domain: str
    numbers: FeatureRecipe | None
    terms: tuple[tuple[int, TermCounts], ...]

    @classmethod
    def learnt(
        cls,
        domain_name: str,
        inputs: Sequence[RowInput],
        covariates: Floats | None,
        names: tuple[str, ...],
        *,
        store: Path | None = None,
        progress: Progress = SILENT,
    ) -> "MemberRecipe":
        """From training rows; names: of the covariates. Raises OutOfSpace, Cancelled."""
        domain = domain_named(domain_name)
        described = bool(domain.descriptors(domain.example))
        known = np.empty((len(inputs), 0)) if covariates is None else covariates
        numbers = None
        if described or names:
            values = collected(domain_name, described, inputs, known, store, progress=progress)
            columns = feature_names(domain_name, described, names)
            scaling = Scaling.of(columns, values, in_fixed_units=len(columns) - len(names))
            numbers = FeatureRecipe(domain_name, described, names, scaling)
        texts = enumerate(zip(*(parts_of(value) for value in inputs), strict=True)) if domain.terms else ()
        terms = ((i, TermCounts.learnt(kind, part)) for i, part in texts for kind in domain.terms if kind.suits(part))
        return cls(domain_name, numbers, tuple(terms))

    def of(
        self,
        inputs: Sequence[RowInput],
        covariates: Floats | None = None,
        check: Callable[[int], None] = lambda done: None,
        store: Path | None = None,
        raw: Floats | None = None,
    ) -> MemberFeatures:
        """The features of canonical inputs; arguments as of `FeatureRecipe.matrix`. raw: what `numbers.raw` would be,
        where somebody has it already."""
        numbers = None
        if self.numbers is not None:
            unscaled = self.numbers.raw(inputs, covariates, check, store) if raw is None else raw
            numbers = self.numbers.scaled(unscaled, inputs)
        counts = None
        if self.terms and not inputs:
            counts = sparse.csr_matrix((0, sum(len(term.terms) for _, term in self.terms)), dtype=np.float64)
        elif self.terms:
            texts = list(zip(*(parts_of(value) for value in inputs), strict=True))
            parts = [term.of(texts[index]) for index, term in self.terms]
            counts = parts[0] if len(parts) == 1 else sparse.hstack(parts).tocsr()
        return MemberFeatures(len(inputs), numbers, counts)

    def to_json(self) -> dict[str, Any]:
        numbers = None if self.numbers is None else self.numbers.to_json()
        return {
            "domain": self.domain,
            "numbers": numbers,
            "pieces": [{"input": index} | term.to_json() for index, term in self.terms],
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> "MemberRecipe":
        """Raises KeyError, TypeError, ValueError for what `to_json` did not write, or names that nobody knows here."""
        numbers = None if value["numbers"] is None else FeatureRecipe.from_json(value["numbers"])
        # Models from before domains had terms of their own have one of the general kinds, once for each input.
        domain = value.get("domain", "")
        kinds = TERM_KINDS | ({kind.name: kind for kind in domain_named(domain).terms} if domain else {})
        terms = [
            (int(term.get("input", index)), TermCounts.from_json(term, kinds))
            for index, term in enumerate(value["pieces"])
        ]
        return cls(domain, numbers, tuple(terms))
