"""Series with real processes: a wide table is imported, learnt from without labels and with them, and predicted."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sciapp.jobs.launch import launcher
from sciapp.records.plan.plan import PretrainPlan, TrainPlan, with_settings
from sciapp.records.project.project import Project
from sciapp.records.run.events import CheckpointSaved
from sciapp.records.run.run import RunStatus
from tests.end_to_end.test_exact_resume import weights
from tests.helpers.runs import started_and_killed_when, wait_until_over

RESUMED = {"threads": 1, "precision": "fp32", "num_train_epochs": 6, "save_steps": 2, "early_stopping_patience": 0}
QUICK = ["--set", "num_train_epochs=2", "--set", "threads=1", "--set", "precision=fp32"]


def run(*words: object, fails: bool = False) -> Any:
    command = [sys.executable, "-m", "sciapp", *map(str, words), "--json"]
    result = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", timeout=240)
    assert (result.returncode != 0) is fails, result.stdout + result.stderr
    return result.stdout + result.stderr if fails else json.loads(result.stdout)


def spectra(path: Path, axis: range = range(850, 898, 2), rows: int = 80, *, seed: int = 0) -> Path:
    """Peaks of different heights; the label is the height."""
    rng = np.random.default_rng(seed)
    lines = [",".join(["sample", *(f"nm_{number}" for number in axis), "fat"])]
    for index in range(rows):
        height = rng.uniform(1, 9)
        curve = height * np.exp(-(((np.array(axis) - 870) / 8) ** 2)) + rng.normal(0, 0.05, len(axis)) + rng.normal()
        lines.append(",".join([f"s{index}", *(f"{value:.4f}" for value in curve), f"{height:.3f}"]))
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("series") / "p"
    run("new", folder, "--domain", "series")
    card = run("import", folder, spectra(folder.parent / "spectra.csv"), "--target", "fat")
    assert (card["roles"]["input"], card["rows_kept"]) == ("nm_850 … nm_896", 80)
    return folder


def test_a_fresh_network_learns_spectra_and_predicts_a_new_wide_table(project: Path, tmp_path: Path) -> None:
    trained = run("train", project, *QUICK)
    scores = {score["name"]: score["value"] for score in trained["evaluation"]["model"]["scores"]}
    assert scores["r2"] > 0.9
    assert trained["evaluation"]["simple_baseline"]["predictor"].startswith(("PLS", "Ridge", "Random"))
    identifier = trained["run"]
    out = tmp_path / "predicted.csv"
    run("predict", project, identifier, spectra(tmp_path / "new.csv", rows=7, seed=1), "--out", out)
    header, *rows = out.read_text("utf-8").splitlines()
    assert "nm_850" in header and len(rows) == 7
    refused = run(
        "predict", project, identifier, spectra(tmp_path / "other.csv", range(900, 940, 2)), "--out", out, fails=True
    )
    assert "nm_850" in refused and "lacks" in refused
    report = run("report", project, identifier, "--out", tmp_path / "report.html")
    assert "a fresh network (tiny)" in Path(report["report"]).read_text("utf-8")


@pytest.mark.parametrize("kind", ["train", "pretrain"])
def test_killed_and_resumed_it_ends_with_the_same_weights(project: Path, kind: str) -> None:
    opened = Project.open(project)
    dataset = opened.datasets()[0].id
    plan: Any = TrainPlan(dataset=dataset, model="fresh:tiny") if kind == "train" else PretrainPlan(dataset=dataset)
    plan = with_settings(plan, RESUMED | ({} if kind == "train" else {"size": "tiny"}))
    undisturbed, killed = opened.new_run(plan), opened.new_run(plan)
    launcher.start(undisturbed)
    assert wait_until_over(undisturbed) is RunStatus.FINISHED, undisturbed.log_file.read_text()
    started_and_killed_when(killed, lambda event: isinstance(event, CheckpointSaved) and event.step >= 4)
    launcher.resume(killed)
    assert wait_until_over(killed) is RunStatus.FINISHED, killed.log_file.read_text()
    assert weights(killed) == weights(undisturbed)


def test_it_learns_without_labels_first(project: Path) -> None:
    pretrained = run("pretrain", project, "--size", "tiny", *QUICK)
    names = [score["name"] for score in pretrained["pretraining"]["after"]["scores"]]
    assert names == ["masked_loss", "masked_r2"]
    trained = run("train", project, "--model", f"run:{pretrained['run']}", *QUICK)
    assert trained["evaluation"]["model"]["scores"]
    followed = run("pretrain", project, "--then-train", *QUICK)
    assert followed["pretraining"]["steps"]
    further = run("pretrain", project, "--from", f"run:{pretrained['run']}", *QUICK)
    assert further["pretraining"]["steps"]
