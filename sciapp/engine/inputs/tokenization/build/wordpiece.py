"""WordPiece (Wu et al. 2016) learnt from texts, lower case, as BERT's uncased one."""

from collections.abc import Iterable

from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers
from transformers import PreTrainedTokenizerFast

from sciapp.engine.domains.inputs import WordPieceVocabulary
from sciapp.engine.inputs.tokenization.build.base import BERT, numbered, wrapped

SPECIALS = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")


def build(vocabulary: WordPieceVocabulary, rows: Iterable[str], longest: int) -> PreTrainedTokenizerFast:
    """The pieces are learnt from the rows; not the same twice (ties)."""
    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.decoder = decoders.WordPiece()
    trainer = trainers.WordPieceTrainer(
        vocab_size=vocabulary.size, special_tokens=list(SPECIALS), limit_alphabet=200, show_progress=False
    )
    tokenizer.train_from_iterator(rows, trainer)
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]",
        pair="[CLS] $A [SEP] $B:1 [SEP]:1",
        special_tokens=numbered(SPECIALS, "[CLS]", "[SEP]"),
    )
    return wrapped(tokenizer, BERT, longest)
