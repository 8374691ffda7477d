"""Balanced weights: every class asks for the same share of the loss, and the loss keeps its size."""

import numpy as np
import pytest
import torch
from torch.nn import functional

from sciapp.engine.data.targets.token_classification import TokenLabels
from sciapp.engine.tasks.losses import balanced
from sciapp.engine.tasks.registry import task_of
from sciapp.errors import BadInput
from sciapp.records.dataset.card import DatasetCard
from sciapp.records.plan.plan import Optimization, TrainPlan, changed_settings, read_plan, with_settings
from tests.helpers.made_projects import made_dataset, made_project
from tests.helpers.messages import refused_exactly

BALANCED = Optimization(class_weights="balanced")


@pytest.fixture
def card(tmp_path) -> DatasetCard:
    project = made_project(tmp_path / "p")
    made = made_dataset(project, task="classification")
    project.close()
    return made


def test_weights_are_those_of_scikit_learn() -> None:
    from sklearn.utils.class_weight import compute_class_weight

    labels = np.array([0] * 90 + [1] * 9 + [2])
    expected = compute_class_weight("balanced", classes=np.arange(3), y=labels)
    assert balanced(np.bincount(labels)).tolist() == pytest.approx(expected.tolist())


def test_a_class_without_rows_changes_nothing() -> None:
    assert balanced(np.array([30, 10, 0])).tolist() == pytest.approx([2 / 3, 2.0, 0.0])


@pytest.mark.parametrize("loss", ["auto", "binary_cross_entropy"])
def test_every_class_has_the_same_share_of_the_loss(card: DatasetCard, loss: str) -> None:
    targets = np.array([0] * 90 + [1] * 10)
    task = task_of(card, Optimization(loss=loss, class_weights="balanced"), targets)
    plain = task_of(card, Optimization(loss=loss), targets)
    labels, logits = torch.tensor(targets), torch.zeros(100, 2)
    parts = [float(task.loss(logits[labels == k], labels[labels == k])) for k in (0, 1)]
    assert parts[0] == pytest.approx(parts[1])
    assert sum(parts) == pytest.approx(float(plain.loss(logits, labels)), rel=1e-5)


def test_a_rare_class_is_found_once_it_weighs_as_much(card: DatasetCard) -> None:
    """Two overlapping clouds, one with a twentieth of the rows: a linear model says so only with weights."""
    rng = np.random.default_rng(0)
    x = torch.tensor(np.r_[rng.normal(0, 1, 950), rng.normal(2, 1, 50)], dtype=torch.float32)[:, None]
    labels = torch.tensor([0] * 950 + [1] * 50)
    found = {}
    for how in ("none", "balanced"):
        task = task_of(card, Optimization(class_weights=how), labels.numpy())
        weight, bias = torch.zeros(2, 1, requires_grad=True), torch.zeros(2, requires_grad=True)
        optimizer = torch.optim.LBFGS([weight, bias], max_iter=100, line_search_fn="strong_wolfe")

        def closure(task=task, weight=weight, bias=bias, optimizer=optimizer) -> torch.Tensor:
            optimizer.zero_grad()
            loss = task.loss(x @ weight.T + bias, labels) / len(labels)
            loss.backward()
            return loss

        optimizer.step(closure)
        said = (x @ weight.T + bias).argmax(dim=1)
        found[how] = float((said[950:] == 1).float().mean())
    assert found["none"] < 0.5 < 0.8 < found["balanced"]


def test_each_target_of_several_is_balanced_for_itself_and_gaps_ask_for_nothing(card: DatasetCard) -> None:
    card = card.model_copy(
        update={"task": "multilabel", "roles": card.roles.model_copy(update={"targets": ("a", "b")})}
    )
    targets = np.array([[1.0, 0.0]] + [[0.0, np.nan]] * 3 + [[0.0, 1.0]])
    task = task_of(card, BALANCED, targets)
    labels, logits = task.batch_labels(task.labels(targets)), torch.zeros(5, 2, requires_grad=True)
    task.loss(logits, labels).backward()
    assert logits.grad is not None
    by_hand = (torch.sigmoid(torch.zeros(5, 2)) - torch.nan_to_num(labels)) * torch.tensor(
        [[2.5, 1.0], [0.625, 0.0], [0.625, 0.0], [0.625, 0.0], [0.625, 1.0]]
    )
    assert torch.allclose(logits.grad, by_hand)


def test_labels_of_units_are_balanced_by_the_units_that_count(card: DatasetCard) -> None:
    card = card.model_copy(update={"task": "tagging", "domain": "protein"})  # labels high and low
    labels = TokenLabels.read(["hhhl", "hh"], ["1111", "01"], ("h", "l"), "")
    task = task_of(card, BALANCED, labels)
    logits, wanted = torch.zeros(1, 5, 2), torch.tensor([[0, 0, 0, 1, -100]])
    expected = functional.cross_entropy(
        logits.reshape(-1, 2),
        wanted.reshape(-1),
        weight=torch.tensor([5 / 8, 5 / 2]),
        ignore_index=-100,
        reduction="sum",
    )
    assert float(task.loss(logits, wanted)) == pytest.approx(float(expected))


def test_numbers_have_no_classes_to_balance(card: DatasetCard) -> None:
    with refused_exactly(BadInput) as raised:
        task_of(card.model_copy(update={"task": "regression"}), BALANCED, np.zeros((3, 1)))
    assert "class_weights" in raised.value.hint


def test_a_plan_from_before_the_setting_has_none() -> None:
    old = TrainPlan(dataset="d").model_dump()
    del old["optimization"]["class_weights"]
    read = read_plan(old)
    assert isinstance(read, TrainPlan)
    assert read.optimization.class_weights == "none"
    assert changed_settings(with_settings(read, {"class_weights": "balanced"})) == {"class_weights": "balanced"}
