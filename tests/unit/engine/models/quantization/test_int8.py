"""Weights in int8: close to the float model, smaller, saved without pickles, damaged files refused."""

from pathlib import Path

import torch
from hypothesis import given
from hypothesis import strategies as st
from safetensors.torch import load_file, save_file
from torch import nn
from transformers import BertConfig, BertForSequenceClassification

from sciapp.engine.models.quantization.int8 import (
    QUANTIZED_WEIGHTS,
    Int8Embedding,
    load_quantized,
    quantized_tensors,
    save_quantized,
)
from sciapp.errors import BadInput
from tests.helpers.messages import refused_exactly


def bert(vocabulary: int = 1000) -> BertForSequenceClassification:
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=vocabulary, hidden_size=32, num_hidden_layers=2, num_attention_heads=4, intermediate_size=64,
        max_position_embeddings=32, num_labels=2, problem_type="regression",
    )  # fmt: skip
    return BertForSequenceClassification(config).eval()


@given(st.integers(0, 2**32 - 1), st.floats(1e-6, 1e6))
def test_a_weight_comes_back_within_half_a_step_of_its_rows_scale(seed: int, size: float) -> None:
    layer = nn.Linear(9, 5)
    generator = torch.Generator().manual_seed(seed)
    layer.weight.data = torch.randn(5, 9, generator=generator) * size
    tensors = quantized_tensors(nn.Sequential(layer))
    scale = tensors["0.scale"][:, None]
    back = tensors["0.weight_int8"].float() * scale
    assert ((back - layer.weight.data).abs() <= scale * 0.5001).all()


def test_the_compressed_model_speaks_almost_like_the_float_one(tmp_path: Path) -> None:
    model = bert()
    save_quantized(model, tmp_path)
    compressed = load_quantized(tmp_path)
    ids = torch.randint(5, 900, (20, 16), generator=torch.Generator().manual_seed(1))
    with torch.no_grad():
        expected, got = model(input_ids=ids).logits, compressed(input_ids=ids).logits
    assert (expected - got).abs().max() < 0.2 * expected.std()
    assert isinstance(compressed.get_input_embeddings(), Int8Embedding)
    floats = sum(weight.numel() * 4 for weight in model.parameters())
    assert (tmp_path / QUANTIZED_WEIGHTS).stat().st_size < 0.35 * floats


def test_small_embedding_tables_stay_as_they_are() -> None:
    names = quantized_tensors(bert(vocabulary=100))
    assert "bert.embeddings.word_embeddings.weight" in names
    assert "classifier.weight_int8" in names


def test_an_int8_table_gives_the_rows_that_it_was_made_of() -> None:
    table = nn.Embedding(600, 32)
    tensors = quantized_tensors(nn.Sequential(table))
    compressed = Int8Embedding(tensors["0.weight_int8"], tensors["0.scale"])
    ids = torch.tensor([[0, 599], [7, 7]])
    assert compressed(ids).shape == (2, 2, 32)
    assert torch.allclose(compressed(ids), table(ids), atol=float(tensors["0.scale"].max()))
    assert torch.equal(compressed.weight[ids], compressed(ids))


def test_files_that_are_torn_or_of_another_network_are_refused(tmp_path: Path) -> None:
    save_quantized(bert(), tmp_path)
    whole = load_file(tmp_path / QUANTIZED_WEIGHTS)
    save_file({k: v for k, v in whole.items() if "layer.1" not in k}, tmp_path / QUANTIZED_WEIGHTS)
    with refused_exactly(BadInput) as raised:
        load_quantized(tmp_path)
    assert raised.value.context.startswith(f"{tmp_path}: ") and "layer.1" in raised.value.context
    (tmp_path / QUANTIZED_WEIGHTS).write_bytes(b"torn")
    with refused_exactly(BadInput) as raised:
        load_quantized(tmp_path)
    assert raised.value.context.startswith(f"{tmp_path}: SafetensorError")
