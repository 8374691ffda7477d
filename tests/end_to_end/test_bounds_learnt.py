"""Values of which only a bound is known, kept as such: what lies beyond is predicted better than without these rows."""

import csv
import random
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from sciapp.cli import main as cli
from sciapp.engine.data.ingest.import_table import import_table
from sciapp.engine.reports.text import dataset as dataset_text
from sciapp.engine.reports.text.methods import paragraph
from sciapp.engine.runs.train import train
from sciapp.engine.runtime.progress import RunProgress
from sciapp.engine.training.objectives.registry import check_regularization
from sciapp.errors import BadInput
from sciapp.jobs.launch import launcher
from sciapp.records.dataset.card import DatasetCard, ImportRequest, Roles, SplitPlan
from sciapp.records.project.project import Project
from sciapp.records.run.events import RunStarted, StepTaken
from sciapp.records.run.run import RunStatus
from tests.helpers.printed import says
from tests.helpers.runs import started_and_killed_when, wait_until_over
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
    return import_table(project, request)


def test_bounds_help_where_nothing_was_measured(table: Path, tmp_path: Path) -> None:
    project, model = Project.create(tmp_path / "p", domain="protein"), tiny_model(tmp_path / "model")
    errors = {}
    for policy in ("drop", "bound"):
        card = imported(project, table, policy)
        plan = tiny_plan(card, model, num_train_epochs=12, learning_rate=3e-3, dropout=0.0, save_steps=50)
        plan = plan.model_copy(update={"members": "on" if policy == "bound" else "off"})
        run = project.new_run(plan)
        train(plan, run, RunProgress())
        said = pq.read_table(run.predictions_file).to_pandas().query("split == 'test'")
        assert not said["target:y"].isna().any()
        beyond = said[said["target:y"] > BOUND]
        errors[policy] = float(np.sqrt(np.mean((beyond["target:y"] - beyond["prediction:y"]) ** 2)))
        evaluation = run.evaluation()
        assert evaluation is not None
        told = paragraph(plan, card, evaluation, {})
        assert not evaluation.members, "simple models know no bounds"
        assert says(told, dataset_text, bounds=card.targets[0].bounds, name="y") == (policy == "bound")
    assert card.targets[0].bounds > 50
    assert errors["bound"] < 0.8 * errors["drop"], errors


def test_a_run_with_bounds_killed_and_resumed_ends_with_the_same_weights(table: Path, tmp_path: Path) -> None:
    project, model = Project.create(tmp_path / "p", domain="protein"), tiny_model(tmp_path / "model")
    plan = tiny_plan(imported(project, table, "bound"), model, num_train_epochs=2, dropout=0.2)
    undisturbed, killed = project.new_run(plan), project.new_run(plan)
    launcher.start(undisturbed)
    assert wait_until_over(undisturbed) is RunStatus.FINISHED, undisturbed.log_file.read_text()
    started_and_killed_when(killed, lambda event: isinstance(event, StepTaken) and event.step == 11)
    launcher.resume(killed)
    assert wait_until_over(killed) is RunStatus.FINISHED, killed.log_file.read_text()
    assert [event.resumed_at_step for event in killed.events() if isinstance(event, RunStarted)] == [None, 9]
    weights = [(run.model_folder / "model.safetensors").read_bytes() for run in (undisturbed, killed)]
    assert weights[0] == weights[1]
    assert killed.evaluation() == undisturbed.evaluation()
    plain = project.new_run(plan.model_copy(update={"dataset": imported(project, table, "drop").id}))
    train(plain.plan(), plain, RunProgress())  # type: ignore[arg-type]
    assert (plain.model_folder / "model.safetensors").read_bytes() != weights[0], "the bounds were not learnt"


def test_every_fold_learns_all_bounds_and_every_measured_row_is_tested_once(
    table: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    project, model = Project.create(tmp_path / "p", domain="protein"), tiny_model(tmp_path / "model")
    words = ("import", str(project.folder), str(table), "--input", "sequence", "--target", "y", "--split", "random")
    assert cli.main([*words, "--repair", "censored=bound", "--folds", "3", "--all-folds"]) == 0
    cards, tested = project.datasets(), []
    for card in cards:
        rows = pq.read_table(project.dataset_folder(card.id).table_file).to_pandas()
        assert card.targets[0].bounds == rows["lower:y"].notna().sum() == (rows["lower:y"] == BOUND).sum() > 50
        assert set(rows[rows["lower:y"].notna()]["split"]) == {"train"}
        assert rows[rows["split"] != "train"]["target:y"].notna().all()
        tested += rows[rows["split"] == "test"]["line"].tolist()
    assert len(cards) == 3
    assert len(tested) == len(set(tested)) == cards[0].rows_kept - cards[0].targets[0].bounds
    settings = ("num_train_epochs=2", "tokens_per_batch=256", "threads=1", "descriptors=off", "precision=fp32")
    more = [word for one in settings for word in ("--set", one)]
    words = ("train", str(project.folder), "--dataset", cards[0].id, "--model", str(model), "--all-folds")
    capsys.readouterr()
    assert cli.main([*words, *more]) == 0
    assert "Cross-validation, 3 folds: RMSE" in capsys.readouterr().out
    runs = project.runs()
    assert len(runs) == 3
    for run in runs:
        evaluation, card = run.evaluation(), project.dataset(run.plan().dataset)  # type: ignore[union-attr]
        assert evaluation is not None and evaluation.model.rows == card.split_counts["test"]


def test_mixup_is_refused(table: Path, tmp_path: Path) -> None:
    project = Project.create(tmp_path / "p", domain="protein")
    card = imported(project, table, "bound")
    plan = tiny_plan(card, tiny_model(tmp_path / "model"), regularizer="mixup", max_steps=1)
    with pytest.raises(BadInput) as refused:
        train(plan, project.new_run(plan), RunProgress())
    assert says(refused.value.message, check_regularization)
    plan = plan.model_copy(update={"dataset": imported(project, table, "drop").id})
    train(plan, project.new_run(plan), RunProgress())  # without bounds there is nothing against it
    plan = tiny_plan(card, tmp_path / "model", regularizer="r_drop", max_steps=2, dropout=0.1)
    train(plan, project.new_run(plan), RunProgress())
