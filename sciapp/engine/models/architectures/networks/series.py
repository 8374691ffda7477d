"""A small transformer over patches of measurements at continuous times: layers of BERT, Fourier features of the time.

Patches as in PatchTST (Nie et al. 2023, arXiv:2211.14730); time as sines and cosines of fixed frequencies, of each
measurement its own, as in mTAN (Shukla & Marlin 2021, arXiv:2101.10318) and ASTROMER (Donoso-Oliva et al. 2023, A&A
670:A54). Rows are read in any order and of any length; the mean of all patches is what a classifier reads.
"""

import math
from typing import Any

import torch
from torch import Tensor, nn
from transformers import (
    AutoConfig,
    AutoModel,
    AutoModelForMaskedLM,
    AutoModelForSequenceClassification,
    BertConfig,
    PreTrainedModel,
)
from transformers.modeling_outputs import BaseModelOutput, SequenceClassifierOutput
from transformers.models.bert.modeling_bert import BertEncoder

from sciapp.engine.inputs.kinds.series import CHANNELS
from sciapp.engine.models.architectures.networks.base import Shape

_WAVES = 12  # octaves of the time, from a half of the usual duration to a thousandth of it
_HEAD_WIDTH = 32
_SIDES = 4  # inputs of a row that are told apart
PREDICTED = 2
"""Numbers that self-supervision predicts for each measurement of a hidden patch: its value and its shape."""


class SeriesConfig(BertConfig):  # type: ignore[misc]  # transformers’ classes have no types
    """patch: measurements of a patch. bands: numbers of bands that can be told apart, 0 for unknown ones."""

    model_type = "sciapp_series"

    def __init__(self, patch: int = 1, bands: int = 2, **more: Any) -> None:
        super().__init__(**{"vocab_size": 1, "type_vocab_size": 2, **more})
        self.patch, self.bands = patch, bands


class SeriesPreTrained(PreTrainedModel):  # type: ignore[misc]
    config_class = SeriesConfig
    base_model_prefix = "series"
    _supports_sdpa = True

    @torch.no_grad()
    def _init_weights(self, module: nn.Module) -> None:
        if isinstance(module, nn.Linear):
            nn.init.normal_(module.weight, std=min(0.05, 1 / math.sqrt(module.in_features)))
            if module.bias is not None:
                nn.init.zeros_(module.bias)
        elif isinstance(module, nn.Embedding):
            nn.init.normal_(module.weight, std=0.05)
        elif isinstance(module, nn.LayerNorm):
            nn.init.ones_(module.weight)
            nn.init.zeros_(module.bias)
        elif isinstance(module, PatchEmbeddings):
            nn.init.normal_(module.hidden_patch, std=0.05)


class PatchEmbeddings(nn.Module):
    """States (rows, patches, width) of patches (rows, patches, numbers)."""

    def __init__(self, config: SeriesConfig) -> None:
        super().__init__()
        self.points = config.patch * len(CHANNELS)
        self.values = nn.Linear(self.points, config.hidden_size)
        self.time = nn.Linear(2 * _WAVES + 1, config.hidden_size)
        self.bands = nn.Embedding(config.bands, config.hidden_size)
        self.sides = nn.Embedding(_SIDES, config.hidden_size)
        self.hidden_patch = nn.Parameter(torch.zeros(config.hidden_size))
        self.norm = nn.LayerNorm(config.hidden_size, eps=config.layer_norm_eps)
        self.dropout = nn.Dropout(config.hidden_dropout_prob)

    def forward(self, patches: Tensor, hidden: Tensor | None = None) -> Tensor:
        """hidden (rows, patches): of these patches time and band alone are seen."""
        values, (time, band, side) = patches[..., : self.points], patches[..., self.points :].unbind(-1)
        states = self.values(values)
        if hidden is not None:
            states = torch.where(hidden[..., None], self.hidden_patch, states)
        bands = band.round().long().clamp(0, self.bands.num_embeddings - 1)
        states = (
            states
            + self.time(self._waves(time))
            + self.bands(bands)
            + self.sides(side.round().long().clamp(0, _SIDES - 1))
        )
        embedded: Tensor = self.dropout(self.norm(states))
        return embedded

    @staticmethod
    def _waves(time: Tensor) -> Tensor:
        octaves = torch.arange(_WAVES, device=time.device, dtype=torch.float32)
        angles = time.float()[..., None] * (math.pi * 2.0**octaves)
        return torch.cat([time.float()[..., None], angles.sin(), angles.cos()], dim=-1).to(time.dtype)


class SeriesModel(SeriesPreTrained):
    """The encoder."""

    def __init__(self, config: SeriesConfig) -> None:
        super().__init__(config)
        self.embeddings = PatchEmbeddings(config)
        self.encoder = BertEncoder(config)
        self.post_init()

    def get_input_embeddings(self) -> nn.Module:
        return self.embeddings

    def forward(
        self, patches: Tensor, attention_mask: Tensor, hidden: Tensor | None = None, **_: Any
    ) -> BaseModelOutput:
        embedded = self.embeddings(patches, hidden)
        barred = (1 - attention_mask[:, None, None, :].to(embedded.dtype)) * torch.finfo(embedded.dtype).min
        return BaseModelOutput(last_hidden_state=self.encoder(embedded, barred).last_hidden_state)


class SeriesClassifier(SeriesPreTrained):
    """Logits of the mean of all patches."""

    def __init__(self, config: SeriesConfig) -> None:
        super().__init__(config)
        self.series = SeriesModel(config)
        dropout = config.classifier_dropout
        self.dropout = nn.Dropout(config.hidden_dropout_prob if dropout is None else dropout)
        self.classifier = nn.Linear(config.hidden_size, config.num_labels)
        self.post_init()

    def forward(self, patches: Tensor, attention_mask: Tensor, **_: Any) -> SequenceClassifierOutput:
        states = self.series(patches, attention_mask).last_hidden_state
        real = attention_mask[:, :, None].to(states.dtype)
        pooled = (states * real).sum(1) / real.sum(1).clamp(min=1)
        return SequenceClassifierOutput(logits=self.classifier(self.dropout(pooled)))


class SeriesForMaskedPatches(SeriesPreTrained):
    """The measurements of patches that were hidden, from all others."""

    def __init__(self, config: SeriesConfig) -> None:
        super().__init__(config)
        self.series = SeriesModel(config)
        self.predicted = nn.Linear(config.hidden_size, PREDICTED * config.patch)
        self.post_init()

    def forward(self, patches: Tensor, attention_mask: Tensor, hidden: Tensor) -> tuple[Tensor, Tensor]:
        """Values and shapes (rows, patches, 2 · points of a patch), and the states (rows, patches, width)."""
        states = self.series(patches, attention_mask, hidden).last_hidden_state
        return self.predicted(states), states


def register() -> None:
    AutoConfig.register(SeriesConfig.model_type, SeriesConfig)
    AutoModel.register(SeriesConfig, SeriesModel)
    AutoModelForMaskedLM.register(SeriesConfig, SeriesForMaskedPatches)
    AutoModelForSequenceClassification.register(SeriesConfig, SeriesClassifier)


def _series(reader: Any, shape: Shape) -> PreTrainedModel:
    config = SeriesConfig(
        patch=reader.patch,
        bands=len(reader.bands) + 1,
        hidden_size=shape.width,
        num_hidden_layers=shape.layers,
        num_attention_heads=shape.width // _HEAD_WIDTH,
        intermediate_size=2 * shape.width,
        max_position_embeddings=shape.longest,
        hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0,
        classifier_pooling="mean",
        pad_token_id=0,
    )
    return SeriesForMaskedPatches(config)


NETWORKS = {"series": _series}
