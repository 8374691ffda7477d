"""ProtBert's tokenizer wants spaces between residues; SciApp's users write none."""

import json
from pathlib import Path

import pytest
from transformers import AutoTokenizer

from sciapp.engine.models.load import load_tokenizer
from tests.helpers.tiny import tiny_model

WORDS = "[PAD] [UNK] [CLS] [SEP] [MASK] L A G V E S I K R D T P N Q F Y M H C W X U B Z O".split()


@pytest.fixture
def protbert(tmp_path: Path) -> Path:
    """Vocabulary and settings as Rostlab/prot_bert has them."""
    folder = tmp_path / "protbert"
    folder.mkdir()
    (folder / "vocab.txt").write_text("\n".join(WORDS) + "\n")
    (folder / "tokenizer_config.json").write_text(json.dumps({"do_lower_case": False}))
    (folder / "config.json").write_text(json.dumps({"model_type": "bert", "vocab_size": len(WORDS)}))
    return folder


def test_a_tokenizer_of_letters_reads_a_sequence_without_spaces(protbert: Path) -> None:
    spaced = AutoTokenizer.from_pretrained(protbert)("M K T A")["input_ids"]
    assert AutoTokenizer.from_pretrained(protbert)("MKTA")["input_ids"] == [2, 1, 3], "this is what would be learnt"
    tokenizer = load_tokenizer(protbert)
    assert tokenizer("MKTA")["input_ids"] == spaced
    assert tokenizer("M K T A")["input_ids"] == spaced
    assert tokenizer.pad_token_id == 0 and tokenizer.all_special_ids


def test_a_saved_model_reads_it_with_and_without_sciapp(protbert: Path, tmp_path: Path) -> None:
    tokenizer = load_tokenizer(protbert)
    tokenizer.model_max_length = 12
    saved = tmp_path / "saved"
    tokenizer.save_pretrained(saved)
    (saved / "config.json").write_text((protbert / "config.json").read_text())
    expected = tokenizer("MKTA")["input_ids"]
    assert AutoTokenizer.from_pretrained(saved)("MKTA")["input_ids"] == expected
    again = load_tokenizer(saved)
    assert again("MKTA")["input_ids"] == expected and again.model_max_length == 12


def test_other_tokenizers_stay_as_they_are(tmp_path: Path) -> None:
    folder = tiny_model(tmp_path / "model")
    plain = AutoTokenizer.from_pretrained(folder)
    assert type(load_tokenizer(folder)) is type(plain)
    assert load_tokenizer(folder)("ACDW")["input_ids"] == plain("ACDW")["input_ids"]
