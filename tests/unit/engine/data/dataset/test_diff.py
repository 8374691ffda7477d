"""What changed between two versions of a table."""

import csv
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sciapp.engine.data.dataset.diff import ADDED, CHANGED, REMOVED, DatasetDiff, difference
from sciapp.engine.data.dataset.statistics import column_statistics, spreads
from sciapp.engine.data.ingest.import_table import import_table
from sciapp.errors import BadInput
from sciapp.records.dataset.card import SPLITS, DatasetCard, ImportRequest, Roles, SplitPlan
from sciapp.records.project.project import Project
from tests.helpers.tiny import tiny_project

Values = dict[str, str]
OLD = {"A" * n: str(n) for n in range(1, 31)}


def imported(project: Project, values: Values, *, target: str = "y", **roles: object) -> DatasetCard:
    file = project.folder / "table.csv"
    with file.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.writer(lines)
        writer.writerow(["sequence", target, "pH"])
        writer.writerows([value, cell, "7" if len(value) % 2 else ""] for value, cell in values.items())
    made = Roles(input="sequence", targets=(target,), **roles)  # type: ignore[arg-type]
    request = ImportRequest(file=str(file), roles=made, task="regression")
    return import_table(project, request)


def bounded_table(project: Project, cells: Values, **roles: object) -> DatasetCard:
    """OLD with other cells, imported with its bounds kept; the rows with such cells are trained on."""
    file = project.folder / "table.csv"
    with file.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.writer(lines)
        writer.writerow(["sequence", "y", "part"])
        for key, cell in (OLD | cells).items():
            writer.writerow([key, cell, SPLITS[len(key) % 3] if key not in cells else "train"])
    made = Roles(input="sequence", targets=("y",), **roles)  # type: ignore[arg-type]
    request = ImportRequest(
        file=str(file),
        roles=made,
        task="regression",
        split=SplitPlan(method="column", column="part"),
        repairs={"censored": "bound"},
    )
    return import_table(project, request)


def compared(project: Project, old: DatasetCard, new: DatasetCard) -> DatasetDiff:
    return difference((old, project.dataset_folder(old.id)), (new, project.dataset_folder(new.id)))


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project.create(tmp_path / "p", domain="protein")


def test_added_removed_and_changed_rows_are_told_with_their_lines(project: Project) -> None:
    new = {key: value for key, value in OLD.items() if key not in {"AAA", "A"}} | {"W": "1", "AAAA": "40"}
    found = compared(project, imported(project, OLD), imported(project, new))
    assert found.counts == {ADDED: 1, REMOVED: 2, CHANGED: 1}
    assert found.same == 27
    rows = found.table.to_pylist()
    assert [row["change"] for row in rows] == [CHANGED, REMOVED, REMOVED, ADDED]
    assert (rows[0]["line before"], rows[0]["line now"], rows[0]["before: y"], rows[0]["now: y"]) == (5, 3, 4.0, 40.0)
    assert rows[3]["input"] == "W" and rows[3]["line before"] is None
    assert str(found).startswith("1 added, 2 removed, 1 changed, 27 the same.")


def test_the_order_of_the_rows_does_not_matter(project: Project) -> None:
    found = compared(project, imported(project, OLD), imported(project, dict(reversed(OLD.items()))))
    assert not found.table.num_rows and found.same == 30


def test_rows_are_told_apart_by_their_conditions_gaps_included(project: Project) -> None:
    old, new = (imported(project, OLD, covariates=("pH",)) for _ in range(2))
    assert compared(project, old, new).same == 30


def test_another_target_is_said_and_rows_are_compared_by_what_is_common(project: Project) -> None:
    found = compared(project, imported(project, OLD), imported(project, OLD, target="z"))
    assert found.remarks == ("Only before: y.", "Only now: z.")
    assert found.same == 30


def test_a_bound_that_is_another_now_is_a_change_and_told(project: Project) -> None:
    """Of “>20” nothing is measured: the value is empty before and now, and only the bound says what is known."""
    split = {"split": "part"}
    old, new = (
        bounded_table(project, {"A" * 7: seven, "A" * 8: eight, "A" * 9: nine, "A" * 10: ten}, **split)
        for seven, eight, nine, ten in ((">20", ">20", "<0.5", ">20"), (">30", ">20", "0.5", "<20"))
    )
    assert old.targets[0].bounds == 4 and new.targets[0].bounds == 3
    found = compared(project, old, new)
    assert (found.counts, found.same) == ({ADDED: 0, REMOVED: 0, CHANGED: 3}, 27)
    told = {
        len(row["input"]): tuple(row[f"{when}: {what}"] for what in ("y", "bound of y") for when in ("before", "now"))
        for row in found.table.to_pylist()
    }
    assert told == {7: (None, None, ">20", ">30"), 9: (None, 0.5, "<0.5", None), 10: (None, None, ">20", "<20")}
    assert compared(project, old, old).same == 30


def test_a_dataset_without_bounds_is_compared_with_one_that_has_some(project: Project) -> None:
    old, new = (bounded_table(project, {"A" * 7: cell}, split="part") for cell in ("7", ">7"))
    found = compared(project, old, new)
    assert found.counts == {ADDED: 0, REMOVED: 0, CHANGED: 1}
    assert ">7" in found.table.to_pylist()[0].values()
    plain = compared(project, old, old)
    assert not [name for name in plain.table.column_names if "bound" in name]


def test_datasets_of_two_domains_are_not_compared(project: Project) -> None:
    old = imported(project, OLD)
    with pytest.raises(BadInput, match="protein"):
        compared(project, old, old.model_copy(update={"domain": "molecule"}))


@settings(max_examples=12, deadline=None)
@given(gone=st.sets(st.integers(1, 30), max_size=10), moved=st.sets(st.integers(1, 30), max_size=10))
def test_every_row_is_counted_once(tmp_path_factory: pytest.TempPathFactory, gone: set[int], moved: set[int]) -> None:
    project = Project.create(tmp_path_factory.mktemp("d") / "p", domain="protein")
    new = {key: str(100 if n in moved else n) for n, key in enumerate(OLD, 1) if n not in gone}
    found = compared(project, imported(project, OLD), imported(project, new))
    assert found.counts == {ADDED: 0, REMOVED: len(gone), CHANGED: len(moved - gone)}
    assert found.same + sum(found.counts.values()) == 30


def test_columns_are_summed_up(project: Project) -> None:
    card = imported(project, OLD)
    found = {one.name: one for one in column_statistics(card, project.dataset_folder(card.id))}
    assert (found["y"].minimum, found["y"].median, found["y"].maximum, found["y"].role) == (1.0, 15.5, 30.0, "target")
    assert found["y"].standard_deviation == pytest.approx(8.803, abs=0.001)
    assert (found["pH"].filled, found["pH"].empty, found["pH"].mean) == (15, 15, 7.0)
    assert found["pH"].commonest == (("7", 15),)
    assert found["input"].mean is None and found["input"].distinct == 30


@pytest.mark.parametrize("classes", [True, False])
def test_spreads_of_the_splits_add_up_to_the_cards_counts(tmp_path: Path, classes: bool) -> None:
    project, card = tiny_project(tmp_path / "p", classes=classes)
    (found,) = spreads(card, project.dataset_folder(card.id))
    whole = found.target.class_counts if classes else found.target.bin_counts
    assert tuple(map(sum, zip(*(found.counts[split] for split in SPLITS), strict=True))) == whole
    assert sum(found.counts["test"]) == card.split_counts["test"]


def test_the_same_input_more_than_once_meets_as_often_as_it_comes(project: Project) -> None:
    """One version tells the rows apart by a condition, the other does not know it: no row may be multiplied."""
    file = project.folder / "table.csv"
    rows = [(f"{'A' * n}", n, temperature) for n in range(1, 16) for temperature in (20, 30, 40)]
    file.write_text("\n".join(["sequence,y,T", *(f"{s},{y},{t}" for s, y, t in rows)]) + "\n", encoding="utf-8")
    known = Roles(input="sequence", targets=("y",), covariates=("T",))
    request = ImportRequest(file=str(file), roles=known, task="regression")
    old = import_table(project, request)
    bare = request.model_copy(update={"roles": Roles(input="sequence", targets=("y",))})
    new = import_table(project, bare)
    found = compared(project, old, new)
    assert (old.rows_kept, new.rows_kept) == (45, 15)
    assert found.same == 15 and found.counts == {ADDED: 0, REMOVED: 30, CHANGED: 0}
