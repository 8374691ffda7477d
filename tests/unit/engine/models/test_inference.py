"""Predictions come back in the order of the rows, whatever batches they went through."""

import numpy as np
import pytest
import torch

from sciapp.engine.inputs.tokenization.tokens import TokenRows
from sciapp.engine.models.inference import predict_logits
from sciapp.engine.models.load import load_classifier
from sciapp.errors import Cancelled
from tests.helpers.tiny import tiny_model


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> torch.nn.Module:
    folder = tiny_model(tmp_path_factory.mktemp("model"))
    return load_classifier(folder, labels=["y"], problem_type="regression", dropout=0.5, seed=0, pad_token_id=1)


def rows(count: int) -> TokenRows:
    rng = np.random.default_rng(0)
    return TokenRows.of([0, *rng.integers(5, 25, rng.integers(1, 40)).tolist(), 2] for _ in range(count))


def test_batches_change_neither_order_nor_values(model: torch.nn.Module) -> None:
    some = rows(37)
    model.train()
    together = predict_logits(model, some, pad=1, tokens_per_batch=256)
    one_by_one = np.concatenate(
        [predict_logits(model, TokenRows.of([row]), pad=1, tokens_per_batch=256) for row in some]
    )
    np.testing.assert_allclose(together, one_by_one, atol=1e-5)
    assert model.training, "the model is put back as it was"


def test_no_rows_give_no_predictions(model: torch.nn.Module) -> None:
    assert predict_logits(model, rows(0), pad=1, tokens_per_batch=256).shape == (0, 1)


def test_whoever_asks_between_batches_may_give_up(model: torch.nn.Module) -> None:
    def give_up(done: int) -> None:
        if done:
            raise Cancelled("The run")

    with pytest.raises(Cancelled):
        predict_logits(model, rows(50), pad=1, tokens_per_batch=128, check=give_up)
