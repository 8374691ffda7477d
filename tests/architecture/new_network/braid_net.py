"""A network of the test's own: one narrow layer of BERT, which stands for whatever a new domain brings."""

from typing import Any

from transformers import BertConfig, BertForMaskedLM, PreTrainedModel

from sciapp.engine.models.architectures.networks.base import Shape


def _braid_net(tokenizer: Any, shape: Shape) -> PreTrainedModel:
    sizes = {"hidden_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 32}
    rows = {"max_position_embeddings": shape.longest, "pad_token_id": tokenizer.pad_token_id}
    return BertForMaskedLM(BertConfig(vocab_size=len(tokenizer), **sizes, **rows))


NETWORKS = {"braid_net": _braid_net}
