"""Mixup (Zhang et al. 2018, arXiv:1710.09412) of what the head reads of a row, as Sun et al. (2020, arXiv:2010.02394)
have it for transformers: two rows and their labels are mixed by the same share."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from sciapp.engine.models.architectures.encoders import reads_mean
from sciapp.engine.models.architectures.feature_fusion import FusionModel, encoder_of
from sciapp.engine.training.objectives.base import Inputs, PlainLoss


@dataclass(frozen=True)
class Mixup:
    """Each row is mixed with another one of its batch; the share is drawn from Beta(alpha, alpha) for the batch."""

    plain: PlainLoss
    alpha: float

    def loss(self, model: Any, inputs: Inputs, labels: Tensor, weights: Tensor | None = None) -> Tensor:
        share = float(torch.distributions.Beta(self.alpha, self.alpha).sample())
        other = torch.randperm(len(labels)).to(labels.device)
        logits = mixed_logits(self.plain, model, inputs, share, other)
        task = self.plain.task
        # Cross-entropy is linear in the labels, and for the squared error this differs from the loss of mixed labels
        # by a constant only; so labels need not be mixed, whatever they are.
        others = None if weights is None else weights[other]  # a label counts like the row that it comes from
        return share * task.loss(logits, labels, weights) + (1 - share) * task.loss(logits, labels[other], others)


def mixed_logits(plain: PlainLoss, model: Any, inputs: Inputs, share: float, other: Tensor) -> Tensor:
    """Logits (rows, outputs) of `share` of each row and the rest of the row at the position `other` (rows,)."""
    features = {name: _mixed(inputs[name], share, other) for name in inputs if name == "features"}
    by_mean = isinstance(model, FusionModel) or reads_mean(model)
    with _states_mixed(encoder_of(model), inputs["attention_mask"], share, other, by_mean=by_mean):
        return plain.logits(model, {**inputs, **features})


@contextmanager
def _states_mixed(encoder: Any, mask: Tensor, share: float, other: Tensor, *, by_mean: bool) -> Iterator[None]:
    """Let the encoder give mixed states. by_mean: the head reads their mean over real tokens, not the first one.

    Rows have different lengths; so that means are mixed and nothing else, each token of the other row is its mean.
    """

    def mix(module: Any, arguments: Any, output: Any) -> Any:
        states = output.last_hidden_state
        if by_mean:
            weights = mask[:, :, None].to(states.dtype)
            means = (states * weights).sum(dim=1, keepdim=True) / weights.sum(dim=1, keepdim=True)
            output.last_hidden_state = share * states + (1 - share) * means[other]
        else:
            output.last_hidden_state = _mixed(states, share, other)
        if getattr(output, "pooler_output", None) is not None:
            output.pooler_output = _mixed(output.pooler_output, share, other)
        return output

    handle = encoder.register_forward_hook(mix)
    try:
        yield
    finally:
        handle.remove()


def _mixed(values: Tensor, share: float, other: Tensor) -> Tensor:
    return share * values + (1 - share) * values[other]
