"""Encoders without padding: the same answers and gradients for less work."""

from pathlib import Path
from typing import Any

import pytest
import torch
from torch import nn

from sciapp.engine.hub.catalog import resolve
from sciapp.engine.models.architectures.unpadding import TokenLayout, pack
from sciapp.engine.models.inference import mean_over_tokens
from sciapp.engine.models.load import load_classifier

STARTERS = ("molecule-starter", "protein-starter", "nucleotide-starter", "text-starter")


def starter(name: str, *, per_unit: bool = False, dropout: float = 0.0) -> Any:
    folder = resolve(name).folder
    assert folder is not None
    return load_classifier(
        folder, labels=("a", "b", "c"), problem_type="single_label_classification", dropout=dropout, seed=0,
        pad_token_id=0, per_unit=per_unit,
    ).eval()  # fmt: skip


def batch(lengths: tuple[int, ...] = (4, 11, 7, 11)) -> dict[str, torch.Tensor]:
    mask = (torch.arange(max(lengths)) < torch.tensor(lengths)[:, None]).long()
    ids = torch.randint(6, 18, mask.shape, generator=torch.Generator().manual_seed(1))
    return {"input_ids": ids * mask + (1 - mask), "attention_mask": mask}


@pytest.mark.parametrize("per_unit", [False, True])
@pytest.mark.parametrize("name", STARTERS)
def test_every_starter_gives_the_logits_and_gradients_of_the_padded_network(name: str, per_unit: bool) -> None:
    packed, padded = starter(name, per_unit=per_unit), starter(name, per_unit=per_unit)

    assert pack(packed)

    inputs = batch()
    real = inputs["attention_mask"].bool() if per_unit else slice(None)
    said, wanted = packed(**inputs).logits[real], padded(**inputs).logits[real]
    torch.testing.assert_close(said, wanted, rtol=1e-4, atol=1e-5)
    said.square().sum().backward()
    wanted.square().sum().backward()
    for (parameter, mine), theirs in zip(packed.named_parameters(), padded.parameters(), strict=True):
        assert (mine.grad is None) == (theirs.grad is None), parameter
        if mine.grad is not None and theirs.grad is not None:
            torch.testing.assert_close(mine.grad, theirs.grad, rtol=1e-3, atol=1e-4, msg=parameter)


def test_padding_is_not_computed() -> None:
    model = starter("text-starter", per_unit=True)
    computed: list[int] = []
    model.base_model.encoder.layer[2].intermediate.register_forward_hook(
        lambda module, args, out: computed.append(out.shape[0] * out.shape[1])
    )
    pack(model)
    computed.clear()

    model(**batch((4, 11, 7)))

    assert computed == [22]


def test_the_last_layer_computes_first_tokens_alone_where_the_head_reads_no_other() -> None:
    model = starter("protein-starter")
    computed: list[int] = []
    model.base_model.encoder.layer[-1].intermediate.register_forward_hook(
        lambda module, args, out: computed.append(out.shape[0] * out.shape[1])
    )
    pack(model)
    computed.clear()

    model(**batch((4, 11, 7)))
    mean_over_tokens(model.base_model, **batch((4, 11, 7)))  # whoever asks the encoder itself gets every token

    assert computed == [3, 22]


def test_the_encoder_alone_still_gives_states_of_every_token() -> None:
    packed, padded = starter("protein-starter"), starter("protein-starter")
    pack(packed)

    torch.testing.assert_close(
        mean_over_tokens(packed.base_model, **batch()), mean_over_tokens(padded.base_model, **batch())
    )


def test_layers_that_are_computed_again_on_the_way_back_give_the_same_gradients() -> None:
    again, once = starter("protein-starter"), starter("protein-starter")
    for model in (again, once):
        assert pack(model)
    again.activation_checkpointing_enable(activation_checkpointing_kwargs={"use_reentrant": False})
    again.train()
    once.train()

    for model in (again, once):
        model(**batch()).logits.sum().backward()

    for mine, theirs in zip(again.parameters(), once.parameters(), strict=True):
        if theirs.grad is not None:
            torch.testing.assert_close(mine.grad, theirs.grad)


def test_each_of_two_batches_goes_back_through_its_own_layout() -> None:
    again, once = starter("protein-starter"), starter("protein-starter")
    assert pack(again)
    again.activation_checkpointing_enable(activation_checkpointing_kwargs={"use_reentrant": False})
    again.train()
    once.train()

    for model in (again, once):
        first, second = model(**batch((4, 11, 7))), model(**batch((9, 3)))
        (first.logits.sum() + second.logits.sum()).backward()

    for mine, theirs in zip(again.parameters(), once.parameters(), strict=True):
        if theirs.grad is not None:
            torch.testing.assert_close(mine.grad, theirs.grad, rtol=1e-3, atol=1e-4)


def test_the_number_of_padding_may_be_any() -> None:
    model = starter("protein-starter")
    model.config.pad_token_id = model.config.vocab_size - 1

    assert pack(model)


def test_a_network_with_other_ways_inside_is_left_as_it_was() -> None:
    class Odd(nn.Module):
        """Layers that mix tokens outside attention: without padding they would mix others."""

        def forward(self, states: torch.Tensor, *args: Any, **kwargs: Any) -> torch.Tensor:
            return states.cumsum(dim=1)

    model = starter("text-starter")
    model.base_model.encoder.layer[1] = Odd()
    wanted = model(**batch()).logits

    assert not pack(model)
    assert torch.equal(model(**batch()).logits, wanted)


def test_a_saved_model_says_nothing_of_it(tmp_path: Path) -> None:
    packed, padded = starter("molecule-starter"), starter("molecule-starter")
    pack(packed)

    packed.save_pretrained(tmp_path / "packed")
    padded.save_pretrained(tmp_path / "padded")

    for name in ("config.json", "model.safetensors"):
        assert (tmp_path / "packed" / name).read_bytes() == (tmp_path / "padded" / name).read_bytes()


def test_states_come_back_to_where_they_were() -> None:
    layout = TokenLayout.of(batch((3, 5))["attention_mask"], first_only=False)
    states = torch.arange(20.0).reshape(2, 5, 2)

    again = layout.padded(layout.packed(states))

    assert torch.equal(again[0, :3], states[0, :3])
    assert torch.equal(again[1], states[1])
    assert not again[0, 3:].any()
    assert torch.equal(layout.firsts(layout.packed(states))[0], states[:, 0])
