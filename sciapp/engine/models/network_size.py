"""The size of a network as its config tells it, counted without its memory and compared with the weights beside it."""

from math import prod
from pathlib import Path
from typing import Any

import torch
from transformers import AutoModel

from sciapp.engine.hub.model_info import weight_shapes
from sciapp.engine.hub.trusted_folder import absurd
from sciapp.i18n import msg

_MOST_TIMES = 4  # a fresh head, a pooler, weights that are tied or stored in fewer bits
_SPARE = 50_000_000  # numbers, 200 MB: nothing to be refused for


def check_network(config: Any, folder: Path) -> None:
    """Raise BadInput where `config` describes a network far larger than the weights in `folder`.

    The network is built without memory (on torch's “meta” device); its sizes must have been looked at before
    (`trusted_folder.check_sizes`), for a million layers take time even there.
    """
    shapes = weight_shapes(folder)
    if not shapes:
        return
    stored = sum(prod(shape) for shape in shapes.values())
    if _at_most(config) <= _MOST_TIMES * stored + _SPARE:
        return
    with torch.device("meta"):
        network = AutoModel.from_config(config, trust_remote_code=False)
    described = sum(weight.numel() for weight in network.parameters()) + sum(b.numel() for b in network.buffers())
    if described > _MOST_TIMES * stored + _SPARE:
        what = msg("{described:,} numbers, where {stored:,} are stored", described=described, stored=stored)
        raise absurd(folder.name, what, folder)


def _at_most(config: Any) -> int:
    """A bound of the number of weights, from the largest sides that the config names: most folders need no more."""
    numbers = [value for key, value in config.to_dict().items() if isinstance(value, int) and not key.endswith("_id")]
    first, second = sorted(map(abs, numbers), reverse=True)[:2] if len(numbers) > 1 else (0, 0)
    layers = int(getattr(config, "num_hidden_layers", 0) or 0)
    return first * second * (8 + 8 * layers)
