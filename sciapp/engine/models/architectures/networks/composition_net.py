"""A transformer over the elements of a composition, in the manner of Roost (Goodall & Lee 2020, Nat. Commun. 11:6280)
and CrabNet (Wang et al. 2021, npj Comput. Mater. 7:77): no positions, so the order of elements does not matter.

An element enters as a learnt vector plus a linear map of its properties (`domains/material/elements.csv`, saved with
the weights), its fraction as smooth bumps on a linear and a logarithmic scale, so that traces in a steel count as well.
"""

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
from transformers.masking_utils import create_bidirectional_mask
from transformers.modeling_outputs import BaseModelOutput, MaskedLMOutput, SequenceClassifierOutput
from transformers.models.bert.modeling_bert import BertEncoder

from sciapp.engine.domains.material.elements import PROPERTIES, elements
from sciapp.engine.inputs.kinds.composition import HIDDEN
from sciapp.engine.models.architectures.networks.base import Shape

NAME = "composition_net"

_HEAD_WIDTH = 32
_BUMPS = 16  # on each scale
_LEAST_DECADE = -5.0  # of the logarithmic scale: fractions of 1e-5 and below are one


class CompositionConfig(BertConfig):  # type: ignore[misc]
    """Sizes as BERT's; properties: of an element."""

    model_type = NAME

    def __init__(self, properties: int = len(PROPERTIES), **more: Any) -> None:
        more.setdefault("vocab_size", len(elements()) + 1)
        super().__init__(**more)
        self.properties = properties
        self.classifier_pooling = "mean"


class CompositionPreTrained(PreTrainedModel):  # type: ignore[misc]
    config_class = CompositionConfig
    base_model_prefix = "composition"
    _supports_sdpa = True
    supports_gradient_checkpointing = True

    def _init_weights(self, module: nn.Module) -> None:
        if isinstance(module, nn.Linear | nn.Embedding):
            nn.init.normal_(module.weight, std=self.config.initializer_range)
        if isinstance(module, nn.Linear) and module.bias is not None:
            nn.init.zeros_(module.bias)
        if isinstance(module, nn.LayerNorm):
            nn.init.ones_(module.weight)
            nn.init.zeros_(module.bias)


class ElementEmbeddings(nn.Module):
    """(rows, elements, width) of (rows, elements, 2): numbers of elements and their fractions."""

    properties: Tensor

    def __init__(self, config: CompositionConfig) -> None:
        super().__init__()
        self.elements = nn.Embedding(config.vocab_size, config.hidden_size)
        # In the weights, so that a model stays the same when the table of properties grows better.
        self.register_buffer("properties", torch.zeros(config.vocab_size, config.properties))
        self.described = nn.Linear(config.properties, config.hidden_size)
        self.amount = nn.Linear(2 * _BUMPS + 1, config.hidden_size)
        self.norm = nn.LayerNorm(config.hidden_size, eps=config.layer_norm_eps)
        self.dropout = nn.Dropout(config.hidden_dropout_prob)

    def forward(self, composition: Tensor) -> Tensor:
        numbers, fractions = composition[..., 0].long(), composition[..., 1:]
        known = self.elements(numbers) + self.described(self.properties[numbers])
        embedded: Tensor = self.dropout(self.norm(known + self.amount(_bumps(fractions))))
        return embedded


def _bumps(fractions: Tensor) -> Tensor:
    """(…, 33) of (…, 1): Gaussian bumps on both scales, and the fraction itself."""
    centres = torch.linspace(0, 1, _BUMPS, device=fractions.device)
    width = 1.0 / (_BUMPS - 1)
    decades = 1 - fractions.clamp_min(10**_LEAST_DECADE).log10() / _LEAST_DECADE
    bumps = [torch.exp(-(((scale - centres) / width) ** 2) / 2) for scale in (fractions, decades)]
    return torch.cat([*bumps, fractions], dim=-1)


class CompositionModel(CompositionPreTrained):
    """The encoder; its states say of every element what it is in this company."""

    def __init__(self, config: CompositionConfig) -> None:
        super().__init__(config)
        self.embeddings = ElementEmbeddings(config)
        self.encoder = BertEncoder(config)
        self.post_init()

    def get_input_embeddings(self) -> nn.Module:
        return self.embeddings.elements

    def forward(self, composition: Tensor, attention_mask: Tensor, **_: Any) -> BaseModelOutput:
        states = self.embeddings(composition)
        mask = create_bidirectional_mask(config=self.config, inputs_embeds=states, attention_mask=attention_mask)
        return BaseModelOutput(last_hidden_state=self.encoder(states, attention_mask=mask).last_hidden_state)


class CompositionHead(nn.Sequential):
    """The first layers of both heads: a classifier goes on from what self-supervision learnt."""

    def __init__(self, config: CompositionConfig) -> None:
        width = config.hidden_size
        super().__init__(nn.Linear(width, width), nn.GELU(), nn.LayerNorm(width, eps=config.layer_norm_eps))


class CompositionForMaskedElements(CompositionPreTrained):
    """Logits (rows, elements, numbers) of which element each is."""

    def __init__(self, config: CompositionConfig) -> None:
        super().__init__(config)
        self.composition = CompositionModel(config)
        self.head = CompositionHead(config)
        self.decoder = nn.Linear(config.hidden_size, config.vocab_size)
        self.post_init()

    def forward(self, composition: Tensor, attention_mask: Tensor, **_: Any) -> MaskedLMOutput:
        states = self.composition(composition, attention_mask).last_hidden_state
        return MaskedLMOutput(logits=self.decoder(self.head(states)), hidden_states=(states,))


class CompositionForSequenceClassification(CompositionPreTrained):
    """Logits (rows, outputs) of the mean over a row's elements."""

    def __init__(self, config: CompositionConfig) -> None:
        super().__init__(config)
        self.num_labels = config.num_labels
        self.composition = CompositionModel(config)
        self.head = CompositionHead(config)
        self.dropout = nn.Dropout(config.classifier_dropout or config.hidden_dropout_prob)
        self.classifier = nn.Linear(config.hidden_size, config.num_labels)
        self.post_init()

    def forward(self, composition: Tensor, attention_mask: Tensor, **_: Any) -> SequenceClassifierOutput:
        states = self.composition(composition, attention_mask).last_hidden_state
        weights = attention_mask.unsqueeze(-1).to(states.dtype)
        mean = (states * weights).sum(1) / weights.sum(1)
        return SequenceClassifierOutput(logits=self.classifier(self.dropout(self.head(mean))))


def register() -> None:
    AutoConfig.register(NAME, CompositionConfig)
    AutoModel.register(CompositionConfig, CompositionModel)
    AutoModelForMaskedLM.register(CompositionConfig, CompositionForMaskedElements)
    AutoModelForSequenceClassification.register(CompositionConfig, CompositionForSequenceClassification)


def _composition_net(reader: Any, shape: Shape) -> PreTrainedModel:
    config = CompositionConfig(
        vocab_size=len(reader),
        hidden_size=shape.width,
        num_hidden_layers=shape.layers,
        num_attention_heads=shape.width // _HEAD_WIDTH,
        intermediate_size=2 * shape.width,
        max_position_embeddings=shape.longest,
        hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0,
        pad_token_id=HIDDEN,
    )
    network = CompositionForMaskedElements(config)
    network.composition.embeddings.properties.copy_(_standardized(reader.elements))
    return network


def _standardized(symbols: tuple[str, ...]) -> Tensor:
    """Properties of the elements (numbers, properties) with mean 0 and deviation 1, 0 where none is known."""
    known = torch.tensor([elements()[symbol].values for symbol in symbols])
    centred = known - known.nanmean(dim=0)
    scaled = centred / centred.square().nanmean(dim=0).sqrt()
    return torch.cat([torch.zeros(1, known.shape[1]), scaled.nan_to_num(0.0)])


NETWORKS = {NAME: _composition_net}
