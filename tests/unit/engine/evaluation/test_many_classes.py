"""A thousand classes: what is kept and drawn of them has bounds."""

import tracemalloc

import numpy as np

from sciapp.engine.evaluation.intervals import classification_report
from sciapp.engine.evaluation.metrics import bounded_confusion, roc_curves
from sciapp.engine.reports.figures import confusion_matrix


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


def test_few_classes_are_all_shown() -> None:
    truth = np.array([0, 1, 2, 2])
    assert bounded_confusion(truth, truth, ("a", "b", "c")).counts == ((1, 0, 0), (0, 1, 0), (0, 0, 2))
