"""A tokenizer of single letters for proteins and DNA that plain transformers loads."""

from collections.abc import Iterable

from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, processors
from transformers import PreTrainedTokenizerFast

from sciapp.engine.domains.inputs import LetterVocabulary
from sciapp.engine.inputs.tokenization.build.base import ESM, numbered, wrapped

SPECIALS = ("<cls>", "<pad>", "<eos>", "<unk>", "<mask>")


def build(vocabulary: LetterVocabulary, rows: Iterable[str], longest: int) -> PreTrainedTokenizerFast:
    """One token per letter, whatever the rows are."""
    letters = vocabulary.letters
    words = [*SPECIALS, *letters]
    tokenizer = Tokenizer(models.WordLevel({word: i for i, word in enumerate(words)}, unk_token="<unk>"))
    steps = [normalizers.Strip(), _upper(letters)]
    if "U" not in letters:
        steps.append(normalizers.Replace("U", "T"))
    tokenizer.normalizer = normalizers.Sequence(steps)
    tokenizer.pre_tokenizer = pre_tokenizers.Split(Regex("."), behavior="isolated")
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<cls> $A <eos>",
        pair="<cls> $A <eos> $B <eos>",
        special_tokens=numbered(words, "<cls>", "<eos>"),
    )
    return wrapped(tokenizer, ESM, longest)


def _upper(letters: str) -> normalizers.Normalizer:
    """Upper case by replacement: the tokenizers library only knows lower case."""
    return normalizers.Sequence([normalizers.Replace(c.lower(), c) for c in sorted({*letters, "U"})])
