"""Weights that make every class count the same in the loss, however many training rows it has."""

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor


def balanced(counts: npt.NDArray[np.int64] | npt.NDArray[np.float64]) -> Tensor:
    """n / (classes * count) for each class: King & Zeng (2001, Political Analysis 9:137), scikit-learn's “balanced”.

    counts (…, classes): training rows or units of each class, or the sum of their weights. Over all of them the weights
    have the mean 1, so the loss keeps its size and the learning rate its meaning. A class without rows gets 0, it never
    asks.
    """
    present = counts > 0
    whole, classes = counts.sum(axis=-1, keepdims=True), present.sum(axis=-1, keepdims=True)
    weights = np.where(present, whole / np.where(present, classes * counts, 1), 0.0)
    return torch.tensor(weights, dtype=torch.float32)
