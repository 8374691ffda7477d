"""Forecasts: what is cut off a series, no time in two splits, and what is learnt and judged."""

import csv
from pathlib import Path

import numpy as np
import pytest

from sciapp.engine.data.dataset.table import Rows, read_split
from sciapp.engine.data.ingest.import_table import import_table
from sciapp.engine.data.targets.base import ArrayValues
from sciapp.engine.data.targets.forecast_rules import LINE
from sciapp.engine.data.targets.forecast_values import forecast_targets
from sciapp.engine.data.targets.registry import target_kind
from sciapp.engine.domains.registry import domain_named
from sciapp.engine.domains.series.values import Series
from sciapp.engine.tasks.baselines.base import BaselineData
from sciapp.engine.tasks.registry import evaluator_of, registered_task, task_of
from sciapp.errors import BadInput
from sciapp.records.dataset.card import DatasetCard, ImportRequest, Roles, SplitPlan
from sciapp.records.plan.optimization import Optimization
from sciapp.records.project.project import Project
from tests.helpers.messages import has_part, refused_exactly


def table(folder: Path, series: list[Series]) -> Path:
    file = folder / "series.csv"
    with file.open("w", newline="", encoding="utf-8") as out:
        writer = csv.writer(out)
        writer.writerow(["name", "track"])
        writer.writerows([f"s{index}", one.text] for index, one in enumerate(series))
    return file


def imported(
    folder: Path, series: list[Series], split: SplitPlan | None = None, **options: int
) -> tuple[DatasetCard, dict[str, Rows]]:
    project = Project.create(folder / "p", domain="series")
    try:
        request = ImportRequest(
            file=str(table(folder, series)),
            roles=Roles(input="track", targets=()),
            task="forecasting",
            split=split or SplitPlan(),
            task_options=options,
        )
        card = import_table(project, request)
        of = project.dataset_folder(card.id)
        return card, {name: read_split(of, card, name) for name in ("train", "validation", "test")}
    finally:
        project.close()


def walks(count: int, steps: int, bands: tuple[str, ...] = ("x", "y")) -> list[Series]:
    rng = np.random.default_rng(0)
    values = rng.normal(size=(count, len(bands), steps)).cumsum(axis=2)
    return [Series.even(dict(zip(bands, walk, strict=True)), step=24.0) for walk in values]


def test_the_last_steps_of_each_series_are_the_target_and_the_rest_is_the_input(tmp_path: Path) -> None:
    series = walks(30, 12)
    card, rows = imported(tmp_path, series, horizon=3)
    assert card.target_names == ("x +1", "x +2", "x +3", "y +1", "y +2", "y +3")
    assert card.task_options == {"horizon": 3, "window": 0, "stride": 1}
    for part in rows.values():
        for value, future in zip(part.inputs, np.asarray(part.targets), strict=True):
            past = Series.parse(str(value))
            source = next(one for one in series if np.isin(past.values, one.values).all())
            assert len(np.unique(past.times)) == 9
            assert future.tolist() == [*source.channel("x").values[9:], *source.channel("y").values[9:]]


@pytest.mark.parametrize("stride", [1, 3])
def test_no_test_window_has_a_time_in_common_with_training(tmp_path: Path, stride: int) -> None:
    series = [Series.even(np.arange(80.0) + 1000 * index) for index in range(3)]  # a value tells its series and time
    split = SplitPlan(fractions=(0.6, 0.2, 0.2))
    card, rows = imported(tmp_path, series, split, window=6, horizon=2, stride=stride)
    assert (card.split.method, card.split.column) == ("column", "forecast split")

    def times(part: Rows) -> set[float]:
        past = {value for text in part.inputs for value in Series.parse(str(text)).values.tolist()}
        return past | set(np.asarray(part.targets).ravel().tolist())

    seen = {name: times(part) for name, part in rows.items()}
    assert all(seen.values())
    assert not seen["train"] & (seen["validation"] | seen["test"])
    assert not seen["validation"] & seen["test"]
    for origin in range(0, 3000, 1000):  # the newest test
        newest = {name: max(t for t in part if origin <= t < origin + 1000) for name, part in seen.items()}
        assert newest["train"] < newest["validation"] < newest["test"]


def test_windows_divided_by_group_keep_a_series_together(tmp_path: Path) -> None:
    series = [Series.even(np.arange(40.0) + 1000 * index) for index in range(12)]
    _, rows = imported(tmp_path, series, SplitPlan(method="group", column="name"), window=6, horizon=2)
    owners = {
        name: {int(Series.parse(str(text)).values[0] // 1000) for text in part.inputs} for name, part in rows.items()
    }
    assert all(owners.values()) and sum(map(len, owners.values())) == 12


def test_windows_that_are_cut_by_time_have_no_folds(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no folds"):
        imported(tmp_path, walks(3, 40), SplitPlan(folds=3, fold=1), window=6, horizon=2)


def test_series_that_are_too_short_are_set_aside_with_the_reason(tmp_path: Path) -> None:
    card, _ = imported(tmp_path, [*walks(20, 12), *walks(2, 5)], horizon=3)
    assert (card.rows_kept, card.rows_set_aside) == (20, 2)


def test_a_column_without_series_cannot_be_forecast(tmp_path: Path) -> None:
    file = tmp_path / "words.csv"
    file.write_text("track,word\n" + "".join(f"w{i},x\n" for i in range(20)), encoding="utf-8")
    project = Project.create(tmp_path / "p", domain="series")
    try:
        request = ImportRequest(file=str(file), roles=Roles(input="track", targets=()), task="forecasting")
        with refused_exactly(BadInput, column="track"):
            import_table(project, request)
    finally:
        project.close()


def test_what_is_learnt_is_the_change_from_the_last_value_in_usual_steps(tmp_path: Path) -> None:
    slopes = np.linspace(1, 4, 24)
    card, rows = imported(tmp_path, [Series.even(5 + slope * np.arange(10.0)) for slope in slopes], horizon=2)
    targets = forecast_targets(rows["train"].targets)
    assert targets.relative == pytest.approx(np.tile([1.0, 2.0], (len(targets), 1)))
    task = task_of(card, Optimization(), targets)
    decoded = task.decode(np.zeros((len(targets), 2)))  # the mean, of standardised labels
    assert task.scores(decoded, targets)["mase"] == pytest.approx(0, abs=1e-9)
    kind = target_kind("forecasting")
    columns = kind.predicted_columns(decoded, rows["train"].inputs, card)
    assert np.column_stack([columns[f"prediction:{name}"] for name in card.target_names]) == pytest.approx(
        np.asarray(targets)
    )


def test_scores_are_of_each_band_and_step_with_intervals(tmp_path: Path) -> None:
    card, rows = imported(tmp_path, walks(60, 12), horizon=3)
    test = rows["test"].targets
    report = evaluator_of(card, rows["train"].targets, 0).report(
        "Last value", test, ArrayValues(np.zeros((len(test), 6)))
    )
    names = {(score.name, score.target) for score in report.scores}
    assert {("mase", ""), ("mae", "x"), ("rmse", "y"), ("mase", "x +3"), ("mae", "y +1")} <= names
    assert ("mae", "") not in names, "bands may be in different units"
    mae = report.get("mae", "x +1")
    truth = forecast_targets(test)
    assert mae is not None and mae.value == pytest.approx(np.abs(truth.values - truth.last)[:, 0].mean())
    assert mae.low is not None and mae.high is not None and mae.low < mae.value < mae.high
    assert not mae.greater_is_better


def test_baselines_know_lines_and_seasons(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    waves = [Series.even(np.sin(2 * np.pi * (np.arange(43.0) + shift) / 8)) for shift in rng.uniform(0, 8, 60)]
    card, rows = imported(tmp_path, waves, horizon=3)
    data = BaselineData(domain_named("series"), rows["train"], rows["test"], target_names=card.target_names)
    task, evaluator = registered_task("forecasting"), evaluator_of(card, rows["train"].targets, 0)
    found = (task.trivial_baseline(data), *task.further_baselines(data))
    missed = {one.name: evaluator.main(rows["test"].targets, one.values) for one in found}
    learnt = [name for name in missed if has_part(name, values=16)]
    assert learnt and all(missed[name] < 0.1 < missed["Last value"] for name in learnt)
    assert missed["Seasonal naive"] < 0.1
    assert {"Drift", LINE.name} <= {*missed}


def test_the_simple_baseline_is_the_one_that_misses_least_on_training_rows(tmp_path: Path) -> None:
    slopes = np.linspace(1, 4, 40)
    noise = np.random.default_rng(2).normal(0, 0.3, (40, 14))
    lines = [Series.even(slope * np.arange(14.0) + off) for slope, off in zip(slopes, noise, strict=True)]
    card, rows = imported(tmp_path, lines, horizon=3)
    data = BaselineData(domain_named("series"), rows["train"], rows["test"], target_names=card.target_names)
    simple = registered_task("forecasting").simple_baseline(data)
    evaluator = evaluator_of(card, rows["train"].targets, 0)
    line = next(one for one in registered_task("forecasting").further_baselines(data) if one.name.startswith("Line"))
    assert simple.name != line.name, "noise of two points is carried far"
    assert evaluator.main(rows["test"].targets, simple.values) < evaluator.main(rows["test"].targets, line.values)


def test_new_rows_are_read_as_far_back_as_the_windows_that_were_learnt_from(tmp_path: Path) -> None:
    card, _ = imported(tmp_path, [Series.even(np.arange(80.0) + index) for index in range(3)], window=6, horizon=2)
    read = target_kind("forecasting").read_input(Series.even(np.arange(30.0)).text, card)
    assert Series.parse(str(read)).values.tolist() == [24, 25, 26, 27, 28, 29]


def test_series_on_one_clock_are_all_cut_at_the_same_times(tmp_path: Path) -> None:
    """What happened to all series on one day is not learnt from one and asked of another."""
    starts = (0, 5, 11)
    series = [Series.even(1000 * index + start + np.arange(90.0), start=start) for index, start in enumerate(starts)]
    _, rows = imported(tmp_path, series, SplitPlan(fractions=(0.6, 0.2, 0.2)), window=6, horizon=2)

    def times(part: Rows) -> set[float]:
        past = {value % 1000 for text in part.inputs for value in Series.parse(str(text)).values.tolist()}
        return past | set((np.asarray(part.targets) % 1000).ravel().tolist())

    train, validation, test = (times(rows[name]) for name in ("train", "validation", "test"))
    assert max(train) < min(validation) <= max(validation) < min(test)


def test_series_of_other_times_are_each_cut_by_their_own(tmp_path: Path) -> None:
    series = [Series.even(np.arange(60.0), start=1000 * index) for index in range(3)]
    _, rows = imported(tmp_path, series, SplitPlan(fractions=(0.6, 0.2, 0.2)), window=6, horizon=2)
    owners = [{Series.parse(str(text)).times[0] // 1000 for text in part.inputs} for part in rows.values()]
    assert owners == [{0, 1, 2}] * 3


def test_a_window_whose_past_is_all_gaps_is_counted_and_says_so(tmp_path: Path) -> None:
    values = np.random.default_rng(0).normal(size=(12, 40))
    values[3, 10:20] = np.nan
    split = SplitPlan(method="group", column="name")
    card, _ = imported(tmp_path, [Series.even(one) for one in values], split, window=6, horizon=2, stride=2)
    without_past, without_future = ("10 to 15", "12 to 17", "14 to 19"), 3
    aside = len(without_past) + without_future
    assert (card.rows_kept, card.rows_set_aside) == (12 * 17 - aside, aside)
    rejected = (tmp_path / "p" / "datasets" / card.id / "rejected.csv").read_text("utf-8")
    assert all(rejected.count(span) == 1 for span in without_past)


def test_a_series_that_hardly_moved_makes_no_target_of_any_size(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    series = rng.normal(size=(40, 12)).cumsum(axis=1)
    series[:4, :10] = 1.0 + 1e-13 * rng.normal(size=(4, 10))
    series[4, :10] = 1.0
    card, rows = imported(tmp_path, [Series.even(one) for one in series], horizon=2)
    steps = np.array([np.abs(np.diff(Series.parse(str(text)).values)).mean() for text in rows["train"].inputs])
    assert card.task_constants == {"track": pytest.approx(0.1 * np.median(steps[steps > 0]))}
    every = np.concatenate([forecast_targets(part.targets).relative for part in rows.values()])
    assert np.isfinite(every).all() and np.abs(every).max() < 100


def test_predictions_say_at_which_time_each_value_is_expected(tmp_path: Path) -> None:
    card, rows = imported(tmp_path, walks(30, 12), horizon=3)
    kind, part = target_kind("forecasting"), rows["test"]
    columns = kind.predicted_columns(ArrayValues(np.zeros((len(part), 6))), part.inputs, card)
    assert list(columns)[:3] == ["time:+1", "time:+2", "time:+3"]
    assert columns["time:+2"].to_pylist() == [24.0 * 10] * len(part)


def test_a_card_from_before_counts_in_each_series_own_steps(tmp_path: Path) -> None:
    card, rows = imported(tmp_path, walks(30, 12), horizon=3)
    before = card.model_copy(update={"task_constants": {}})
    values = ArrayValues(np.ones((len(rows["test"]), 6)))
    kind = target_kind("forecasting")
    now, then = (kind.predicted_columns(values, rows["test"].inputs, one)["prediction:x +1"] for one in (card, before))
    assert now.to_pylist() == then.to_pylist()


def test_headings_name_bands_and_steps_not_every_target(tmp_path: Path) -> None:
    card, rows = imported(tmp_path, walks(30, 30), horizon=12)
    words = target_kind("forecasting").words
    assert words.title(card).values == {"bands": "x and y", "n": 12}
    assert words.drawn_targets(card) == ("x +12", "y +12")
    listed = words.scored_targets(card)
    assert listed is not None and {"x", "y", "+1", "+12"} <= set(listed) and len(listed) == 12
    report = evaluator_of(card, rows["train"].targets, 0).report(
        "Last value", rows["test"].targets, ArrayValues(np.zeros((len(rows["test"]), 24)))
    )
    assert set(listed) <= {score.target for score in report.scores}
