"""An encoder whose output is joined with descriptors and covariates before the head.

As chemprop does with its extra features (Heid et al. 2024, J. Chem. Inf. Model. 64:9). On disk the encoder stays a
plain Hugging Face folder that `AutoModel` loads; beside it lie `head.safetensors` and `descriptors.json`.
"""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor, nn
from transformers import AutoConfig, AutoModel, PreTrainedModel

from sciapp.engine.inputs.features.matrix import FeatureRecipe
from sciapp.engine.models.inference import mean_over_tokens
from sciapp.engine.models.load import FROM_FOLDER, loading
from sciapp.engine.models.network_size import check_network
from sciapp.errors import BadInput
from sciapp.records.atomic import write_json
from sciapp.records.regular import json_in

HEAD_FILE, DESCRIPTORS_FILE = "head.safetensors", "descriptors.json"
_FORMAT = 1
_ADDED = re.compile(r"\.(lora_|ia3_|trainable_tokens_|prefix$)")
_FITTED_SHARE = 0.1  # of the learning rate; at all of it a fitted start was lost within an epoch on 150 molecules


@dataclass(frozen=True)
class Logits:
    """What transformers' models return, as far as we read it. logits (rows, outputs)."""

    logits: Tensor


class FusionHead(nn.Module):
    """A linear map of everything, and beside it a hidden layer that learns what the linear map cannot say.

    The linear part starts from a fit in closed form (`models.probe`), the other from zero: training begins where the
    best linear model of the same numbers ends (linear probing before fine-tuning: Kumar et al. 2022, ICLR).
    """

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
        """What was fitted (the linear part) or fitted to (the encoder) moves slowly; the rest begins from nothing, an
        adapter too."""
        return 1.0 if name.startswith(("head.hidden", "head.out")) or _ADDED.search(name) else _FITTED_SHARE

    def forward(self, input_ids: Tensor, attention_mask: Tensor, features: Tensor) -> Logits:
        pooled = mean_over_tokens(self.encoder, input_ids, attention_mask)
        with torch.autocast(pooled.device.type, enabled=False):  # 400 numbers a row: fp32 costs nothing here
            return Logits(self.head(pooled, features))


def join(classifier: Any, features: int, *, outputs: int, dropout: float, seed: int) -> FusionModel:
    """The encoder of a loaded classifier with a fresh JoinedHead."""
    encoder = classifier.base_model
    if getattr(encoder, "pooler", None) is not None:
        encoder.pooler = None  # it would be saved, and learns nothing here
    width = int(encoder.config.hidden_size)
    torch.manual_seed(seed)
    return FusionModel(encoder, FusionHead(width, features, outputs, _hidden(width), dropout))


def encoder_of(model: Any) -> Any:
    """The encoder of a joined model or of a transformers classifier."""
    return model.encoder if isinstance(model, FusionModel) else model.base_model


def save_head(model: FusionModel, recipe: FeatureRecipe, folder: Path) -> None:
    """Write what lies beside the encoder."""
    save_file({name: tensor.contiguous() for name, tensor in model.head.state_dict().items()}, folder / HEAD_FILE)
    write_json(folder / DESCRIPTORS_FILE, {"format": _FORMAT, "pooling": "mean", **recipe.to_json()})


def is_joined(folder: Path) -> bool:
    """Either file tells: without the other the folder is damaged, and must not be taken for a plain model."""
    return any((folder / name).is_file() for name in (DESCRIPTORS_FILE, HEAD_FILE))


def load_recipe(folder: Path) -> FeatureRecipe:
    """Raises BadInput for a damaged file, a later format, or descriptors that are not computed here."""
    try:
        value = json_in(folder / DESCRIPTORS_FILE)
        if value["format"] > _FORMAT:
            raise ValueError("it was written by a newer SciApp")
        return FeatureRecipe.from_json(value)
    except (OSError, ValueError, KeyError, TypeError, OverflowError) as error:
        raise BadInput(
            "The model's descriptors.json cannot be used.",
            hint="Train again with this version, or use the version that trained it.",
            context=f"{folder}: {error}",
        ) from error


def load_joined(folder: Path) -> FusionModel:
    """The model that was saved, in fp32, ready to predict. Raises BadInput."""
    recipe = load_recipe(folder)
    with loading("The saved model cannot be loaded.", "Its files may be damaged; train again.", folder):
        check_network(AutoConfig.from_pretrained(folder, local_files_only=True, trust_remote_code=False), folder)
        encoder = AutoModel.from_pretrained(folder, **FROM_FOLDER)
        return with_saved_head(encoder, recipe, folder)


def with_saved_head(encoder: PreTrainedModel, recipe: FeatureRecipe, folder: Path) -> FusionModel:
    """`encoder` with the head that lies in `folder`.

    Raises OSError, ValueError, KeyError, RuntimeError, SafetensorError.
    """
    weights = load_file(folder / HEAD_FILE)
    if any(weights[name].ndim != 1 for name in ("hidden.bias", "linear.bias")):
        raise ValueError("the head's biases are no lists of numbers")
    hidden, outputs = weights["hidden.bias"].shape[0], weights["linear.bias"].shape[0]
    head = FusionHead(int(encoder.config.hidden_size), recipe.width, outputs, hidden, dropout=0.0)
    head.load_state_dict(weights)
    if getattr(encoder, "pooler", None) is not None:
        encoder.pooler = None
    return FusionModel(encoder, head).eval()


def _hidden(width: int) -> int:
    return max(64, min(512, width))
