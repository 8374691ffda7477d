"""Descriptors as numbers that a network can be asked for: of like size, outliers held, dull ones left out."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from sciapp.engine.domains.base import Domain
from sciapp.engine.inputs.features.descriptors import described
from sciapp.engine.inputs.features.scaling import Scaling
from sciapp.engine.runtime.progress import RunProgress
from sciapp.i18n import msg

Floats = npt.NDArray[np.float64]

_RAREST = 0.002  # share of rows; a descriptor that differs from its usual value in fewer teaches nothing


def descriptor_targets(names: list[str], values: Floats) -> npt.NDArray[np.float32]:
    """(rows, targets) from values (rows, descriptors): the descriptors that vary and their logarithms, scaled by these
    rows; NaN where undefined."""
    gaps = np.isnan(values)
    known: npt.NDArray[np.bool_] = np.asarray(~gaps.all(axis=0))
    usual = np.nanmedian(values[:, known], axis=0) if known.any() else np.empty(0)
    known[known] = ((values[:, known] != usual) & ~gaps[:, known]).mean(axis=0) > _RAREST
    values, gaps = values[:, known], gaps[:, known]
    chosen = [name for name, usable in zip(names, known, strict=True) if usable]
    scaling = Scaling.of(chosen, values, in_fixed_units=len(chosen))
    targets = np.where(np.tile(gaps, 2), np.float32(np.nan), scaling.apply(values))
    varied: npt.NDArray[np.float32] = targets[:, scaling.scale > 0]
    return varied


# What is known about rows without any label: descriptors, as a second thing to learn beside hidden tokens.


MOST_DESCRIBED = 20_000  # molecules; at 10 ms each some minutes on two cores

Rows = npt.NDArray[np.int64]


@dataclass(frozen=True)
class DescribedRows:
    """target_rows: which line of `targets` (described rows, descriptors) belongs to a row (rows,), −1 for none."""

    target_rows: Rows
    targets: npt.NDArray[np.float32]

    def of(self, rows: Rows) -> npt.NDArray[np.float32]:
        """The targets of these rows; NaN where there are none."""
        indices = self.target_rows[rows]
        return np.where(indices[:, None] >= 0, self.targets[indices], np.float32(np.nan))


def are_worth_learning(domain: Domain) -> bool:
    """True if the domain's descriptors say more than counts of letters or words do."""
    return domain.simple_features == "descriptors"


def describe(
    domain: Domain, inputs: list[str], learnt: Rows, store: Path, progress: RunProgress
) -> DescribedRows | None:
    """Descriptors of the first MOST_DESCRIBED of the rows `learnt`, which come in a random order.

    store: keeps them beside the dataset or in the run. None when no descriptor varies. Raises Cancelled, OutOfSpace.
    """
    computing = progress.stage("descriptors", msg("Computing descriptors"))
    chosen = learnt[:MOST_DESCRIBED]
    names, values = described(domain, [inputs[row] for row in chosen], store, progress=computing)
    if len(learnt) > len(chosen):
        progress.note(
            msg(
                "Descriptors are learnt from {rows:,} rows only: to compute them for all takes too long.",
                rows=len(chosen),
            )
        )
    targets = descriptor_targets(names, values)
    if not targets.shape[1]:
        return None
    indices = np.full(len(inputs), -1, dtype=np.int64)
    indices[chosen] = np.arange(len(chosen))
    return DescribedRows(indices, targets)
