"""Loading encoders: seeded, silent, offline, and nothing but safetensors."""

import json
import shutil
import socket
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file, save_file
from transformers import AutoModelForSequenceClassification, BertConfig, BertModel, GPT2Config, GPT2Model

from sciapp.engine.models.load import (
    load_classifier,
    load_plain,
    load_tokenizer,
    local_folder,
    longest_input,
    output_layer,
)
from sciapp.errors import BadInput
from tests.helpers.messages import refused_exactly
from tests.helpers.tiny import tiny_model

SMALL = {"vocab_size": 40, "hidden_size": 16, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 32}


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_model(tmp_path_factory.mktemp("tiny"))


@pytest.fixture
def copy(tiny: Path, tmp_path: Path) -> Path:
    """A folder that may be spoilt."""
    return shutil.copytree(tiny, tmp_path / "copy")


def loaded(folder: Path, **changes: Any) -> Any:
    usual = {"labels": ["y"], "problem_type": "regression", "dropout": 0.1, "seed": 1, "pad_token_id": 1}
    return load_classifier(folder, **(usual | changes))


def test_a_head_is_random_by_its_seed_and_the_encoder_is_the_folders(tiny: Path) -> None:
    one, again, other = loaded(tiny), loaded(tiny), loaded(tiny, seed=2)
    assert all(torch.equal(weight, again.state_dict()[name]) for name, weight in one.state_dict().items())
    assert not torch.equal(output_layer(one, 1).weight, output_layer(other, 1).weight)
    encoder = [name for name in one.state_dict() if name.startswith("roberta.")]
    assert all(torch.equal(one.state_dict()[name], other.state_dict()[name]) for name in encoder)
    assert {weight.dtype for weight in one.parameters()} == {torch.float32}


def test_dropout_and_labels_reach_the_network(tiny: Path) -> None:
    model = loaded(tiny, labels=["few", "many", "most"], problem_type="single_label_classification", dropout=0.25)
    rates = {name: layer.p for name, layer in model.named_modules() if isinstance(layer, torch.nn.Dropout)}
    # Fused attention knows no dropout on its weights.
    assert set(rates.values()) == {0.0, 0.25}
    assert all(rate == (0.0 if "attention.self" in name else 0.25) for name, rate in rates.items())
    assert model.config.id2label == {0: "few", 1: "many", 2: "most"}
    assert output_layer(model, 3).out_features == 3


def test_a_folder_that_has_a_head_of_the_same_size_gets_fresh_outputs_and_keeps_its_dense_layer(
    tiny: Path, tmp_path: Path
) -> None:
    loaded(tiny, seed=5).save_pretrained(tmp_path)
    kept, fresh, again = load_plain(tmp_path), loaded(tmp_path, seed=1), loaded(tmp_path, seed=1)
    for name, weight in kept.state_dict().items():
        same = torch.equal(weight, fresh.state_dict()[name])
        assert same == (name != "classifier.out_proj.weight"), name
        assert torch.equal(fresh.state_dict()[name], again.state_dict()[name])


def test_loading_a_local_folder_says_nothing_and_asks_no_network(
    tiny: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_network(*_: object, **__: object) -> None:
        raise AssertionError("the network was asked")

    monkeypatch.setattr(socket.socket, "connect", no_network)
    monkeypatch.setattr(socket, "getaddrinfo", no_network)
    folder = local_folder(str(tiny))
    load_tokenizer(folder)
    loaded(folder)
    said = capfd.readouterr()
    assert (said.out, said.err) == ("", "")


def test_a_tokenizer_without_padding_gets_one(copy: Path) -> None:
    settings = json.loads((copy / "tokenizer_config.json").read_text())
    settings.pop("pad_token", None)
    (copy / "tokenizer_config.json").write_text(json.dumps(settings))
    assert load_tokenizer(copy).pad_token_id is not None


def test_the_longest_input_leaves_room_for_positions_behind_the_padding(tiny: Path, tmp_path: Path) -> None:
    assert longest_input(tiny, load_tokenizer(tiny)) == 64  # 66 positions, two of them before the first token
    BertModel(BertConfig(**SMALL, max_position_embeddings=40)).save_pretrained(tmp_path)
    assert longest_input(tmp_path, load_tokenizer(tiny)) == 40


def without(name: str, folder: Path) -> None:
    (folder / name).unlink()


def pickled(folder: Path) -> None:
    (folder / "model.safetensors").rename(folder / "pytorch_model.bin")


def with_code(folder: Path) -> None:
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps(config | {"auto_map": {"AutoModel": "evil.Model"}}))
    (folder / "evil.py").write_text("raise SystemExit('ran')")


def shard_missing(folder: Path) -> None:
    (folder / "model.safetensors").unlink()
    index = {"weight_map": {"a": "model-00001-of-00002.safetensors", "b": "model-00002-of-00002.safetensors"}}
    (folder / "model.safetensors.index.json").write_text(json.dumps(index))
    (folder / "model-00001-of-00002.safetensors").write_bytes(b"")


FOLDERS = {
    "no config.json": (lambda folder: without("config.json", folder), "needs a config.json"),
    "no weights": (lambda folder: without("model.safetensors", folder), "needs model.safetensors"),
    "pickled weights": (pickled, "Pickles"),
    "program code": (with_code, "auto_map"),
    "a missing shard": (shard_missing, "download"),
    "a torn config.json": (lambda folder: (folder / "config.json").write_text("{"), "Expecting"),
    "no model_type": (lambda folder: (folder / "config.json").write_text("{}"), "transformers model?"),
}
"""What is done to a folder, and a word of the advice or of the details to copy."""


@pytest.mark.parametrize("damage", FOLDERS)
def test_folders_that_cannot_be_used_are_refused_in_a_sentence(damage: str, copy: Path) -> None:
    spoil, word = FOLDERS[damage]
    spoil(copy)
    with refused_exactly(BadInput, name=str(copy)) as raised:
        local_folder(str(copy))
    assert word in f"{raised.value.hint} {raised.value.context}"


def test_torn_weights_are_refused(copy: Path) -> None:
    (copy / "model.safetensors").write_bytes(b"torn")
    for load in (loaded, load_plain):
        with refused_exactly(BadInput) as raised:
            load(copy)
        assert raised.value.context.startswith(f"{copy}: SafetensorError")


def test_weights_of_another_network_are_refused_instead_of_filled_with_random_numbers(copy: Path) -> None:
    config = json.loads((copy / "config.json").read_text())
    (copy / "config.json").write_text(json.dumps(config | {"num_hidden_layers": 4}))
    with refused_exactly(BadInput) as raised:
        loaded(copy)
    assert raised.value.hint.values["missing"] and "encoder.layer.2." in raised.value.context


def test_an_unknown_kind_of_model_is_refused(copy: Path) -> None:
    (copy / "config.json").write_text(json.dumps({"model_type": "no-such-network"}))
    with refused_exactly(BadInput) as raised:
        loaded(copy)
    assert "no-such-network" in raised.value.context


def test_code_in_a_tokenizers_settings_is_never_run(copy: Path) -> None:
    settings = json.loads((copy / "tokenizer_config.json").read_text())
    settings |= {"auto_map": {"AutoTokenizer": ["evil.Tokenizer", None]}, "tokenizer_class": "Tokenizer"}
    (copy / "tokenizer_config.json").write_text(json.dumps(settings))
    (copy / "evil.py").write_text(f"open({str(copy / 'ran')!r}, 'w')\nclass Tokenizer: pass")
    try:
        load_tokenizer(copy)
    except BadInput as refused:
        assert "tokenizer" in refused.message
    assert not (copy / "ran").exists()


@pytest.mark.parametrize("longest", [["x"], "x", {}, float("inf"), float("nan")], ids=str)
def test_a_longest_row_that_is_no_number_is_refused_with_the_tokenizer(copy: Path, longest: Any) -> None:
    """The library believes whatever stands there, and stumbles over it rows later."""
    settings = json.loads((copy / "tokenizer_config.json").read_text())
    (copy / "tokenizer_config.json").write_text(json.dumps(settings | {"model_max_length": longest}))
    with refused_exactly(BadInput) as raised:
        load_tokenizer(copy)
    assert "tokenizer.json" in raised.value.hint


def test_a_longest_row_written_as_text_is_a_number(copy: Path) -> None:
    settings = json.loads((copy / "tokenizer_config.json").read_text())
    (copy / "tokenizer_config.json").write_text(json.dumps(settings | {"model_max_length": "32"}))
    assert load_tokenizer(copy).model_max_length == 32


def test_a_head_without_bias_cannot_do_regression(tmp_path: Path) -> None:
    GPT2Model(GPT2Config(vocab_size=40, n_embd=16, n_layer=1, n_head=2)).save_pretrained(tmp_path)
    with pytest.raises(BadInput, match="no bias"):
        loaded(tmp_path, needs_bias=True)


def test_what_is_saved_loads_in_plain_transformers(tiny: Path, tmp_path: Path) -> None:
    model = loaded(tiny, labels=["a", "b"], problem_type="single_label_classification").eval()
    model.save_pretrained(tmp_path)
    ids = torch.tensor([[0, 5, 6, 7, 2]])
    with torch.no_grad():
        expected = model(input_ids=ids).logits
        assert torch.allclose(load_plain(tmp_path)(input_ids=ids).logits, expected, atol=1e-6)
        plain = AutoModelForSequenceClassification.from_pretrained(tmp_path).eval()
        assert torch.allclose(plain(input_ids=ids).logits, expected, atol=1e-6)


def test_weights_that_are_no_numbers_are_refused_before_a_training(copy: Path) -> None:
    weights = load_file(copy / "model.safetensors")
    weights["encoder.layer.0.output.dense.bias"][3] = float("nan")
    save_file(weights, copy / "model.safetensors", metadata={"format": "pt"})

    with refused_exactly(BadInput) as raised:
        loaded(copy)
    assert raised.value.context.endswith("encoder.layer.0.output.dense.bias")
