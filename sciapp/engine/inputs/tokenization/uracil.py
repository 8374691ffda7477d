"""Tokenizers of DNA read the U of RNA as T, and those of RNA the T as U: the same molecule is the same tokens."""

from typing import Any

from tokenizers import normalizers
from transformers import PreTrainedTokenizerBase

from sciapp.engine.inputs.tokenization.letters import of_generic_class

_BASES = frozenset("ACGTURYSWKMBDHVN")


def uracil_understood(tokenizer: PreTrainedTokenizerBase) -> PreTrainedTokenizerBase:
    """`tokenizer`, or one of the generic class that writes the base which its vocabulary lacks as the one that it has.

    A vocabulary of nucleotides is told by its letters; one that has both bases means something by it.
    """
    words = set(tokenizer.get_vocab()) - set(tokenizer.all_special_tokens)
    letters = {letter.upper() for word in words for letter in word if letter.isalpha()}
    known = letters & {"T", "U"}
    if not getattr(tokenizer, "is_fast", False) or not letters <= _BASES or len(known) != 1 or "A" not in letters:
        return tokenizer
    backend: Any = tokenizer.backend_tokenizer
    if (
        tokenizer(f"A{'U' if 'T' in known else 'T'}", add_special_tokens=False)["input_ids"]
        == tokenizer(f"A{'T' if 'T' in known else 'U'}", add_special_tokens=False)["input_ids"]
    ):
        return tokenizer  # it does so itself, as ours do
    pairs = (("U", "T"), ("u", "t")) if "T" in known else (("T", "U"), ("t", "u"))
    steps = [normalizers.Replace(one, other) for one, other in pairs]
    own = backend.normalizer
    backend.normalizer = normalizers.Sequence(steps if own is None else [*steps, own])
    return of_generic_class(tokenizer)
