"""Gradient checkpointing: activations are computed again on the way back instead of being kept (Chen et al. 2016,
arXiv:1604.06174). About a third slower, and the same numbers."""

from torch import nn
from transformers import PreTrainedModel


def can_recompute(model: nn.Module) -> bool:
    """True if `model` holds transformers networks that all support gradient checkpointing."""
    networks = _networks(model)
    return bool(networks) and all(network.supports_gradient_checkpointing for network in networks)


def recompute(model: nn.Module) -> None:
    """From now on keep only what each layer was given. `can_recompute` must hold; it may be said twice."""
    for network in _networks(model):
        # Not re-entrant: it works with frozen embeddings, hooks and autograd.grad, and keeps dropout's draws the same.
        network.activation_checkpointing_enable(activation_checkpointing_kwargs={"use_reentrant": False})


def _networks(model: nn.Module) -> list[PreTrainedModel]:
    """The outermost transformers networks: the model itself, or those inside a model of ours or an adapter."""
    if isinstance(model, PreTrainedModel):
        return [model]
    return [network for child in model.children() for network in _networks(child)]
