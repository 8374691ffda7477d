"""Whatever unit a column is in, and wherever its zero lies, the same is learnt from it."""

import json

import numpy as np
import pytest

from sciapp.engine.data.dataset.table import Rows
from sciapp.engine.data.quality.checks.outliers import robust_z
from sciapp.engine.data.targets.summaries import histogram
from sciapp.engine.data.values.safe_float import mean_and_spread
from sciapp.engine.domains.registry import domain_named
from sciapp.engine.inputs.features.scaling import Scaling
from sciapp.engine.statistics.intervals import regression_report
from sciapp.engine.statistics.metrics import regression_scores
from sciapp.engine.tasks.regression import Regression, spread
from tests.helpers.baselines import simple_baseline, trivial_baseline

POWERS = range(-15, 16)
RNG = np.random.default_rng(0)
TRUTH = RNG.normal(3, 1, (60, 1))
SAID = TRUTH + RNG.normal(0, 0.3, (60, 1))


@pytest.mark.parametrize("factor", [1e-200, 1e-15, 1.0, 1e15, 1e200])
@pytest.mark.parametrize("offset", [0.0, 1e6])
def test_a_spread_is_told_whatever_the_unit(factor: float, offset: float) -> None:
    numbers = np.array([[1.0], [2.0], [4.0], [np.nan]])
    mean, scale = mean_and_spread((numbers + offset) * factor)
    assert mean / factor == pytest.approx(7 / 3 + offset)
    assert scale / factor == pytest.approx(np.std([1, 2, 4]), rel=1e-9)
    mean, scale = mean_and_spread(numbers * factor, np.array([1.0, 0.0, 3.0, 1.0]))
    assert mean / factor == pytest.approx(3.25)
    assert scale / factor == pytest.approx(np.sqrt((2.25**2 + 3 * 0.75**2) / 4))


@pytest.mark.parametrize("value", [0.0, 1e-300, 0.1, 1e15 / 3, 1e300])
def test_copies_of_one_value_have_no_spread(value: float) -> None:
    assert mean_and_spread(np.full((7, 1), value)) == (pytest.approx([value]), [0.0])


@pytest.mark.parametrize("power", POWERS)
def test_a_covariate_is_the_same_to_the_network_in_every_unit(power: int) -> None:
    dose = np.column_stack([10 ** RNG.uniform(-3, 3, 200), RNG.normal(0, 20, 200), RNG.integers(0, 3, 200)])
    dose[5] = np.nan
    known = Scaling.of(("a", "b", "c"), dose).apply(dose)
    other = Scaling.of(("a", "b", "c"), dose * 10.0**power)
    assert other.apply(dose * 10.0**power) == pytest.approx(known, abs=1e-5)
    assert known.std(axis=0) == pytest.approx(1, abs=0.1)
    again = Scaling.from_json(json.loads(json.dumps(other.to_json())))
    assert np.array_equal(again.apply(dose * 10.0**power), other.apply(dose * 10.0**power))


def test_a_covariate_far_from_zero_keeps_its_resolution() -> None:
    plain = RNG.normal(0, 1, (100, 1))
    near = Scaling.of(("a",), plain).apply(plain)[:, 0]
    far = Scaling.of(("a",), plain + 1e6).apply(plain + 1e6)[:, 0]
    assert far == pytest.approx(near, abs=1e-5)


def test_a_logarithm_tells_the_decades_of_a_dose_apart() -> None:
    dose = np.repeat(10.0 ** np.arange(-11, -3), 10)[:, None]
    logs = Scaling.of(("dose",), dose).apply(dose)[::10, 1]
    assert np.diff(logs) == pytest.approx(np.diff(logs).mean(), rel=0.35)


def test_models_from_before_units_were_learnt_read_their_covariates_as_they_did() -> None:
    old = {"names": ["a"], "low": [0.0, 0.0], "high": [9.0, 3.0], "centre": [5.0, 1.0], "scale": [2.0, 0.5]}
    assert Scaling.from_json(old).apply(np.array([[7.0]])).tolist() == [[1.0, pytest.approx((np.log(8) - 1) / 0.5)]]


@pytest.mark.parametrize("power", POWERS)
@pytest.mark.parametrize("offset", [0.0, 1e6])
def test_scores_do_not_know_the_unit(power: int, offset: float) -> None:
    unit = 10.0**power
    truth, said = ((numbers + offset) * unit for numbers in (TRUTH, SAID))
    wanted = regression_report(TRUTH, SAID, ("y",), predictor="", scale=spread(TRUTH))
    found = regression_report(truth, said, ("y",), predictor="", scale=spread(truth))
    for one, other in zip(wanted.scores, found.scores, strict=True):
        size = unit if one.name in {"rmse", "mae"} else 1.0
        for name in ("value", "low", "high"):
            assert getattr(other, name) == pytest.approx(getattr(one, name) * size, rel=1e-6), (one.name, name)
    task = Regression(("y",), truth)
    decoded = task.decode(task.labels(truth).numpy().astype(np.float64))
    assert task.scores(decoded, truth)["rmse"] < 1e-6 * truth.std()


def test_targets_of_1e_minus_170_have_an_r2() -> None:
    assert regression_scores(TRUTH[:, 0] * 1e-170, SAID[:, 0] * 1e-170)["r2"] == pytest.approx(
        regression_scores(TRUTH[:, 0], SAID[:, 0])["r2"]
    )


def _simple(domain: str, train: Rows, test: Rows) -> np.ndarray:
    baseline = simple_baseline(domain_named(domain), "regression", train, test, classes=0, seed=0, threads=1)
    return np.asarray(baseline.values)


@pytest.mark.parametrize("domain", ["molecule", "protein"])
def test_baselines_do_not_know_the_unit(domain: str) -> None:
    inputs = ["C" * (1 + n % 9) + "NO"[n % 2] for n in range(60)]
    length = np.array([[float(len(one)) + (one[-1] == "O")] for one in inputs])
    dose = RNG.uniform(0.1, 1, (60, 1))
    numbers = length * dose + RNG.normal(0, 0.05, (60, 1))

    def said(unit: float, offset: float, unit_of_dose: float) -> np.ndarray:
        rows = Rows(np.arange(60), inputs, (numbers + offset) * unit, covariates=dose * unit_of_dose)
        train, test = rows.of(np.arange(40)), rows.of(np.arange(40, 60))
        trivial = np.asarray(trivial_baseline(domain_named(domain), "regression", train, test, 0).values)
        return np.column_stack([_simple(domain, train, test), trivial]) / unit - offset

    wanted = said(1.0, 0.0, 1.0)
    assert np.corrcoef(wanted[:, 0], numbers[40:, 0])[0, 1] > 0.8
    for unit, offset, unit_of_dose in ((1e-13, 0, 1e-9), (1e13, 0, 1e9), (1.0, 1e6, 1e-15), (1e-15, 0, 1e15)):
        assert said(unit, offset, unit_of_dose) == pytest.approx(wanted, rel=1e-3, abs=1e-3), (unit, offset)


def test_a_range_of_a_few_last_digits_has_a_histogram() -> None:
    edges, counts = histogram(np.array([1e6, 1e6 + 1e-10, 1e6]))
    assert sum(counts) == 3
    assert edges[0] == 1e6


@pytest.mark.parametrize("factor", [1e-200, 1e-13, 1e13])
def test_outliers_do_not_know_the_unit(factor: float) -> None:
    column = np.array([*TRUTH[:, 0], 40.0])
    assert robust_z(column * factor) == pytest.approx(robust_z(column))
