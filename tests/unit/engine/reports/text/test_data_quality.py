"""The report's section on what was found in the data."""

from pathlib import Path

import pytest

from sciapp.engine.reports.build import build_report
from sciapp.engine.reports.sections import tables
from sciapp.engine.reports.text import data_quality as data_check
from sciapp.records.dataset.card import DatasetCard
from sciapp.records.dataset.findings import Finding, PolicyChoice
from sciapp.records.plan.plan import TrainPlan
from sciapp.records.project.project import Project
from tests.helpers.made_projects import made_dataset, made_project, made_run

SALTS = Finding(
    kind="salts",
    title="Salts and <mixtures>",
    count=12,
    choices=(
        PolicyChoice(policy="keep", title="Keep all parts"),
        PolicyChoice(policy="largest", title="Keep the largest part"),
    ),
    proposed="largest",
    applied="largest",
    changed=11,
)
LONG = Finding(kind="long", title="Longer than 254 residues", count=3, weight="note")


@pytest.fixture
def made(tmp_path: Path):
    project = made_project(tmp_path / "p")
    card = made_dataset(project)
    yield project, card
    project.close()


def with_findings(project: Project, card: DatasetCard) -> DatasetCard:
    (target,) = card.targets
    named = target.model_copy(update={"source_column": "ic50 in nM"})
    changed = card.model_copy(update={"findings": (SALTS, LONG), "targets": (named,)})
    project.dataset_folder(card.id).write_card(changed)
    return changed


def test_findings_are_told_with_what_was_done(made: tuple[Project, DatasetCard]) -> None:
    card = with_findings(*made)
    assert data_check.findings(card) == [
        ("Salts and <mixtures>", "12", "Keep the largest part; 11 values changed"),
        ("Longer than 254 residues", "3", "told, nothing changed"),
    ]
    said = data_check.sentence(card)
    assert said == "Repairs before the split: salts and <mixtures>: keep the largest part (12 affected)."
    assert "from the column ic50 in nM" in dict(tables.data_facts(card))["Targets"]


def test_the_page_has_the_section_only_where_something_was_found(
    made: tuple[Project, DatasetCard], tmp_path: Path
) -> None:
    project, card = made
    run = made_run(project, TrainPlan(dataset=card.id))
    old = build_report(project, run, tmp_path / "old.html").read_text(encoding="utf-8")
    assert "What was found in the data" not in old
    with_findings(project, card)
    page = build_report(project, run, tmp_path / "new.html").read_text(encoding="utf-8")
    assert "What was found in the data" in page
    assert "<th>Salts and &lt;mixtures&gt;</th>" in page
    assert "Repairs before the split: salts and &lt;mixtures&gt;: keep the largest part" in page


def test_class_weights_are_in_the_methods(made: tuple[Project, DatasetCard], tmp_path: Path) -> None:
    project, card = made
    plan = TrainPlan(dataset=card.id)
    weighted = plan.model_copy(
        update={"optimization": plan.optimization.model_copy(update={"class_weights": "balanced"})}
    )
    for each, told in ((plan, False), (weighted, True)):
        page = build_report(project, made_run(project, each), tmp_path / "r.html").read_text(encoding="utf-8")
        assert ("every class weighted by the inverse of its share of the training rows" in page) is told
