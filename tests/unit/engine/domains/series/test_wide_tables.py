"""Wide tables: which columns are one series, what is read of them, and what a new table must have."""

from pathlib import Path

import numpy as np
import pytest

from sciapp.actions.import_preview import offer_import
from sciapp.actions.import_request import ImportWishes, proposed_request
from sciapp.engine.data.dataset.prediction_reading import prediction_reading
from sciapp.engine.data.ingest.import_table import import_table
from sciapp.engine.data.readers.table_reader import columns_of, read_rows, settled_reading, sniff
from sciapp.engine.data.schema.joined_preview import joined_preview
from sciapp.engine.domains.series.axis import Axis, axis_of_heading
from sciapp.engine.domains.series.values import Grid, Series
from sciapp.engine.domains.series.wide_table import WIDE_TABLE, numbered
from sciapp.errors import BadInput
from sciapp.records.dataset.card import DatasetCard
from sciapp.records.plan.plan import PredictPlan
from sciapp.records.project.project import Project
from sciapp.records.read_options import Reading, SeriesAxis
from tests.helpers.messages import has_part, names

AXIS = range(850, 870, 2)


def table(path: Path, axis: range = AXIS, *, more: str = "fat", prefix: str = "nm_") -> Path:
    rng = np.random.default_rng(0)
    header = ",".join(["sample", *(f"{prefix}{number}" for number in axis), more])
    rows = [
        ",".join(
            [f"s{index}", *(f"{value:.3f}" for value in rng.normal(index % 7, 1, len(axis))), f"{index % 7 + 0.5}"]
        )
        for index in range(40)
    ]
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("name", "stem", "number", "unit"),
    [
        ("nm_1100", "nm", 1100, ""),
        ("x_001", "x", 1, ""),
        ("850", "", 850, ""),
        ("852.5", "", 852.5, ""),
        ("V12", "V", 12, ""),
        ("X852.5", "X", 852.5, ""),
        ("850 nm", "", 850, "nm"),
        ("400 cm-1", "", 400, "cm-1"),
        ("t_-100", "t", -100, ""),
        ("flux-003", "flux", 3, ""),
        ("abs (850 nm)", "abs", 850, "nm"),
    ],
)
def test_a_column_is_named_by_its_number(name: str, stem: str, number: float, unit: str) -> None:
    assert numbered(name) == (stem, number, unit)


def test_words_and_few_numbered_columns_are_no_series() -> None:
    assert numbered("fat") is None
    assert WIDE_TABLE.family([*(f"a{i}" for i in range(5)), "fat"]) == ()
    assert WIDE_TABLE.family([f"target_{i}" for i in range(20)]) == ()


def test_channels_at_the_same_times_are_bands_of_one_series() -> None:
    columns = [f"{band}_{number}" for band in "xyz" for number in range(10)]
    assert WIDE_TABLE.family(["id", *columns, "w_1"]) == tuple(columns)
    series = Series.parse(WIDE_TABLE.joiner(columns, SeriesAxis())([str(n) for n in range(30)]))
    assert series.bands == ("x", "y", "z") and series.grid == Grid(0, 1)
    assert series.channel("y").values.tolist() == list(range(10, 20))


def test_a_wide_table_has_one_column_with_the_spectrum(tmp_path: Path) -> None:
    seen, reading = joined_preview(table(tmp_path / "a.csv"), "series")
    assert seen.columns == ["sample", "nm_850 … nm_868", "fat"]
    _, cells = next(read_rows(tmp_path / "a.csv", reading))
    assert Series.parse(cells["nm_850 … nm_868"]).grid == Grid(850, 2)
    assert columns_of(tmp_path / "a.csv", reading) == seen.columns


def test_other_domains_read_it_as_it_is(tmp_path: Path) -> None:
    seen, reading = joined_preview(table(tmp_path / "a.csv"), "molecule")
    assert len(seen.columns) == len(AXIS) + 2 and reading == Reading()


def test_descending_wavenumbers_with_decimal_commas_and_gaps_are_read_on_their_axis(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    names = [f"{number} cm-1" for number in range(1000, 900, -10)]
    file.write_text(";".join([*names, "y"]) + "\n" + (";".join(["0,5", "", *["1,25"] * 8, "3"]) + "\n") * 30, "utf-8")
    seen, _ = joined_preview(file, "series")
    series = Series.parse(seen.rows[0][0])
    assert series.grid == Grid(910, 10) and np.isnan(series.values[8]) and series.values[9] == 0.5


@pytest.mark.parametrize(
    ("cells", "value"), [(["1,234.5", "999.5"], 1234.5), (["1.234,5", "999,5"], 1234.5), (["1 234.5", "2.5"], 1234.5)]
)
def test_thousands_and_decimals_are_told_by_all_columns_together(
    tmp_path: Path, cells: list[str], value: float
) -> None:
    file = tmp_path / "a.csv"
    names = [f"nm_{number}" for number in range(1000, 1010)]
    line = ";".join([cells[0], *[cells[1]] * 9, "3"])
    file.write_text(";".join([*names, "y"]) + "\n" + (line + "\n") * 30, "utf-8")
    seen, reading = joined_preview(file, "series")
    assert reading.together == tuple(names)
    assert Series.parse(seen.rows[0][0]).values[0] == value


# An axis that is stated, and one that headings tell.


def stated(tmp_path: Path, axis: SeriesAxis, columns: range = range(1, 12)) -> Series:
    seen, _ = joined_preview(table(tmp_path / "a.csv", columns, prefix="x_"), "series", Reading(axis=axis))
    return Series.parse(seen.rows[0][1])


def test_the_axis_of_numbered_columns_is_stated(tmp_path: Path) -> None:
    series = stated(tmp_path, SeriesAxis(start=850, end=1050, unit="nm", values="absorbance"))
    assert series.grid == Grid(850, 20) and series.axis == ("", "nm", "absorbance")
    assert stated(tmp_path, SeriesAxis(start=850, step=2)).grid == Grid(850, 2)
    assert stated(tmp_path, SeriesAxis(end=850, step=2)).grid == Grid(830, 2)
    assert stated(tmp_path, SeriesAxis(start=850, end=870, step=2)).grid == Grid(850, 2)
    assert stated(tmp_path, SeriesAxis(unit="nm")).grid == Grid(1, 1)


def test_a_descending_axis_turns_the_values_round(tmp_path: Path) -> None:
    up, down = (stated(tmp_path, SeriesAxis(start=start, end=end)) for start, end in ((0, 100), (100, 0)))
    assert down.grid == up.grid == Grid(0, 10)
    assert down.values.tolist() == up.values.tolist()[::-1]


@pytest.mark.parametrize(
    "axis", [{"start": 850}, {"step": 2}, {"start": 850, "end": 850}, {"start": 850, "end": 1050, "step": 2}]
)
def test_an_axis_that_does_not_fit_the_columns_is_refused(tmp_path: Path, axis: dict[str, float]) -> None:
    with pytest.raises(BadInput):
        stated(tmp_path, SeriesAxis(**axis))


def test_lists_in_cells_lie_on_the_axis_that_is_stated(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("name;spectrum;y\n" + "a;0.1 0.2 0.3 0.4 0.5;1\n" * 30, "utf-8")
    seen, reading = joined_preview(file, "series", Reading(axis=SeriesAxis(start=10, end=50, unit="cm-1")))
    series = Series.parse(seen.rows[0][1])
    assert series.grid == Grid(10, 10) and series.axis.unit == "cm-1"
    assert seen.rows[0][0] == "a" and seen.rows[0][2] == "1"
    assert settled_reading(sniff(file, reading)).axis == reading.axis
    with pytest.raises(BadInput):
        joined_preview(file, "series", Reading(axis=SeriesAxis(step=10)))


@pytest.mark.parametrize(
    ("heading", "axis"),
    [
        ("nm", ("", "nm", "")),
        ("wavenumber", ("Wavenumber", "cm-1", "")),
        ("time_s", ("Time", "s", "")),
        ("Wavelength (µm)", ("Wavelength", "µm", "")),
        ("flux", ("", "", "flux")),
        ("x", ("", "", "")),
        ("V", ("", "", "")),
    ],
)
def test_headings_tell_the_unit(heading: str, axis: tuple[str, str, str]) -> None:
    assert axis_of_heading(heading) == axis


@pytest.mark.parametrize(
    ("axis", "title"),
    [
        (Axis(unit="nm"), "Wavelength (nm)"),
        (Axis(unit="cm-1"), "Wavenumber (cm⁻¹)"),
        (Axis("Phase"), "Phase"),
        (Axis(unit="furlong"), "furlong"),
        (Axis(), ""),
    ],
)
def test_an_axis_has_a_title_as_far_as_it_is_known(axis: Axis, title: str) -> None:
    assert axis.across == title


@pytest.mark.parametrize(
    ("cell", "sign", "value"), [("1,234", ";", 1.234), ('"1,234"', ",", 1234.0), ("1234.5", ",", 1234.5)]
)
def test_commas_are_read_as_the_file_means_them(tmp_path: Path, cell: str, sign: str, value: float) -> None:
    file = tmp_path / "a.csv"
    names = [f"{number} cm-1" for number in range(1000, 900, -10)]
    file.write_text(sign.join([*names, "y"]) + "\n" + (sign.join([*[cell] * 10, "3"]) + "\n") * 30, "utf-8")
    seen, _ = joined_preview(file, "series")
    assert Series.parse(seen.rows[0][0]).values.tolist() == [value] * 10


def test_the_input_is_proposed_or_named_by_its_first_and_last_column(tmp_path: Path) -> None:
    project = Project.create(tmp_path / "p", domain="series")
    file = table(tmp_path / "a.csv")
    request = proposed_request(project=project, wishes=ImportWishes(file=file))
    assert (request.roles.input, request.roles.targets) == ("nm_850 … nm_868", ("fat",))
    assert (request.reading.joined_as, len(request.reading.together)) == ("series", 10)
    part = proposed_request(project=project, wishes=ImportWishes(file=file, input="nm_852..nm_860", targets=("fat",)))
    assert part.reading.together == tuple(f"nm_{number}" for number in range(852, 862, 2))
    every = proposed_request(project=project, wishes=ImportWishes(file=file, input="nm_*", targets=("fat",)))
    assert every.roles.input == request.roles.input


def test_the_window_is_offered_one_line_instead_of_a_hundred_columns(tmp_path: Path) -> None:
    offer = offer_import(path=table(tmp_path / "a.csv"), domain="series")
    assert offer.preview.columns == ["sample", "nm_850 … nm_868", "fat"]
    assert offer.joined == offer.proposal.input == "nm_850 … nm_868"
    assert names(offer.note, columns=10) and offer.joined in offer.note
    assert any(names(reason, columns=10) for reason in offer.detected.reasons)
    assert has_part(offer.note, first=850, last=868)
    assert offer.detected.reading.axis.unit == "nm"
    again = offer_import(path=tmp_path / "a.csv", domain="series", reading=offer.reading)
    assert again.note == ""
    assert again.proposal == offer.proposal


def test_the_dataset_stores_the_canonical_text_and_a_new_table_needs_the_same_axis(tmp_path: Path) -> None:
    project = Project.create(tmp_path / "p", domain="series")
    request = proposed_request(project=project, wishes=ImportWishes(file=table(tmp_path / "a.csv")))
    card = import_table(project, request)
    assert isinstance(card, DatasetCard) and card.rows_kept == 40

    def reading(file: Path) -> Reading:
        return prediction_reading(file, PredictPlan(run="001-train", file=str(file)), card)

    assert reading(table(tmp_path / "same.csv", more="id")).together == request.reading.together
    assert card.source.reading is not None and card.source.reading.axis.unit == "nm"
    assert reading(tmp_path / "same.csv").axis == card.source.reading.axis
    with pytest.raises(BadInput) as raised:
        reading(table(tmp_path / "other.csv", range(900, 930, 2)))
    message = str(raised.value)
    assert "nm_850" in message and "nm_868" in message and "lacks 10" in message
