"""Timing two models in turns, and saying what came of it without flattery."""

import pytest

from sciapp.engine.compression.benchmark import FEWEST_ROWS, MOST_ROWS, alternating_seconds, footprint, rows_to_time
from sciapp.engine.compression.verdict import remarks, verdict
from sciapp.engine.runtime.progress import Progress
from sciapp.records.run.evaluation import Footprint, Score, Scores
from tests.helpers.messages import numbers_in, values_of

ROWS = [str(number) for number in range(500)]


def test_sides_take_turns_and_each_is_first_as_often_as_the_other() -> None:
    asked: list[str] = []
    sides = [lambda row: asked.append(f"a{row}"), lambda row: asked.append(f"b{row}")]
    steps: list[tuple[int, int]] = []
    progress = Progress(lambda stage, done, total: steps.append((done, total)), interval=0.0)
    seconds = alternating_seconds(sides, ["1", "2"], rounds=4, progress=progress)
    assert steps == [(1, 4), (2, 4), (3, 4), (4, 4)]
    assert [len(side) for side in seconds] == [4, 4]
    assert asked == ["b1", "b2", "a1", "a2", "a1", "a2", "b1", "b2"] * 2


def test_a_slow_model_is_timed_on_fewer_rows() -> None:
    quick = rows_to_time([lambda row: None], ROWS)
    slow = rows_to_time([lambda row: None], ROWS, budget=0.0)
    assert (len(quick), len(slow)) == (MOST_ROWS, FEWEST_ROWS)
    assert list(rows_to_time([lambda row: None], ["only"])) == ["only"]


def test_a_footprint_has_median_and_quartiles_in_milliseconds() -> None:
    found = footprint("before", 10, [0.001, 0.002, 0.003, 0.004, 0.1], rows=8, threads=2)
    assert found.milliseconds_per_row == pytest.approx(3)
    assert (found.milliseconds_low, found.milliseconds_high) == pytest.approx((2, 4))


def of(milliseconds: float, size: int = 100) -> Footprint:
    return footprint("x", size, [milliseconds / 1000] * 3, rows=8, threads=2)


def scores(value: float) -> Scores:
    return Scores(predictor="model", rows=10, scores=(Score(name="rmse", value=value),))


def test_a_verdict_says_faster_slower_and_the_same() -> None:
    said = verdict("rmse", scores(0.5), scores(0.51), small=of(2, 25), big=of(5, 100))
    assert values_of(said) == {
        "size": {"smaller": 4},
        "pace": {"faster": 2.5},
        "score": {"score": "RMSE", "now": {"value": 0.51}, "before": {"value": 0.5}},
    }
    slower, even = (verdict("rmse", scores(1), scores(1), of(5), big=of(before)) for before in (4, 5.1))
    assert values_of(slower)["pace"] == {"now": pytest.approx(5), "before": pytest.approx(4)}
    assert not numbers_in(even.values["pace"])


def test_remarks_admit_that_nothing_was_gained_in_speed() -> None:
    slow, quick = remarks(small=of(5), big=of(5), batch_speed=1.0), remarks(small=of(2), big=of(5), batch_speed=2.31)
    assert [values_of(remark) for remark in quick] == [{"n": 2, "rows": 8}, {"batch_speed": 2.31}]
    timed, alone, in_batches = slow
    assert values_of(timed) == {"n": 2, "rows": 8}
    assert not alone.values and not in_batches.values, "neither claims a gain"
    assert "not faster" in alone and "no faster" in in_batches
