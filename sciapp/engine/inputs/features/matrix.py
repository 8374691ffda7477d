"""Extra features of rows beside their tokens: the domain's descriptors and the covariates, as one matrix."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from sciapp.engine.data.targets.base import InputRule
from sciapp.engine.data.targets.registry import target_kind
from sciapp.engine.domains.registry import domain_named
from sciapp.engine.domains.row_input import RowInput
from sciapp.engine.inputs.features.descriptors import described
from sciapp.engine.inputs.features.scaling import Scaling
from sciapp.engine.runtime.progress import SILENT, Progress
from sciapp.records.dataset.tasks import TaskName

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class RuleFeatures:
    """Predictions of a fitted rule, which a head begins with. task: whose kind reads it. centre, scale (targets,): of
    its predictions of the training rows."""

    task: TaskName
    rule: InputRule
    centre: Floats
    scale: Floats

    @classmethod
    def of(cls, task: TaskName, rule: InputRule, predicted: Floats) -> "RuleFeatures":
        """predicted (training rows, targets)."""
        spread = predicted.std(axis=0)
        return cls(task, rule, predicted.mean(axis=0), np.where(spread > 0, spread, 1.0))

    @property
    def width(self) -> int:
        return len(self.centre)

    def scaled(self, predicted: Floats) -> npt.NDArray[np.float32]:
        """Predictions (rows, targets) as the head reads them."""
        return np.asarray((predicted - self.centre) / self.scale, dtype=np.float32)

    def to_json(self) -> dict[str, Any]:
        scaling = {"centre": self.centre.tolist(), "scale": self.scale.tolist()}
        return {"task": self.task, "fitted": self.rule.to_json(), **scaling}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> "RuleFeatures":
        """Raises KeyError, TypeError, ValueError for what `to_json` did not write."""
        centre, scale = (np.array(value[name], dtype=np.float64) for name in ("centre", "scale"))
        if centre.ndim != 1 or centre.shape != scale.shape or not np.isfinite([centre, scale]).all():
            raise ValueError("the rule's scaling is not one number for each target")
        return cls(str(value["task"]), target_kind(str(value["task"])).read_rule(value["fitted"]), centre, scale)


@dataclass(frozen=True)
class FeatureRecipe:
    """The numbers that are joined to the encoder's output, and their scaling.

    with_descriptors False: covariates alone. scaling.names: descriptors first, then covariates. rule: its predictions
    are the last columns; None: there is none.
    """

    domain: str
    with_descriptors: bool
    covariates: tuple[str, ...]
    scaling: Scaling
    rule: RuleFeatures | None = None

    @property
    def width(self) -> int:
        return self.scaling.width + (self.rule.width if self.rule else 0)

    @property
    def described(self) -> int:
        """The number of descriptors that are read."""
        return len(self.scaling.names) - len(self.covariates)

    def matrix(
        self,
        inputs: Sequence[RowInput],
        covariates: Floats | None = None,
        check: Callable[[int], None] = lambda done: None,
        store: Path | None = None,
    ) -> npt.NDArray[np.float32]:
        """(rows, width) of canonical inputs; covariates (rows, covariates), None: unknown, so the training mean.

        `check(done)` may raise to give up. store: see `descriptors.described`.
        """
        return self.scaled(self.raw(inputs, covariates, check, store), inputs)

    def raw(
        self,
        inputs: Sequence[RowInput],
        covariates: Floats | None = None,
        check: Callable[[int], None] = lambda done: None,
        store: Path | None = None,
    ) -> Floats:
        """Unscaled numbers (rows, all descriptors + covariates) of the same, for `scaled` of every recipe with the same
        `source`."""
        progress = Progress(lambda stage, done, total: check(done))
        known = self._covariates(covariates, len(inputs))
        return collected(self.domain, self.with_descriptors, inputs, known, store, progress=progress)

    @property
    def source(self) -> tuple[str, bool, tuple[str, ...]]:
        """All that decides what `raw` is."""
        return self.domain, self.with_descriptors, self.covariates

    def scaled(self, raw: Floats, inputs: Sequence[RowInput]) -> npt.NDArray[np.float32]:
        """(rows, width), of the same rows."""
        scaled = self.scaling.apply(raw[:, self._columns()])
        if self.rule is None:
            return scaled
        return np.concatenate([scaled, self.rule.scaled(self.rule.rule.predict(inputs))], axis=1)

    def _covariates(self, given: Floats | None, rows: int) -> Floats:
        return np.full((rows, len(self.covariates)), np.nan) if given is None else given

    def to_json(self) -> dict[str, Any]:
        return {
            "domain": self.domain,
            "descriptors": self.with_descriptors,
            "covariates": list(self.covariates),
            "scaling": self.scaling.to_json(),
            **({"rule": self.rule.to_json()} if self.rule else {}),
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> "FeatureRecipe":
        """Raises KeyError, TypeError, ValueError for what `to_json` did not write, or names that nobody knows here."""
        recipe = cls(
            str(value["domain"]),
            bool(value["descriptors"]),
            tuple(str(name) for name in value["covariates"]),
            Scaling.from_json(value["scaling"]),
            RuleFeatures.from_json(value["rule"]) if "rule" in value else None,
        )
        recipe._columns()
        return recipe

    def _columns(self) -> list[int]:
        """Today's columns of the numbers that were learnt from: another RDKit may have more descriptors, or others."""
        known = feature_names(self.domain, self.with_descriptors, ())
        here = {name: index for index, name in enumerate(known)}
        descriptors, covariates = self.scaling.names[: self.described], self.scaling.names[self.described :]
        gone = [name for name in descriptors if name not in here]
        if gone:
            raise ValueError(f"descriptors that this version does not compute: {', '.join(gone[:5])}")
        if covariates != self.covariates:
            raise ValueError("the scaling does not fit the covariates")
        # By place, not by name: a column of the table may be called like a descriptor.
        return [*(here[name] for name in descriptors), *range(len(known), len(known) + len(covariates))]


def feature_names(domain: str, with_descriptors: bool, covariates: Sequence[str]) -> tuple[str, ...]:
    """The columns of `collected`, in order."""
    known = domain_named(domain)
    described_names = tuple(known.descriptors(known.example)) if with_descriptors else ()
    return (*described_names, *covariates)


def collected(
    domain: str,
    with_descriptors: bool,
    inputs: Sequence[RowInput],
    covariates: Floats,
    store: Path | None,
    *,
    progress: Progress = SILENT,
) -> Floats:
    """Unscaled numbers (rows, descriptors + covariates), NaN for gaps.

    store: see `descriptors.described`. Raises OutOfSpace, Cancelled.
    """
    if not with_descriptors:
        progress.report(len(inputs), len(inputs))
        return covariates
    _, values = described(domain_named(domain), list(inputs), store, progress=progress)
    return np.concatenate([values, covariates], axis=1)
