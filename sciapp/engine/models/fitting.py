"""Checks that a folder's weights fit the network that its config.json describes, and that new outputs are new.

`said` is what `from_pretrained(…, output_loading_info=True)` tells of the loading.
"""

from pathlib import Path
from typing import Any

import torch
from torch import nn

from sciapp.engine.models.heads import network
from sciapp.errors import BadInput
from sciapp.records.number_words import percent_text

_MOST_MISSING = 0.05  # share of the encoder's numbers that a folder may leave to chance


def check_encoder(model: Any, said: dict[str, Any], folder: Path) -> None:
    """Refuse weights that do not fit the network: the library would fill what is missing with random numbers; and
    those that are no numbers."""
    wrong = [name for name, weight in model.named_parameters() if not torch.isfinite(weight).all()]
    if wrong:
        raise BadInput(
            "The model's weights are not all numbers: some are NaN or infinite.",
            hint="The training that made them went wrong, or the file is damaged. Choose another model.",
            context=f"{folder}: {', '.join(wrong[:8])}",
        )
    encoder = model.base_model_prefix + "."
    sizes = {name: weight.numel() for name, weight in model.named_parameters() if name.startswith(encoder)}
    absent = _absent(said)
    missing = sum(size for name, size in sizes.items() if name in absent and "pooler" not in name)
    if missing > _MOST_MISSING * sum(sizes.values()):
        names = sorted(name for name in absent if name in sizes)
        raise BadInput(
            "The model's weights do not fit its config.json.",
            hint=f"{percent_text(missing / sum(sizes.values()))} of the encoder would start from random numbers.",
            context=f"{folder}: missing {', '.join(names[:8])}",
        )


def refresh_outputs(model: Any, said: dict[str, Any], seed: int, outputs: int, *, per_unit: bool = False) -> None:
    """A folder with a head of the very same size would bring its last layer along, scaled for its own targets: that
    one starts anew. A dense layer before it is kept, as where the sizes differ: a starter's is trained.
    """
    last = output_layer(model, outputs)
    name = next(name for name, layer in model.named_modules() if layer is last)
    if f"{name}.weight" in _absent(said):
        return
    torch.manual_seed(seed)
    fresh = network(per_unit=per_unit).from_config(model.config).get_submodule(name)
    last.load_state_dict(fresh.state_dict())


def output_layer(model: nn.Module, outputs: int) -> nn.Linear:
    """The last linear layer, whose outputs are the logits. Raises BadInput for an architecture without one."""
    layers = [layer for layer in model.modules() if isinstance(layer, nn.Linear) and layer.out_features == outputs]
    if not layers:
        raise BadInput("This model's head has no final linear layer.", hint="Choose another model.")
    return layers[-1]


def _absent(said: dict[str, Any]) -> set[str]:
    """Parameters that the folder did not have, or had in another shape."""
    return {*said["missing_keys"], *(key[0] for key in said["mismatched_keys"])}
