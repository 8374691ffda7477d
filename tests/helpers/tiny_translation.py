"""Real translation models, small enough for a test: MarianMT from a configuration, SentencePiece files trained here."""

import io
import json
import random
from functools import cache
from pathlib import Path

from sciapp.engine.data.ingest.import_table import import_table
from sciapp.records.dataset.card import DatasetCard, ImportRequest, Roles, SplitPlan
from sciapp.records.project.project import Project

ENGLISH = "the assay protein binds water increases strongly with high low temperature we measured every solubility"
GERMAN = "der test das protein bindet wasser steigt stark mit hoher tiefer temperatur wir massen jede löslichkeit"


def tiny_translator(folder: Path, source: str, target: str, *, seed: int = 0, longest: int = 64) -> Path:
    """A folder that MarianMTModel and MarianTokenizer load: 16 wide, a layer on each side, random weights."""
    import torch
    from transformers import MarianConfig, MarianMTModel

    folder.mkdir(parents=True, exist_ok=True)
    pieces = [_spm(folder / "source.spm", source), _spm(folder / "target.spm", target)]
    words = dict.fromkeys(["</s>", "<unk>", *(piece for side in pieces for piece in side)])
    words.pop("<pad>", None)
    vocabulary = {word: n for n, word in enumerate([*words, "<pad>"])}
    (folder / "vocab.json").write_text(json.dumps(vocabulary), encoding="utf-8")
    (folder / "tokenizer_config.json").write_text(
        json.dumps({"tokenizer_class": "MarianTokenizer", "model_max_length": longest, "separate_vocabs": False})
    )
    pad = vocabulary["<pad>"]
    torch.manual_seed(seed)
    config = MarianConfig(
        vocab_size=len(vocabulary), d_model=16, encoder_layers=1, decoder_layers=1, encoder_attention_heads=2,
        decoder_attention_heads=2, encoder_ffn_dim=32, decoder_ffn_dim=32, max_position_embeddings=longest,
        pad_token_id=pad, decoder_start_token_id=pad, eos_token_id=0, bos_token_id=0, forced_eos_token_id=0,
        init_std=0.2,
    )  # fmt: skip
    model = MarianMTModel(config)
    model.final_logits_bias[0, 0] = 2.0  # sentences end
    model.generation_config.bad_words_ids = [[pad], [vocabulary["<unk>"]]]
    model.generation_config.max_length = longest
    model.generation_config.num_beams = 4
    model.save_pretrained(folder)
    return folder


def tiny_pair(folder: Path) -> tuple[Path, Path]:
    """Models there and back. With these seeds and a strength of 1 most texts come back as something else."""
    return (
        tiny_translator(folder / "en-de", ENGLISH, GERMAN, seed=1),
        tiny_translator(folder / "de-en", GERMAN, ENGLISH, seed=2),
    )


def tiny_reader(folder: Path) -> Path:
    """A masked language model over the English words: 16 wide, one layer, random weights."""
    import torch
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors
    from transformers import BertConfig, BertForMaskedLM, PreTrainedTokenizerFast

    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", ".", *sorted(set(ENGLISH.split()))]
    tokenizer = Tokenizer(models.WordLevel({word: n for n, word in enumerate(words)}, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer()
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    ends = {"single": "[CLS] $A [SEP]", "special_tokens": [("[CLS]", 2), ("[SEP]", 3)]}
    tokenizer.post_processor = processors.TemplateProcessing(**ends)
    fast = PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, pad_token="[PAD]", unk_token="[UNK]", cls_token="[CLS]", sep_token="[SEP]",
        mask_token="[MASK]", model_max_length=64,
    )  # fmt: skip
    torch.manual_seed(3)
    config = BertConfig(
        vocab_size=len(words), hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=32,
        max_position_embeddings=64,
    )  # fmt: skip
    BertForMaskedLM(config).save_pretrained(folder)
    fast.save_pretrained(folder)
    return folder


def text_project(folder: Path, *, rows: int = 60) -> tuple[Project, DatasetCard]:
    """A text project whose label is whether a text says “water”."""
    project, rng = Project.create(folder, domain="text"), random.Random(0)
    lines = ["text,label"]
    for number in range(rows):
        said = rng.choices(ENGLISH.split(), k=rng.randint(5, 12))
        also = " ".join(rng.choices(ENGLISH.split(), k=6))
        said[number % 5] = "water" if number % 2 else "protein"
        lines.append(f"{' '.join(said).capitalize()} {number}. {also.capitalize()}.,{'wet' if number % 2 else 'dry'}")
    table = folder.parent / "texts.csv"
    table.write_text("\n".join(lines) + "\n", encoding="utf-8")
    request = ImportRequest(
        file=str(table), roles=Roles(input="text", targets=("label",)), task="classification",
        split=SplitPlan(method="random", fractions=(0.6, 0.2, 0.2)),
    )  # fmt: skip
    return project, import_table(project, request)


@cache
def _model(words: str) -> bytes:
    import sentencepiece

    rng, out = random.Random(0), io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter([" ".join(rng.choices(words.split(), k=8)) for _ in range(400)]), model_writer=out,
        vocab_size=80, hard_vocab_limit=False, unk_id=1, bos_id=-1, eos_id=0, pad_id=-1, num_threads=1,
        minloglevel=2,
    )  # fmt: skip
    return out.getvalue()


def _spm(file: Path, words: str) -> list[str]:
    """Train, write, and give the pieces."""
    import sentencepiece

    file.write_bytes(_model(words))
    read = sentencepiece.SentencePieceProcessor(model_file=str(file))
    return [read.IdToPiece(n) for n in range(read.GetPieceSize())]
