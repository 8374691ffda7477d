"""An encoder whose output is joined with descriptors and covariates before the head.

As chemprop does with its extra features (Heid et al. 2024, J. Chem. Inf. Model. 64:9). On disk (`models.parts`) the
encoder stays a plain Hugging Face folder that `AutoModel` loads.
"""

import re
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from transformers import PreTrainedModel

from sciapp.engine.models.inference import mean_over_tokens

_ADDED = re.compile(r"\.(lora_|ia3_|trainable_tokens_|prefix$)")
_FITTED_SHARE = 0.1  # of the learning rate; at all of it a fitted start was lost within an epoch on 150 molecules
CURVED_UNITS = 256


@dataclass(frozen=True)
class Logits:
    """The output of transformers' models, as far as it is read. logits (rows, outputs)."""

    logits: Tensor


class FusionHead(nn.Module):
    """A linear map of everything, and beside it a hidden layer that learns what the linear map cannot say.

    The linear part starts from a fit in closed form (`linear_probe`), the other from zero: training begins where the
    best linear model of the same numbers ends (linear probing before fine-tuning: Kumar et al. 2022, ICLR). Where it
    tells more of rows that are left out, the hidden layer is drawn by `random_layer` and fitted as well.

    curved: the hidden layer was fitted.
    """

    curved = False
    centre: Tensor
    spread: Tensor

    def __init__(self, width: int, features: int, outputs: int, hidden: int, dropout: float) -> None:
        super().__init__()
        # The encoder's states as the training rows had them before training: what the closed form was fitted to.
        self.register_buffer("centre", torch.zeros(width))
        self.register_buffer("spread", torch.ones(width))
        self.linear = nn.Linear(width + features, outputs)
        self.hidden = nn.Linear(width + features, hidden)
        self.dropout = nn.Dropout(dropout)
        self.out = nn.Linear(hidden, outputs)
        nn.init.zeros_(self.out.weight)
        nn.init.zeros_(self.out.bias)

    def forward(self, pooled: Tensor, features: Tensor) -> Tensor:
        """Logits (rows, outputs) of pooled (rows, width) and features (rows, features)."""
        joined = torch.cat([(pooled.float() - self.centre) / self.spread, features], dim=1)
        curved = self.out(self.dropout(nn.functional.gelu(self.hidden(self.dropout(joined)))))
        return self.linear(joined) + curved  # type: ignore[no-any-return]

    def rescale(self, scale: Tensor, mean: Tensor) -> None:
        """Speak in the targets' own units from now on: scale * logits + mean; both (outputs,)."""
        with torch.no_grad():
            for layer in (self.linear, self.out):
                layer.weight.mul_(scale[:, None])
                layer.bias.mul_(scale)
            self.linear.bias.add_(mean)


class FusionModel(nn.Module):
    """An encoder (its states averaged over real tokens) and a JoinedHead; called like a transformers classifier."""

    def __init__(self, encoder: PreTrainedModel, head: FusionHead) -> None:
        super().__init__()
        self.encoder = encoder
        self.head = head

    @property
    def config(self) -> Any:
        return self.encoder.config

    def rate_share(self, name: str) -> float:
        """Parts that were fitted (the linear part) or fitted to (the encoder) move slowly; the rest begins from
        nothing, an adapter too.
        """
        begins = name.startswith(("head.hidden", "head.out")) and not self.head.curved
        return 1.0 if begins or _ADDED.search(name) else _FITTED_SHARE

    def forward(self, *, attention_mask: Tensor, features: Tensor, **inputs: Tensor) -> Logits:
        pooled = mean_over_tokens(self.encoder, attention_mask=attention_mask, **inputs)
        with torch.autocast(pooled.device.type, enabled=False):  # 400 numbers a row: fp32 costs nothing here
            return Logits(self.head(pooled, features))


@dataclass(frozen=True)
class HiddenLayer:
    """weight (units, columns) and bias (units,) of a hidden layer."""

    weight: Tensor
    bias: Tensor

    def __call__(self, columns: Tensor) -> Tensor:
        """Its units (rows, units) of columns (rows, columns)."""
        return nn.functional.gelu(columns @ self.weight.T + self.bias)


def random_layer(columns: Tensor, scale: float, seed: int, units: int = CURVED_UNITS) -> HiddenLayer:
    """A hidden layer drawn by chance for columns (rows, columns), each of spread 1 or constant: a linear model on its
    units is near to one with a kernel (Rahimi & Recht 2008, NIPS, “Weighted sums of random kitchen sinks”).

    scale: spread of a unit's input; the larger, the more wiggly the functions. A column that never changes is not read.
    """
    generator = torch.Generator().manual_seed(seed)
    weight = torch.randn(units, columns.shape[1], generator=generator)
    bias = torch.randn(units, generator=generator)
    read = (columns.amax(dim=0) > columns.amin(dim=0)).float()
    return HiddenLayer(weight * read * scale / read.sum().clamp(min=1).sqrt(), bias)


def join(
    classifier: Any, features: int, *, outputs: int, dropout: float, seed: int, units: int | None = None
) -> FusionModel:
    """The encoder of a loaded classifier with a fresh FusionHead. units: of its hidden layer; None: by the encoder's
    width.
    """
    encoder = classifier.base_model
    if getattr(encoder, "pooler", None) is not None:
        encoder.pooler = None  # it would be saved, and learns nothing here
    width = int(encoder.config.hidden_size)
    torch.manual_seed(seed)
    return FusionModel(encoder, FusionHead(width, features, outputs, units or _hidden(width), dropout))


def encoder_of(model: Any) -> Any:
    """The encoder of a joined model or of a transformers classifier."""
    return model.encoder if isinstance(model, FusionModel) else model.base_model


def _hidden(width: int) -> int:
    return max(64, min(512, width))
