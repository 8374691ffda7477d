"""A network that transformers does not have, over patches: two layers that see each patch by itself."""

from typing import Any

import torch
from torch import Tensor, nn
from transformers import AutoConfig, AutoModel, AutoModelForSequenceClassification, PretrainedConfig, PreTrainedModel
from transformers.modeling_outputs import BaseModelOutput, SequenceClassifierOutput

from sciapp.engine.models.architectures.networks.base import Shape


class TraceConfig(PretrainedConfig):
    model_type = "trace_net"

    def __init__(self, hidden_size: int = 16, max_position_embeddings: int = 32, **more: Any) -> None:
        super().__init__(**more)
        self.hidden_size, self.max_position_embeddings = hidden_size, max_position_embeddings


class TracePreTrained(PreTrainedModel):
    config_class = TraceConfig
    base_model_prefix = "encoder"

    def _init_weights(self, module: nn.Module) -> None:
        if isinstance(module, nn.Linear):
            nn.init.normal_(module.weight, std=0.1)
            nn.init.zeros_(module.bias)


class TraceModel(TracePreTrained):
    def __init__(self, config: TraceConfig) -> None:
        super().__init__(config)
        self.inner = nn.Linear(2, config.hidden_size)
        self.outer = nn.Linear(config.hidden_size, config.hidden_size)
        self.post_init()

    def forward(self, patches: Tensor, attention_mask: Tensor, **_: Any) -> BaseModelOutput:
        return BaseModelOutput(last_hidden_state=self.outer(torch.tanh(self.inner(patches))))


class TraceClassifier(TracePreTrained):
    def __init__(self, config: TraceConfig) -> None:
        super().__init__(config)
        self.encoder = TraceModel(config)
        self.classifier = nn.Linear(config.hidden_size, config.num_labels)
        self.post_init()

    def forward(self, patches: Tensor, attention_mask: Tensor, **_: Any) -> SequenceClassifierOutput:
        states = self.encoder(patches, attention_mask).last_hidden_state * attention_mask[:, :, None]
        return SequenceClassifierOutput(logits=self.classifier(states.sum(1) / attention_mask.sum(1, keepdim=True)))


def register() -> None:
    AutoConfig.register("trace_net", TraceConfig)
    AutoModel.register(TraceConfig, TraceModel)
    AutoModelForSequenceClassification.register(TraceConfig, TraceClassifier)


def _trace_net(reader: Any, shape: Shape) -> PreTrainedModel:
    return TraceClassifier(TraceConfig(max_position_embeddings=shape.longest, num_labels=1))


NETWORKS = {"trace_net": _trace_net}
