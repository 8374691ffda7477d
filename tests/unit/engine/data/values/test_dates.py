"""Times of all habits are put in order; what is none is told apart."""

import math
from pathlib import Path

import pytest

from sciapp.engine.data.ingest.import_table import import_table
from sciapp.engine.data.values.dates import DateOrder, date_order, reader_for
from sciapp.engine.data.values.rejections import RejectionReason
from sciapp.records.dataset.card import DatasetCard, ImportRequest, Roles, SplitPlan
from sciapp.records.project.project import Project
from tests.helpers.messages import has_part
from tests.helpers.rejections import reason


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
    assert [reader.text(reader.moment(cell)) for cell in cells] == shown
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
        assert reader.text(reader.moment(cells[0])) == shown


@pytest.mark.parametrize(("cell", "shown"), [("13/02/2021", "2021-04-03"), ("02/13/2021", "2021-03-04")])
@pytest.mark.parametrize("order", ["", "day_first", "month_first"])
def test_one_date_shows_the_order_of_all(cell: str, shown: str, order: str) -> None:
    reader = reader_for(["03/04/2021", cell], order=order)
    assert reader.text(reader.moment("03/04/2021")) == shown


@pytest.mark.parametrize(
    ("order", "shown"), [("", "2021-04-03"), ("day_first", "2021-04-03"), ("month_first", "2021-03-04")]
)
def test_dates_that_contradict_are_read_as_most_of_them_or_as_said(order: str, shown: str) -> None:
    cells = ["13/02/2021", "14/02/2021", "02/15/2021", "03/04/2021"]
    assert date_order(cells) == DateOrder(2, 1, 1)
    reader = reader_for(cells, order=order)
    assert reader.text(reader.moment("03/04/2021")) == shown
    assert math.isnan(reader.moment("02/15/2021")) == (order != "month_first")


def test_dates_with_dots_and_days_that_are_months_leave_nothing_open() -> None:
    assert not date_order(["03.04.2021", "04/04/2021", "2021-03-04", ""]).ambiguous


@pytest.mark.parametrize(
    ("cells", "shown"),
    [
        (["4. März 2021", "31. Dezember 2020"], ["2021-03-04", "2020-12-31"]),
        (["4 mars 2021", "1er août 2020"], ["2021-03-04", "2020-08-01"]),
        (["4 de marzo de 2021", "31 dic 2020"], ["2021-03-04", "2020-12-31"]),
        (["04-Mrz-2021", "31-Okt-20"], ["2021-03-04", "2020-10-31"]),
        (["4 févr. 2021", "12 juil. 2020"], ["2021-02-04", "2020-07-12"]),
        (["Mai 2021", "enero de 2020"], ["2021-05-01", "2020-01-01"]),
        (["4-Mar-21", "31-Dec-98"], ["2021-03-04", "1998-12-31"]),
        (["Sept 4, 2021", "2020-Dec-31"], ["2021-09-04", "2020-12-31"]),
        (["04.03.21", "31.12.98"], ["2021-03-04", "1998-12-31"]),
        (["25/03/21", "04/03/21"], ["2021-03-25", "2021-03-04"]),
        (["03/25/21", "03/04/21"], ["2021-03-25", "2021-03-04"]),
        (["99-03-04", "98-12-31"], ["1999-03-04", "1998-12-31"]),
        (["04-03-99", "31-12-98"], ["1999-03-04", "1998-12-31"]),
        (["04.03.68", "04.03.69 10:30"], ["2068-03-04", "1969-03-04 10:30:00"]),
    ],
)
def test_months_of_other_languages_and_years_of_two_digits_are_read(cells: list[str], shown: list[str]) -> None:
    reader = reader_for(cells)
    assert [reader.text(reader.moment(cell)) for cell in cells] == shown


@pytest.mark.parametrize("cell", ["4 Foo 2021", "31 février 2021", "mar", "4 March 021", "Mar 21", "45 mai 2021"])
def test_what_names_no_day_is_no_date(cell: str) -> None:
    assert math.isnan(reader_for(["4 mai 2021", "5 mai 2021"]).moment(cell))


def test_two_digits_leave_open_where_the_year_stands() -> None:
    assert date_order(["04.03.21", "04/03/21"]).short == 2
    assert (
        date_order(["04.03.21"]).year_sure and date_order(["04-03-99"]).year_sure and date_order(["99-03-04"]).year_sure
    )
    assert not date_order(["21-03-04", "20-12-11"]).year_sure
    assert math.isnan(reader_for(["21-03-04", "20-12-11"]).moment("21-03-04"))
    assert date_order(["2021-03-04", "4 March 2021"]).short == 0
    assert date_order(["04/03/21", "4-Mar-21"]).short == 2


def test_years_of_two_digits_are_told_and_an_unread_date_is_named_with_its_row(tmp_path: Path) -> None:
    rows = [f"word {n},{n},{n % 28 + 1:02}.03.{n % 30 + 70}" for n in range(30)] + ["odd,1,4. Foo 1999"]
    (tmp_path / "t.csv").write_text("x,y,when\n" + "\n".join(rows), encoding="utf-8")
    project = Project.create(tmp_path / "p", domain="text")
    plan = SplitPlan(method="time", column="when")
    asked = ImportRequest(file=str(tmp_path / "t.csv"), roles=Roles(input="x", targets=("y",)), split=plan)
    card = import_table(project, asked)
    project.close()
    assert isinstance(card, DatasetCard)
    (finding,) = (one for one in card.findings if one.kind == "short_years")
    assert (finding.count, finding.weight) == (30, "note")
    assert has_part(finding.consequence, cell="01.03.70", shown="1970-03-01")
    assert "2000 to 2068" in finding.consequence
    rejected = project.dataset_folder(card.id).rejected_file.read_text(encoding="utf-8")
    unread = reason(RejectionReason.NO_TIME, cell="4. Foo 1999")
    assert unread in rejected and rejected.splitlines()[1].startswith("32")
