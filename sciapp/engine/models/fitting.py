"""Whether the weights of a folder fit the network that its config.json describes, and a head that is really fresh.

`said` is what `from_pretrained(…, output_loading_info=True)` tells of the loading.
"""

from pathlib import Path
from typing import Any

import torch

from sciapp.engine.models.heads import network
from sciapp.errors import BadInput

_MOST_MISSING = 0.05  # share of the encoder's numbers that a folder may leave to chance


def check_encoder(model: Any, said: dict[str, Any], folder: Path) -> None:
    """Refuse weights that do not fit the network: the library would fill what is missing with random numbers."""
    encoder = model.base_model_prefix + "."
    sizes = {name: weight.numel() for name, weight in model.named_parameters() if name.startswith(encoder)}
    absent = _absent(said)
    missing = sum(size for name, size in sizes.items() if name in absent and "pooler" not in name)
    if missing > _MOST_MISSING * sum(sizes.values()):
        names = sorted(name for name in absent if name in sizes)
        raise BadInput(
            "The model's weights do not fit its config.json.",
            hint=f"{missing / sum(sizes.values()):.0%} of the encoder would start from random numbers.",
            context=f"{folder}: missing {', '.join(names[:8])}",
        )


def refresh_head(model: Any, said: dict[str, Any], seed: int, *, per_unit: bool = False) -> None:
    """A folder with a head of the very same size would bring it along, scaled for its own targets: start anew."""
    encoder = model.base_model_prefix + "."
    absent = _absent(said)
    head = [name for name in model.state_dict() if not name.startswith(encoder)]
    if all(name in absent for name in head):
        return
    torch.manual_seed(seed)
    fresh = network(per_unit=per_unit).from_config(model.config).state_dict()
    model.load_state_dict({name: fresh[name] for name in head}, strict=False)


def _absent(said: dict[str, Any]) -> set[str]:
    """Parameters that the folder did not have, or had in another shape."""
    return {*said["missing_keys"], *(key[0] for key in said["mismatched_keys"])}
