"""The small encoders that were compared: learned positions (RoBERTa, BERT) and rotary ones (ESM)."""

from transformers import (
    BertConfig,
    BertForMaskedLM,
    EsmConfig,
    EsmForMaskedLM,
    PreTrainedModel,
    PreTrainedTokenizerFast,
    RobertaConfig,
    RobertaForMaskedLM,
)

_HEAD_WIDTH = 32


def network(
    architecture: str, tokenizer: PreTrainedTokenizerFast, *, width: int, layers: int, longest: int
) -> PreTrainedModel:
    """An untrained encoder with a masked-token head. Dropout is off: one pass over much data does not overfit."""
    common = {
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
    return BertForMaskedLM(BertConfig(**common, max_position_embeddings=longest))


def head_of(model: PreTrainedModel) -> object:
    """The part that turns hidden states into token logits."""
    return model.cls if hasattr(model, "cls") else model.lm_head


def summary_layer(model: PreTrainedModel) -> str:
    """Where a classifier of this architecture looks for its first dense layer over the first token."""
    return "bert.pooler.dense" if hasattr(model, "bert") else "classifier.dense"
