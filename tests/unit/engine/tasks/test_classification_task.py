"""Classification: soft-max or one against the rest, and which loss fits which dataset."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from torch.nn import functional

from sciapp.engine.tasks.classification import Classification

CLASSES = ("a", "b", "c")
any_logits = arrays(np.float64, (4, 3), elements=st.floats(-1e4, 1e4))


@pytest.mark.parametrize("one_against_rest", [False, True])
@given(logits=any_logits)
def test_probabilities_are_shares_whatever_the_logits(one_against_rest: bool, logits: np.ndarray) -> None:
    values = Classification(CLASSES, one_against_rest=one_against_rest).decode(logits).values
    assert np.isfinite(values).all()
    assert (values >= 0).all()
    assert values.sum(axis=1) == pytest.approx(np.ones(4))


def test_the_losses_are_the_textbook_ones_summed_over_rows() -> None:
    logits, labels = torch.randn(5, 3, generator=torch.Generator().manual_seed(0)), torch.tensor([0, 1, 2, 1, 0])
    entropy = Classification(CLASSES)
    assert entropy.loss(logits, labels) == pytest.approx(float(5 * functional.cross_entropy(logits, labels)))
    binary = Classification(CLASSES, one_against_rest=True)
    wanted = torch.eye(3)[labels]
    by_hand = -(wanted * functional.logsigmoid(logits) + (1 - wanted) * functional.logsigmoid(-logits)).sum()
    assert float(binary.loss(logits, labels)) == pytest.approx(float(by_hand), rel=1e-5)


def test_scores_name_the_one_that_selects() -> None:
    task = Classification(CLASSES)
    perfect = task.decode(np.eye(3) * 9)
    assert task.scores(perfect, np.array([0, 1, 2])) == {"macro_f1": 1.0, "accuracy": 1.0}
    assert task.main_score in task.scores(perfect, np.array([0, 1, 2]))


def test_the_saved_config_tells_the_two_losses_apart() -> None:
    assert Classification(CLASSES).problem_type == "single_label_classification"
    assert Classification(CLASSES, one_against_rest=True).problem_type == "multi_label_classification"
