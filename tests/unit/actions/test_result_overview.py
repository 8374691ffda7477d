"""A result at a glance, rows with their names, and runs beside each other."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sciapp.actions.comparison import compare_runs
from sciapp.actions.prediction_rows import far_off, miss_of
from sciapp.actions.results import load_results
from sciapp.errors import NotFound
from sciapp.records.dataset.leakage import Leakage, Neighbours
from sciapp.records.plan.plan import CompressPlan, TrainPlan
from sciapp.records.project.project import Project
from tests.helpers.made_projects import made_dataset, made_project, made_run


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    made = made_project(tmp_path / "p")
    made_dataset(made)
    made_run(made, TrainPlan(dataset="made-1"), value=0.6)
    yield made
    made.close()


@pytest.fixture
def of_classes(tmp_path: Path) -> Iterator[Project]:
    """Two classifications of the same rows."""
    made = made_project(tmp_path / "p")
    for value in (0.8, 0.7):
        made_run(made, TrainPlan(dataset="d"), value=value, task="classification")
    yield made
    made.close()


def name_rows(project: Project, cells: list[str], heading: str = "Compound ID") -> None:
    file = project.dataset_folder("made-1").table_file
    table = pq.read_table(file)
    pq.write_table(table.append_column(f"column:{heading}", pa.array(cells)), file)


def test_the_rows_furthest_off_come_first_and_are_named_as_the_dataset_names_them(project: Project) -> None:
    rows = pq.read_metadata(project.dataset_folder("made-1").table_file).num_rows
    name_rows(project, [f"mol-{index}" for index in range(rows)])
    results = load_results(project.run("001-train"))
    table = results.predictions.table
    assert table["error:y"].to_pylist() == sorted(table["error:y"].to_pylist(), reverse=True)
    names = dict(zip(table["line"].to_pylist(), table["column:Compound ID"].to_pylist(), strict=True))
    assert all(name == f"mol-{line - 2}" for line, name in names.items())
    assert results.details[4].name == "mol-2"


def test_columns_that_repeat_or_that_hold_measurements_name_nothing(project: Project) -> None:
    rows = pq.read_metadata(project.dataset_folder("made-1").table_file).num_rows
    name_rows(project, ["same"] * rows)
    assert not [
        key for key in load_results(project.run("001-train")).predictions.table.column_names if "column:" in key
    ]


def test_the_overview_counts_every_test_row_once(project: Project) -> None:
    overview = load_results(project.run("001-train")).overview
    assert sum(group.rows for group in overview.groups) == 80
    assert overview.judgement.light == "unknown", "nothing says whether it beats the simple baseline"
    assert set(overview.far_off) <= set(load_results(project.run("001-train")).predictions.table["line"].to_pylist())


def test_trainings_that_differ_in_their_seed_alone_say_how_far_chance_goes(project: Project) -> None:
    alone = load_results(project.run("001-train")).overview.grounds
    made_run(project, TrainPlan(dataset="made-1", seed=1), value=0.7)
    made_run(project, TrainPlan(dataset="made-1", seed=2, dropout=0.2), value=0.1)
    twice = load_results(project.run("001-train")).overview.grounds
    assert alone[-1].light == "caution" and twice[-1].light == "good"
    assert "0.60" in twice[-1].text and "0.70" in twice[-1].text and "0.1 " not in twice[-1].text


def compared_rows(project: Project, *, similarity: float) -> None:
    """A check for near twins that looked at one test row."""
    neighbours = Neighbours(
        rows=1, looked_at=1, training_rows=9, training_looked_at=9, lines=(2,), similarities=(similarity,),
        neighbour_lines=(3,),
    )  # fmt: skip
    leakage = Leakage(
        measure="made", symbol="s", alike=0.5, near=0.9, neighbours=neighbours, level="clean", verdict="made"
    )
    leakage.write(project.dataset_folder("made-1").leakage_file)


@pytest.mark.parametrize("method", ["time", "group", "cluster", "scaffold"])
def test_a_split_is_named_as_it_is_and_good_only_where_no_twins_were_found(project: Project, method: str) -> None:
    folder = project.dataset_folder("made-1")
    card = folder.card()
    folder.write_card(card.model_copy(update={"split": card.split.model_copy(update={"method": method})}))

    def light() -> str:
        return load_results(project.run("001-train")).overview.grounds[0].light

    assert light() == "unknown", "nothing was compared"
    compared_rows(project, similarity=0.95)
    assert light() == "caution"
    compared_rows(project, similarity=0.4)
    assert light() == "good"


def test_splits_are_not_all_called_alike(project: Project) -> None:
    card, titles = project.dataset_folder("made-1").card(), set()
    for method in ("time", "group", "cluster", "scaffold", "chemical_system", "random"):
        folder = project.dataset_folder("made-1")
        folder.write_card(card.model_copy(update={"split": card.split.model_copy(update={"method": method})}))
        titles.add(str(load_results(project.run("001-train")).overview.grounds[0].title))
    assert len(titles) == 6


def test_a_dataset_that_is_gone_leaves_the_scores(project: Project) -> None:
    made_run(project, TrainPlan(dataset="gone-1"), value=0.5)
    results = load_results(project.run("002-train"))
    assert results.overview.grounds[0].light == "unknown" and results.evaluation is not None


def test_wrong_classes_count_as_far_off(of_classes: Project) -> None:
    results = load_results(of_classes.run("001-train"))
    misses = miss_of(results.predictions)
    assert set(misses.tolist()) == {0.0, 1.0} and len(far_off(results.predictions)) == int(misses.sum())
    assert {group.name for group in results.overview.groups} == {"high", "low"}


def shifted(project: Project, id: str, by: float) -> None:
    """Make every prediction of a run worse by as much."""
    file = project.run(id).predictions_file
    table = pq.read_table(file)
    measured, predicted = (np.asarray(table[key], dtype=float) for key in ("target:y", "prediction:y"))
    worse = predicted + np.where(predicted < measured, -by, by)
    pq.write_table(table.set_column(table.column_names.index("prediction:y"), "prediction:y", pa.array(worse)), file)


def test_the_best_run_is_compared_with_each_other_row_by_row(project: Project) -> None:
    made_run(project, TrainPlan(dataset="made-1", dropout=0.2, seed=3), value=0.9)
    shifted(project, "002-train", 1.0)
    compared = compare_runs(project=project, run_ids=["002-train", "001-train"])
    assert [run.id for run in compared.runs] == ["001-train", "002-train"]
    pair = compared.pairs[0]
    assert pair.difference.difference < 0 and not pair.difference.may_be_luck
    assert pair.nearer == (80, 0) and len(pair.gains) == 80
    assert compared.settings == (("seed", ("0", "3")), ("dropout", ("0.1", "0.2")))
    assert compared.settings_compared > 20


def test_a_twin_may_be_luck(project: Project) -> None:
    made_run(project, TrainPlan(dataset="made-1", seed=3), value=0.6)
    assert compare_runs(project=project, run_ids=["001-train", "002-train"]).pairs[0].difference.may_be_luck


def test_other_test_rows_are_not_compared_row_by_row(project: Project) -> None:
    made_run(project, TrainPlan(dataset="made-1", seed=3), value=0.7)
    file = project.run("002-train").predictions_file
    pq.write_table(pq.read_table(file).slice(0, 90), file)
    pair = compare_runs(project=project, run_ids=["001-train", "002-train"]).pairs[0]
    assert pair.difference is None and pair.reason and not pair.same_rows


def test_the_best_of_several_has_a_wider_range_than_the_better_of_two(project: Project) -> None:
    for seed, value in ((3, 0.7), (4, 0.8)):
        made_run(project, TrainPlan(dataset="made-1", seed=seed), value=value)
    file = project.run("002-train").predictions_file
    table = pq.read_table(file)
    noise = np.random.default_rng(0).normal(size=table.num_rows)
    predicted = pa.array(np.asarray(table["prediction:y"], dtype=float) + noise)
    pq.write_table(table.set_column(table.column_names.index("prediction:y"), "prediction:y", predicted), file)
    two = compare_runs(project=project, run_ids=["001-train", "002-train"]).pairs[0]
    three = compare_runs(project=project, run_ids=["001-train", "002-train", "003-train"]).pairs[0]
    assert (two.of_pairs, three.of_pairs) == (1, 2)
    assert three.difference.low < two.difference.low and two.difference.high < three.difference.high


def test_classes_are_compared_by_their_f1(of_classes: Project) -> None:
    pair = compare_runs(project=of_classes, run_ids=["001-train", "002-train"]).pairs[0]
    assert pair.difference.difference == 0 and pair.difference.may_be_luck


def test_a_compression_differs_in_how_it_was_compressed(project: Project) -> None:
    made_run(project, CompressPlan(run="001-train"), value=0.65)
    settings = compare_runs(project=project, run_ids=["001-train", "002-compress"]).settings
    assert [name for name, _ in settings] == ["compression"]


def test_one_run_is_no_comparison(project: Project) -> None:
    with pytest.raises(NotFound):
        compare_runs(project=project, run_ids=["001-train"])


def test_the_worst_rows_of_a_report_are_named_too(project: Project) -> None:
    from sciapp.engine.reports.sections.worst_rows import worst_rows

    folder = project.dataset_folder("made-1")
    rows = pq.read_metadata(folder.table_file).num_rows
    name_rows(project, [f"mol-{index}" for index in range(rows)])
    test = pq.read_table(project.run("001-train").predictions_file)
    worst = worst_rows(test, folder.card(), folder)
    assert worst and all(row.name == f"mol-{row.line - 2}" for row in worst)
    assert {row.name for row in worst_rows(test, folder.card())} == {""}
