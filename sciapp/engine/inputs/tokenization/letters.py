"""Tokenizers that know single letters only and wait for spaces between them (ProtBert) learn to do without."""

from typing import Any

from tokenizers import Regex, pre_tokenizers
from transformers import PreTrainedTokenizerBase, PreTrainedTokenizerFast

_SPECIAL = ("bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token", "mask_token")


def letters_apart(tokenizer: PreTrainedTokenizerBase) -> PreTrainedTokenizerBase:
    """`tokenizer`, or one with its vocabulary that reads “MKTA” as it read “M K T A”, where it would see one unknown.

    The new one is of the generic class, whose tokenizer.json holds everything: a saved model reads whole sequences
    without SciApp too. BertTokenizer would build its own splitting anew and forget this one.
    """
    letters = sorted(set(tokenizer.get_vocab()) - set(tokenizer.all_special_tokens))
    if not getattr(tokenizer, "is_fast", False) or len(letters) < 2 or any(len(letter) > 1 for letter in letters):
        return tokenizer
    joined = tokenizer(letters[0] + letters[1], add_special_tokens=False)["input_ids"]
    if joined != [tokenizer.unk_token_id]:
        return tokenizer
    backend: Any = tokenizer.backend_tokenizer
    backend.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Split(Regex("."), behavior="isolated")]
    )
    return of_generic_class(tokenizer)


def of_generic_class(tokenizer: PreTrainedTokenizerBase) -> PreTrainedTokenizerBase:
    """A tokenizer of the generic class with the backend, the special tokens and the longest row of a fast one."""
    backend: Any = tokenizer
    special = {name: str(getattr(tokenizer, name)) for name in _SPECIAL if getattr(tokenizer, name) is not None}
    return PreTrainedTokenizerFast(
        tokenizer_object=backend.backend_tokenizer, model_max_length=tokenizer.model_max_length, **special
    )
