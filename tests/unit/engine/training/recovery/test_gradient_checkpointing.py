"""Gradient checkpointing gives the same numbers, for every kind of network that ships with SciApp."""

import pytest
import torch

from sciapp.engine.models.architectures.feature_fusion import join
from sciapp.engine.models.load import load_classifier, load_tokenizer, local_folder
from sciapp.engine.training.recovery.recovery import can_recompute, recompute

STARTERS = {
    "molecule-starter": ["CCO", "c1ccccc1C(=O)N"],
    "protein-starter": ["MKVLA", "MKTAYIAKQR"],
    "nucleotide-starter": ["ACGTACGTAC", "TTGACA"],
    "text-starter": ["a test", "another one of these tests"],
}


@pytest.mark.parametrize("name", STARTERS)
def test_gradients_are_the_same_with_and_without(name: str) -> None:
    folder = local_folder(name)
    tokenizer = load_tokenizer(folder)
    model = load_classifier(
        folder, labels=("y",), problem_type="regression", dropout=0.1, seed=0, pad_token_id=tokenizer.pad_token_id,
        per_unit=False, saved={},
    )  # fmt: skip
    read = tokenizer(STARTERS[name], return_tensors="pt", padding=True)
    inputs = {part: read[part] for part in ("input_ids", "attention_mask")}
    model.train()
    assert can_recompute(model)
    kept = gradients(model, inputs)
    recompute(model)
    assert any(getattr(part, "gradient_checkpointing", False) for part in model.modules())
    again = gradients(model, inputs)
    assert all(torch.equal(kept[part], again[part]) for part in kept)


def test_the_encoder_of_a_joined_model_is_recomputed() -> None:
    folder = local_folder("protein-starter")
    tokenizer = load_tokenizer(folder)
    model = load_classifier(
        folder, labels=("y",), problem_type="regression", dropout=0.1, seed=0, pad_token_id=tokenizer.pad_token_id,
        per_unit=False, saved={},
    )  # fmt: skip
    both = join(model, 2, outputs=1, dropout=0.1, seed=0).train()
    read = tokenizer(STARTERS["protein-starter"], return_tensors="pt", padding=True)
    inputs = {part: read[part] for part in ("input_ids", "attention_mask")} | {"features": torch.ones(2, 2)}
    kept = gradients(both, inputs)
    recompute(both)
    again = gradients(both, inputs)
    assert all(torch.equal(kept[part], again[part]) for part in kept)
    assert any(getattr(part, "gradient_checkpointing", False) for part in both.encoder.modules())


def test_a_network_that_is_none_of_transformers_cannot() -> None:
    assert not can_recompute(torch.nn.Linear(2, 2))


def gradients(model: torch.nn.Module, inputs: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    torch.manual_seed(0)
    model.zero_grad()
    model(**inputs).logits.sum().backward()
    return {name: part.grad.clone() for name, part in model.named_parameters() if part.grad is not None}
