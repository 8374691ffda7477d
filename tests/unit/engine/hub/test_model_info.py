"""A model's folder says what it is: parameters from the weights' header, licence and remark from the README."""

import json
import struct
from pathlib import Path

import torch
from safetensors.torch import save_file
from transformers import AutoModel

from sciapp.engine.hub.catalog import offers, starters_folder
from sciapp.engine.hub.model_info import folder_facts, parameter_count
from sciapp.engine.models.load import load_tokenizer, longest_input
from tests.helpers.tiny import tiny_model


def test_parameters_are_counted_whatever_the_precision_and_buffers_are_left_out(tmp_path: Path) -> None:
    tensors = {"a": torch.zeros(3, 5), "b": torch.zeros(7, dtype=torch.float16), "positions": torch.arange(9)}
    save_file(tensors, tmp_path / "model.safetensors")
    assert parameter_count(tmp_path) == 22


def test_shards_are_counted_together(tmp_path: Path) -> None:
    save_file({"a": torch.zeros(3)}, tmp_path / "model-1.safetensors")
    save_file({"b": torch.zeros(4)}, tmp_path / "model-2.safetensors")
    index = {"weight_map": {"a": "model-1.safetensors", "b": "model-2.safetensors"}}
    (tmp_path / "model.safetensors.index.json").write_text(json.dumps(index))
    assert parameter_count(tmp_path) == 7


def test_damaged_files_leave_facts_unknown(tmp_path: Path) -> None:
    assert parameter_count(tmp_path) is None
    for content in (b"", b"12345678", struct.pack("<Q", 1 << 40), struct.pack("<Q", 4) + b"[1]", b"\x02" + b"\0" * 7):
        (tmp_path / "model.safetensors").write_bytes(content)
        assert parameter_count(tmp_path) is None
    (tmp_path / "config.json").write_text("[")
    (tmp_path / "README.md").write_bytes(b"---\nlicense: \xff\n---\n")
    facts = folder_facts(tmp_path, "x", "folder")
    assert (facts.layers, facts.licence, facts.note, facts.context) == (None, "", "", None)


def test_licence_remark_and_domain_come_from_the_readme(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text(
        "---\nlicense: mit\nsciapp_note: as good as TF-IDF\ntags:\n- sciapp\n- text\n---\n# x\n", encoding="utf-8"
    )
    facts = folder_facts(tmp_path, "x", "folder")
    assert (facts.licence, facts.note, facts.domain) == ("MIT", "as good as TF-IDF", "text")


def test_what_a_starter_says_of_itself_is_what_the_library_loads() -> None:
    for facts in (facts for facts in offers() if facts.origin == "starter"):
        folder = starters_folder() / facts.name
        encoder = sum(p.numel() for p in AutoModel.from_pretrained(folder).parameters())
        # The file may hold the head of the pre-training as well, and the library adds a pooler.
        assert facts.parameters is not None and 0.9 < facts.parameters / encoder < 1.1
        assert facts.context == longest_input(folder, load_tokenizer(folder))
        assert facts.licence == "Apache-2.0"


def test_context_agrees_with_what_training_takes(tmp_path: Path) -> None:
    model = tiny_model(tmp_path / "model")
    assert folder_facts(model, "x", "folder").context == longest_input(model, load_tokenizer(model))
