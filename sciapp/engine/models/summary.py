"""A second head that says something about a whole row; a classifier begins with the same layers."""

import torch
from torch import Tensor, nn


class Summary(nn.Module):
    """Dense, tanh, linear over the first token's state: what a classifier puts there too."""

    def __init__(self, width: int, outputs: int) -> None:
        super().__init__()
        self.dense = nn.Linear(width, width)
        self.out = nn.Linear(width, outputs)

    def forward(self, first: Tensor) -> Tensor:
        predicted: Tensor = self.out(torch.tanh(self.dense(first)))
        return predicted


class SharedSummary(nn.Module):
    """A linear layer over the head that tokens go through as well: where a classifier begins with that very head."""

    def __init__(self, head: nn.Module, width: int, outputs: int) -> None:
        super().__init__()
        self._head = [head]  # in a list: its weights belong to the network
        self.out = nn.Linear(width, outputs)

    def forward(self, pooled: Tensor) -> Tensor:
        predicted: Tensor = self.out(self._head[0](pooled))
        return predicted
