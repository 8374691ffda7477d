"""A model folder from anybody is data: what it names lies in it and is safetensors, and no size is absurd."""

import json
import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from sciapp.engine.hub.download import check_folder
from sciapp.engine.models.load import load_classifier, load_plain, load_tokenizer
from sciapp.engine.models.masked_lm import load_masked
from sciapp.engine.models.saved_model import SavedModel
from sciapp.errors import BadInput
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


def refused(folder: Path, words: str) -> None:
    with pytest.raises(BadInput, match=words):
        check_folder(folder, "theirs")
    with pytest.raises(BadInput, match=words):
        SavedModel.open(folder)


def test_a_sound_folder_is_fine(folder: Path) -> None:
    check_folder(folder, "ours")
    load_tokenizer(folder)


@pytest.mark.parametrize("shard", ["shard.bin", "pytorch_model.bin", "one.safetensors.pt"])
def test_an_index_that_names_a_pickle_is_refused(folder: Path, shard: str) -> None:
    sharded(folder, shard)
    (folder / shard).write_bytes(b"\x80\x04.")
    refused(folder, "names weights that are not safetensors")


@pytest.mark.parametrize("shard", ["../outside.safetensors", "sub/one.safetensors", "/etc/one.safetensors", "a\0b"])
def test_an_index_that_names_a_file_outside_is_refused(folder: Path, shard: str) -> None:
    shutil.copy(folder / "model.safetensors", folder.parent / "outside.safetensors")
    sharded(folder, shard)
    refused(folder, "names a file outside its folder")


@pytest.mark.parametrize("weights", ["adapter_model.bin", "other.safetensors", "sub/x.safetensors.index.json", 1])
def test_a_config_that_names_other_weights_is_refused(folder: Path, weights: str) -> None:
    changed(folder, transformers_weights=weights)
    refused(folder, "names other weights than model.safetensors")


def test_a_config_that_names_the_usual_weights_is_fine(folder: Path) -> None:
    changed(folder, transformers_weights="model.safetensors")
    check_folder(folder, "ours")


def test_a_list_of_tokenizers_that_leads_out_is_refused(folder: Path) -> None:
    shutil.copy(folder / "tokenizer.json", folder.parent / "tokenizer.0.0.1.json")
    settings = folder / "tokenizer_config.json"
    if not settings.exists():
        settings.write_text("{}")
    changed(folder, settings.name, fast_tokenizer_files=["tokenizer.json", "../tokenizer.0.0.1.json"])
    refused(folder, "names a file outside its folder")


@pytest.mark.parametrize("name", ["model.safetensors", "config.json", "tokenizer.json"])
def test_links_that_lead_out_are_refused(folder: Path, name: str) -> None:
    (folder / name).rename(folder.parent / name)
    (folder / name).symlink_to(folder.parent / name)
    refused(folder, f"“{name}” of the model .* is a link to somewhere else")


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
    refused(folder, "cannot be read")


def test_an_adapter_does_not_bring_another_model_in(folder: Path) -> None:
    (folder / "adapter_config.json").write_text(
        json.dumps({"base_model_name_or_path": "../other", "peft_type": "LORA"})
    )
    refused(folder, "is an adapter for another model")


@pytest.mark.parametrize("key", ["vocab_file", "tokenizer_file", "merges_file", "source_spm"])
def test_a_tokenizer_reads_no_file_outside(folder: Path, tmp_path: Path, key: str) -> None:
    (tmp_path / "secret.txt").write_text("words")
    for value in (str(tmp_path / "secret.txt"), "../secret.txt"):
        changed(folder, "tokenizer_config.json", **{key: value})
        refused(folder, "names a file outside its folder")
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
    refused(folder, "tells of a network that its weights are not")


def test_a_network_that_its_weights_are_not_is_not_built(folder: Path) -> None:
    """Each side for itself could be; together they would take 150 GB."""
    changed(folder, hidden_size=100_000, intermediate_size=100_000, num_hidden_layers=2)
    with pytest.raises(BadInput, match="tells of a network that its weights are not"):
        load_plain(folder)
    with pytest.raises(BadInput, match="tells of a network that its weights are not"):
        load_masked(folder, 0)
    with pytest.raises(BadInput, match="tells of a network that its weights are not"):
        load_classifier(
            folder, labels=["a", "b"], problem_type="single_label_classification", dropout=0, seed=0, pad_token_id=1
        )
