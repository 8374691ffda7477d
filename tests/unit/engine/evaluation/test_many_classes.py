"""A thousand classes: what is kept and drawn of them has bounds."""

import tracemalloc

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from sciapp.engine.data.dataset.table import Rows
from sciapp.engine.data.targets.token_classification import TokenLabels
from sciapp.engine.domains.registry import domain_named
from sciapp.engine.reports.figures.curves import confusion_matrix
from sciapp.engine.statistics import bootstrap
from sciapp.engine.statistics.intervals import classification_report
from sciapp.engine.statistics.metrics import bounded_confusion, roc_curves
from sciapp.engine.tasks.baselines.base import Baseline, LabelledFeatures
from sciapp.engine.tasks.baselines.sklearn_models import Forest, Linear, NearestMeans, bounded
from sciapp.engine.tasks.baselines.token_baselines import CommonestLabel
from sciapp.engine.tasks.token_classification import unit_tables
from tests.helpers.baselines import simple_baseline
from tests.helpers.heard import Step, noted


def test_a_thousand_classes_are_judged_and_drawn_in_bounded_memory() -> None:
    rng = np.random.default_rng(0)
    rows, classes = 450, 1000
    truth = rng.integers(0, classes, rows)
    said = rng.random((rows, classes))
    said[np.arange(rows), truth] += rng.random(rows)
    names = tuple(f"class {n}" for n in range(classes))
    tracemalloc.start()
    try:
        classification_report(truth, said, predictor="")
        confusion = bounded_confusion(truth, said.argmax(axis=1), names)
        picture = confusion_matrix(confusion)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 300e6
    assert len(confusion.classes) == 40 and confusion.classes[-1] == "961 other classes"
    assert sum(map(sum, confusion.counts)) == rows
    assert len(picture.svg) < 1e6
    assert len(roc_curves(truth, said, names)) <= 12


@pytest.mark.parametrize("kind", ["dense", "sparse", "few columns"])
def test_the_simple_baseline_of_a_thousand_classes_is_bounded_and_learns(kind: str) -> None:
    rng = np.random.default_rng(0)
    rows, classes, columns = 3600, 1000, 50 if kind == "few columns" else 400
    target = np.arange(rows) % classes
    features = rng.random((classes, columns))[target] + 0.1 * rng.random((rows, columns))
    given = features if kind == "dense" else csr_matrix(features)
    learner = Forest(True, 0, 1) if kind == "dense" else Linear(True, 0)
    few = bounded(learner, given, 3, 0)
    assert few is learner
    chosen = bounded(learner, given, classes, 0)
    assert chosen.name == NearestMeans.name
    tracemalloc.start()
    try:
        said = chosen.learn(LabelledFeatures(given, target, np.ones(rows))).predict_proba(given[:450])
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 200e6
    assert (said.argmax(axis=1) == target[:450]).mean() > 0.9


def test_units_of_a_thousand_labels_take_no_square_of_them() -> None:
    rng = np.random.default_rng(0)
    rows, classes, units = 450, 1000, 50
    codes = rng.integers(0, classes, rows * units)
    wrong = np.where(rng.random(len(codes)) < 0.5, codes, rng.integers(0, classes, len(codes)))
    truth, said = (TokenLabels.of(np.split(part, rows)) for part in (codes, wrong))
    tracemalloc.start()
    try:
        tables = unit_tables(truth, said, classes)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 100e6
    accuracy = float(bootstrap.units(tables, np.ones((1, rows)))["unit_accuracy"][0])
    assert accuracy == pytest.approx(float((codes == wrong).mean()))


def test_the_simple_baseline_of_units_with_a_thousand_labels_is_bounded_and_learns() -> None:
    """Each word has a label of its own; a linear model of all of them would take gigabytes."""
    rng = np.random.default_rng(0)
    rows, labels, units = 500, 1000, 20
    codes = rng.integers(0, labels, (rows, units))
    inputs = [" ".join(f"word{code}" for code in row) for row in codes]
    train, test = (
        Rows(np.arange(part.stop - part.start), inputs[part.start : part.stop], TokenLabels.of(list(codes[part])))
        for part in (slice(0, 450), slice(450, 500))
    )
    steps: list[Step] = []
    tracemalloc.start()
    try:
        found = simple_baseline(
            domain_named("text"), "tagging", train, test, classes=labels, seed=0, threads=1, progress=noted(steps)
        )
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 300e6
    assert steps == [("", 0, 6), ("", 1, 1)]
    assert isinstance(found, Baseline)
    assert found.name == CommonestLabel.name
    assert isinstance(found.values, TokenLabels)
    assert (found.values.codes == codes[450:].ravel()).mean() > 0.99


def test_few_classes_are_all_shown() -> None:
    truth = np.array([0, 1, 2, 2])
    assert bounded_confusion(truth, truth, ("a", "b", "c")).counts == ((1, 0, 0), (0, 1, 0), (0, 0, 2))
