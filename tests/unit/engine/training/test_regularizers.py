"""Adversarial training, R-Drop and mixup do what their papers say, and leave nothing behind on the model."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor

from sciapp.engine.models.architectures.feature_fusion import FusionModel, encoder_of, join
from sciapp.engine.models.load import load_classifier
from sciapp.engine.runtime.device import Device
from sciapp.engine.tasks.base import Task
from sciapp.engine.tasks.classification import Classification
from sciapp.engine.tasks.multilabel import Multilabel
from sciapp.engine.tasks.regression import Regression
from sciapp.engine.tasks.token_classification import TokenClassification
from sciapp.engine.training.objectives.adversarial import Adversarial, Perturbation, disturbed_embeddings
from sciapp.engine.training.objectives.base import BatchLoss, PlainLoss
from sciapp.engine.training.objectives.mixup import Mixup, mixed_logits
from sciapp.engine.training.objectives.r_drop import RDrop, disagreement
from sciapp.engine.training.objectives.registry import batch_loss_for, check_regularization
from sciapp.errors import BadInput
from sciapp.records.plan.plan import TrainPlan, with_settings
from tests.helpers.messages import refused_exactly
from tests.helpers.tiny import tiny_model

DEVICE = Device(torch.device("cpu"), None)
NUMBERS = Regression(("y",), np.array([[0.0], [1.0], [2.0]]))
CLASSES = Classification(("a", "b", "c"))
ROWS, LENGTH, FEATURES = 4, 9, 5


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_model(tmp_path_factory.mktemp("model") / "m")


def classifier(folder: Path, task: Task, dropout: float = 0.0) -> Any:
    return load_classifier(
        folder,
        labels=task.outputs,
        problem_type=task.problem_type,
        dropout=dropout,
        seed=1,
        pad_token_id=1,
        per_unit=task.per_unit,
        saved=task.saved,
    ).train()


def joined_model(folder: Path) -> FusionModel:
    return join(classifier(folder, NUMBERS), FEATURES, outputs=1, dropout=0.0, seed=1).train()


def batch(*, features: bool = False) -> dict[str, Tensor]:
    torch.manual_seed(5)
    ids = torch.randint(5, 24, (ROWS, LENGTH))
    mask = (torch.arange(LENGTH) < torch.tensor([[9], [7], [5], [9]])).long()
    inputs = {"input_ids": torch.where(mask == 1, ids, 1), "attention_mask": mask}
    return inputs | ({"features": torch.randn(ROWS, FEATURES)} if features else {})


LABELS = torch.tensor([[0.5], [-1.0], [2.0], [0.0]])


# --- adversarial --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("steps", [1, 4])
def test_the_disturbance_is_as_long_as_asked_for_and_makes_the_loss_grow(
    folder: Path, steps: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    model, inputs, plain = classifier(folder, NUMBERS), batch(), PlainLoss(NUMBERS, DEVICE)
    added: list[Tensor] = []
    plain_states = encoder_of(model).get_input_embeddings()(inputs["input_ids"])
    add = Perturbation.add
    monkeypatch.setattr(
        Perturbation, "add", lambda *call: [out := add(*call), added.append((out - call[-1]).detach())][0]
    )
    half = float(Adversarial(plain, 0.1, steps).loss(model, inputs, LABELS).detach())
    clean = float(plain.loss(model, inputs, LABELS).detach())
    last = added[-1]
    size = last.square().sum(dim=(1, 2)).sqrt() / plain_states.square().sum(dim=(1, 2)).sqrt()
    assert torch.allclose(added[0], torch.zeros_like(added[0]))
    assert size.tolist() == pytest.approx([0.1] * ROWS, rel=1e-3)
    assert float(last[inputs["attention_mask"] == 0].abs().sum()) == 0  # padding is not disturbed
    assert 2 * half - clean > clean


def test_more_steps_find_a_worse_disturbance_or_as_bad_a_one(folder: Path) -> None:
    model, inputs, plain = classifier(folder, NUMBERS), batch(), PlainLoss(NUMBERS, DEVICE)
    one, many = (float(Adversarial(plain, 0.5, steps).loss(model, inputs, LABELS).detach()) for steps in (1, 8))
    assert many > one * 0.999


def test_no_random_direction_is_as_bad_as_the_adversarial_one(folder: Path) -> None:
    model, inputs, plain = classifier(folder, NUMBERS), batch(), PlainLoss(NUMBERS, DEVICE)
    clean = float(plain.loss(model, inputs, LABELS).detach())
    worst = 2 * float(Adversarial(plain, 0.2, 1).loss(model, inputs, LABELS).detach()) - clean
    for seed in range(10):
        with disturbed_embeddings(model) as disturbance:
            plain.loss(model, inputs, LABELS)
            assert disturbance.added is not None and disturbance.embedded is not None
            torch.manual_seed(seed)
            noise = torch.randn_like(disturbance.added) * inputs["attention_mask"][:, :, None]
            length = noise.square().sum(dim=(1, 2), keepdim=True).sqrt()
            whole = disturbance.embedded.square().sum(dim=(1, 2), keepdim=True).sqrt()
            disturbance.added = 0.2 * whole * noise / length
            assert float(plain.loss(model, inputs, LABELS).detach()) < worst


# --- R-Drop -------------------------------------------------------------------------------------------------------


def test_r_drop_without_dropout_is_the_plain_loss(folder: Path) -> None:
    model, inputs, plain = classifier(folder, NUMBERS), batch(), PlainLoss(NUMBERS, DEVICE)
    assert torch.allclose(RDrop(plain, 5.0).loss(model, inputs, LABELS), plain.loss(model, inputs, LABELS))


def test_r_drop_costs_what_both_readings_differ_by(folder: Path) -> None:
    model, inputs, plain = classifier(folder, NUMBERS, dropout=0.3), batch(), PlainLoss(NUMBERS, DEVICE)
    torch.manual_seed(2)
    found = RDrop(plain, 3.0).loss(model, inputs, LABELS)
    torch.manual_seed(2)
    first, second = plain.logits(model, inputs), plain.logits(model, inputs)
    expected = 0.5 * ((first - LABELS).square().sum() + (second - LABELS).square().sum())
    assert torch.allclose(found, expected + 3.0 * (first - second).square().sum())


def test_the_disagreement_of_classes_is_the_symmetric_divergence() -> None:
    p, q = torch.tensor([[0.7, 0.2, 0.1]]), torch.tensor([[0.3, 0.3, 0.4]])
    expected = 0.5 * ((p * (p / q).log()).sum() + (q * (q / p).log()).sum())
    assert torch.allclose(disagreement(CLASSES, p.log(), q.log() + 7, torch.tensor([1])), expected)


def test_only_labels_that_are_there_disagree() -> None:
    first, second = torch.tensor([[0.0, 1.0]]), torch.tensor([[2.0, 1.5]])
    gaps = torch.tensor([[float("nan"), 1.0]])
    targets = Regression(("a", "b"), np.zeros((1, 2)))
    assert float(disagreement(targets, first, second, gaps)) == pytest.approx(0.25)
    p, q = torch.sigmoid(first)[0, 1], torch.sigmoid(second)[0, 1]
    kl = lambda a, b: a * (a / b).log() + (1 - a) * ((1 - a) / (1 - b)).log()  # noqa: E731
    expected = 0.5 * (kl(p, q) + kl(q, p))
    assert torch.allclose(disagreement(Multilabel(("a", "b")), first, second, gaps), expected)
    units = TokenClassification(("a", "b"), "")
    tokens = torch.tensor([[[0.0, 1.0], [3.0, 0.0]]]), torch.tensor([[[2.0, 1.5], [0.0, 0.0]]])
    alone = disagreement(units, tokens[0][:, :1], tokens[1][:, :1], torch.tensor([[0]]))
    assert torch.allclose(disagreement(units, *tokens, torch.tensor([[0, -100]])), alone)


# --- mixup --------------------------------------------------------------------------------------------------------


def test_a_whole_share_is_the_row_itself_and_none_the_other_row(folder: Path) -> None:
    inputs, other = batch(), torch.tensor([2, 0, 3, 1])
    model, plain = classifier(folder, NUMBERS), PlainLoss(NUMBERS, DEVICE)
    logits = plain.logits(model, inputs)
    assert torch.allclose(mixed_logits(plain, model, inputs, 1.0, other), logits, atol=1e-6)
    assert torch.allclose(mixed_logits(plain, model, inputs, 0.0, other), logits[other], atol=1e-6)


def test_a_joined_models_mean_and_descriptors_are_mixed_whatever_the_lengths(folder: Path) -> None:
    """Its head is linear as it begins, so logits mix as what it reads does."""
    inputs, other = batch(features=True), torch.tensor([2, 0, 3, 1])
    model, plain = joined_model(folder), PlainLoss(NUMBERS, DEVICE)
    logits = plain.logits(model, inputs)
    mixed = mixed_logits(plain, model, inputs, 0.3, other)
    assert torch.allclose(mixed, 0.3 * logits + 0.7 * logits[other], atol=1e-5)


def test_the_mixed_loss_of_numbers_has_the_gradient_of_mixed_labels(folder: Path) -> None:
    model, inputs, plain = classifier(folder, NUMBERS), batch(), PlainLoss(NUMBERS, DEVICE)
    torch.manual_seed(11)
    Mixup(plain, 0.5).loss(model, inputs, LABELS).backward()
    found = [p.grad.clone() for p in model.parameters() if p.grad is not None]
    model.zero_grad()
    torch.manual_seed(11)
    share = float(torch.distributions.Beta(0.5, 0.5).sample())
    other = torch.randperm(ROWS)
    labels = share * LABELS + (1 - share) * LABELS[other]
    NUMBERS.loss(mixed_logits(plain, model, inputs, share, other), labels).backward()
    expected = [p.grad for p in model.parameters() if p.grad is not None]
    assert all(torch.allclose(a, b, atol=1e-5) for a, b in zip(found, expected, strict=True))


# --- all of them --------------------------------------------------------------------------------------------------


def objective(name: str, task: Task) -> BatchLoss:
    plan = with_settings(TrainPlan(dataset="d"), {"regularizer": name})
    return batch_loss_for(plan, task, DEVICE)


@pytest.mark.parametrize("name", ["fgm", "pgd", "r_drop", "mixup"])
@pytest.mark.parametrize("joined", [False, True])
def test_each_learns_with_and_without_descriptors_repeats_itself_and_leaves_no_hook(
    folder: Path, name: str, joined: bool
) -> None:
    inputs = batch(features=joined)
    runs = []
    for _ in range(2):
        model, untouched = (
            joined_model(folder) if joined else classifier(folder, NUMBERS, dropout=0.1) for _ in range(2)
        )
        optimizer = torch.optim.AdamW(model.parameters(), lr=3e-3)
        torch.manual_seed(0)
        losses = []
        for _ in range(25):
            optimizer.zero_grad()
            loss = objective(name, NUMBERS).loss(model, inputs, LABELS)
            loss.backward()
            optimizer.step()
            losses.append(float(loss.detach()))
        learnt = PlainLoss(NUMBERS, DEVICE).loss(model.eval(), inputs, LABELS)
        assert learnt < losses[0]
        untouched.load_state_dict(model.state_dict())
        assert PlainLoss(NUMBERS, DEVICE).loss(untouched.eval(), inputs, LABELS) == learnt, "a hook would change it"
        runs.append(losses)
    assert runs[0] == runs[1]


@pytest.mark.parametrize("name", ["fgm", "pgd", "r_drop"])
def test_labels_of_units_can_be_learnt_under_all_but_mixup(folder: Path, name: str) -> None:
    task = TokenClassification(("a", "b"), "")
    labels = torch.where(batch()["attention_mask"] == 1, batch()["input_ids"] % 2, -100)
    loss = objective(name, task).loss(classifier(folder, task, 0.1), batch(), labels)
    loss.backward()
    assert torch.isfinite(loss)


def test_what_does_not_fit_is_refused_in_plain_words() -> None:
    with refused_exactly(BadInput) as raised:
        check_regularization(
            with_settings(TrainPlan(dataset="d"), {"regularizer": "mixup"}), TokenClassification(("a", "b"), "")
        )
    assert "r_drop" in raised.value.hint
    with refused_exactly(BadInput) as raised:
        check_regularization(with_settings(TrainPlan(dataset="d"), {"regularizer": "r_drop", "dropout": 0}), NUMBERS)
    assert "dropout" in raised.value.hint
