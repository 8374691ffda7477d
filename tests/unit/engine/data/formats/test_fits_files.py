"""Tables of FITS files, as observatories write them."""

import builtins
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sciapp.engine.data.readers.series_columns import is_long_table
from sciapp.engine.data.readers.table_reader import preview, read_rows
from sciapp.engine.domains.series.wide_table import POINT_WORDS
from sciapp.errors import BadInput
from sciapp.records.read_options import Reading
from tests.helpers.small_sets import SERIES_DATA


@pytest.fixture
def fits() -> Any:
    pytest.importorskip("astropy")
    from astropy.io import fits

    return fits


def written(fits: Any, file: Path, *tables: tuple[str, list[Any]]) -> Path:
    hdus = [fits.PrimaryHDU(), *(fits.BinTableHDU.from_columns(columns, name=name) for name, columns in tables)]
    fits.HDUList(hdus).writeto(file)
    return file


def rows(file: Path, reading: Reading | None = None) -> list[dict[str, str]]:
    return [dict(row) for _, row in read_rows(file, reading)]


def test_without_its_reader_the_file_is_named_and_the_remedy_too(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def without(name: str, *more: Any, **named: Any) -> Any:
        if name.startswith("astropy"):
            raise ImportError(name)
        return real(name, *more, **named)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(BadInput) as refused:
        preview(SERIES_DATA / "astropy_tb.fits")
    assert "astropy_tb.fits" in refused.value.message and "sciapp[fits]" in refused.value.hint


@pytest.mark.usefixtures("fits")
def test_numbers_words_and_yes_or_no_are_read_as_they_are() -> None:
    first, second = rows(SERIES_DATA / "astropy_tb.fits")
    assert (first["c1"], first["c2"], first["c4"]) == ("1", "abc", "false")
    assert (second["c1"], second["c2"], second["c4"]) == ("2", "xy", "true")
    assert float(first["c3"]) == pytest.approx(3.7)  # scaled, and so of double precision
    assert rows(SERIES_DATA / "astropy_btable.fits")[0] == {"order": "1", "name": "Sirius", "mag": "-1.45", "Sp": "A1V"}


def test_gaps_are_empty_cells_and_single_precision_keeps_its_few_digits(fits: Any, tmp_path: Path) -> None:
    columns = [
        fits.Column("count", "J", null=-1, array=np.array([3, -1], dtype=">i4")),
        fits.Column("mag", "E", array=np.array([0.1, np.nan], dtype=">f4"), unit="mag"),
        fits.Column("day", "D", array=np.array([53000.25, np.nan]), unit="d"),
    ]
    file = written(fits, tmp_path / "a.fits", ("STARS", columns))
    assert rows(file) == [{"count": "3", "mag": "0.1", "day": "53000.25"}, {"count": "", "mag": "", "day": ""}]
    units = next(finding for finding in preview(file).format.findings if finding.what == "units")
    assert units.value == "mag: mag, day: d"


def test_vectors_become_lists_with_their_gaps(fits: Any, tmp_path: Path) -> None:
    columns = [
        fits.Column("flux", "3E", array=np.array([[0.1, 0.2, 0.3], [1, np.nan, 3]], dtype=">f4")),
        fits.Column("counts", "PJ()", array=np.array([[1, 2], [3]], dtype=object)),
    ]
    cells = rows(written(fits, tmp_path / "a.fits", ("SPECTRA", columns)))
    assert [row["flux"] for row in cells] == ["0.1 0.2 0.3", "[1.0, NaN, 3.0]"]
    assert [row["counts"] for row in cells] == ["1 2", "3"]


def test_a_table_is_chosen_like_the_sheet_of_a_workbook(fits: Any, tmp_path: Path) -> None:
    one = [fits.Column("a", "J", array=[1, 2])]
    file = written(fits, tmp_path / "two.fits", ("EMPTY", [fits.Column("z", "J", array=[])]), ("A", one), ("B", one))
    seen = preview(file)
    assert (seen.format.sheet, seen.format.sheets) == ("A", ("EMPTY", "A", "B"))
    assert preview(file, reading=Reading(sheet="b")).format.sheet == "B"
    with pytest.raises(BadInput, match="“C”"):
        preview(file, reading=Reading(sheet="C"))


def test_a_file_of_pictures_is_said_to_have_no_table(fits: Any, tmp_path: Path) -> None:
    file = tmp_path / "picture.fits"
    fits.PrimaryHDU(np.zeros((4, 4))).writeto(file)
    with pytest.raises(BadInput, match="no table"):
        preview(file)


@pytest.mark.parametrize("kept", [0.99, 0.6])
def test_a_file_that_is_cut_off_is_said_to_be(fits: Any, tmp_path: Path, kept: float) -> None:
    columns = [fits.Column("a", "D", array=np.arange(5000.0))]
    whole = written(fits, tmp_path / "whole.fits", ("A", columns)).read_bytes()
    cut = tmp_path / "cut.fits"
    cut.write_bytes(whole[: int(kept * len(whole))])
    with pytest.raises(BadInput, match="cut off"):
        rows(cut)


def test_photometry_gets_the_ids_of_the_objects_that_point_to_its_rows(fits: Any, tmp_path: Path) -> None:
    head = [
        fits.Column("SNID", "8A", array=["one", "two"]),
        fits.Column("PTROBS_MIN", "J", array=[1, 5]),
        fits.Column("PTROBS_MAX", "J", array=[3, 7]),
        fits.Column("SIM_TYPE", "J", array=[1, 2]),
    ]
    phot = [
        fits.Column("MJD", "D", array=[1, 2, 3, -777, 1, 2, 3, -777]),
        fits.Column("BAND", "2A", array=list("grg-grg-")),
        fits.Column("FLUXCAL", "E", array=[1, 2, 3, -777, 4, 5, 6, -777]),
        fits.Column("FLUXCALERR", "E", array=[1, 1, 2, -777, 1, 2, 1, -777]),
    ]
    written(fits, tmp_path / "x_HEAD.FITS", ("Header", head))
    file = written(fits, tmp_path / "x_PHOT.FITS", ("Photometry", phot))
    seen = preview(file)
    columns = is_long_table(seen.cells(), POINT_WORDS)
    assert [row[0] for row in seen.rows] == ["one"] * 3 + ["two"] * 3
    assert columns is not None and (columns.id, columns.band) == (("SNID",), "BAND")
    gathered = rows(file, Reading(series=columns, join=str(tmp_path / "x_HEAD.FITS"), on=("SNID=SNID",)))
    assert [row["SIM_TYPE"] for row in gathered] == ["1", "2"]
    assert json.loads(gathered[0]["series"])["v"] == [1, 2, 3]
