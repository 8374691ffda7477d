"""Weights of rows reach the training: rows that are known to be bad spoil nothing when they weigh nothing."""

import csv
import hashlib
import random
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from sciapp.cli.main import main
from sciapp.engine.reports.build import build_report
from sciapp.engine.reports.cards import model_card
from sciapp.engine.reports.text import dataset as dataset_text
from sciapp.jobs.launch import launcher
from sciapp.records.dataset.card import DatasetCard
from sciapp.records.plan.plan import TrainPlan
from sciapp.records.project.project import Project
from sciapp.records.run.events import StepTaken
from sciapp.records.run.run import Run, RunStatus
from tests.helpers.printed import says
from tests.helpers.runs import started_and_killed_when, wait_until_over
from tests.helpers.tiny import LETTERS, tiny_model, tiny_plan

ROWS = 160


def poisoned_table(file: Path) -> Path:
    """Sequences and their share of W; every second training row says the contrary and has the weight 0."""
    rng = random.Random(0)
    with file.open("w", newline="", encoding="utf-8") as handle:
        writer = csv.writer(handle)
        writer.writerow(["sequence", "y", "sample_weight", "part"])
        for row in range(ROWS):
            sequence = "".join(rng.choices(LETTERS + "W" * (row % 5) * 5, k=rng.randint(8, 30)))
            share = sequence.count("W") / len(sequence)
            part = ("train", "train", "train", "validation", "test")[row * 5 // ROWS]
            bad = part == "train" and row % 2
            weight = row % 4 if part == "test" else 0 if bad else 1.5
            writer.writerow([sequence, f"{2 - 5 * share if bad else 5 * share:.4f}", weight, part])
    return file


def imported(project: Path, table: Path) -> list[str]:
    words = ["import", str(project), str(table), "--input", "sequence", "--target", "y"]
    return [*words, "--split", "column", "--split-column", "part"]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Project, dict[str, DatasetCard], Path]:
    """The table imported by the command line, with its weights and without."""
    folder = tmp_path_factory.mktemp("weights")
    table = poisoned_table(folder / "table.csv")
    assert main(["new", str(folder / "p"), "--domain", "protein"]) == 0
    usual = imported(folder / "p", table)
    assert main([*usual, "--name", "weighted", "--weight", "sample_weight"]) == 0
    assert main([*usual, "--name", "plain"]) == 0
    project = Project.open(folder / "p")
    return project, {card.name: card for card in project.datasets()}, tiny_model(folder / "model")


def plan_of(card: DatasetCard, model: Path, **settings: object) -> TrainPlan:
    return tiny_plan(card, model, num_train_epochs=8, learning_rate=5e-3, save_steps=5, **settings)


def finished(project: Project, plan: TrainPlan) -> Run:
    run = project.new_run(plan)
    launcher.start(run)
    assert wait_until_over(run) is RunStatus.FINISHED, run.log_file.read_text()
    return run


def weights_of(run: Run) -> str:
    return hashlib.sha256((run.model_folder / "model.safetensors").read_bytes()).hexdigest()


def rmse(run: Run) -> float:
    evaluation = run.evaluation()
    assert evaluation is not None
    score = evaluation.model.get("rmse", "")
    assert score is not None
    return score.value


@pytest.fixture(scope="module")
def weighted(made: tuple[Project, dict[str, DatasetCard], Path]) -> Run:
    project, cards, model = made
    return finished(project, plan_of(cards["weighted"], model))


def test_rows_of_weight_0_do_not_spoil_the_model(
    made: tuple[Project, dict[str, DatasetCard], Path], weighted: Run, tmp_path: Path
) -> None:
    project, cards, model = made
    plain = finished(project, plan_of(cards["plain"], model))
    assert rmse(weighted) < 0.7 * rmse(plain)
    for run, said in ((weighted, True), (plain, False)):
        page = build_report(project, run, tmp_path / "r.html").read_text(encoding="utf-8")
        assert says(page, dataset_text, weight="sample_weight") is said
        readme = (run.model_folder / "README.md").read_text(encoding="utf-8")
        assert says(readme, model_card, column="sample_weight") is said
    evaluations = [run.evaluation() for run in (weighted, plain)]
    baselines = [one.simple_baseline.get("rmse", "").value for one in evaluations]  # type: ignore[union-attr]
    assert baselines[0] < 0.7 * baselines[1]  # what it is compared with learns by the same weights
    tested = pq.read_table(weighted.predictions_file, filters=[("split", "=", "test")])
    off = tested["prediction:y"].to_numpy() - tested["target:y"].to_numpy()
    assert len(off) == ROWS // 5 and rmse(weighted) == pytest.approx(float(np.sqrt(np.mean(off**2))), rel=1e-5)


def test_poisoned_labels_of_weight_0_change_no_bit(
    made: tuple[Project, dict[str, DatasetCard], Path], weighted: Run, tmp_path: Path
) -> None:
    """With other labels for these rows the same model comes out."""
    project, _, model = made
    table = poisoned_table(tmp_path / "other.csv")
    with table.open(encoding="utf-8", newline="") as file:
        rows = [dict(row) for row in csv.DictReader(file)]
    with table.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(row | ({"y": "77"} if row["sample_weight"] == "0" else {}) for row in rows)
    usual = [
        "import",
        str(project.folder),
        str(table),
        "--input",
        "sequence",
        "--target",
        "y",
        "--split-column",
        "part",
    ]
    assert main([*usual, "--split", "column", "--name", "other", "--weight", "sample_weight"]) == 0
    card = next(card for card in project.datasets() if card.name == "other")
    assert weights_of(finished(project, plan_of(card, model))) == weights_of(weighted)


def test_a_weighted_run_killed_and_resumed_ends_with_the_same_weights(
    made: tuple[Project, dict[str, DatasetCard], Path], weighted: Run
) -> None:
    project = made[0]
    run = project.new_run(weighted.plan())
    started_and_killed_when(run, lambda e: isinstance(e, StepTaken) and e.step == 12)
    launcher.resume(run)
    assert wait_until_over(run) is RunStatus.FINISHED, run.log_file.read_text()
    assert weights_of(run) == weights_of(weighted)
    assert run.evaluation() == weighted.evaluation()


@pytest.mark.parametrize(
    "settings",
    [
        {"descriptors": "on"},
        {"regularizer": "r_drop", "augmentations": "end_crops", "augmented_share": 1},
        pytest.param({"regularizer": "mixup"}, marks=pytest.mark.prove),
    ],
    ids=["joined", "r_drop and augmentation", "mixup"],
)
def test_weights_go_with_everything_else(
    made: tuple[Project, dict[str, DatasetCard], Path], settings: dict[str, object]
) -> None:
    project, cards, model = made
    plans = [plan_of(cards[name], model, dropout=0.1, **settings) for name in ("weighted", "plain")]
    good, spoilt = (finished(project, plan) for plan in plans)
    assert rmse(good) < 0.85 * rmse(spoilt)
