"""Untrained encoders over tokens with a masked-token head: learnt positions (RoBERTa, BERT) and rotary ones (ESM,
ModernBERT). Dropout is off: one pass over much data does not overfit."""

from typing import Any

from transformers import (
    BertConfig,
    BertForMaskedLM,
    EsmConfig,
    EsmForMaskedLM,
    ModernBertConfig,
    ModernBertForMaskedLM,
    PreTrainedModel,
    PreTrainedTokenizerBase,
    RobertaConfig,
    RobertaForMaskedLM,
)

from sciapp.engine.models.architectures.networks.base import Shape

_HEAD_WIDTH = 32


def _roberta(tokenizer: PreTrainedTokenizerBase, shape: Shape) -> PreTrainedModel:
    ends = {"bos_token_id": tokenizer.bos_token_id, "eos_token_id": tokenizer.eos_token_id}
    config = RobertaConfig(
        **_common(tokenizer, shape), **ends, max_position_embeddings=shape.longest + 2, type_vocab_size=1
    )
    return RobertaForMaskedLM(config)


def _bert(tokenizer: PreTrainedTokenizerBase, shape: Shape) -> PreTrainedModel:
    return BertForMaskedLM(BertConfig(**_common(tokenizer, shape), max_position_embeddings=shape.longest))


def _esm(tokenizer: PreTrainedTokenizerBase, shape: Shape) -> PreTrainedModel:
    rotary = {"position_embedding_type": "rotary", "token_dropout": False, "emb_layer_norm_before": False}
    numbers = {"mask_token_id": tokenizer.mask_token_id, "max_position_embeddings": shape.longest + 2}
    return EsmForMaskedLM(EsmConfig(**_common(tokenizer, shape), **rotary, **numbers))


def _modernbert(tokenizer: PreTrainedTokenizerBase, shape: Shape) -> PreTrainedModel:
    """Gated layers (so 2.5 instead of 4 widths inside), every layer sees the whole row; classifiers read the mean."""
    config = ModernBertConfig(
        vocab_size=len(tokenizer),
        hidden_size=shape.width,
        num_hidden_layers=shape.layers,
        num_attention_heads=shape.width // _HEAD_WIDTH,
        intermediate_size=5 * shape.width // 2,
        max_position_embeddings=shape.longest,
        global_attn_every_n_layers=1,
        classifier_pooling="mean",
        pad_token_id=tokenizer.pad_token_id,
        bos_token_id=tokenizer.bos_token_id,
        eos_token_id=tokenizer.eos_token_id,
        cls_token_id=tokenizer.cls_token_id,
        sep_token_id=tokenizer.sep_token_id,
    )
    return ModernBertForMaskedLM(config)


def _common(tokenizer: PreTrainedTokenizerBase, shape: Shape) -> dict[str, Any]:
    return {
        "vocab_size": len(tokenizer),
        "hidden_size": shape.width,
        "num_hidden_layers": shape.layers,
        "num_attention_heads": shape.width // _HEAD_WIDTH,
        "intermediate_size": 4 * shape.width,
        "pad_token_id": tokenizer.pad_token_id,
        "hidden_dropout_prob": 0.0,
        "attention_probs_dropout_prob": 0.0,
    }


NETWORKS = {"roberta": _roberta, "bert": _bert, "esm": _esm, "modernbert": _modernbert}
