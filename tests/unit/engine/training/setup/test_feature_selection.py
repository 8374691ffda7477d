"""What is decided about descriptors before anything is worked out."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from sciapp.engine.data.dataset.table import Rows
from sciapp.engine.domains.series.values import Series
from sciapp.engine.inputs.features.matrix import FeatureRecipe
from sciapp.engine.inputs.registry import encode
from sciapp.engine.inputs.tokenization.tokens import TokenRows
from sciapp.engine.models.architectures.from_scratch import fresh_folder
from sciapp.engine.models.load import load_classifier, load_tokenizer
from sciapp.engine.runtime.progress import RunProgress
from sciapp.engine.tasks.regression import Regression
from sciapp.engine.training.setup import feature_selection as joining
from sciapp.engine.training.setup.feature_selection import SelectionData, decision_message, joined
from sciapp.records.dataset.card import DatasetCard, DatasetFolder, LengthSummary, Roles, Source, SplitPlan
from sciapp.records.plan.plan import TrainPlan
from sciapp.records.run.events import Noted


def material(plan: TrainPlan, folder: Path, domain: str = "molecule") -> SelectionData:
    source = Source(file_name="a.csv", path="a.csv", sha256="", bytes=1, encoding="utf-8", delimiter=",")
    card = DatasetCard(
        id="a", name="a", created=datetime.now(UTC), domain=domain, task="regression",
        roles=Roles(input="smiles", targets=("y",)), source=source, rows_read=4, rows_kept=4, rows_set_aside=0,
        split=SplitPlan(), split_counts={}, targets=(), lengths=LengthSummary(unit="atoms", median=1, maximum=1),
        fingerprint="",
    )  # fmt: skip
    rows = Rows(np.arange(4), ["C", "CC", "CCC", "CCCC"], np.arange(4.0)[:, None])
    task = Regression(("y",), rows.targets)
    return SelectionData(
        plan, card, task, {"train": rows, "validation": rows}, TokenRows.of([[0]] * 8), 0, DatasetFolder(folder)
    )


def told(given: SelectionData, decision: Path) -> tuple[list[Any], Any]:
    events: list[Any] = []
    return events, joined(None, given, decision, RunProgress(events.append))


def test_nothing_is_asked_where_nothing_is_wanted(tmp_path: Path) -> None:
    assert told(material(TrainPlan(dataset="a", descriptors="off"), tmp_path), tmp_path / "joining.json") == ([], None)


def test_very_many_costly_rows_are_not_described_unasked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(joining, "_MOST_AUTO", 7)
    decision = tmp_path / "joining.json"
    events, found = told(material(TrainPlan(dataset="a"), tmp_path), decision)
    assert found is None
    assert [event.message for event in events if isinstance(event, Noted)] == list(decision_message(decision))
    assert "8 rows" in decision_message(decision)[0]


def series_material(folder: Path) -> tuple[Any, SelectionData]:
    """Curves whose height is the label, and a fresh network that reads them."""
    rng = np.random.default_rng(0)
    heights = rng.uniform(1, 5, 60)
    curve = np.exp(-(np.linspace(-2, 2, 40) ** 2))
    inputs = [Series.even(height * curve + rng.normal(0, 0.05, 40)).text for height in heights]
    train, validation = (Rows(np.arange(30), inputs[part], heights[part, None]) for part in (slice(30), slice(30, 60)))
    fresh_folder(folder, "series", train.inputs, "tiny", 0)
    reader, task = load_tokenizer(folder), Regression(("y",), train.targets)
    model = load_classifier(
        folder, labels=("y",), problem_type="regression", dropout=0.1, seed=0, pad_token_id=None, needs_bias=True
    )
    tokens = encode(reader, inputs, 512, lambda done: None).rows
    given = replace(
        material(TrainPlan(dataset="a", model="fresh:tiny"), folder, "series"),
        task=task, rows={"train": train, "validation": validation}, tokens=tokens,
    )  # fmt: skip
    return model, given


def test_the_set_of_descriptors_that_helps_is_joined_and_a_resumed_run_keeps_to_it(tmp_path: Path) -> None:
    model, given = series_material(tmp_path / "fresh")
    decision = tmp_path / "joining.json"
    begun = joined(model, given, decision, RunProgress(lambda event: None))
    assert begun is not None and begun.recipe.described > 0
    assert begun.train.shape == (30, begun.recipe.width)
    saved = json.loads(decision.read_text("utf-8"))
    assert saved["descriptors"] is True and saved["set"]["penalty"] > 0
    again = joined(model, given, decision, RunProgress(lambda event: None))
    assert again is not None and again.recipe.scaling.names == begun.recipe.scaling.names
    assert torch.equal(again.model.head.linear.weight, begun.model.head.linear.weight)
    opened = FeatureRecipe.from_json(json.loads(json.dumps(begun.recipe.to_json())))
    np.testing.assert_array_equal(opened.matrix(given.rows["validation"].inputs), begun.validation)


def test_a_resumed_run_keeps_to_what_was_decided(tmp_path: Path) -> None:
    decision = tmp_path / "joining.json"
    decision.write_text(json.dumps({"descriptors": False, "said": "Descriptors are left out."}), encoding="utf-8")
    assert told(material(TrainPlan(dataset="a"), tmp_path), decision) == ([], None)
    decision.write_text("{", encoding="utf-8")
    assert decision_message(decision) == ()


def test_a_head_with_a_fitted_hidden_layer_begins_with_what_was_fitted(tmp_path: Path) -> None:
    model, given = series_material(tmp_path / "fresh")
    target = np.sin(4 * np.concatenate([given.rows[part].targets for part in ("train", "validation")]))
    rows = {
        part: replace(given.rows[part], targets=values)
        for part, values in zip(("train", "validation"), (target[:30], target[30:]), strict=True)
    }
    given = replace(given, rows=rows, task=Regression(("y",), target[:30]))
    decision = tmp_path / "joining.json"
    record = {"title": "t", "begins": ["value "], "states": False, "curvature": 4.0, "penalty": 0.3}
    decision.write_text(json.dumps({"descriptors": True, "set": record}), encoding="utf-8")
    begun = joined(model, given, decision, RunProgress(lambda event: None))
    assert begun is not None and begun.model.head.curved
    head = begun.model.head.eval()
    features, pooled = torch.from_numpy(begun.train), torch.zeros(30, head.centre.shape[0])
    with torch.no_grad():
        fitted = given.task.decode(head(pooled, features).numpy().astype(float)).values
        off = float(np.sqrt(np.mean((fitted - target[:30]) ** 2)))
        head.out.weight.zero_()
        straight = given.task.decode(head(pooled, features).numpy().astype(float)).values
    assert off < 0.3 * float(np.sqrt(np.mean((straight - target[:30]) ** 2)))
