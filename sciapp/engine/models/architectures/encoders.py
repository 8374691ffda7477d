"""The heads of encoders of various families, and the part of their states that a classifier reads."""

from typing import Any

import torch


def token_logits(model: Any, states: torch.Tensor) -> torch.Tensor:
    """Logits (places, vocabulary) of hidden states (places, width)."""
    if hasattr(model, "decoder"):
        logits: torch.Tensor = model.decoder(model.head(states))
    else:
        logits = model.cls(states) if hasattr(model, "cls") else model.lm_head(states)
    return logits


def summarised(model: Any, states: torch.Tensor, real: torch.Tensor) -> torch.Tensor:
    """The state of a row (rows, width) that a classifier of this architecture reads: the first, or the mean of all.

    states (rows, length, width), real (rows, length).
    """
    if not reads_mean(model):
        return states[:, 0]
    weights = real[:, :, None].to(states.dtype)
    return (states * weights).sum(1) / weights.sum(1)


def reads_mean(model: Any) -> bool:
    return getattr(model.config, "classifier_pooling", "") == "mean"


def summary_layer(model: Any) -> str | None:
    """The name of the first dense layer of a classifier of this architecture; None where the token head serves."""
    if reads_mean(model):
        return None
    return "bert.pooler.dense" if hasattr(model, "bert") else "classifier.dense"
