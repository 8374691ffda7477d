"""Values of which only a bound is known, kept as such: what lies beyond is predicted better than without these rows."""

import csv
import random
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from sciapp.engine.data.importing import import_table
from sciapp.engine.reports.methods import paragraph
from sciapp.engine.train import train
from sciapp.engine.training.stop import NeverStop
from sciapp.errors import BadInput
from sciapp.records.dataset import DatasetCard, ImportRequest, Roles, SplitPlan
from sciapp.records.project import Project
from tests.helpers.tiny import LETTERS, tiny_model, tiny_plan

BOUND = 14.0  # 40 % of the training values are above


@pytest.fixture
def table(tmp_path: Path) -> Path:
    """Of the training rows nothing above BOUND could be measured; test and validation rows are known."""
    rng = random.Random(3)
    file = tmp_path / "t.csv"
    with file.open("w", newline="", encoding="utf-8") as handle:
        writer = csv.writer(handle)
        writer.writerow(["sequence", "y", "part"])
        for row in range(240):
            few, part = row % 5 < 3, ("train", "train", "train", "validation", "test")[row // 5 % 5]
            share = rng.uniform(0, 0.39) if few else rng.uniform(0.41, 0.9)
            sequence = "".join("W" if rng.random() < share else rng.choice(LETTERS[:18]) for _ in range(24))
            y = 10 + 10 * sequence.count("W") / 24 + rng.gauss(0, 0.01)
            writer.writerow([sequence, f">{BOUND}" if part == "train" and y > BOUND else f"{y:.4f}", part])
    return file


def imported(project: Project, table: Path, policy: str) -> DatasetCard:
    request = ImportRequest(
        file=str(table),
        roles=Roles(input="sequence", targets=("y",), split="part"),
        task="regression",
        split=SplitPlan(method="column", column="part"),
        repairs={"censored": policy},
    )
    return next(step for step in import_table(project, request) if isinstance(step, DatasetCard))


def test_bounds_help_where_nothing_was_measured(table: Path, tmp_path: Path) -> None:
    project, model = Project.create(tmp_path / "p", domain="protein"), tiny_model(tmp_path / "model")
    errors = {}
    for policy in ("drop", "bound"):
        card = imported(project, table, policy)
        plan = tiny_plan(card, model, num_train_epochs=12, learning_rate=3e-3, dropout=0.0, save_steps=50)
        run = project.new_run(plan)
        list(train(plan, run, NeverStop()))
        said = pq.read_table(run.predictions_file).to_pandas().query("split == 'test'")
        assert not said["target:y"].isna().any()
        beyond = said[said["target:y"] > BOUND]
        errors[policy] = float(np.sqrt(np.mean((beyond["target:y"] - beyond["prediction:y"]) ** 2)))
        evaluation = run.evaluation()
        assert evaluation is not None
        told = paragraph(plan, plan, card, evaluation, {})
        assert ("learnt one-sidedly" in told) == (policy == "bound")
    assert card.targets[0].bounds > 50
    assert errors["bound"] < 0.8 * errors["drop"], errors


def test_mixup_is_refused(table: Path, tmp_path: Path) -> None:
    project = Project.create(tmp_path / "p", domain="protein")
    card = imported(project, table, "bound")
    plan = tiny_plan(card, tiny_model(tmp_path / "model"), regularizer="mixup")
    with pytest.raises(BadInput, match="only a bound is known"):
        list(train(plan, project.new_run(plan), NeverStop()))
    plan = tiny_plan(card, tmp_path / "model", regularizer="r_drop", max_steps=2, dropout=0.1)
    list(train(plan, project.new_run(plan), NeverStop()))
