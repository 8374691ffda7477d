"""A network while it learns from rows without labels: token logits, and numbers about whole rows beside them."""

from typing import Any

import torch
from torch import Tensor, nn

from sciapp.engine.models.architectures.encoders import reads_mean, summarised, token_logits

# A second head that says something about a whole row; a classifier begins with the same layers.


class PooledHead(nn.Module):
    """Dense, tanh, linear over the first token's state: what a classifier puts there too."""

    def __init__(self, width: int, outputs: int) -> None:
        super().__init__()
        self.dense = nn.Linear(width, width)
        self.out = nn.Linear(width, outputs)

    def forward(self, first: Tensor) -> Tensor:
        predicted: Tensor = self.out(torch.tanh(self.dense(first)))
        return predicted


class SharedPooledHead(nn.Module):
    """A linear layer over the head that tokens go through as well: where a classifier begins with that very head."""

    def __init__(self, head: nn.Module, width: int, outputs: int) -> None:
        super().__init__()
        self._head = [head]  # in a list: its weights belong to the network
        self.out = nn.Linear(width, outputs)

    def forward(self, pooled: Tensor) -> Tensor:
        predicted: Tensor = self.out(self._head[0](pooled))
        return predicted


_PROBE = (1, 8)  # rows, tokens


class PretrainingModel(nn.Module):
    """`network`: an encoder with a masked-token head. `summary`: predicts descriptors of whole rows, or None."""

    def __init__(self, network: Any, descriptors: int, seed: int) -> None:
        super().__init__()
        self.network = network
        self._apart = _head_is_apart(network)
        torch.manual_seed(seed)
        self.summary = _summary(network, descriptors) if descriptors else None

    def forward(self, ids: Tensor, mask: Tensor, chosen: Tensor) -> tuple[Tensor, Tensor]:
        """Logits (chosen tokens, vocabulary) at the places that `chosen` (rows, length) marks, and the state that a
        classifier would read of each row (rows, width)."""
        if self._apart:
            states = self.network.base_model(input_ids=ids, attention_mask=mask).last_hidden_state
            # Logits of the other six sevenths of the tokens would be most of the work and memory of a small network.
            return token_logits(self.network, states[chosen]), summarised(self.network, states, mask)
        out = self.network(input_ids=ids, attention_mask=mask, output_hidden_states=True)
        return out.logits[chosen], summarised(self.network, out.hidden_states[-1], mask)


def _summary(network: Any, descriptors: int) -> PooledHead | SharedPooledHead:
    width = int(network.config.hidden_size)
    return SharedPooledHead(network.head, width, descriptors) if reads_mean(network) else PooledHead(width, descriptors)


def _head_is_apart(network: Any) -> bool:
    """True if logits of some states can be had without those of all; found out by asking, not by believing."""
    was_training = network.training
    network.eval()
    try:
        with torch.no_grad():
            ids = torch.full(_PROBE, int(network.config.pad_token_id or 0) + 3)
            mask = torch.ones_like(ids)
            whole = network(input_ids=ids, attention_mask=mask).logits
            states = network.base_model(input_ids=ids, attention_mask=mask).last_hidden_state
            return torch.allclose(token_logits(network, states), whole, rtol=1e-3, atol=1e-4)
    except (AttributeError, TypeError, RuntimeError, ValueError, IndexError):
        return False
    finally:
        network.train(was_training)
