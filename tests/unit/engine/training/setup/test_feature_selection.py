"""What is decided about descriptors before anything is worked out."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sciapp.engine.data.dataset.table import Rows
from sciapp.engine.inputs.tokenization.tokens import TokenRows
from sciapp.engine.runtime.progress import RunProgress
from sciapp.engine.tasks.regression import Regression
from sciapp.engine.training.setup import feature_selection as joining
from sciapp.engine.training.setup.feature_selection import SelectionData, decision_told, joined
from sciapp.records.dataset.card import DatasetCard, LengthSummary, Roles, Source, SplitPlan
from sciapp.records.plan.plan import TrainPlan
from sciapp.records.run.events import Noted


def material(plan: TrainPlan, domain: str = "molecule") -> SelectionData:
    source = Source(file_name="a.csv", path="a.csv", sha256="", bytes=1, encoding="utf-8", delimiter=",")
    card = DatasetCard(
        id="a", name="a", created=datetime.now(UTC), domain=domain, task="regression",
        roles=Roles(input="smiles", targets=("y",)), source=source, rows_read=4, rows_kept=4, rows_set_aside=0,
        split=SplitPlan(), split_counts={}, targets=(), lengths=LengthSummary(unit="atoms", median=1, maximum=1),
        fingerprint="",
    )  # fmt: skip
    rows = Rows(np.arange(4), ["C", "CC", "CCC", "CCCC"], np.arange(4.0)[:, None])
    task = Regression(("y",), rows.targets)
    return SelectionData(plan, card, task, {"train": rows, "validation": rows}, TokenRows.of([[0]] * 8), 0, None, None)


def told(given: SelectionData, decision: Path) -> tuple[list[Any], Any]:
    events: list[Any] = []
    return events, joined(None, given, decision, RunProgress(events.append))


def test_nothing_is_asked_where_nothing_is_wanted(tmp_path: Path) -> None:
    assert told(material(TrainPlan(dataset="a", descriptors="off")), tmp_path / "joining.json") == ([], None)


def test_very_many_costly_rows_are_not_described_unasked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(joining, "_MOST_AUTO", 7)
    decision = tmp_path / "joining.json"
    events, found = told(material(TrainPlan(dataset="a")), decision)
    assert found is None
    assert [event.message for event in events if isinstance(event, Noted)] == list(decision_told(decision))
    assert "8 rows" in decision_told(decision)[0]


def test_a_resumed_run_keeps_to_what_was_decided(tmp_path: Path) -> None:
    decision = tmp_path / "joining.json"
    decision.write_text(json.dumps({"descriptors": False, "said": "Descriptors are left out."}), encoding="utf-8")
    assert told(material(TrainPlan(dataset="a")), decision) == ([], None)
    decision.write_text("{", encoding="utf-8")
    assert decision_told(decision) == ()
