"""Weights that never change in a training are in no checkpoint; each checkpoint knows which ones it goes with."""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256

import torch
from torch import Tensor, nn

from sciapp.errors import RunProblem
from sciapp.records.tuning import Tuning


@dataclass(frozen=True)
class FrozenBase:
    """names: of the parameters that stay as they were loaded. sha256: over their numbers; empty for none."""

    names: frozenset[str] = frozenset()
    sha256: str = ""

    @classmethod
    def of(cls, model: nn.Module, tuning: Tuning) -> "FrozenBase":
        """What `model` as it begins leaves alone for good; a gradual training leaves nothing alone for good."""
        if not tuning.leaves_encoder:
            return cls()
        frozen = {name: weight for name, weight in model.named_parameters() if not weight.requires_grad}
        return cls(frozenset(frozen), _sha256(frozen)) if frozen else cls()

    def without(self, weights: dict[str, Tensor]) -> dict[str, Tensor]:
        """What a checkpoint holds of a network's weights."""
        return {name: tensor for name, tensor in weights.items() if name not in self.names}

    def completed(self, model: nn.Module, weights: dict[str, Tensor]) -> dict[str, Tensor]:
        """All weights of `model`: those of a checkpoint, and the frozen ones that the model has."""
        if not self.names:
            return weights
        return {name: tensor for name, tensor in model.state_dict().items() if name in self.names} | weights

    def must_be(self, known: str) -> None:
        """Raises RunProblem when a checkpoint was made beside other frozen weights."""
        if known != self.sha256:
            raise RunProblem(
                "The model that this run began from has changed since: its checkpoints do not go with it.",
                hint="Put the model back as it was, or start a new run.",
                context=f"frozen weights {self.sha256 or 'none'}, in the checkpoint {known or 'none'}",
            )


def _sha256(weights: Mapping[str, Tensor]) -> str:
    found = sha256()
    for name in sorted(weights):
        found.update(name.encode() + b"\0")
        found.update(weights[name].detach().cpu().contiguous().flatten().view(torch.uint8).numpy().tobytes())
    return found.hexdigest()
