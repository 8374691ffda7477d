"""Base weights in few bits beside LoRA: refused where they cannot be had; with bitsandbytes, whose layers also run on a
processor, the whole way from loading to a plain model."""

import importlib.util
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import nn
from transformers import AutoConfig, AutoModelForSequenceClassification

from sciapp.engine.models.load import load_classifier
from sciapp.engine.models.peft import qlora as quantized_base
from sciapp.engine.models.peft.adapters import adapt, merge_adapters
from sciapp.engine.models.peft.qlora import check_base_weights, loading_options
from sciapp.engine.training.checkpoints.frozen_weights import FrozenWeights
from sciapp.errors import BadInput
from sciapp.records.plan.tuning import BaseWeights, Tuning

NF4 = Tuning(tuning_method="lora", base_weights="nf4")


@pytest.mark.parametrize(
    ("tuning", "device", "said"),
    [
        (NF4, "cpu", "NVIDIA GPU"),
        (Tuning(tuning_method="ia3", base_weights="int8"), "cuda", "by LoRA"),
        (Tuning(base_weights="nf4"), "cuda", "by LoRA"),
    ],
)
def test_what_cannot_be_is_refused_with_a_way_out(tuning: Tuning, device: str, said: str) -> None:
    with pytest.raises(BadInput, match=said) as refused:
        check_base_weights(tuning, torch.device(device))
    assert "base_weights" in refused.value.hint


def test_without_the_library_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quantized_base, "find_spec", lambda name: None)
    with pytest.raises(BadInput, match="bitsandbytes") as refused:
        check_base_weights(NF4, torch.device("cuda"))
    assert "sciapp[cuda]" in refused.value.hint


def test_each_process_of_a_team_loads_onto_its_own_gpu(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "current_device", lambda: 1)
    config = AutoConfig.from_pretrained("resources/models/molecule-starter")
    assert loading_options("int8", config, per_unit=False)["device_map"] == {"": 1}


def test_full_weights_need_nothing() -> None:
    check_base_weights(Tuning(tuning_method="prompt"), torch.device("cpu"))


@pytest.mark.skipif(importlib.util.find_spec("bitsandbytes") is None, reason="needs the extra “cuda”")
@pytest.mark.filterwarnings("ignore::UserWarning", "ignore::FutureWarning", "ignore::DeprecationWarning")
@pytest.mark.parametrize(
    ("base_weights", "arithmetic", "off"),
    [
        ("int8", "plain", 1e-5),
        ("nf4", "plain", 1e-5),
        # Where a processor has avx512_bf16 the library packs four-bit weights for it as soon as nothing learns: half a
        # bit of bf16 in each product then, and nothing more elsewhere.
        ("nf4", "of this processor", 2**-7),
    ],
)
def test_from_few_bits_to_a_plain_model(
    base_weights: BaseWeights, arithmetic: str, off: float, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if arithmetic == "plain":
        monkeypatch.setattr("bitsandbytes.nn.modules.has_avx512bf16", lambda: False)
    monkeypatch.setattr(quantized_base, "_own_gpu", lambda: torch.device("cpu"))
    monkeypatch.setattr(torch.cuda, "is_bf16_supported", lambda: True)
    model: Any = load_classifier(
        Path("resources/models/molecule-starter"),
        labels=["a", "b"],
        problem_type="single_label_classification",
        dropout=0.0,
        seed=0,
        pad_token_id=1,
        base_weights=base_weights,
    )
    tuning = NF4.model_copy(update={"base_weights": base_weights})
    adapt(model, tuning, virtual_tokens=[], seed=0)
    ids = torch.tensor([[0, 12, 13, 2], [0, 14, 2, 1]])
    inputs = {"input_ids": ids, "attention_mask": (ids != 1).long()}
    learning = [weight for weight in model.parameters() if weight.requires_grad]
    assert {weight.dtype for weight in learning} == {torch.float32}
    base = FrozenWeights.of(model, tuning)
    held = base.without({name: tensor.clone() for name, tensor in model.state_dict().items()})
    assert sum(tensor.numel() for tensor in held.values()) == sum(weight.numel() for weight in learning)
    begun = model(**inputs).logits.detach()

    optimizer = torch.optim.AdamW(learning, lr=3e-3)
    for _ in range(5):
        loss = nn.functional.cross_entropy(model(**inputs).logits, torch.tensor([0, 1]))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    model.eval()
    learned = model(**inputs).logits.detach()
    assert not torch.allclose(learned, begun, atol=0.1)
    kept = base.without({name: tensor.clone() for name, tensor in model.state_dict().items()})
    base.put_back(model, held)
    torch.testing.assert_close(model(**inputs).logits.detach(), begun, atol=off, rtol=off)
    base.put_back(model, kept)

    merge_adapters(model)
    assert {type(layer) for layer in model.modules() if isinstance(layer, nn.Linear)} == {nn.Linear}
    torch.testing.assert_close(model(**inputs).logits.detach(), learned, atol=0.05, rtol=0.05)
    model.save_pretrained(tmp_path)
    plain: Any = AutoModelForSequenceClassification.from_pretrained(tmp_path).eval()
    torch.testing.assert_close(plain(**inputs).logits, model(**inputs).logits)
