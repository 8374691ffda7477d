"""Cells such as “>10”: told with their kind, left out or read as their number, and never a reason to see classes."""

from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from sciapp.engine.data.dataset.table import read_split
from sciapp.engine.data.ingest.import_table import import_table
from sciapp.engine.data.quality.checks.censored_values import WORDS
from sciapp.engine.data.values.cells import ContentCounter, read_censored
from sciapp.engine.data.values.rejections import RejectionReason
from sciapp.records.dataset.card import DatasetCard, DatasetFolder, ImportRequest, Roles, SplitPlan
from sciapp.records.dataset.number_format import NumberFormat
from sciapp.records.project.project import Project
from tests.helpers.messages import values_of
from tests.helpers.rejections import reason, set_aside


@pytest.mark.parametrize(
    ("cell", "read"),
    [
        (">10", (">", 10.0)), ("> 10", (">", 10.0)), (">=1e3", (">", 1000.0)), ("≥ 3", (">", 3)), ("10+", (">", 10.0)),
        (">>5", (">", 5.0)), ("<0.5", ("<", 0.5)), ("≤ -2", ("<", -2.0)), ("=<.5", ("<", 0.5)), ("~5", ("~", 5.0)),
        ("ca. 7", ("~", 7.0)), ("≈ 1,000", ("~", 1000.0)), ("10", None), (">", None), ("> high", None), ("a > 5", None),
        ("<b>", None), ("C+", None), ("5 > 3", None),
    ],
)  # fmt: skip
def test_bounds_and_rough_values_are_recognised(cell: str, read: tuple[str, float] | None) -> None:
    assert read_censored(cell, NumberFormat()) == read


def test_a_decimal_comma_is_heard() -> None:
    assert read_censored("> 1,5", NumberFormat(decimal=",")) == (">", 1.5)


def test_half_of_a_column_may_be_bounds() -> None:
    counter = ContentCounter()
    counter.add([*(f"{n / 7:.3f}" for n in range(20)), *[">10"] * 20])
    content = counter.content()
    assert content.mostly_numbers and not content.class_like
    counter = ContentCounter()
    counter.add(["0", "1", "2", ">2"] * 10)
    assert counter.content().class_like


def imported(folder: Path, cells: list[str], **more: object) -> tuple[DatasetCard, DatasetFolder]:
    rows = [f"word {n},{n}.25,{n}.5" for n in range(30)] + [f"odd {n},{cell}" for n, cell in enumerate(cells)]
    (folder / "t.csv").write_text("x,y,z\n" + "\n".join(rows), encoding="utf-8")
    project = Project.create(folder / f"p{len(list(folder.iterdir()))}", domain="text")
    targets = more.pop("targets", ("y",))
    asked = ImportRequest(file=str(folder / "t.csv"), roles=Roles(input="x", targets=targets), **more)
    card = import_table(project, asked)
    project.close()
    assert isinstance(card, DatasetCard)
    return card, project.dataset_folder(card.id)


def test_bounds_are_told_and_left_out_or_read(tmp_path: Path) -> None:
    cells = [">40,1.5", "<0.5,1.5", "~5,1.5", "soon,1.5"]
    card, _ = imported(tmp_path, cells)
    (finding,) = (one for one in card.findings if one.kind == "censored")
    kinds = {f"part{index}": {"count": 1, "what": word} for index, word in enumerate(WORDS.values())}
    assert values_of(finding.title) == {"name": "y", "kinds": kinds}
    assert (finding.lines, card.rows_kept) == ((32, 33, 34), 30)
    card, folder = imported(tmp_path, cells, repairs={"censored": "number"})
    assert (card.rows_kept, card.values_changed) == (33, 3)
    assert pq.read_table(folder.table_file)["target:y"].to_pylist()[-3:] == [40.0, 0.5, 5.0]
    changes = folder.repairs_file.read_text(encoding="utf-8").splitlines()[1:]
    assert changes == ["32,y,>40,40.0", "33,y,<0.5,0.5", "34,y,~5,5.0"]


def test_of_several_targets_only_the_bound_is_left_out(tmp_path: Path) -> None:
    card, folder = imported(tmp_path, [">40,1.5"], targets=("y", "z"))
    assert [one.kind for one in card.findings if one.kind in {"censored", "odd_cells"}] == ["censored"]
    assert card.rows_kept == 31
    assert pq.read_table(folder.table_file)["target:y"].to_pylist()[-1] is None


BOUND = {"censored": "bound"}


def test_bounds_are_kept_beside_their_target(tmp_path: Path) -> None:
    cells = [">40,1.5", "<0.5,1.5", "~5,1.5", "soon,1.5"]
    card, folder = imported(tmp_path, cells, repairs=BOUND)
    table = pq.read_table(folder.table_file)
    assert table.column_names[:6] == ["line", "input", "split", "target:y", "lower:y", "upper:y"]
    assert table["target:y"].to_pylist()[-3:] == [None, None, 5.0]
    assert table["lower:y"].to_pylist()[-3:] == [40.0, None, None]
    assert table["upper:y"].to_pylist()[-3:] == [None, 0.5, None]
    assert (card.rows_kept, card.values_changed, card.targets[0].bounds, card.targets[0].measured) == (33, 1, 2, 31)
    train = read_split(folder, card, "train")
    assert train.lower is not None and train.upper is not None
    assert (int((~np.isnan(train.lower)).sum()), int((~np.isnan(train.upper)).sum())) == (1, 1)
    half = train.of(np.array([int(np.flatnonzero(~np.isnan(train.lower[:, 0]))[0])]))
    assert half.lower is not None and half.lower.tolist() == [[40.0]]


def test_without_bounds_the_table_is_as_ever(tmp_path: Path) -> None:
    card, folder = imported(tmp_path, ["7,1"], repairs=BOUND)
    assert not [name for name in pq.read_schema(folder.table_file).names if name.startswith(("lower", "upper"))]
    assert read_split(folder, card, "train").lower is None


def test_of_several_targets_the_others_are_judged_by(tmp_path: Path) -> None:
    card, folder = imported(tmp_path, [f">{n}4,{n}.5" for n in range(3, 30)], targets=("y", "z"), repairs=BOUND)
    table = pq.read_table(folder.table_file).to_pylist()
    assert card.rows_kept == 57
    assert {row["split"] for row in table if row["lower:y"] is not None} == {"train"}
    assert [row["target:z"] for row in table].count(None) == 0
    assert any(row["target:y"] is None and row["split"] == "test" for row in table)
    assert card.targets[0].bounds == sum(row["lower:y"] is not None for row in table)
    assert "lower:z" not in table[0]


def test_logarithms_are_taken_of_bounds_too(tmp_path: Path) -> None:
    rows = [f"odd {n},{10.0 ** (n % 5):g}" for n in range(60)]
    (tmp_path / "t.csv").write_text("x,y\n" + "\n".join([*rows, "a,>1000", "b,<10", "c,<0"]), encoding="utf-8")
    project = Project.create(tmp_path / "p", domain="text")
    asked = ImportRequest(
        file=str(tmp_path / "t.csv"),
        roles=Roles(input="x", targets=("y",)),
        repairs=BOUND | {"units": "log10"},
        task="regression",
    )
    card = import_table(project, asked)
    assert isinstance(card, DatasetCard)
    folder = project.dataset_folder(card.id)
    table = pq.read_table(folder.table_file)
    assert table["lower:log10(y)"].to_pylist()[-2:] == [3.0, None]
    assert table["upper:log10(y)"].to_pylist()[-2:] == [None, 1.0]
    negative = reason(RejectionReason.NO_LOGARITHM, cell="<0", target="y")
    assert negative in folder.rejected_file.read_text(encoding="utf-8")
    assert "62,log10(y),>1000,>3.0" in folder.repairs_file.read_text(encoding="utf-8").splitlines()


def test_rows_of_one_input_agree_on_their_bounds(tmp_path: Path) -> None:
    cells = [
        ("a", ">3"), ("a", ">5"), ("b", ">9"), ("b", "<2"), ("c", ">1"), ("c", "4"), ("d", ">8"), ("d", "7"),
    ]  # fmt: skip
    rows = [f"word {n},{n}.25" for n in range(30)] + [f"{x},{y}" for x, y in cells]
    (tmp_path / "t.csv").write_text("x,y\n" + "\n".join(rows), encoding="utf-8")
    project = Project.create(tmp_path / "p", domain="text")
    asked = ImportRequest(file=str(tmp_path / "t.csv"), roles=Roles(input="x", targets=("y",)), repairs=BOUND)
    card = import_table(project, asked)
    assert isinstance(card, DatasetCard)
    folder = project.dataset_folder(card.id)
    kept = {row["input"]: (row["target:y"], row["lower:y"]) for row in pq.read_table(folder.table_file).to_pylist()}
    assert {name: kept.get(name) for name in "abcd"} == {
        "a": (None, 5.0),
        "b": None,
        "c": (4.0, None),
        "d": (7.0, None),
    }
    told = folder.rejected_file.read_text(encoding="utf-8")
    conflicts = {line: reason(RejectionReason.CONFLICT, line=line) for line in range(2, 41)}
    assert f"34,{conflicts[35]}" in told
    assert sum(told.count(f"{conflict},") for conflict in conflicts.values()) == 3


def test_rows_that_a_file_tests_by_cannot_be_bounds(tmp_path: Path) -> None:
    parts = ["train", "train", "valid", "test"]
    rows = [f"word {n},{n}.25,{parts[n % 4]}" for n in range(40)] + ["odd,>7,test", "even,>7,train"]
    (tmp_path / "t.csv").write_text("x,y,part\n" + "\n".join(rows), encoding="utf-8")
    project = Project.create(tmp_path / "p", domain="text")
    asked = ImportRequest(
        file=str(tmp_path / "t.csv"),
        roles=Roles(input="x", targets=("y",), split="part"),
        split=SplitPlan(method="column", column="part"),
        repairs=BOUND,
    )
    card = import_table(project, asked)
    assert isinstance(card, DatasetCard)
    assert card.targets[0].bounds == 1
    assert set_aside(card) == {RejectionReason.ONLY_BOUND: 1}
    told = project.dataset_folder(card.id).rejected_file.read_text(encoding="utf-8")
    assert reason(RejectionReason.ONLY_BOUND, cell=">7", target="y") in told


def test_a_bound_does_not_carry_its_group_into_training(tmp_path: Path) -> None:
    rows = [f"word {n},{n}.25,plate {n % 12}" for n in range(48)] + [f"odd {n},>7,plate {n}" for n in range(14)]
    (tmp_path / "t.csv").write_text("x,y,plate\n" + "\n".join(rows), encoding="utf-8")
    project = Project.create(tmp_path / "p", domain="text")
    asked = ImportRequest(
        file=str(tmp_path / "t.csv"),
        roles=Roles(input="x", targets=("y",), group="plate"),
        split=SplitPlan(method="group", column="plate", fractions=(0.6, 0.2, 0.2)),
        repairs=BOUND,
    )
    card = import_table(project, asked)
    assert isinstance(card, DatasetCard)
    table = pq.read_table(project.dataset_folder(card.id).table_file).to_pylist()
    where = {
        plate: {row["split"] for row in table if row["column:plate"] == plate} for plate in ("plate 12", "plate 13")
    }
    assert all(splits == {"train"} for splits in where.values())  # nothing of these plates is judged by
    judged = {row["column:plate"] for row in table if row["split"] != "train"}
    assert judged.isdisjoint(row["column:plate"] for row in table if row["split"] == "train")
    assert card.rows_set_aside == len(judged) and card.targets[0].bounds == 14 - len(judged)
