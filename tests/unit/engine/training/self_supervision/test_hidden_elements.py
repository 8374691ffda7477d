"""Hidden elements: what is hidden, what the network is shown, that order says nothing and that it learns."""

from typing import Any

import numpy as np
import pytest
import torch

from sciapp.engine.domains.row_input import MultiInput
from sciapp.engine.inputs.kinds.composition import HIDDEN
from sciapp.engine.inputs.registry import encode
from sciapp.engine.inputs.tokenization.batches import Batch
from sciapp.engine.models.architectures.from_scratch import fresh_network, fresh_reader
from sciapp.engine.training.hidden_parts import HidingRows
from sciapp.engine.training.self_supervision.composition import ElementPretraining
from sciapp.errors import BadInput
from sciapp.records.plan.plan import Masking

FORMULAS = ["NaCl", "Fe2O3", "Sr0.3La0.7MnO3", "Si"]


@pytest.fixture(scope="module")
def reader() -> Any:
    return fresh_reader("material", FORMULAS)


def rows_of(reader: Any, formulas: list[str]) -> HidingRows:
    return HidingRows(encode(reader, formulas, 64, lambda done: None).rows, Masking(), 0, HIDDEN)


def test_rows_are_elements_and_their_fractions(reader: Any) -> None:
    rows = encode(reader, FORMULAS, 64, lambda done: None)
    assert rows.rows.lengths.tolist() == [2, 2, 4, 1] and rows.cut == 0
    assert rows.rows[1] == pytest.approx(np.array([[8, 0.6], [26, 0.4]]))
    assert reader.decode(rows.rows[1]) == "O 0.6 Fe 0.4"
    assert encode(reader, FORMULAS, 2, lambda done: None).cut == 1
    with pytest.raises(BadInput):
        encode(reader, [MultiInput(("NaCl", "Si"))], 64, lambda done: None)


def test_of_every_row_at_least_one_element_is_hidden_and_its_fraction_seen(reader: Any) -> None:
    batch = rows_of(reader, FORMULAS).batch(Batch(np.arange(4), 8), np.random.default_rng(0))
    assert batch.hidden.any(axis=1).all() and not (batch.hidden & (batch.mask == 0)).any()
    seen: dict[str, torch.Tensor] = {}

    def network(elements: torch.Tensor, mask: torch.Tensor) -> Any:
        seen["elements"] = elements
        return type("Out", (), {"logits": torch.zeros(*mask.shape, len(reader))})

    hidden = torch.from_numpy(batch.hidden)
    ElementPretraining(network)(torch.from_numpy(batch.values), torch.from_numpy(batch.mask), hidden)
    assert (seen["elements"][hidden][:, 0] == HIDDEN).all() and (seen["elements"][hidden][:, 1] > 0).all()


def test_the_order_of_elements_and_padding_change_nothing(reader: Any) -> None:
    network = fresh_network("material", reader, "tiny", 0).eval()
    row = encode(reader, ["Sr0.3La0.7MnO3"], 64, lambda done: None).rows
    elements, mask = (torch.from_numpy(part) for part in row.padded(np.array([0]), 8, 0))
    with torch.no_grad():
        padded = network(elements, mask).logits[0, :4]
        turned = network(elements[:, :4].flip(1), mask[:, :4]).logits[0].flip(0)
    assert torch.allclose(padded, turned, atol=1e-5)
    assert float(network.composition.embeddings.properties[1:].abs().sum()) > 0
