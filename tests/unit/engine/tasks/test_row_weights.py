"""A row of weight 2 counts like two such rows, a row of weight 0 like none: in every task, objective and fit."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor

from sciapp.engine.data.dataset.table import Rows
from sciapp.engine.data.targets.token_classification import TokenLabels
from sciapp.engine.domains.registry import domain_named
from sciapp.engine.inputs.tokenization.tokens import TokenRows, Tokens, UnitPositions
from sciapp.engine.models.architectures.linear_probe import fit_probe
from sciapp.engine.runtime.device import Device
from sciapp.engine.tasks.base import Task
from sciapp.engine.tasks.classification import Classification
from sciapp.engine.tasks.losses import ClassLoss
from sciapp.engine.tasks.multilabel import Multilabel
from sciapp.engine.tasks.registry import task_of
from sciapp.engine.tasks.regression import Regression, Standardization
from sciapp.engine.tasks.sample_weights import row_weights
from sciapp.engine.tasks.token_classification import IGNORED, TokenClassification
from sciapp.engine.training.objectives.adversarial import Adversarial
from sciapp.engine.training.objectives.base import BatchLoss, PlainLoss
from sciapp.engine.training.objectives.mixup import Mixup
from sciapp.engine.training.objectives.r_drop import RDrop, disagreement
from sciapp.errors import BadInput
from sciapp.records.dataset.card import DatasetCard
from sciapp.records.plan.plan import Optimization
from tests.helpers.baselines import simple_baseline, trivial_baseline
from tests.helpers.made_projects import made_dataset, made_project
from tests.helpers.messages import refused_exactly

DEVICE = Device(torch.device("cpu"), None)
WEIGHTS = torch.tensor([2.0, 0.0, 1.0, 3.0])
REPEATED = torch.tensor([0, 0, 2, 3, 3, 3])

ROW_TASKS: dict[str, tuple[Task, Tensor]] = {
    "regression": (
        Regression(("y", "z"), np.array([[0.0, 1.0], [1.0, 3.0]])),
        torch.tensor([[0.5, float("nan")], [9.0, 9.0], [2.0, -1.0], [float("nan"), 1.0]]),
    ),
    "classification": (Classification(("a", "b", "c")), torch.tensor([0, 1, 2, 1])),
    "one against the rest": (Classification(("a", "b", "c"), one_against_rest=True), torch.tensor([0, 1, 2, 1])),
    "balanced": (
        Classification(("a", "b", "c"), loss=ClassLoss(torch.tensor([0.5, 1.0, 2.0]))),
        torch.tensor([0, 1, 2, 1]),
    ),
    "multilabel": (
        Multilabel(("a", "b"), loss=ClassLoss(torch.tensor([[1.0, 2.0], [0.5, 3.0]]))),
        torch.tensor([[0.0, 1.0], [1.0, 1.0], [float("nan"), 0.0], [1.0, float("nan")]]),
    ),
    "tagging": (
        TokenClassification(("H", "E"), "", loss=ClassLoss(torch.tensor([0.5, 2.0]))),
        torch.tensor([[IGNORED, 0, 1], [IGNORED, 1, 1], [IGNORED, 0, IGNORED], [IGNORED, 1, 0]]),
    ),
}


def logits_of(task: Task, labels: Tensor) -> Tensor:
    torch.manual_seed(3)
    places = labels.shape if task.per_unit else labels.shape[:1]
    return torch.randn(*places, len(task.outputs))


@pytest.mark.parametrize("name", ROW_TASKS)
def test_a_weighted_loss_is_that_of_rows_repeated_as_often(name: str) -> None:
    task, labels = ROW_TASKS[name]
    logits = logits_of(task, labels)
    weighted = task.loss(logits, labels, WEIGHTS)
    assert torch.allclose(weighted, task.loss(logits[REPEATED], labels[REPEATED]), rtol=1e-5)
    assert not torch.allclose(weighted, task.loss(logits, labels), rtol=1e-3)
    assert torch.allclose(task.loss(logits, labels, torch.ones(4)), task.loss(logits, labels))


@pytest.mark.parametrize("name", ROW_TASKS)
def test_so_is_the_disagreement_of_two_readings(name: str) -> None:
    task, labels = ROW_TASKS[name]
    one, other = logits_of(task, labels), logits_of(task, labels) + torch.linspace(-1, 1, len(task.outputs))
    other = other * torch.arange(1, 5).reshape(-1, *(1 for _ in one.shape[1:]))
    weighted = disagreement(task, one, other, labels, WEIGHTS)
    assert torch.allclose(weighted, disagreement(task, one[REPEATED], other[REPEATED], labels[REPEATED]), rtol=1e-5)


class Echo(torch.nn.Module):
    """Embeds tokens and reads their mean: as much of a network as an objective touches."""

    def __init__(self, outputs: int) -> None:
        super().__init__()
        torch.manual_seed(1)
        self.words, self.out = torch.nn.Embedding(9, 4), torch.nn.Linear(4, outputs)
        self.base_model = self
        self.base_model_prefix = "base"

    def get_input_embeddings(self) -> torch.nn.Module:
        return self.words

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> Any:
        mean = (self.words(input_ids) * attention_mask[:, :, None]).mean(dim=1)
        return type("Said", (), {"logits": self.out(mean)})()


@pytest.mark.parametrize("made", [lambda p: p, lambda p: Adversarial(p, 0.1, 1), lambda p: Adversarial(p, 0.1, 3),
                                  lambda p: RDrop(p, 2.0)], ids=["plain", "fgm", "pgd", "r_drop"])  # fmt: skip
@pytest.mark.parametrize("name", [name for name in ROW_TASKS if name != "tagging"])
def test_objectives_weigh_rows(name: str, made: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sciapp.engine.training.objectives.adversarial.encoder_of", lambda model: model)
    task, labels = ROW_TASKS[name]
    objective: BatchLoss = made(PlainLoss(task, DEVICE))
    model, ids = Echo(len(task.outputs)), torch.arange(12).reshape(4, 3) % 9
    inputs = {"input_ids": ids, "attention_mask": torch.ones_like(ids)}
    repeated = {key: value[REPEATED] for key, value in inputs.items()}
    weighted = objective.loss(model, inputs, labels, WEIGHTS)
    assert torch.allclose(weighted, objective.loss(model, repeated, labels[REPEATED]), rtol=1e-4)


def test_mixup_counts_a_label_like_the_row_that_it_comes_from(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a row of weight 0 was measured to be must not matter, whichever row it is mixed with."""
    task, labels = ROW_TASKS["classification"]
    logits = logits_of(task, labels)
    monkeypatch.setattr("sciapp.engine.training.objectives.mixup.mixed_logits", lambda *_: logits)
    losses = []
    for poisoned in (1, 2):
        torch.manual_seed(0)
        changed = labels.clone()
        changed[1] = poisoned
        losses.append(Mixup(PlainLoss(task, DEVICE), 1.0).loss(None, {}, changed, WEIGHTS))
    assert torch.equal(losses[0], losses[1])
    torch.manual_seed(0)
    share = float(torch.distributions.Beta(1.0, 1.0).sample())
    other = torch.randperm(4)
    by_hand = share * task.loss(logits, labels, WEIGHTS)
    by_hand += (1 - share) * task.loss(logits, labels[other], WEIGHTS[other])
    assert torch.allclose(losses[0], by_hand)


def test_weights_have_the_mean_one_and_pieces_those_of_their_row() -> None:
    tokens = Tokens(TokenRows.of([[1, 2], [3]]), 0)
    assert row_weights(None, tokens) is None
    found = row_weights(np.array([1e-3, 3e-3]), tokens)
    assert found is not None and found.tolist() == pytest.approx([0.5, 1.5])
    pieces = UnitPositions(np.arange(3), np.array([0, 2, 3]), np.array([0, 2, 3]))
    found = row_weights(np.array([1e300, 3e300]), Tokens(TokenRows.of([[1], [2], [3]]), 0, pieces))
    assert found is not None and found.tolist() == pytest.approx([0.5, 0.5, 1.5])


def test_numbers_are_standardised_by_weighted_means() -> None:
    values = np.array([[1.0, 2.0], [500.0, 500.0], [3.0, np.nan], [4.0, 8.0]])
    weighted = Standardization.of(values, WEIGHTS.double().numpy())
    repeated = Standardization.of(values[REPEATED.numpy()])
    assert weighted.mean == pytest.approx(repeated.mean)
    assert weighted.scale == pytest.approx(repeated.scale)
    with refused_exactly(BadInput, name="y"):
        Regression(("y",), np.array([[np.nan], [1.0]]), np.array([1.0, 0.0]))


BALANCED = Optimization(class_weights="balanced")


@pytest.fixture
def card(tmp_path: Any) -> Iterator[DatasetCard]:
    project = made_project(tmp_path / "p")
    yield made_dataset(project, task="classification")
    project.close()


def losses_of_classes(task: Task, *axes: int) -> list[float]:
    """The loss of each class where the model guesses them all alike. axes: of the labels."""
    classes = len(task.outputs)
    return [float(task.loss(torch.zeros(*axes, classes), torch.full(axes, label))) for label in range(classes)]


def test_classes_are_balanced_by_the_weights_of_their_rows(card: DatasetCard) -> None:
    labels = np.array([0, 1, 1, 0])
    weighted = task_of(card, BALANCED, labels, WEIGHTS.double().numpy())
    repeated = task_of(card, BALANCED, labels[REPEATED.numpy()])
    one, other = losses_of_classes(weighted, 1)
    assert [one, other] == pytest.approx(losses_of_classes(repeated, 1)) and one != pytest.approx(other)
    units = TokenLabels.of([[0, 1, 1], [1, 1, 1], [0], [1, 0]])
    tagged = card.model_copy(update={"task": "tagging", "domain": "protein"})
    weighted = task_of(tagged, BALANCED, units, WEIGHTS.double().numpy())
    repeated = task_of(tagged, BALANCED, units[REPEATED.numpy()])
    one, other = losses_of_classes(weighted, 1, 1)
    assert [one, other] == pytest.approx(losses_of_classes(repeated, 1, 1)) and one != pytest.approx(other)


@pytest.mark.parametrize("name", ["regression", "classification", "multilabel"])
def test_the_linear_fit_under_a_head_weighs_rows(name: str) -> None:
    rng = np.random.default_rng(0)
    x = torch.tensor(rng.normal(size=(60, 4)), dtype=torch.float32)
    score = x[:, 0] + 0.3 * torch.tensor(rng.normal(size=60))
    weights = torch.tensor(rng.integers(0, 4, 60), dtype=torch.float32)
    repeated = torch.repeat_interleave(torch.arange(60), weights.long())
    if name == "regression":
        task: Task = Regression(("y",), score.double().numpy()[:, None])
        targets: Any = score.double().numpy()[:, None]
    elif name == "classification":
        task, targets = Classification(("a", "b")), (score > 0).long().numpy()
    else:
        task, targets = Multilabel(("y",)), (score > 0).double().numpy()[:, None]
    labels = task.batch_labels(task.labels(targets))
    one = fit_probe(task, x, labels, x, targets, 0.3, weights)
    other = fit_probe(task, x[repeated], labels[repeated], x, targets, 0.3)
    assert torch.allclose(one.weight, other.weight, rtol=1e-2, atol=1e-3)
    assert one.score == pytest.approx(other.score, rel=1e-3)


@pytest.mark.parametrize("task", ["regression", "classification", "multilabel", "tagging"])
def test_baselines_do_not_learn_from_rows_of_weight_0(task: str) -> None:
    domain = domain_named("protein")
    rng = np.random.default_rng(1)
    inputs = ["".join(rng.choice(list("ACDW"), 12)) for _ in range(80)]
    share = np.array([text.count("W") / 12 for text in inputs])
    poisoned = np.arange(80) % 2 == 1
    if task == "tagging":
        said = [[int(unit == "W") ^ int(bad) for unit in text] for text, bad in zip(inputs, poisoned, strict=True)]
        targets: Any = TokenLabels.of(said)
    elif task == "classification":
        targets = (share > 0.25).astype(np.int64) ^ poisoned
    elif task == "multilabel":
        targets = ((share > 0.25) ^ poisoned).astype(np.float64)[:, None]
    else:
        targets = np.where(poisoned, 50 - share, share)[:, None]
    weights = np.where(poisoned, 0.0, 2.0)
    whole = Rows(np.arange(80), inputs, targets, None, weights)
    clean = np.flatnonzero(~poisoned)
    kept = Rows(clean, [inputs[i] for i in clean], targets[clean], None, None)
    test = Rows(np.arange(20), inputs[:20], targets[np.arange(20)])

    def values(rows: Rows) -> list[Any]:
        simple = simple_baseline(domain, task, rows, test, classes=2, seed=0, threads=1)
        both = (simple, trivial_baseline(domain, task, rows, test, 2))
        return [one.values.codes if isinstance(one.values, TokenLabels) else one.values for one in both]

    for weighted, without in zip(values(whole), values(kept), strict=True):
        assert np.allclose(weighted, without, atol=1e-6)
