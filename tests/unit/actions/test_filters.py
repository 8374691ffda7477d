"""Filters of a table: by column, comparison and value."""

from pathlib import Path

import pyarrow as pa
import pytest

from sciapp.actions.filters import Condition, Operator, filtered_source, operators_for
from sciapp.actions.tables import MemorySource, open_table
from sciapp.errors import BadInput
from tests.helpers.made_projects import write_rows
from tests.helpers.messages import refused

SOURCE = MemorySource(
    pa.table(
        {
            "line": [2, 3, 4, 5],
            "input": ["CCO", "c1ccccc1", "C", "CC"],
            "target:y": [1.5, None, -2.0, 1.5],
            "column:note": ["wet", "", None, "dry"],
        }
    )
)


@pytest.mark.parametrize(
    ("column", "operator", "value", "lines"),
    [
        ("", "contains", "cc", [3]),
        ("", "contains", "dry", [5]),
        ("input", "contains", "CC", [2, 5]),
        ("input", "equals", "C", [4]),
        ("target:y", "equals", "1.5", [2, 5]),
        ("target:y", "equals", " 1,5", [2, 5]),
        ("target:y", "below", "0", [4]),
        ("target:y", "above", "0", [2, 5]),
        ("target:y", "empty", "", [3]),
        ("target:y", "filled", "", [2, 4, 5]),
        ("column:note", "empty", "", [3, 4]),
        ("column:note", "filled", "", [2, 5]),
    ],
)
def test_rows_that_meet_the_condition_stay_in_order(
    column: str, operator: Operator, value: str, lines: list[int]
) -> None:
    assert filtered_source(SOURCE, Condition(column, operator, value)).table["line"].to_pylist() == lines


def test_what_is_no_number_is_said(tmp_path: Path) -> None:
    with refused(BadInput, text="much"):
        filtered_source(SOURCE, Condition("target:y", "above", "much"))


def test_columns_offer_what_can_be_asked_of_them() -> None:
    columns = {column.key: operators_for(column) for column in SOURCE.columns}
    assert "above" in columns["target:y"] and "contains" not in columns["target:y"]
    assert "contains" in columns["column:note"] and "above" not in columns["column:note"]
    assert operators_for(None) == ("contains",)


def test_a_file_is_filtered_page_by_page(tmp_path: Path) -> None:
    write_rows(tmp_path / "t.parquet", 2500)
    found = filtered_source(open_table(tmp_path / "t.parquet"), Condition("target:y", "above", "249.75"))
    assert found.table["line"].to_pylist() == [2500, 2501]


def test_an_empty_condition_says_nothing() -> None:
    assert Condition().says_nothing and Condition("input", "equals", " ").says_nothing
    assert not Condition("input", "empty").says_nothing
