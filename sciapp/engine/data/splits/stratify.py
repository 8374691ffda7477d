"""Strata of rows, so that a stratified split gives every part the same mixture."""

import numpy as np
import numpy.typing as npt

from sciapp.engine.data.staging.targets import Targets
from sciapp.engine.data.values.split_names import quantiles
from sciapp.errors import BadInput


def strata(targets: Targets, kept: npt.NDArray[np.bool_]) -> npt.NDArray[np.int64]:
    """A number for each kept row: its class, its tenth of the first target's values, or its rarest target that is 1.

    Raises BadInput for labels of single units: a row is of no one kind then.
    """
    values = targets.values[kept]
    match targets.task:
        case "classification":
            return values[:, 0].astype(np.int64)
        case "regression":
            return quantiles(values[:, 0])
        case "multilabel":
            return _rarest(values == 1)
        case "tagging":
            raise BadInput(
                "Rows with a label for every unit cannot be divided by them.", hint="Choose the random split."
            )


def _rarest(positive: npt.NDArray[np.bool_]) -> npt.NDArray[np.int64]:
    """The rarest target that is 1 in each row, -1 where none is. positive: (rows, targets)."""
    order = np.argsort(positive.sum(axis=0), kind="stable")
    ranked = positive[:, order]
    return np.where(ranked.any(axis=1), order[ranked.argmax(axis=1)], -1)
