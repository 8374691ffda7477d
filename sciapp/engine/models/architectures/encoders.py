"""Where the encoders of various families keep their heads, and what a classifier reads of their states."""

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
    """What a classifier of this architecture reads of a row (rows, width): the first state, or the mean of all.

    states (rows, length, width), real (rows, length).
    """
    if not reads_mean(model):
        return states[:, 0]
    weights = real[:, :, None].to(states.dtype)
    return (states * weights).sum(1) / weights.sum(1)


def reads_mean(model: Any) -> bool:
    return getattr(model.config, "classifier_pooling", "") == "mean"


def summary_layer(model: Any) -> str | None:
    """Where a classifier of this architecture looks for its first dense layer; None where the token head serves."""
    if reads_mean(model):
        return None
    return "bert.pooler.dense" if hasattr(model, "bert") else "classifier.dense"
