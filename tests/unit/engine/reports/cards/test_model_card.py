"""The README of a saved model: read by people and by the hub."""

import re
from pathlib import Path

import pytest
import yaml

from sciapp.engine.reports.cards.model_card import write_model_card
from sciapp.records.dataset.card import DatasetCard
from sciapp.records.plan.compression import compression_facts
from sciapp.records.plan.plan import CompressPlan, Optimization, TrainPlan
from sciapp.records.project.project import Project
from tests.helpers.made_projects import evaluation, made_dataset


@pytest.fixture
def card(tmp_path: Path) -> DatasetCard:
    return made_dataset(Project.create(tmp_path / "p", domain="molecule"), rows=10)


def _front_matter(text: str) -> dict[str, object]:
    head, _, _ = text.removeprefix("---\n").partition("---\n")
    said = yaml.safe_load(head)
    assert isinstance(said, dict)
    return said


def test_a_training_says_what_it_is_how_good_and_how_to_use_it(tmp_path: Path, card: DatasetCard) -> None:
    plan = TrainPlan(dataset=card.id, model="org/encoder")
    write_model_card(tmp_path, plan, card, evaluation(), training=plan)
    text = (tmp_path / "README.md").read_text(encoding="utf-8")
    said = _front_matter(text)
    assert said["library_name"] == "transformers"
    assert said["base_model"] == "org/encoder"
    assert said["pipeline_tag"] == "text-classification"
    assert {"sciapp", "molecule", "regression"} <= set(said["tags"])  # type: ignore[call-overload]
    for part in (
        "0.600 (0.540 to 0.660)",
        "AutoModelForSequenceClassification",
        "in the targets' own units",
        "## Limits",
    ):
        assert part in text
    assert card.fingerprint in text


def test_a_local_base_model_is_not_told(tmp_path: Path, card: DatasetCard) -> None:
    plan = TrainPlan(dataset=card.id, model="/home/ada/encoder")
    write_model_card(tmp_path, plan, card, evaluation(), training=plan)
    text = (tmp_path / "README.md").read_text(encoding="utf-8")
    assert "base_model" not in _front_matter(text)
    assert "/home/ada" not in text


def test_a_compression_says_how_it_is_loaded(tmp_path: Path, card: DatasetCard) -> None:
    (tmp_path / "model_int8.safetensors").touch()
    training = TrainPlan(dataset=card.id)
    write_model_card(tmp_path, CompressPlan(run="001-train"), card, evaluation(compressed=True), training=training)
    text = (tmp_path / "README.md").read_text(encoding="utf-8")
    assert "model_int8.safetensors" in text
    assert "SavedModel.open" in text
    assert "Before compression" in text


def test_a_model_that_was_compressed_twice_names_both_steps(tmp_path: Path, card: DatasetCard) -> None:
    (tmp_path / "model_int8.safetensors").touch()
    first, second = CompressPlan(run="001-train"), CompressPlan(run="002-compress")
    training = TrainPlan(dataset=card.id)
    write_model_card(tmp_path, second, card, evaluation(compressed=True), training=training, before=(first,))
    text = (tmp_path / "README.md").read_text(encoding="utf-8")
    assert re.findall(r"`(\d{3}-\w+)`", text)[:2] == ["002-compress", "001-train"]
    assert text.count(compression_facts(first.base_text).result) >= 2


@pytest.mark.parametrize(("loss", "use"), [("auto", "softmax"), ("binary_cross_entropy", "sigmoid")])
def test_classes_are_read_as_they_were_trained(tmp_path: Path, loss: str, use: str) -> None:
    card = made_dataset(Project.create(tmp_path / "c", domain="molecule"), rows=10, task="classification")
    plan = TrainPlan(dataset=card.id, optimization=Optimization(loss=loss))  # type: ignore[arg-type]
    write_model_card(tmp_path, plan, card, evaluation(task="classification"), training=plan)
    assert use in (tmp_path / "README.md").read_text(encoding="utf-8")
