"""One plain sentence: beats, does not beat, or cannot be told apart."""

from pathlib import Path
from unittest.mock import ANY

import numpy as np
import pytest

from sciapp.engine.data.targets.base import ArrayValues
from sciapp.engine.evaluation.evaluate import evaluate, verdict
from sciapp.engine.tasks.baselines.base import Baseline
from sciapp.engine.tasks.registry import evaluator_of
from sciapp.engine.tasks.regression import RegressionEvaluator, spread
from sciapp.records.dataset.card import DatasetCard
from sciapp.records.project.project import Project
from sciapp.records.run.evaluation import Evaluation
from tests.helpers.made_projects import made_dataset
from tests.helpers.messages import has_part, values_of

ROWS = 200


@pytest.fixture
def regression(tmp_path: Path) -> DatasetCard:
    return made_dataset(Project.create(tmp_path / "p", domain="molecule"), rows=10)


@pytest.fixture
def classification(tmp_path: Path) -> DatasetCard:
    return made_dataset(Project.create(tmp_path / "c", domain="molecule"), rows=10, task="classification")


def _noisy(truth: np.ndarray, noise: float, seed: int) -> np.ndarray:
    return truth + noise * np.random.default_rng(seed).normal(size=truth.shape)


@pytest.mark.parametrize(
    ("ours", "theirs", "beats", "words"),
    [(0.3, 1.0, True, " beats "), (1.0, 0.3, False, " not beat "), (1.0, 1.0, False, " apart ")],
)
def test_the_verdict_follows_the_paired_difference(
    regression: DatasetCard, ours: float, theirs: float, beats: bool, words: str
) -> None:
    truth = np.random.default_rng(0).normal(size=(ROWS, 1)) * 2
    judge = RegressionEvaluator(regression, np.ones(1), 0)
    simple = Baseline("Random forest on RDKit 2-D descriptors", _noisy(truth, theirs, 1))
    said, sentence = verdict(judge, truth, _noisy(truth, ours, 2), simple)
    assert said is beats
    assert words in sentence
    assert has_part(sentence, name=simple.name) and "(random forest" in sentence
    value = judge.main(truth, _noisy(truth, ours, 2))
    assert f"RMSE {value:.3g} against" in sentence
    assert "on 200 test rows" in sentence
    assert sentence.endswith(".")


def test_classes_are_compared_by_macro_f1(classification: DatasetCard) -> None:
    truth = np.random.default_rng(0).integers(0, 2, ROWS)
    right = np.eye(2)[truth]
    simple = Baseline("Random forest on RDKit 2-D descriptors", np.full((ROWS, 2), 0.5))
    beats, sentence = verdict(evaluator_of(classification, truth, 0), truth, right, simple)
    assert beats is True
    assert "macro F1 1 against 0.3" in sentence


def test_rows_that_were_never_measured_are_not_compared(regression: DatasetCard) -> None:
    truth = np.full((5, 1), np.nan)
    beats, sentence = verdict(
        RegressionEvaluator(regression, np.ones(1), 0), truth, truth, Baseline("Ridge", np.zeros((5, 1)))
    )
    assert beats is None
    assert values_of(sentence) == {"called": ANY, "rival": {"name": "Ridge"}}, "and no figures"


def test_an_evaluation_holds_everything_and_survives_its_file(classification: DatasetCard) -> None:
    rng = np.random.default_rng(0)
    truth, values = rng.integers(0, 2, ROWS), rng.dirichlet(np.ones(2), ROWS)
    judge = evaluator_of(classification, truth, 0)
    evaluation = evaluate(
        judge,
        truth,
        values,
        trivial=Baseline("Majority of the training rows", np.tile([0.4, 0.6], (ROWS, 1))),
        simple=Baseline("Forest", values[::-1]),
        before=judge.report("Before fine-tuning", truth, values[::-1]),
        after=judge.report("After fine-tuning", truth, values),
    )
    assert evaluation.confusion is not None and sum(map(sum, evaluation.confusion.counts)) == ROWS
    assert len(evaluation.roc) == 1 and len(evaluation.roc[0].x) <= 200
    assert evaluation.bootstrap_samples == 1000
    assert Evaluation.model_validate_json(evaluation.model_dump_json()) == evaluation
    for scores in (evaluation.model, evaluation.simple_baseline, evaluation.validation_before):
        assert scores is not None
        for score in scores.scores:
            assert score.value is not None and score.low is not None and score.high is not None
            assert score.low <= score.value <= score.high


def test_spread_of_targets_without_any_is_one() -> None:
    assert spread(np.array([[1.0, 5.0, np.nan], [3.0, 5.0, np.nan]])).tolist() == [1.0, 1.0, 1.0]


def test_digits_that_fp32_drops_are_no_victory(regression: DatasetCard) -> None:
    """A model that began with the very rule that is its rival says the same, though a hair nearer in every row."""
    truth = np.random.default_rng(0).normal(size=(ROWS, 1))
    theirs = _noisy(truth, 0.3, 1)
    ours = theirs - 1e-7 * np.sign(theirs - truth)
    simple = Baseline("Ridge regression", ArrayValues(theirs))
    beats, _ = verdict(RegressionEvaluator(regression, np.ones(1), 0), truth, ArrayValues(ours), simple)
    assert beats is False
