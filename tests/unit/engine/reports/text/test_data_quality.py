"""The report's section on what was found in the data."""

from html import escape
from pathlib import Path
from unittest.mock import ANY

import pytest

from sciapp.engine.reports.build import build_report
from sciapp.engine.reports.sections import tables
from sciapp.engine.reports.text import data_quality as data_check
from sciapp.engine.reports.text.training import loss_words
from sciapp.records.dataset.card import DatasetCard
from sciapp.records.dataset.findings import Finding, PolicyChoice
from sciapp.records.plan.plan import TrainPlan
from sciapp.records.project.project import Project
from tests.helpers.made_projects import made_dataset, made_project, made_run
from tests.helpers.messages import has_part, values_of

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
        (SALTS.title, "12", ANY),
        (LONG.title, "3", data_check.NOTHING),
    ]
    assert values_of(data_check.findings(card)[0][2]) == {"done": SALTS.choices[1].title, "changed": 11}
    assert has_part(data_check.sentence(card), title=SALTS.title, done=SALTS.choices[1].title, count=12)
    assert has_part(dict(tables.data_facts(card))["Targets"], name="y", column="ic50 in nM", measured=ANY)


def test_the_page_has_the_section_only_where_something_was_found(
    made: tuple[Project, DatasetCard], tmp_path: Path
) -> None:
    project, card = made
    run = made_run(project, TrainPlan(dataset=card.id))
    old = build_report(project, run, tmp_path / "old.html").read_text(encoding="utf-8")
    assert "mixtures" not in old
    card = with_findings(project, card)
    page = build_report(project, run, tmp_path / "new.html").read_text(encoding="utf-8")
    assert page.count("<h3>") == old.count("<h3>") + 1
    assert "<th>Salts and &lt;mixtures&gt;</th>" in page
    assert escape(data_check.sentence(card)) in page


def test_class_weights_are_in_the_methods(made: tuple[Project, DatasetCard], tmp_path: Path) -> None:
    project, card = made
    plan = TrainPlan(dataset=card.id)
    weighted = plan.model_copy(
        update={"optimization": plan.optimization.model_copy(update={"class_weights": "balanced"})}
    )
    for each, told in ((plan, False), (weighted, True)):
        page = build_report(project, made_run(project, each), tmp_path / "r.html").read_text(encoding="utf-8")
        assert (loss_words(weighted, card) in page) is told
