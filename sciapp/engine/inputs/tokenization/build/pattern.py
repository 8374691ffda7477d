"""A tokenizer whose tokens are the matches of a pattern (atoms and bonds of a SMILES) that plain transformers loads."""

from collections import Counter
from collections.abc import Iterable

from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, processors
from transformers import PreTrainedTokenizerFast

from sciapp.engine.domains.inputs import PatternVocabulary
from sciapp.engine.inputs.tokenization.build.base import ROBERTA, numbered, wrapped

SPECIALS = ("<s>", "<pad>", "</s>", "<unk>", "<mask>")


def build(vocabulary: PatternVocabulary, rows: Iterable[str], longest: int) -> PreTrainedTokenizerFast:
    """The tokenizer of the vocabulary's words and of every token that is seen often enough in the rows."""
    splitter = pre_tokenizers.Split(Regex(vocabulary.pattern), behavior="isolated")
    seen = Counter(token for row in rows for token, _ in splitter.pre_tokenize_str(row))
    frequent = sorted(token for token, count in seen.items() if count >= vocabulary.least)
    words = list(dict.fromkeys([*SPECIALS, *vocabulary.words, *frequent]))
    tokenizer = Tokenizer(models.WordLevel({word: i for i, word in enumerate(words)}, unk_token="<unk>"))
    tokenizer.normalizer = normalizers.Strip()
    tokenizer.pre_tokenizer = splitter
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>",
        pair="<s> $A </s> </s> $B </s>",
        special_tokens=numbered(words, "<s>", "</s>"),
    )
    return wrapped(tokenizer, ROBERTA, longest)
