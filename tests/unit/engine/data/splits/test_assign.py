"""Groups, times, clusters and folds: nothing is in two splits that must not be, whatever order the rows come in."""

from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sciapp.engine.data.ingest.import_table import import_table
from sciapp.engine.data.splits.folds import bins_of_groups, bins_of_rows, folded
from sciapp.engine.data.splits.time_split import time_split
from sciapp.engine.data.values.dates import DateReader
from sciapp.engine.data.values.rejections import RejectionReason
from sciapp.engine.data.values.split_names import TEST, TRAIN, VALIDATION
from sciapp.engine.domains.registry import domain_named
from sciapp.errors import BadInput
from sciapp.records.dataset.card import DatasetCard, DomainName, ImportRequest, Roles, SplitPlan
from sciapp.records.project.project import Project
from tests.helpers.messages import values_of
from tests.helpers.rejections import reason

NUMBERS = DateReader(numbers=True)


@settings(deadline=None)
@given(
    moments=st.lists(st.integers(0, 40), min_size=10, max_size=200),
    shares=st.sampled_from([(0.8, 0.1, 0.1), (0.4, 0.3, 0.3)]),
    folds=st.sampled_from([None, None, 3, 5]),
)
def test_nothing_that_trains_is_newer_than_what_is_tested(moments, shares, folds) -> None:
    values = np.array(moments, dtype=float)
    plan = SplitPlan(method="time", column="t", fractions=shares, folds=folds, fold=2 if folds else 1)
    try:
        codes = time_split(values, NUMBERS, plan).codes
    except BadInput:
        assert len(set(moments)) < 3
        return
    assert values[codes == TRAIN].max() < values[codes == VALIDATION].min()
    assert values[codes == VALIDATION].max() < values[codes == TEST].min()
    shuffled = np.random.default_rng(0).permutation(len(values))
    assert (time_split(values[shuffled], NUMBERS, plan).codes == codes[shuffled]).all()


def test_times_are_cut_where_the_shares_are_nearest_and_the_cuts_are_told() -> None:
    values = np.arange(1000, dtype=float)
    division = time_split(values, NUMBERS, SplitPlan(method="time", column="year"))
    assert division.counts() == {"train": 800, "validation": 100, "test": 100}
    cuts = {"column": "year", "train": "799", "validation": "899", "test": "900"}
    assert values_of(division.remarks[0]) == cuts


@settings(max_examples=40, deadline=None)
@given(
    count=st.integers(12, 200), folds=st.integers(3, 6), seed=st.integers(0, 1000), kinds=st.integers(1, 4),
    data=st.data(),
)  # fmt: skip
def test_every_row_is_tested_in_one_fold(count, folds, seed, kinds, data) -> None:
    keys = np.random.default_rng(seed).integers(0, 2**63, count, dtype=np.uint64)
    strata = np.array(data.draw(st.lists(st.integers(1, kinds), min_size=count, max_size=count)))
    tested = np.zeros(count, dtype=int)
    for fold in range(1, folds + 1):
        plan = SplitPlan(folds=folds, fold=fold, seed=seed)
        codes = folded(bins_of_rows(keys, strata, plan), plan).codes
        tested += codes == TEST
        assert abs((codes == TEST).sum() - count / folds) < 1
        for kind in np.unique(strata):
            assert abs((codes[strata == kind] == TEST).sum() - (strata == kind).sum() / folds) < 2
    assert (tested == 1).all()


@settings(deadline=None)
@given(groups=st.lists(st.integers(0, 25), min_size=12, max_size=200), folds=st.integers(3, 5))
def test_no_group_is_in_two_folds(groups, folds) -> None:
    names = np.array(groups, dtype=np.uint64)
    plan = SplitPlan(method="group", folds=folds)
    bins = bins_of_groups(names, plan)
    assert all(len(set(bins[names == name])) == 1 for name in set(groups))
    largest = np.bincount(names.astype(int)).max()
    filled = np.bincount(bins, minlength=folds)
    assert filled.max() - filled.min() <= largest
    shuffled = np.random.default_rng(0).permutation(len(names))
    assert (bins_of_groups(names[shuffled], plan) == bins[shuffled]).all()


# --- whole imports ----------------------------------------------------------------------------------------------------


def imported(folder: Path, domain: DomainName, rows: list[tuple[str, ...]], **split) -> tuple[Project, DatasetCard]:
    """Columns x, y and, where rows have them, by."""
    header = ("x", "y", "by")[: len(rows[0])]
    file = folder / "t.csv"
    file.write_text("\n".join(",".join(row) for row in (header, *rows)) + "\n", encoding="utf-8")
    project = Project.create(folder / "p", domain=domain)
    request = ImportRequest(file=str(file), roles=Roles(input="x", targets=("y",)), split=SplitPlan(**split))
    card = import_table(project, request)
    assert isinstance(card, DatasetCard)
    return project, card


def splits_of(project: Project, card: DatasetCard) -> dict[str, str]:
    table = pq.read_table(project.dataset_folder(card.id).table_file)
    return dict(zip(table.column("input").to_pylist(), table.column("split").to_pylist(), strict=True))


CHAINS = [
    "C" * i + end for i in range(1, 9) for end in ("O", "N", "Cl", "(=O)O", "#N", "Br", "S", "F", "c1ccccc1", "OC")
]
TEXTS = [f"{word} of the {thing}" for word in "growth decay spread colour taste".split() for thing in "abcdefgh"]


@settings(max_examples=6, deadline=None)
@given(
    case=st.sampled_from(
        [("molecule", "cluster", CHAINS), ("molecule", "scaffold", CHAINS), ("text", "cluster", TEXTS)]
    ),
    seed=st.integers(0, 50),
    folds=st.sampled_from([None, 3]),
    order=st.randoms(use_true_random=False),
)
def test_no_test_row_has_a_training_row_of_its_scaffold_or_cluster(tmp_path_factory, case, seed, folds, order) -> None:
    domain, method, values = case
    rows = [(value, str(place % 7 + 0.5)) for place, value in enumerate(values)]
    plan = {"method": method, "seed": seed, "folds": folds}
    found = splits_of(*imported(tmp_path_factory.mktemp("a"), domain, rows, **plan))
    order.shuffle(rows)
    assert splits_of(*imported(tmp_path_factory.mktemp("b"), domain, rows, **plan)) == found
    inputs = sorted(found)
    own = domain_named(domain)
    if method == "cluster":
        groups = own.likeness.clusters(inputs, own.likeness.alike).labels.tolist()
    else:
        groups = [own.splits[method](value) for value in inputs]
    splits: dict[object, set[str]] = {}
    for value, group in zip(inputs, groups, strict=True):
        splits.setdefault(group, set()).add(found[value])
    assert all(len(parts) == 1 for parts in splits.values())
    assert set(found.values()) == {"train", "validation", "test"}


def test_groups_stay_together_and_rows_without_one_are_set_aside(tmp_path: Path) -> None:
    rows = [(f"word {i}", str(i / 3), f" g{i % 20} ") for i in range(100)] + [("lonely", "1", ""), ("sad", "2", " ")]
    project, card = imported(tmp_path, "text", rows, method="group", column="by")
    assert card.roles.group == "by" and card.split.column == "by"
    assert card.set_aside_reasons == {"no group": 2}
    parts: dict[str, set[str]] = {}
    for value, split in splits_of(project, card).items():
        parts.setdefault(str(int(value.split()[1]) % 20), set()).add(split)
    assert all(len(one) == 1 for one in parts.values())
    assert "by" not in (card.numeric_columns or ())


def test_rows_without_a_time_are_set_aside_with_what_the_column_says(tmp_path: Path) -> None:
    rows = [(f"word {i}", str(i / 3), f"{2000 + i % 20}-0{i % 9 + 1}-01") for i in range(100)]
    rows += [("when", "1", "soon"), ("never", "2", "")]
    project, card = imported(tmp_path, "text", rows, method="time", column="by")
    rejected = project.dataset_folder(card.id).rejected_file.read_text(encoding="utf-8")
    assert reason(RejectionReason.NO_TIME, cell="soon") in rejected and reason(RejectionReason.NO_TIME) in rejected
    assert min(card.split_counts.values()) >= 5
    assert card.remarks[0].values["train"].startswith("20")


@pytest.mark.parametrize(
    ("plan", "said"),
    [
        ({"method": "group"}, "No group column"),
        ({"method": "time"}, "No time column"),
        ({"method": "file"}, "No split file"),
        ({"method": "column", "column": "by", "folds": 3}, "cannot be folded"),
        ({"folds": 3, "fold": 4}, "no fold 4"),
        ({"method": "group", "column": "same"}, "no column named"),
    ],
)
def test_a_split_that_cannot_be_is_said(tmp_path: Path, plan: dict[str, object], said: str) -> None:
    rows = [(f"word {i}", str(i / 3), "train") for i in range(30)]
    with pytest.raises(BadInput, match=said):
        imported(tmp_path, "text", rows, **plan)
