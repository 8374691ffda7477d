"""Focal loss, label smoothing and Huber's loss by their formulas, and refused where they do not fit."""

from typing import Any
from unittest.mock import ANY

import numpy as np
import pytest
import torch
from torch.nn import functional

from sciapp.engine.data.targets.token_classification import TokenLabels
from sciapp.engine.tasks.classification import Classification
from sciapp.engine.tasks.losses import ClassLoss
from sciapp.engine.tasks.multilabel import Multilabel
from sciapp.engine.tasks.registry import check_masked, task_of
from sciapp.engine.tasks.regression import Regression
from sciapp.engine.tasks.token_classification import IGNORED, TokenClassification
from sciapp.errors import BadInput
from sciapp.records.dataset.card import DatasetCard
from sciapp.records.plan.plan import Optimization
from tests.helpers.made_projects import made_dataset, made_project
from tests.helpers.messages import refused_exactly

LOGITS = torch.tensor([[2.0, -1.0, 0.5], [0.0, 0.3, -2.0], [1.0, 1.0, 4.0]])
LABELS = torch.tensor([0, 2, 2])


def test_focal_loss_is_that_of_lin_and_others() -> None:
    right = torch.softmax(LOGITS, dim=1)[torch.arange(3), LABELS]
    alpha = torch.tensor([0.2, 1.0, 1.8])
    expected = -(alpha[LABELS] * (1 - right) ** 2 * right.log()).sum()
    task = Classification(("a", "b", "c"), loss=ClassLoss(alpha, focal_gamma=2.0))
    assert float(task.loss(LOGITS, LABELS)) == pytest.approx(float(expected), rel=1e-5)


def test_focal_loss_of_several_targets_leaves_gaps_out() -> None:
    labels = torch.tensor([[1.0, 0.0], [float("nan"), 1.0]])
    logits = torch.tensor([[0.5, -1.0], [3.0, -0.2]], requires_grad=True)
    said = torch.sigmoid(logits)
    right = torch.stack([said[0, 0], 1 - said[0, 1], said[1, 1]])
    expected = -((1 - right) ** 3 * right.log()).sum()
    loss = Multilabel(("a", "b"), loss=ClassLoss(focal_gamma=3.0)).loss(logits, labels)
    assert float(loss.detach()) == pytest.approx(float(expected.detach()), rel=1e-5)
    loss.backward()
    assert logits.grad is not None
    assert logits.grad[1, 0] == 0


def test_focal_loss_of_units_asks_nothing_of_those_that_do_not_count() -> None:
    task = TokenClassification(("H", "E", "C"), "", loss=ClassLoss(focal_gamma=2.0))
    some = task.loss(LOGITS[None], torch.tensor([[0, IGNORED, 2]]))
    both = task.loss(LOGITS[[0, 2]][None], torch.tensor([[0, 2]]))
    assert float(some) == pytest.approx(float(both))


@pytest.mark.parametrize("gamma", [0.1, 0.5, 2.0])
def test_a_model_that_is_quite_sure_still_has_a_gradient_that_is_a_number(gamma: float) -> None:
    logits = torch.tensor([[200.0, -200.0, 0.0], [-200.0, 200.0, 0.0]], requires_grad=True)
    Classification(("a", "b", "c"), loss=ClassLoss(focal_gamma=gamma)).loss(logits, torch.tensor([0, 0])).backward()
    assert logits.grad is not None
    assert torch.isfinite(logits.grad).all()


def test_label_smoothing_spreads_the_label_over_all_classes() -> None:
    spread = 0.9 * functional.one_hot(LABELS, 3) + 0.1 / 3
    expected = -(spread * torch.log_softmax(LOGITS, dim=1)).sum()
    for task in (
        Classification(("a", "b", "c"), loss=ClassLoss(label_smoothing=0.1)),
        TokenClassification(("H", "E", "C"), "", loss=ClassLoss(label_smoothing=0.1)),
    ):
        assert float(task.loss(LOGITS, LABELS)) == pytest.approx(float(expected), rel=1e-5)


def test_huber_counts_small_errors_as_squares_and_large_ones_linearly() -> None:
    targets = np.array([[0.0], [2.0]])  # mean 1, standard deviation 1
    huber, squared = Regression(("y",), targets, huber_delta=0.5), Regression(("y",), targets)
    labels = torch.zeros(1, 1)
    near, far = torch.tensor([[0.3]]), torch.tensor([[10.0]])
    assert float(huber.loss(near, labels)) == pytest.approx(float(squared.loss(near, labels)))
    assert float(huber.loss(far, labels)) == pytest.approx(2 * 0.5 * (10 - 0.25))
    assert float(huber.loss(far, torch.full((1, 1), float("nan")))) == 0


@pytest.fixture
def card(tmp_path: Any) -> DatasetCard:
    project = made_project(tmp_path / "p")
    made = made_dataset(project, task="classification")
    project.close()
    return made


REFUSED = {
    "huber for classes": ("classification", {"loss": "huber"}, {"loss": "huber", "what": "classes"}),
    "squares for classes": (
        "classification",
        {"loss": "mean_squared_error"},
        {"loss": "mean_squared_error", "what": "classes"},
    ),
    "focal for numbers": ("regression", {"loss": "focal"}, {"loss": "focal", "what": "numbers"}),
    "smoothed numbers": ("regression", {"label_smoothing_factor": 0.1}, {"reason": {"labels": "numbers"}}),
    "smoothed yes or no": ("multilabel", {"label_smoothing_factor": 0.1}, {"reason": {"labels": ANY}}),
    "smoothed focal": (
        "classification",
        {"loss": "focal", "label_smoothing_factor": 0.1},
        {"reason": {"loss": "focal"}},
    ),
    "binary for units": ("tagging", {"loss": "binary_cross_entropy"}, {"loss": "binary_cross_entropy", "what": ANY}),
    "balanced numbers": ("regression", {"class_weights": "balanced"}, {}),
}
"""Task, settings, and the values of the message."""


@pytest.mark.parametrize("case", REFUSED)
def test_what_does_not_fit_the_task_is_refused_in_plain_words(card: DatasetCard, case: str) -> None:
    task, settings, values = REFUSED[case]
    targets: Any = TokenLabels.of([[0, 1]]) if task == "tagging" else np.zeros((3, 1))
    with refused_exactly(BadInput, **values) as raised:
        task_of(card.model_copy(update={"task": task}), Optimization(**settings), targets)
    assert values.get("loss", [*settings][-1]) in raised.value.message + raised.value.hint


@pytest.mark.parametrize(
    "settings", [{"loss": "focal"}, {"label_smoothing_factor": 0.1}, {"class_weights": "balanced"}]
)
def test_self_supervision_refuses_what_is_about_labels(settings: dict[str, Any]) -> None:
    check_masked(Optimization(optimizer="lion", lr_scheduler_type="one_cycle"))
    with refused_exactly(BadInput, name=next(iter(settings))):
        check_masked(Optimization(**settings))
