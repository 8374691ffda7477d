"""Times of all habits are put in order; what is none is told apart."""

import math

import pytest

from sciapp.engine.data.moments import DateOrder, date_order, reader_for


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
        (["04/03/21", "31/12/99"], ["2021-03-04", "1999-12-31"]),
        (["04.03.21", "31.12.20"], ["2021-03-04", "2020-12-31"]),
        (["13/3/2021 2:05 PM", "13/3/2021 12:05 am"], ["2021-03-13 14:05:00", "2021-03-13 00:05:00"]),
    ],
)
def test_a_column_of_dates_or_numbers_is_read_and_shown(cells: list[str], shown: list[str]) -> None:
    reader = reader_for(cells)
    assert [reader.shown(reader.moment(cell)) for cell in cells] == shown
    assert reader.moment(cells[0]) > reader.moment(cells[1])


@pytest.mark.parametrize("cell", ["", "n.d.", "2021-13-40", "soon", "31/31/2021", "12-03-21", "1/2/3"])
def test_what_is_no_date_is_none(cell: str) -> None:
    assert math.isnan(reader_for(["2020-01-01", "2021-01-01", cell]).moment(cell))


@pytest.mark.parametrize("sign", ["/", "-"])
def test_dates_that_are_two_days_have_the_day_first_unless_somebody_says_otherwise(sign: str) -> None:
    cells = [f"03{sign}04{sign}2021", f"05{sign}05{sign}2021"]
    assert date_order(cells).ambiguous
    assert date_order([cell.replace("2021", "21") for cell in cells]).ambiguous == (sign == "/")
    for order, shown in (("", "2021-04-03"), ("day_first", "2021-04-03"), ("month_first", "2021-03-04")):
        reader = reader_for(cells, order=order)
        assert reader.shown(reader.moment(cells[0])) == shown


@pytest.mark.parametrize(("cell", "shown"), [("13/02/2021", "2021-04-03"), ("02/13/2021", "2021-03-04")])
@pytest.mark.parametrize("order", ["", "day_first", "month_first"])
def test_one_date_shows_the_order_of_all(cell: str, shown: str, order: str) -> None:
    reader = reader_for(["03/04/2021", cell], order=order)
    assert reader.shown(reader.moment("03/04/2021")) == shown


@pytest.mark.parametrize(
    ("order", "shown"), [("", "2021-04-03"), ("day_first", "2021-04-03"), ("month_first", "2021-03-04")]
)
def test_dates_that_contradict_are_read_as_most_of_them_or_as_said(order: str, shown: str) -> None:
    cells = ["13/02/2021", "14/02/2021", "02/15/2021", "03/04/2021"]
    assert date_order(cells) == DateOrder(2, 1, 1)
    reader = reader_for(cells, order=order)
    assert reader.shown(reader.moment("03/04/2021")) == shown
    assert math.isnan(reader.moment("02/15/2021")) == (order != "month_first")


def test_dates_with_dots_and_days_that_are_months_leave_nothing_open() -> None:
    assert not date_order(["03.04.2021", "04/04/2021", "2021-03-04", ""]).ambiguous
