"""Small untrained encoders: learnt positions (RoBERTa, BERT) and rotary ones (ESM, ModernBERT)."""

from typing import Any, Literal

import torch
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

Architecture = Literal["roberta", "esm", "bert", "modernbert"]

_HEAD_WIDTH = 32


def network(
    architecture: str, tokenizer: PreTrainedTokenizerBase, *, width: int, layers: int, longest: int
) -> PreTrainedModel:
    """An untrained encoder with a masked-token head. Dropout is off: one pass over much data does not overfit."""
    common: dict[str, Any] = {
        "vocab_size": len(tokenizer),
        "hidden_size": width,
        "num_hidden_layers": layers,
        "num_attention_heads": width // _HEAD_WIDTH,
        "intermediate_size": 4 * width,
        "pad_token_id": tokenizer.pad_token_id,
        "hidden_dropout_prob": 0.0,
        "attention_probs_dropout_prob": 0.0,
    }
    if architecture == "esm":
        rotary = {"position_embedding_type": "rotary", "token_dropout": False, "emb_layer_norm_before": False}
        return EsmForMaskedLM(
            EsmConfig(**common, **rotary, mask_token_id=tokenizer.mask_token_id, max_position_embeddings=longest + 2)
        )
    if architecture == "roberta":
        ends = {"bos_token_id": tokenizer.bos_token_id, "eos_token_id": tokenizer.eos_token_id}
        return RobertaForMaskedLM(
            RobertaConfig(**common, **ends, max_position_embeddings=longest + 2, type_vocab_size=1)
        )
    if architecture == "modernbert":
        return _modernbert(tokenizer, width, layers, longest)
    return BertForMaskedLM(BertConfig(**common, max_position_embeddings=longest))


def _modernbert(tokenizer: PreTrainedTokenizerBase, width: int, layers: int, longest: int) -> PreTrainedModel:
    """Gated layers (so 2.5 instead of 4 widths inside), every layer sees the whole row; classifiers read the mean."""
    config = ModernBertConfig(
        vocab_size=len(tokenizer),
        hidden_size=width,
        num_hidden_layers=layers,
        num_attention_heads=width // _HEAD_WIDTH,
        intermediate_size=5 * width // 2,
        max_position_embeddings=longest,
        global_attn_every_n_layers=1,
        classifier_pooling="mean",
        pad_token_id=tokenizer.pad_token_id,
        bos_token_id=tokenizer.bos_token_id,
        eos_token_id=tokenizer.eos_token_id,
        cls_token_id=tokenizer.cls_token_id,
        sep_token_id=tokenizer.sep_token_id,
    )
    return ModernBertForMaskedLM(config)


def token_logits(model: Any, states: torch.Tensor) -> torch.Tensor:
    """Logits (places, vocabulary) of hidden states (places, width)."""
    if hasattr(model, "decoder"):
        logits: torch.Tensor = model.decoder(model.head(states))
    else:
        logits = model.cls(states) if hasattr(model, "cls") else model.lm_head(states)
    return logits


def summarised(model: Any, states: torch.Tensor, real: torch.Tensor) -> torch.Tensor:
    """What a classifier of this architecture reads of a row (rows, width): the first state, or the mean of all.

    states (rows, length, width), real (rows, length).
    """
    if not reads_mean(model):
        return states[:, 0]
    weights = real[:, :, None].to(states.dtype)
    return (states * weights).sum(1) / weights.sum(1)


def reads_mean(model: Any) -> bool:
    return getattr(model.config, "classifier_pooling", "") == "mean"


def summary_layer(model: Any) -> str | None:
    """Where a classifier of this architecture looks for its first dense layer; None where the token head serves."""
    if reads_mean(model):
        return None
    return "bert.pooler.dense" if hasattr(model, "bert") else "classifier.dense"
