"""Folds of training rows keep together what the split keeps together."""

from pathlib import Path

import numpy as np
import pytest

from sciapp.engine.data.dataset.table import read_split
from sciapp.engine.data.ingest.import_table import import_table
from sciapp.engine.data.splits.groups import folds_like_the_split
from sciapp.engine.domains.registry import domain_of
from sciapp.records.dataset.card import DatasetCard, ImportRequest, Roles, SplitPlan
from sciapp.records.project.project import Project

ELEMENTS = ("Na", "K", "Rb", "Ca", "Sr", "Ba", "Al", "Ga")


def imported(folder: Path, split: SplitPlan) -> tuple[Project, DatasetCard]:
    project = Project.create(folder / "p", domain="material")
    rows = [
        f"{element}{n}{other},{n},{element}" for element in ELEMENTS for other in ("Cl", "Br", "S") for n in range(1, 6)
    ]
    table = folder / "t.csv"
    table.write_text("\n".join(["formula,y,batch", *rows]) + "\n", encoding="utf-8")
    roles = Roles(input="formula", targets=("y",), group="batch" if split.method == "group" else None)
    return project, import_table(project, ImportRequest(file=str(table), roles=roles, task="regression", split=split))


def folds(project: Project, card: DatasetCard) -> tuple[list[str], list[np.ndarray]]:
    folder = project.dataset_folder(card.id)
    rows = read_split(folder, card, "train")
    parts = folds_like_the_split(card, folder, domain_of(card), rows, folds=4, seed=0)
    assert sorted(np.concatenate(parts).tolist()) == list(range(len(rows)))
    return [str(value) for value in rows.inputs], parts


@pytest.mark.parametrize("method", ["chemical_system", "cluster", "group"])
def test_groups_of_the_split_are_in_one_fold(method: str, tmp_path: Path) -> None:
    column = "batch" if method == "group" else None
    project, card = imported(tmp_path, SplitPlan(method=method, column=column))
    inputs, parts = folds(project, card)
    assert len(parts) == 4
    domain = domain_of(card)
    group = {
        "chemical_system": domain.splits["chemical_system"],
        "cluster": lambda value: value,
        "group": lambda value: next(name for name in ELEMENTS if name in str(value)),
    }[method]
    names = [{group(inputs[row]) for row in part} for part in parts]
    assert sum(map(len, names)) == len(set.union(*names)), "no group is in two folds"


def test_rows_by_chance_are_in_folds_of_one_size(tmp_path: Path) -> None:
    project, card = imported(tmp_path, SplitPlan())
    inputs, parts = folds(project, card)
    assert max(map(len, parts)) - min(map(len, parts)) <= 1
    assert len(set(inputs)) == len(inputs)


def test_one_input_under_many_conditions_is_divided_by_rows(tmp_path: Path) -> None:
    project = Project.create(tmp_path / "p", domain="material")
    table = tmp_path / "t.csv"
    part = ["train"] * 28 + ["validation"] * 6 + ["test"] * 6
    rows = [f"NaCl,{t % 7},{t},{part[t]}" for t in range(40)]
    table.write_text("\n".join(["formula,y,T,part", *rows]) + "\n", encoding="utf-8")
    roles = Roles(input="formula", targets=("y",), covariates=("T",))
    plan = SplitPlan(method="column", column="part")
    card = import_table(project, ImportRequest(file=str(table), roles=roles, task="regression", split=plan))
    inputs, parts = folds(project, card)
    assert set(inputs) == {"NaCl"} and len(inputs) == 28
    assert [len(part) for part in parts] == [7, 7, 7, 7]
