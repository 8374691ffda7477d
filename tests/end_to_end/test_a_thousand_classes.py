"""A thousand classes in 4,500 rows: the run and its report stay small. (They once took 11 GB and 208 MB.)"""

import csv
import random
from pathlib import Path

import pytest

from sciapp.engine.data.ingest.import_table import import_table
from sciapp.engine.reports.build import build_report
from sciapp.jobs.launch import launcher
from sciapp.records.dataset.card import ImportRequest, Roles, SplitPlan
from sciapp.records.project.project import Project
from sciapp.records.run.events import ResourcesUsed
from sciapp.records.run.run import RunStatus
from tests.helpers.runs import wait_until_over
from tests.helpers.tiny import LETTERS, tiny_model, tiny_plan

pytestmark = pytest.mark.fresh_processes

_CLASSES, _ROWS = 1000, 4500


def thousand_classes(file: Path) -> Path:
    rng = random.Random(0)
    with file.open("w", newline="", encoding="utf-8") as handle:
        writer = csv.writer(handle)
        writer.writerow(["sequence", "family"])
        writer.writerows(
            ["".join(rng.choices(LETTERS, k=30)), f"family number {row % _CLASSES}"] for row in range(_ROWS)
        )
    return file


@pytest.mark.prove
@pytest.mark.timeout(900)
def test_a_run_of_a_thousand_classes_needs_two_gigabytes_at_most_and_its_report_few_megabytes(tmp_path: Path) -> None:
    project = Project.create(tmp_path / "p", domain="protein")
    request = ImportRequest(
        file=str(thousand_classes(tmp_path / "t.csv")),
        roles=Roles(input="sequence", targets=("family",)),
        task="classification",
        split=SplitPlan(method="random"),
    )
    card = import_table(project, request)
    assert len(card.class_names) == _CLASSES
    run = project.new_run(tiny_plan(card, tiny_model(tmp_path / "model"), max_steps=20, tokens_per_batch=2048))
    launcher.start(run)
    assert wait_until_over(run, seconds=800) is RunStatus.FINISHED, run.log_file.read_text()
    used = next(event for event in run.events() if isinstance(event, ResourcesUsed))
    assert used.peak_memory < 2e9
    assert build_report(project, run, tmp_path / "r.html").stat().st_size < 5e6
    assert run.evaluation_file.stat().st_size < 1e6
    evaluation = run.evaluation()
    assert evaluation is not None and evaluation.simple_baseline is not None and evaluation.confusion is not None
    assert len(evaluation.confusion.classes) == 40
