"""Encoding of two inputs as the tokens of one row: with a separator between them, and told apart where a model can."""

from typing import Any

import torch
from tokenizers import processors
from transformers import PreTrainedTokenizerBase

from sciapp.engine.models.architectures.feature_fusion import encoder_of
from sciapp.errors import BadInput
from sciapp.i18n import msg

PAIR_KEY = "sciapp_pairs"  # of a saved config.json: the model reads two inputs a row


def separated(tokenizer: PreTrainedTokenizerBase) -> PreTrainedTokenizerBase:
    """The tokenizer, whose `tokenizer(a, b)` has a separator between the two: as it makes pairs, else as BERT does.

    Raises BadInput for one without a token that could separate. What is added is saved with the tokenizer.
    """
    anybody: Any = tokenizer
    if anybody.num_special_tokens_to_add(pair=True) > anybody.num_special_tokens_to_add(pair=False):
        return tokenizer
    separator = tokenizer.sep_token or tokenizer.eos_token
    if separator is None or not getattr(tokenizer, "is_fast", False):
        raise BadInput(
            msg("This model’s tokenizer cannot join two inputs in a row: it has no token to put between them."),
            hint=msg("Choose an encoder such as RoBERTa, BERT, ESM or ModernBERT."),
        )
    before, after = _around(anybody)
    behind = [*after, *([] if separator in after else [separator])]
    needed = dict.fromkeys([*before, *after, separator])
    anybody.backend_tokenizer.post_processor = processors.TemplateProcessing(
        single=" ".join([*before, "$A", *after]),
        pair=" ".join([*before, "$A", *behind, "$B", *after]),
        special_tokens=[(word, int(anybody.convert_tokens_to_ids(word))) for word in needed],
    )
    return tokenizer


def tell_apart(model: Any, tokenizer: PreTrainedTokenizerBase) -> None:
    """Let the encoder see which of the two inputs a token is of, where it has embeddings for that and its tokenizer
    says so: BERT's segments. They follow from the separator, so batches need not carry them.
    """
    encoder, separator = encoder_of(model), tokenizer.sep_token_id
    if getattr(encoder.config, "type_vocab_size", 0) < 2 or separator is None:
        return
    some = tokenizer.decode([_ordinary(tokenizer)])
    if 1 not in tokenizer(some, some).get("token_type_ids", []):
        return

    def with_segments(
        module: Any, arguments: tuple[Any, ...], named: dict[str, Any]
    ) -> tuple[tuple[Any, ...], dict[str, Any]]:
        ids = named["input_ids"] if named.get("input_ids") is not None else arguments[0]
        if named.get("token_type_ids") is not None:
            return arguments, named
        return arguments, {**named, "token_type_ids": segments(ids, int(separator), named.get("attention_mask"))}

    encoder.register_forward_pre_hook(with_segments, with_kwargs=True)


def segments(ids: torch.Tensor, separator: int, mask: torch.Tensor | None) -> torch.Tensor:
    """0 up to the first separator of a row, 1 behind it, 0 again in the padding; all (rows, length)."""
    is_separator = (ids == separator).long()
    behind = ((is_separator.cumsum(dim=1) - is_separator) > 0).long()
    return behind if mask is None else behind * mask.long()


def _around(tokenizer: Any) -> tuple[list[str], list[str]]:
    """The special tokens before and behind a single row."""
    ordinary = _ordinary(tokenizer)
    ids = tokenizer(tokenizer.decode([ordinary]))["input_ids"]
    special = set(tokenizer.all_special_ids)
    begins = next(index for index, id in enumerate(ids) if id not in special)
    ends = next(index for index, id in enumerate(reversed(ids)) if id not in special)
    words = tokenizer.convert_ids_to_tokens(ids)
    return list(words[:begins]), list(words[len(ids) - ends :])


def _ordinary(tokenizer: Any) -> int:
    """A token that is no special one and reads as itself."""
    special = set(tokenizer.all_special_ids)
    for id in sorted(tokenizer.get_vocab().values()):
        text = tokenizer.decode([id])
        if id not in special and text.strip() and id in tokenizer(text, add_special_tokens=False)["input_ids"]:
            return int(id)
    raise BadInput(msg("This model’s tokenizer has no words."), hint=msg("Choose another model."))
