"""Sample weights in the loss, as the weight column of a table says."""

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from sciapp.engine.inputs.tokenization.tokens import Tokens


def row_weights(weights: npt.NDArray[np.float64] | None, tokens: Tokens) -> Tensor | None:
    """Weights of the training rows, or of their pieces, with the mean 1 over the rows: the loss keeps its size and the
    learning rate its meaning. None: all rows count the same.

    weights (rows,); tokens of the same rows.
    """
    if weights is None:
        return None
    scaled = torch.tensor(of_mean_one(weights), dtype=torch.float32)
    if tokens.units is None:
        return scaled
    return scaled.repeat_interleave(torch.from_numpy(np.diff(tokens.units.pieces)))


def of_mean_one(weights: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """The weights divided by their mean; some are above 0."""
    scaled = weights / weights.max()  # first, so that no sum of huge ones overflows
    normalised: npt.NDArray[np.float64] = scaled / scaled.mean()
    return normalised


def weighed(each: Tensor, weights: Tensor | None) -> Tensor:
    """The sum of `each` (rows, …), every row as often as its weight (rows,) says."""
    if weights is None:
        return each.sum()
    return (each * weights.to(each.device).reshape(-1, *(1 for _ in each.shape[1:]))).sum()
