"""Targets of 0 and 1: gaps give no loss, and the saved config tells them from classes."""

from types import SimpleNamespace

import numpy as np
import pytest
import torch
from torch.nn import functional

from sciapp.engine.tasks.classification import Classification
from sciapp.engine.tasks.multilabel import Multilabel
from sciapp.engine.tasks.registry import saved_task

NAN = float("nan")
TARGETS = np.array([[1.0, NAN], [0.0, 1.0], [NAN, 0.0], [1.0, NAN]])


def test_a_gap_gives_no_loss_and_no_gradient() -> None:
    task = Multilabel(("a", "b"))
    labels = task.batch_labels(task.labels(TARGETS))
    logits = torch.full((4, 2), 0.7, requires_grad=True)
    loss = task.loss(logits, labels)
    loss.backward()  # type: ignore[no-untyped-call]
    known = ~np.isnan(TARGETS)
    by_hand = functional.binary_cross_entropy_with_logits(
        torch.full((5,), 0.7), torch.tensor(TARGETS[known], dtype=torch.float32), reduction="sum"
    )
    assert task.count(labels) == 5
    assert float(loss.detach()) == pytest.approx(float(by_hand), rel=1e-5)
    assert logits.grad is not None
    assert ((logits.grad != 0).numpy() == known).all()


def test_the_main_score_leaves_targets_out_that_cannot_be_ranked() -> None:
    task = Multilabel(("a", "b"))
    truth = np.array([[0.0, 1.0], [1.0, 1.0], [1.0, NAN]])
    said = task.decode(np.array([[-1.0, 0.0], [2.0, 0.0], [1.0, 0.0]]))
    assert task.scores(said, truth)["roc_auc"] == 1.0
    pooled = task.scores(said, np.array([[1.0, 0.0], [1.0, NAN], [1.0, NAN]]))
    assert pooled["roc_auc"] == pytest.approx(2 / 3), "nothing to rank within a target: all targets as one"
    assert np.isnan(task.scores(said, np.ones((3, 2)))["roc_auc"])


def test_the_config_tells_targets_from_classes_of_the_same_problem_type() -> None:
    for task in (Multilabel(("a", "b")), Classification(("a", "b"), one_against_rest=True)):
        config = SimpleNamespace(problem_type=task.problem_type, id2label={0: "a", 1: "b"}, **task.saved)
        again = saved_task(config)
        assert type(again) is type(task)
        assert again.decode(np.zeros((1, 2))).values.tolist() == task.decode(np.zeros((1, 2))).values.tolist()
    old = SimpleNamespace(problem_type="multi_label_classification", id2label={0: "a", 1: "b"})
    assert isinstance(saved_task(old), Classification), "from before the key was written"
