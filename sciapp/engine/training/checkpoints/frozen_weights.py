"""Weights that never change in a training are in no checkpoint; each checkpoint knows which ones it goes with."""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256

import torch
from torch import Tensor, nn

from sciapp.errors import RunProblem
from sciapp.i18n import msg
from sciapp.records.plan.tuning import Tuning


@dataclass(frozen=True)
class FrozenWeights:
    """names: of what stays as it was loaded, in a state_dict. sha256: over the numbers; empty for none."""

    names: frozenset[str] = frozenset()
    sha256: str = ""

    @classmethod
    def of(cls, model: nn.Module, tuning: Tuning) -> "FrozenWeights":
        """The weights that stay as `model` begins; a gradual training freezes nothing for good."""
        frozen = frozen_names(model, tuning)
        weights = {name: weight for name, weight in model.named_parameters() if name in frozen}
        return cls(frozen, _sha256(weights)) if frozen else cls()

    def without(self, weights: dict[str, Tensor]) -> dict[str, Tensor]:
        """The weights of a network that a checkpoint holds."""
        return {name: tensor for name, tensor in weights.items() if name not in self.names}

    def put_back(self, model: nn.Module, weights: dict[str, Tensor]) -> None:
        """Give `model` the weights of a checkpoint; the frozen ones it has. Raises RuntimeError for misfits."""
        missing, unexpected = model.load_state_dict(weights, strict=False)
        if wrong := sorted({*missing} - self.names) + list(unexpected):
            raise RuntimeError(f"weights that do not fit: {', '.join(wrong[:8])}")

    def must_be(self, known: str) -> None:
        """Raises RunProblem when a checkpoint was made beside other frozen weights."""
        if known != self.sha256:
            raise RunProblem(
                msg("The model that this run began from has changed since: its checkpoints do not go with it."),
                hint=msg("Put the model back as it was, or start a new run."),
                context=f"frozen weights {self.sha256 or 'none'}, in the checkpoint {known or 'none'}",
            )


def frozen_names(model: nn.Module, tuning: Tuning) -> frozenset[str]:
    """Of what no checkpoint needs to hold."""
    if not tuning.leaves_encoder:
        return frozenset()
    learning = {name for name, weight in model.named_parameters() if weight.requires_grad}
    buffers = {name for name, _ in model.named_buffers()}
    # Layers in few bits have more in their state than parameters and buffers: what their numbers mean.
    return frozenset(set(model.state_dict()) - learning - buffers)


def _sha256(weights: Mapping[str, Tensor]) -> str:
    digest = sha256()
    for name in sorted(weights):
        digest.update(name.encode() + b"\0")
        digest.update(weights[name].detach().cpu().contiguous().flatten().view(torch.uint8).numpy().tobytes())
    return digest.hexdigest()
