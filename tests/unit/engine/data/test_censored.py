"""Cells such as “>10”: told with their kind, left out or read as their number, and never a reason to see classes."""

from pathlib import Path

import pyarrow.parquet as pq
import pytest

from sciapp.engine.data.importing import import_table
from sciapp.engine.data.labels import ContentCounter, read_censored
from sciapp.records.dataset import DatasetCard, DatasetFolder, ImportRequest, Roles
from sciapp.records.number_format import NumberFormat
from sciapp.records.project import Project


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
    *_, card = import_table(project, asked)
    project.close()
    assert isinstance(card, DatasetCard)
    return card, project.dataset_folder(card.id)


def test_bounds_are_told_and_left_out_or_read(tmp_path: Path) -> None:
    cells = [">40,1.5", "<0.5,1.5", "~5,1.5", "soon,1.5"]
    card, _ = imported(tmp_path, cells)
    (finding,) = (one for one in card.findings if one.kind == "censored")
    assert finding.title == "“y” holds censored values: 1 above a bound, 1 below one, 1 roughly known"
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
