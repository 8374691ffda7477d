"""The simple baseline of series: whichever of PLS, ridge and forest does best on the training rows."""

import numpy as np
import pytest

from sciapp.engine.data.dataset.table import Rows
from sciapp.engine.domains.registry import domain_named
from sciapp.engine.domains.series.values import Series
from sciapp.engine.tasks.baselines.sklearn_models import Forest
from tests.helpers.baselines import simple_baseline
from tests.helpers.messages import values_of

AXIS = np.arange(850, 950, 2)


def rows(count: int, seed: int, *, classes: bool) -> Rows:
    """Spectra of two overlapping peaks and scatter; the label is the height of one of them, or whether it is high."""
    rng = np.random.default_rng(seed)
    heights, others = rng.uniform(1, 5, count), rng.uniform(1, 5, count)
    peaks = [np.exp(-(((AXIS - middle) / 12) ** 2)) for middle in (890, 905)]
    curves = np.outer(heights, peaks[0]) + np.outer(others, peaks[1]) + rng.normal(0, 0.01, (count, len(AXIS)))
    inputs = [Series.even(curve + rng.normal(), start=850, step=2).text for curve in curves]
    targets = (heights > 3).astype(np.int64) if classes else heights[:, None]
    return Rows(line=np.arange(count), inputs=inputs, targets=targets)


@pytest.mark.parametrize("classes", [False, True])
def test_a_linear_model_of_the_spectrum_is_chosen_where_the_label_is_a_peak(classes: bool) -> None:
    train, test = rows(60, 0, classes=classes), rows(30, 1, classes=classes)
    task = "classification" if classes else "regression"
    baseline = simple_baseline(
        domain_named("series"), task, train, test, classes=2 if classes else 0, seed=0, threads=1
    )
    assert "read" in baseline.name.values, "a linear model says what it reads of the curve"
    if classes:
        assert (np.asarray(baseline.values).argmax(axis=1) == test.targets).mean() > 0.9
    else:
        assert np.sqrt(np.mean((np.asarray(baseline.values) - test.targets) ** 2)) < 0.2


def test_light_curves_are_read_by_a_forest_of_their_statistics() -> None:
    rng = np.random.default_rng(0)

    def curves(count: int) -> Rows:
        labels = rng.integers(0, 2, count)
        inputs = [
            Series.of(np.sort(rng.uniform(0, 50, 20)), rng.normal(20, 0.2 + label, 20), errors=np.full(20, 0.1)).text
            for label in labels
        ]
        return Rows(line=np.arange(count), inputs=inputs, targets=labels)

    train, test = curves(60), curves(30)
    baseline = simple_baseline(domain_named("series"), "classification", train, test, classes=2, seed=0, threads=1)
    assert values_of(baseline.name) == {"learner": Forest.name, "features": "summary statistics"}
    assert (np.asarray(baseline.values).argmax(axis=1) == test.targets).mean() > 0.9
