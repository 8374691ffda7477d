"""Common base of our tokenizers: a vocabulary with its special tokens in front, wrapped for transformers."""

from collections.abc import Sequence
from dataclasses import dataclass

from tokenizers import Tokenizer
from transformers import PreTrainedTokenizerFast


@dataclass(frozen=True)
class Specials:
    """The special tokens of a family of models. first, last: around every row."""

    first: str
    last: str
    pad: str
    unknown: str
    mask: str
    has_ends: bool = True  # whether the first and the last also stand for the beginning and the end of a text


ROBERTA = Specials("<s>", "</s>", "<pad>", "<unk>", "<mask>")
ESM = Specials("<cls>", "<eos>", "<pad>", "<unk>", "<mask>")
BERT = Specials("[CLS]", "[SEP]", "[PAD]", "[UNK]", "[MASK]", has_ends=False)


def wrapped(tokenizer: Tokenizer, specials: Specials, longest: int) -> PreTrainedTokenizerFast:
    """The tokenizer as transformers saves and loads it. longest: tokens of a row, special ones included."""
    ends = {"bos_token": specials.first, "eos_token": specials.last} if specials.has_ends else {}
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        cls_token=specials.first,
        sep_token=specials.last,
        pad_token=specials.pad,
        unk_token=specials.unknown,
        mask_token=specials.mask,
        model_max_length=longest,
        clean_up_tokenization_spaces=False,
        **ends,
    )


def numbered(words: Sequence[str], *needed: str) -> list[tuple[str, int]]:
    """Special tokens with their numbers, as a post-processor wants them."""
    return [(word, words.index(word)) for word in needed]
