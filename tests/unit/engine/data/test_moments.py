"""Times of all habits are put in order; what is none is told apart."""

import math

import pytest

from sciapp.engine.data.moments import reader_for


@pytest.mark.parametrize(
    ("cells", "shown"),
    [
        (["2021-03-04", "2020-12-31"], ["2021-03-04", "2020-12-31"]),
        (["2021-03-04T10:30:00Z", "2021-03-04 09:00"], ["2021-03-04 10:30:00", "2021-03-04 09:00:00"]),
        (["04.03.2021", "31.12.2020"], ["2021-03-04", "2020-12-31"]),
        (["03/04/2021", "12/31/2020"], ["2021-03-04", "2020-12-31"]),
        (["04/03/2021", "31/12/2020"], ["2021-03-04", "2020-12-31"]),
        (["4 March 2021", "Dec 31, 2020"], ["2021-03-04", "2020-12-31"]),
        (["2021/3", "2020/12"], ["2021-03-01", "2020-12-01"]),
        (["2021", "1998.5"], ["2021", "1998.5"]),
    ],
)
def test_a_column_of_dates_or_numbers_is_read_and_shown(cells: list[str], shown: list[str]) -> None:
    reader = reader_for(cells)
    assert [reader.shown(reader.moment(cell)) for cell in cells] == shown
    assert reader.moment(cells[0]) > reader.moment(cells[1])


@pytest.mark.parametrize("cell", ["", "n.d.", "2021-13-40", "soon", "31/31/2021"])
def test_what_is_no_date_is_none(cell: str) -> None:
    assert math.isnan(reader_for(["2020-01-01", "2021-01-01", cell]).moment(cell))
