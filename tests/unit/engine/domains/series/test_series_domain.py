"""What is known of a series without a model: descriptors, periods, likeness, pictures."""

import xml.etree.ElementTree as ElementTree

import numpy as np
import pytest

from sciapp.engine.domains.registry import domain_named
from sciapp.engine.domains.series.descriptors import POSITIONS, corrected, described
from sciapp.engine.domains.series.periods import period_features
from sciapp.engine.domains.series.values import Series

SERIES = domain_named("series")


def saw(times: np.ndarray, period: float) -> np.ndarray:
    return 1 - (times / period) % 1.0


@pytest.mark.parametrize("period", [0.548, 3.1, 17.0])
def test_the_period_of_irregular_times_in_two_bands_is_found(period: float) -> None:
    rng = np.random.default_rng(1)
    times = np.sort(rng.uniform(51000, 51000 + 200 * period, 60))
    values = saw(times, period) + rng.normal(0, 0.05, 60)
    series = Series.of(np.tile(times, 2), np.concatenate([values, 0.7 * values + 3]), bands=["g"] * 60 + ["r"] * 60)
    found = period_features(list(series))
    assert 10 ** found["log period"] == pytest.approx(period, rel=2e-3)
    assert found["fold share"] > 0.8


def test_descriptors_have_the_same_names_for_every_series() -> None:
    rng = np.random.default_rng(0)
    names = [*described(Series.even(rng.normal(size=50)))]
    assert [*described(Series.of([1, 2, 4], [1, 2, 3], bands=["g", "r", "i"]))] == names
    assert [*SERIES.descriptors(SERIES.example)] == names


def test_scatter_does_not_change_the_derivatives_of_a_spectrum() -> None:
    spectrum = np.sin(np.linspace(0, 5, 100))
    _, first, second = corrected(spectrum)
    _, other, another = corrected(3 * spectrum + 7)
    assert len(first) == POSITIONS
    np.testing.assert_allclose(first, other, atol=1e-6)
    np.testing.assert_allclose(second, another, atol=1e-4)


def test_a_band_has_its_own_descriptors_whichever_others_there_are() -> None:
    both = described(Series.of([1, 2, 3, 1, 2, 3], [1, 2, 3, 7, 8, 9], bands=["g", "g", "g", "r", "r", "r"]))
    alone = described(Series.of([1, 2, 3], [7, 8, 9], bands=["r", "r", "r"]))
    assert both["band 3 mean"] == alone["band 3 mean"] == 8
    assert np.isnan(alone["band 2 mean"]) and both["band 2 mean"] == 2


def motion(series: Series) -> dict[str, float]:
    """The descriptors of the motion, by what they measure."""
    return {
        name.removeprefix("motion "): value for name, value in described(series).items() if name.startswith("motion ")
    }


def test_a_track_that_goes_straight_on_is_told_from_one_that_wanders() -> None:
    times = np.arange(0, 480, 24.0)
    straight = motion(Series.channels(times, {"x": times * 3, "y": times * 4}))
    assert straight["mean speed"] == pytest.approx(5) and straight["net speed"] == pytest.approx(5)
    assert straight["straightness"] == pytest.approx(1) and straight["mean cosine"] == pytest.approx(1)
    assert straight["diffusion exponent"] == pytest.approx(2)
    steps = np.random.default_rng(0).normal(size=(2, 400))
    wandering = motion(Series.channels(np.arange(400), dict(zip("xy", steps.cumsum(axis=1), strict=True))))
    assert wandering["straightness"] < 0.2 and abs(wandering["mean cosine"]) < 0.2
    assert np.isnan(motion(Series.even(times))["mean speed"])


def test_replicates_are_alike_and_others_are_not() -> None:
    rng = np.random.default_rng(0)
    curves = [np.cumsum(rng.normal(size=80)) for _ in range(30)]
    values = [Series.even(curve).text for curve in curves]
    again = [Series.even(curve + rng.normal(0, 0.01, 80)).text for curve in curves[:5]]
    nearest = SERIES.likeness.nearest(again, values)
    assert nearest.index.tolist() == [0, 1, 2, 3, 4] and (nearest.similarity > SERIES.likeness.near).all()
    assert (SERIES.likeness.nearest(values[:5], values[5:]).similarity < SERIES.likeness.alike).all()
    labels = SERIES.likeness.clusters([*values, *again], 0.95).labels
    assert labels[:5].tolist() == labels[30:].tolist() and len(set(labels)) == 30


@pytest.mark.parametrize(
    "series",
    [
        Series.even([1, 2, np.nan, 4, np.nan, 3], start=850, step=2),
        Series.of([1, 2.5, 7], [1, -2, 3e5], bands=["<g>", "r", "r"], errors=[0.1, np.nan, 2]),
        Series.even([5, 5, 5]),
    ],
)
def test_the_picture_is_drawn_with_axes_and_without_numbers_that_are_none(series: Series) -> None:
    picture = SERIES.depict(series.text)
    assert picture is not None and "nan" not in picture and "inf" not in picture
    root = ElementTree.fromstring(picture)
    ticks = [text.text for text in root.iter("{http://www.w3.org/2000/svg}text") if text.text]
    assert len(ticks) >= 4 and "-0" not in ticks
