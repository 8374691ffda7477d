"""A model with all that moves its weights."""

from dataclasses import dataclass
from typing import Any

import torch
from torch import nn

from sciapp.engine.training.optim.weight_averaging import AveragedWeights


@dataclass(frozen=True)
class OptimizedModel:
    """scaler: the loss scale of fp16, without effect in other number formats."""

    model: nn.Module
    optimizer: torch.optim.Optimizer
    scaler: Any
    averaged: AveragedWeights
