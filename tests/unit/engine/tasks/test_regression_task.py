"""Regression: standardised by the training rows, gaps masked, predictions in the targets' own units."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from sciapp.engine.data.dataset.table import Rows
from sciapp.engine.tasks.regression import Regression
from sciapp.errors import BadInput

NAN = float("nan")
TRAIN = np.array([[1.0, 100.0], [3.0, NAN], [5.0, 300.0]])


def test_labels_are_standardised_by_the_training_rows_alone() -> None:
    labels = Regression(("a", "b"), TRAIN).labels(TRAIN).numpy()
    assert np.nanmean(labels, axis=0) == pytest.approx([0, 0], abs=1e-6)
    assert np.nanstd(labels, axis=0) == pytest.approx([1, 1], abs=1e-6)
    assert np.isnan(labels[1, 1])


def test_a_missing_target_gives_no_loss_and_no_gradient() -> None:
    task = Regression(("a", "b"), TRAIN)
    labels = task.labels(TRAIN)
    logits = torch.full((3, 2), 7.0, requires_grad=True)
    loss = task.loss(logits, labels)
    loss.backward()
    assert task.count(labels) == 5
    assert float(loss.detach()) == pytest.approx(float(np.nansum((7 - labels.numpy()) ** 2)), rel=1e-5)
    assert logits.grad is not None
    assert logits.grad[1, 1] == 0
    assert torch.isfinite(logits.grad).all()
    assert (logits.grad[:, 0] != 0).all()


def test_what_stands_in_a_masked_place_does_not_matter() -> None:
    task = Regression(("a", "b"), TRAIN)
    one, other = torch.zeros(3, 2), torch.zeros(3, 2)
    other[1, 1] = 1e6
    assert task.loss(one, task.labels(TRAIN)) == task.loss(other, task.labels(TRAIN))


@given(st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=50).filter(lambda v: np.std(v) > 1e-3))
def test_decoding_undoes_the_labels(values: list[float]) -> None:
    targets = np.array(values)[:, None]
    task = Regression(("a",), targets)
    decoded = task.decode(task.labels(targets).double().numpy()).values
    assert decoded == pytest.approx(targets, abs=1e-5 * float(np.abs(targets).max() + 1))


def test_a_constant_target_is_not_divided_by_zero() -> None:
    labels = Regression(("a",), np.full((3, 1), 4.0)).labels(np.full((3, 1), 4.0))
    assert labels.tolist() == [[0.0]] * 3


def test_a_target_without_any_training_value_is_refused_by_name() -> None:
    with pytest.raises(BadInput, match="“b”"):
        Regression(("a", "b"), np.array([[1.0, NAN], [2.0, NAN]]))


def test_scores_of_one_target_are_in_its_units_and_of_several_in_spreads() -> None:
    one = Regression(("a",), TRAIN[:, :1])
    assert one.scores(one.decode(np.zeros((3, 1))), TRAIN[:, :1])["rmse"] == pytest.approx(TRAIN[:, 0].std())
    two = Regression(("a", "b"), TRAIN)
    assert two.scores(two.decode(np.zeros((3, 2))), TRAIN)["rmse"] == pytest.approx(1.0)


def test_scores_without_any_measured_value_are_nan() -> None:
    task = Regression(("a",), TRAIN[:, :1])
    assert np.isnan(task.scores(task.decode(np.zeros((2, 1))), np.full((2, 1), NAN))["rmse"])


def bounded_rows(lower: list[float], upper: list[float], values: list[float]) -> Rows:
    columns = [np.array(each)[:, None] for each in (values, lower, upper)]
    return Rows(np.arange(len(values)), ["C"] * len(values), columns[0], lower=columns[1], upper=columns[2])


@pytest.mark.parametrize(
    ("delta", "costs"), [(None, [4.0, 9.0, 0.0, 0.0, 0.25, 0.0]), (1.0, [3.0, 5.0, 0.0, 0.0, 0.25, 0.0])]
)
def test_a_bound_costs_on_one_side_only(delta: float | None, costs: list[float]) -> None:
    task = Regression(("a",), np.array([[-1.0], [1.0]]), huber_delta=delta)  # mean 0, deviation 1
    rows = bounded_rows([NAN, 2.0, 2.0, NAN, NAN, NAN], [NAN, NAN, NAN, 2.0, 2.0, NAN], [1.0, *[NAN] * 5])
    labels = task.batch_labels(task.training_labels(rows))
    assert labels.shape == (6, 1, 3)
    assert task.count(labels) == 5
    logits = torch.tensor([[3.0], [-1.0], [3.0], [-7.0], [2.5], [9.0]], requires_grad=True)
    loss = task.loss(logits, labels)
    loss.backward()
    assert float(loss.detach()) == pytest.approx(sum(costs))
    assert logits.grad is not None
    steep = [4.0, -6.0] if delta is None else [2.0, -2.0]
    assert logits.grad[:, 0].tolist() == pytest.approx([*steep, 0, 0, 1, 0])
    weights = torch.tensor([0.0, 2.0, 1.0, 1.0, 1.0, 1.0])
    assert float(task.loss(logits, labels, weights).detach()) == pytest.approx(2 * costs[1] + costs[4])


def test_bounds_are_standardised_like_values() -> None:
    task = Regression(("a",), np.array([[10.0], [30.0]]))
    labels = task.batch_labels(task.training_labels(bounded_rows([40.0, NAN], [NAN, NAN], [NAN, 20.0])))
    assert labels[0, 0, 1] == pytest.approx(2.0)
    assert labels[1, 0, 0] == pytest.approx(0.0)
    assert torch.isnan(labels).sum() == 4


def test_rows_without_bounds_have_labels_as_ever() -> None:
    task = Regression(("a", "b"), TRAIN)
    rows = Rows(np.arange(3), ["C"] * 3, TRAIN)
    assert torch.equal(task.batch_labels(task.training_labels(rows)).nan_to_num(), task.labels(TRAIN).nan_to_num())
