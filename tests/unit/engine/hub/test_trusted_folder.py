"""A model folder from anybody is data: what it names lies in it and is safetensors, and no size is absurd."""

import json
import os
import shutil
from pathlib import Path
from typing import Any
from unittest.mock import ANY

import pytest

from sciapp.engine.hub.download import check_folder
from sciapp.engine.models.load import load_classifier, load_plain, load_tokenizer
from sciapp.engine.models.masked_lm import load_masked
from sciapp.engine.models.saved_model import SavedModel
from sciapp.errors import BadInput
from tests.helpers.messages import refused_exactly
from tests.helpers.tiny import tiny_model


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tiny_model(tmp_path / "model")


def changed(folder: Path, name: str = "config.json", **settings: Any) -> None:
    file = folder / name
    file.write_text(json.dumps(json.loads(file.read_text()) | settings))


def sharded(folder: Path, shard: str) -> None:
    (folder / "model.safetensors").rename(folder / "one.safetensors")
    index = {"metadata": {}, "weight_map": {"embeddings.word_embeddings.weight": "one.safetensors", "x": shard}}
    (folder / "model.safetensors.index.json").write_text(json.dumps(index))


def refusal(folder: Path, **values: object) -> BadInput:
    """The error of a model that is chosen and of one that a run saved: the same but for the name."""
    with refused_exactly(BadInput, name="theirs", **values) as raised:
        check_folder(folder, "theirs")
    with refused_exactly(BadInput, name=folder.parent.name, **values) as saved:
        SavedModel.open(folder)
    assert saved.value.message.template == raised.value.message.template
    error: BadInput = raised.value
    return error


def test_a_sound_folder_is_fine(folder: Path) -> None:
    check_folder(folder, "ours")
    load_tokenizer(folder)


@pytest.mark.parametrize("shard", ["shard.bin", "pytorch_model.bin", "one.safetensors.pt"])
def test_an_index_that_names_a_pickle_is_refused(folder: Path, shard: str) -> None:
    sharded(folder, shard)
    (folder / shard).write_bytes(b"\x80\x04.")
    error = refusal(folder, index="model.safetensors.index.json", shard=shard)
    assert "Pickles" in error.hint


@pytest.mark.parametrize("shard", ["../outside.safetensors", "sub/one.safetensors", "/etc/one.safetensors", "a\0b"])
def test_an_index_that_names_a_file_outside_is_refused(folder: Path, shard: str) -> None:
    shutil.copy(folder / "model.safetensors", folder.parent / "outside.safetensors")
    sharded(folder, shard)
    error = refusal(folder, index="model.safetensors.index.json", shard=shard)
    assert "Pickles" not in error.hint


@pytest.mark.parametrize("weights", ["adapter_model.bin", "other.safetensors", "sub/x.safetensors.index.json", 1])
def test_a_config_that_names_other_weights_is_refused(folder: Path, weights: str) -> None:
    changed(folder, transformers_weights=weights)
    refusal(folder, weights="model.safetensors", named=weights)


def test_a_config_that_names_the_usual_weights_is_fine(folder: Path) -> None:
    changed(folder, transformers_weights="model.safetensors")
    check_folder(folder, "ours")


def test_a_list_of_tokenizers_that_leads_out_is_refused(folder: Path) -> None:
    shutil.copy(folder / "tokenizer.json", folder.parent / "tokenizer.0.0.1.json")
    settings = folder / "tokenizer_config.json"
    if not settings.exists():
        settings.write_text("{}")
    changed(folder, settings.name, fast_tokenizer_files=["tokenizer.json", "../tokenizer.0.0.1.json"])
    refusal(folder, settings="tokenizer_config.json", file="../tokenizer.0.0.1.json")


@pytest.mark.parametrize("name", ["model.safetensors", "config.json", "tokenizer.json"])
def test_links_that_lead_out_are_refused(folder: Path, name: str) -> None:
    (folder / name).rename(folder.parent / name)
    (folder / name).symlink_to(folder.parent / name)
    error = refusal(folder, file=name)
    assert error.context == f"{folder / name}: {folder.parent / name}"


def test_the_shared_cache_keeps_files_beside_its_snapshots(folder: Path, tmp_path: Path) -> None:
    blobs, snapshot = tmp_path / "models--a--b" / "blobs", tmp_path / "models--a--b" / "snapshots" / "main"
    snapshot.parent.mkdir(parents=True)
    folder.rename(blobs)
    snapshot.mkdir()
    for file in blobs.iterdir():
        (snapshot / file.name).symlink_to(Path("../../blobs") / file.name)
    check_folder(snapshot, "a/b")


def test_a_pipe_is_no_weights(folder: Path) -> None:
    (folder / "model.safetensors").unlink()
    os.mkfifo(folder / "model.safetensors")
    error = refusal(folder, file="model.safetensors")
    assert "pipe" in error.context


def test_an_adapter_does_not_bring_another_model_in(folder: Path) -> None:
    (folder / "adapter_config.json").write_text(
        json.dumps({"base_model_name_or_path": "../other", "peft_type": "LORA"})
    )
    refusal(folder, adapter="adapter_config.json")


@pytest.mark.parametrize("key", ["vocab_file", "tokenizer_file", "merges_file", "source_spm"])
def test_a_tokenizer_reads_no_file_outside(folder: Path, tmp_path: Path, key: str) -> None:
    (tmp_path / "secret.txt").write_text("words")
    for value in (str(tmp_path / "secret.txt"), "../secret.txt"):
        changed(folder, "tokenizer_config.json", **{key: value})
        refusal(folder, settings="tokenizer_config.json", file=value)
    changed(folder, "tokenizer_config.json", **{key: "/root/.cache/of/another/computer.json"})
    check_folder(folder, "ours")


@pytest.mark.parametrize(
    "settings",
    [
        {"num_hidden_layers": 10**6},
        {"vocab_size": 10**9},
        {"max_position_embeddings": 10**10},
        {"hidden_size": 10**7},
        {"intermediate_size": 10**12},
        {"num_attention_heads": 10**9},
        {"type_vocab_size": 10**9},
        {"text_config": {"vocab_size": 10**9}},
        {"num_hidden_layers": 1e308},
        {"hidden_sizes": [64, 10**9]},
        {"depths": [2, 10**6]},
    ],
)
def test_absurd_sizes_are_refused_before_memory_is_asked_for(folder: Path, settings: dict[str, Any]) -> None:
    changed(folder, **settings)
    error = refusal(folder, what=ANY)
    (key, value), *_ = settings.items()
    assert error.message.values["what"].split()[0] in {key, *(value if isinstance(value, dict) else ())}


def test_a_network_that_its_weights_are_not_is_not_built(folder: Path) -> None:
    """Each side for itself could be; together they would take 150 GB."""
    changed(folder, hidden_size=100_000, intermediate_size=100_000, num_hidden_layers=2)
    with refused_exactly(BadInput, name=ANY, what=ANY):
        load_plain(folder)
    with refused_exactly(BadInput, name=ANY, what=ANY):
        load_masked(folder, 0)
    with refused_exactly(BadInput, name=ANY, what=ANY):
        load_classifier(
            folder, labels=["a", "b"], problem_type="single_label_classification", dropout=0, seed=0, pad_token_id=1
        )
