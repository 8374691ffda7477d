"""Descriptors as numbers that a network can be asked for: of like size, outliers held, dull ones left out."""

import numpy as np
import numpy.typing as npt

from sciapp.engine.data.scaling import Scaling

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
    chosen = [name for name, kept in zip(names, known, strict=True) if kept]
    scaling = Scaling.of(chosen, values, in_fixed_units=len(chosen))
    targets = np.where(np.tile(gaps, 2), np.float32(np.nan), scaling.apply(values))
    varied: npt.NDArray[np.float32] = targets[:, scaling.scale > 0]
    return varied
