"""Doses, binding constants and rate constants: the unit of a column changes nothing that is learnt or told."""

import csv
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from sciapp.cli import main as cli
from sciapp.engine.data.dataset.table import read_split
from sciapp.engine.domains.registry import domain_named
from sciapp.engine.runs.train import train
from sciapp.engine.runtime.progress import RunProgress
from sciapp.records.dataset.card import DatasetCard
from sciapp.records.project.project import Project
from tests.helpers.baselines import simple_baseline
from tests.helpers.cases import Case, right
from tests.helpers.tiny import tiny_model, tiny_plan


def _trained(
    folder: Path, file: Path, target: str, factor: float = 1.0, **settings: object
) -> tuple[float, list[float]]:
    """R² on the test rows, and the predictions divided by `factor`, of a short run on the file."""
    folder.mkdir()
    covariates: tuple[str, ...] = settings.get("covariates", ())  # type: ignore[assignment]
    words = ("--target", target, *(word for name in covariates for word in ("--covariate", name)))
    project = Project.create(folder / "project", domain="molecule")
    assert cli.main(["import", str(project.folder), str(file), *words, "--split", "random"]) == 0
    card = project.datasets()[0]
    plan = tiny_plan(card, tiny_model(folder / "model"), max_steps=1, descriptors="on", **settings)
    run = project.new_run(plan)
    train(plan, run, RunProgress())
    evaluation = run.evaluation()
    assert evaluation is not None
    r2 = evaluation.model.get("r2")
    assert r2 is not None and r2.value is not None
    table = pq.read_table(run.predictions_file).to_pandas()
    return r2.value, (table[f"prediction:{target}"] / factor).tolist()


def _times(file: Path, column: str, factor: float, out: Path) -> Path:
    """The same table with one column multiplied."""
    with file.open(encoding="utf-8", newline="") as source:
        rows = list(csv.DictReader(source))
    with out.open("w", encoding="utf-8", newline="") as target:
        writer = csv.DictWriter(target, list(rows[0]))
        writer.writeheader()
        writer.writerows([{**row, column: repr(float(row[column]) * factor)} for row in rows])
    return out


@right("dose_nM.csv", "dose_M.csv")
def doses(case: Case) -> None:
    dose = case.path.stem
    r2, said = _trained(case.folder / "as it is", case.path, "effect", covariates=(dose,))
    assert r2 > 0.98
    other = _times(case.path, dose, 1e-9 if dose == "dose_nM" else 1e9, case.folder / "other.csv")
    r2_of_other, said_of_other = _trained(case.folder / "other", other, "effect", covariates=(dose,))
    assert r2_of_other == pytest.approx(r2, abs=1e-4)
    assert said_of_other == pytest.approx(said, rel=1e-3)


@right("rate_constants_tiny.csv")
def rate_constants(case: Case) -> None:
    name = "k_O3 (cm3/s)"
    r2, said = _trained(case.folder / "as it is", case.path, name)
    other = _times(case.path, name, 1e13, case.folder / "other.csv")
    r2_of_other, said_of_other = _trained(case.folder / "other", other, name, 1e13)
    assert 0.5 < r2 == pytest.approx(r2_of_other, abs=1e-3)
    assert [one * 1e13 for one in said] == pytest.approx([one * 1e13 for one in said_of_other], rel=1e-3)


@right("kd_molar.csv")
def binding_constants(case: Case) -> None:
    card = DatasetCard.model_validate(case.imported("--target", "Kd (M)", "--split", "random").json)
    folder = Project.open(case.folder / "project").dataset_folder(card.id)
    train_rows, test_rows = (read_split(folder, card, split) for split in ("train", "test"))
    found = []
    for factor in (1.0, 1e9):
        train_part, test_part = (
            replace(part, targets=np.asarray(part.targets) * factor) for part in (train_rows, test_rows)
        )
        baseline = simple_baseline(
            domain_named("molecule"), "regression", train_part, test_part, classes=0, seed=0, threads=1
        )
        truth, said = np.asarray(test_part.targets)[:, 0], np.asarray(baseline.values)[:, 0]
        found.append(1 - ((truth - said) ** 2).sum() / ((truth - truth.mean()) ** 2).sum())
    assert found[0] == pytest.approx(found[1], abs=1e-6)
    assert found[0] > 0.85


@right("import/41_one_in_a_thousand.csv")
def one_in_a_thousand(case: Case) -> None:
    said = case.checked().said
    assert "99.9 %" in said
    assert "100 %" not in said and "100%" not in said
