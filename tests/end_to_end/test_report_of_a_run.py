"""Train a tiny model on gaps and on classes, and read the report."""

from pathlib import Path

import pytest

from sciapp.engine.reports.build import build_report
from sciapp.engine.runs.train import train
from sciapp.engine.runtime.progress import RunProgress
from sciapp.engine.statistics.intervals import SAMPLES
from sciapp.records.run.evaluation import Evaluation
from sciapp.records.run.score_format import with_interval
from tests.helpers.tiny import tiny_model, tiny_plan, tiny_project


@pytest.mark.parametrize(("classes", "targets"), [(False, 2), (True, 1)])
def test_the_report_of_a_real_training_holds_its_numbers(tmp_path: Path, classes: bool, targets: int) -> None:
    project, card = tiny_project(tmp_path / "project", classes=classes, targets=targets)
    plan = tiny_plan(card, tiny_model(tmp_path / "model"), num_train_epochs=2)
    run = project.new_run(plan)
    train(plan, run, RunProgress(run.append_event))
    evaluation = run.evaluation()
    assert evaluation is not None
    assert evaluation.bootstrap_samples == SAMPLES
    assert evaluation.simple_baseline is not None
    assert evaluation.simple_baseline.predictor.endswith("1- to 3-mer counts")
    html = build_report(project, run, tmp_path / "report.html").read_text(encoding="utf-8")
    _holds_the_numbers(html, evaluation)
    assert card.fingerprint in html
    assert card.source.sha256 in html
    assert f"{tmp_path}" not in html
    assert html.count("<svg") >= (5 if not classes else 4), "curves, parity or confusion and ROC, distributions"
    assert "http://" not in html.replace("http://www.w3.org/", "")
    assert "https://" not in html


def _holds_the_numbers(html: str, evaluation: Evaluation) -> None:
    assert evaluation.verdict.partition("(")[0] in html
    for side in (
        evaluation.model,
        evaluation.simple_baseline,
        evaluation.trivial_baseline,
        evaluation.validation_before,
        evaluation.validation_after,
    ):
        assert side is not None
        assert side.predictor in html
        for score in side.scores:
            assert with_interval(score) in html
