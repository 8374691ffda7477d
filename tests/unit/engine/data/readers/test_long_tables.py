"""Long tables, in which one object has many rows, become a row for each object with its series."""

import json
import random
from collections.abc import Sequence
from pathlib import Path

import pytest

from sciapp.engine.data.formats.header_names import misfit
from sciapp.engine.data.readers import point_store
from sciapp.engine.data.readers.gathering import GatheringProgress
from sciapp.engine.data.readers.lookup_join import IdsUnclear
from sciapp.engine.data.readers.series_columns import is_long_table
from sciapp.engine.data.readers.table_reader import preview, read_records, read_rows, settled_reading, sniff
from sciapp.engine.data.schema.infer import propose
from sciapp.engine.domains.series.notation import without_words
from sciapp.engine.domains.series.values import Series
from sciapp.engine.domains.series.wide_table import POINT_WORDS
from sciapp.engine.runtime.progress import Progress
from sciapp.errors import BadInput, Cancelled, UnknownColumn
from sciapp.records.read_options import Reading, SeriesAxis, SeriesColumns
from tests.helpers.messages import has_part, quoted, refused_exactly, values_of
from tests.helpers.small_sets import SERIES_DATA

SUPERNOVAE = SERIES_DATA / "snpcc_lightcurves.csv.gz"
LABELS = SERIES_DATA / "snpcc_labels.csv"
ORBITS = SERIES_DATA / "satellite_orbits.csv.gz"
BY_STAR = Reading(series=SeriesColumns(id=("star",)))


def written(folder: Path, *lines: str, name: str = "points.csv", header: str = "star,mjd,mag") -> Path:
    file = folder / name
    file.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
    return file


def rows(file: Path, reading: Reading) -> list[dict[str, str]]:
    return [dict(row) for _, row in read_rows(file, reading) if not row.problem]


def problems(file: Path, reading: Reading) -> list[tuple[int, str]]:
    return [(line, row.problem) for line, row in read_rows(file, reading) if row.problem]


def series_of(file: Path, reading: Reading) -> dict[str, object]:
    """Without the words for the axis."""
    return {row["star"]: json.loads(without_words(row["series"])) for row in rows(file, reading)}


def columns_of(file: Path) -> SeriesColumns | None:
    seen = preview(file)
    return is_long_table(seen.cells(), POINT_WORDS, seen.format.decimal)


def test_light_curves_of_several_bands_with_errors_are_recognised() -> None:
    expected = SeriesColumns(id=("snid",), time="mjd", values=("flux",), error="flux_err", band="band", alike=())
    assert columns_of(SUPERNOVAE) == expected


def test_tracks_are_series_of_several_values_at_the_same_times() -> None:
    found = columns_of(ORBITS)
    assert found is not None and (found.id, found.time) == (("satellite",), "minutes_since_epoch")
    assert found.values == ("x_km", "y_km", "z_km", "vx_km_s", "vy_km_s", "vz_km_s")
    first = rows(ORBITS, Reading(series=found))[0]
    assert list(json.loads(first["series"])["v"]) == list(found.values)


def test_a_column_that_is_the_same_for_all_points_of_an_object_stays(tmp_path: Path) -> None:
    lines = [f"{cell},{cell}{n},{t},{t * n},{t - n}" for cell in "BT" for n in range(4) for t in range(5)]
    file = written(tmp_path, *lines, header="kind,track,t_s,x_um,y_um")
    found = columns_of(file)
    assert found is not None and (found.id, found.alike) == (("track",), ("kind",))
    assert [row["kind"] for row in rows(file, Reading(series=found))] == ["B"] * 4 + ["T"] * 4


def test_tracks_that_are_counted_anew_for_each_kind_have_two_columns_as_their_id(tmp_path: Path) -> None:
    lines = [f"{cell},{n},{t},{t * n + 1}" for cell in ("B", "T") for n in range(20) for t in range(4)]
    file = written(tmp_path, *lines, header="cell,track,t_s,x_um")
    found = columns_of(file)
    assert found is not None and set(found.id) == {"cell", "track"}


@pytest.mark.parametrize("name", ["bbbp.csv", "clintox.csv", "photoswitches.csv", "ppi_yeast_short_pairs.csv"])
def test_a_table_of_single_rows_is_no_long_table(name: str) -> None:
    assert columns_of(SERIES_DATA.parent / name) is None


def test_points_keep_the_order_of_the_file_and_their_gaps(tmp_path: Path) -> None:
    file = written(tmp_path, "a,3,1.5", "a,1,", "b,1,2", "b,2,nan", "a,2,2.5", "b,2,4")
    reading = Reading(series=SeriesColumns(id=("star",), time="mjd", values=("mag",)))
    assert series_of(file, reading) == {
        "a": {"t": [3, 1, 2], "v": [1.5, None, 2.5]},
        "b": {"t": [1, 2, 2], "v": [2, None, 4]},
    }


def test_the_columns_that_are_not_named_are_found_out(tmp_path: Path) -> None:
    file = written(tmp_path, *(f"{star},{t},{t / 10}" for star in "abc" for t in range(5)))
    settled = sniff(file, BY_STAR).series
    assert (settled.time, settled.values, settled.alike) == ("mjd", ("mag",), ())


def test_a_settled_reading_reads_the_same_series_again() -> None:
    found = columns_of(SUPERNOVAE)
    reading = Reading(series=found, join=str(LABELS), on=("snid",))
    format = sniff(SUPERNOVAE, reading)
    assert [dict(row) for _, row in read_rows(SUPERNOVAE, settled_reading(format))] == [
        dict(row) for _, row in read_rows(SUPERNOVAE, format)
    ]


@pytest.mark.parametrize(
    ("heading", "words"),
    [
        ("mjd", ("MJD", "d", "mag")),
        ("time_s", ("Time", "s", "mag")),
        ("Wavelength [nm]", ("Wavelength", "nm", "mag")),
        ("frame", ("frame", "", "mag")),
    ],
)
def test_headings_tell_what_lies_along_the_axis(tmp_path: Path, heading: str, words: tuple[str, str, str]) -> None:
    file = written(tmp_path, "a,1,1.5", "a,2,2.5", header=f"star,{heading},mag")
    columns = SeriesColumns(id=("star",), time=heading, values=("mag",))
    assert Series.parse(rows(file, Reading(series=columns))[0]["series"]).axis == words
    stated = Reading(series=columns, axis=SeriesAxis(title="Phase", unit="rad"))
    assert Series.parse(rows(file, stated)[0]["series"]).axis == ("Phase", "rad", "mag")


def test_points_are_gathered_with_progress_and_can_be_cancelled(tmp_path: Path) -> None:
    file = written(tmp_path, "a,1,1", "a,2,2", "b,1,1", "b,2,3")
    reading = Reading(series=SeriesColumns(id=("star",), time="mjd", values=("mag",)))
    seen: list[tuple[int, int]] = []
    progress = Progress(lambda _, done, total: seen.append((done, total)), interval=0)
    watched = GatheringProgress(progress, lines=5)
    assert len(list(read_records(file, reading, watched=watched))) == 3
    assert (seen[-1], watched.objects) == ((5, 5), 2)
    with pytest.raises(Cancelled):
        list(read_records(file, reading, watched=GatheringProgress(Progress(is_cancelled=lambda: True))))


def test_a_column_that_is_not_there_is_named(tmp_path: Path) -> None:
    file = written(tmp_path, "a,1,2")
    with pytest.raises(UnknownColumn, match="flux"):
        preview(file, reading=Reading(series=SeriesColumns(id=("star",), time="mjd", values=("flux",))))


def test_a_table_without_anything_that_rises_is_refused_with_what_to_say(tmp_path: Path) -> None:
    file = written(tmp_path, "a,x,y", "b,x,y", "c,z,y")
    with pytest.raises(BadInput) as refused:
        preview(file, reading=BY_STAR)
    assert "--series-time" in refused.value.hint


def test_a_point_that_cannot_be_read_is_set_aside_and_its_series_stays(tmp_path: Path) -> None:
    lines = ["a,1,1", "a,zwei,2", "a,3,<4", "a,4,4", ",5,5", "a,6,6,7", "b,1,1", "b,2,2", "b,3,3"]
    file = written(tmp_path, *lines)
    reading = Reading(series=SeriesColumns(id=("star",), time="mjd", values=("mag",)))
    assert series_of(file, reading)["a"] == {"t": [1, 4], "v": [1, 4]}
    assert [(line, values_of(problem)) for line, problem in problems(file, reading)] == [
        (7, values_of(misfit(["a", "6", "6", "7"], ["star", "mjd", "mag"], ","))),
        (3, {"column": "mjd", "cell": "zwei"}),
        (4, {"column": "mag", "cell": "<4"}),
        (6, {"called": "star"}),
    ]


def test_an_object_whose_points_contradict_each_other_is_set_aside(tmp_path: Path) -> None:
    file = written(tmp_path, "a,1,1,x", "a,2,2,y", "b,1,1,z", "b,2,2,z", header="star,mjd,mag,type")
    columns = SeriesColumns(id=("star",), time="mjd", values=("mag",), alike=("type",))
    assert list(series_of(file, Reading(series=columns))) == ["b"]
    ((line, problem),) = problems(file, Reading(series=columns))
    assert (line, values_of(problem)) == (2, {"column": "type", "cell": "x", "other": "y", "line": 3})


def test_labels_come_from_a_second_table_and_nothing_is_lost(tmp_path: Path) -> None:
    file = written(tmp_path, "a,1,1", "a,2,2", "b,1,1", "b,2,2", "c,1,2", "c,2,3", "d,1,2", "d,2,3")
    labels = written(tmp_path, "a,RRab", "c,RRc", "d,RRc", "e,RRc", name="labels.csv", header="name,type")
    reading = Reading(series=SeriesColumns(id=("star",), time="mjd", values=("mag",)), labels=str(labels))
    assert [(row["star"], row["type"]) for row in rows(file, reading)] == [("a", "RRab"), ("c", "RRc"), ("d", "RRc")]
    unlabelled, pointless = problems(file, reading)
    assert (unlabelled[0], pointless[0]) == (4, 0)
    assert values_of(unlabelled[1]) == {"id": "b", "key": "star", "file": "labels.csv"}
    assert values_of(pointless[1]) == {"file": "labels.csv", "id": "e", "key": "star"}
    assert quoted(unlabelled[1])[0] == "b" and quoted(pointless[1])[0] == "labels.csv", "they are two messages"


def test_an_object_that_is_set_aside_is_not_reported_as_one_without_points(tmp_path: Path) -> None:
    points = ("a,1,1,x", "a,2,2,y", "b,1,1,z", "b,2,2,z", "c,1,1,z", "c,2,3,z")
    file = written(tmp_path, *points, header="star,mjd,mag,night")
    labels = written(tmp_path, "a,RRab", "b,RRc", "c,RRc", name="labels.csv", header="name,type")
    columns = SeriesColumns(id=("star",), time="mjd", values=("mag",), alike=("night",))
    ((line, problem),) = problems(file, Reading(series=columns, labels=str(labels)))
    assert (line, values_of(problem)) == (2, {"column": "night", "cell": "x", "other": "y", "line": 3})


def test_errors_that_would_belong_to_several_columns_are_refused(tmp_path: Path) -> None:
    file = written(tmp_path, "a,1,1,2,0.1", "a,2,2,3,0.1", "b,1,1,2,0.1", "b,2,2,4,0.2", header="star,mjd,g,r,err")
    columns = SeriesColumns(id=("star",), time="mjd", values=("g", "r"), error="err", alike=())
    with refused_exactly(BadInput, error="err", n=2):
        series_of(file, Reading(series=columns))


def test_an_object_with_two_different_labels_is_set_aside_with_the_lines_of_both(tmp_path: Path) -> None:
    file = written(tmp_path, "a,1,1", "a,2,2", "b,1,1", "b,2,2", "c,1,2", "c,2,3")
    labels = written(tmp_path, "a,x", "b,x", "c,y", "a,y", "b,x", "a,z", name="labels.csv", header="star,type")
    reading = Reading(
        series=SeriesColumns(id=("star",), time="mjd", values=("mag",)), join=str(labels), on=("star=star",)
    )
    assert [(row["star"], row["type"]) for row in rows(file, reading)] == [("b", "x"), ("c", "y")]
    (aside,) = [row for _, row in read_rows(file, reading) if row.problem]
    assert aside.problem.values == {"file": "labels.csv", "id": "a", "first": 2, "second": 5}
    assert aside["type"] == "", "neither of the two"


def test_ids_that_repeat_with_other_labels_are_named_where_no_columns_are(tmp_path: Path) -> None:
    points = [f"s{star},{time},{star}" for star in range(12) for time in range(3)]
    labels = [f"s{star},x" for star in [*range(12), 1, 2]]
    series = SeriesColumns(id=("star",), time="mjd", values=("mag",))
    file = written(tmp_path, *points)
    twice = written(tmp_path, *labels, name="twice.csv", header="star,type")
    assert preview(file, reading=Reading(series=series, join=str(twice))).format.on == ("star=star",)
    unlike = written(tmp_path, *labels, *(f"s{star},y" for star in range(12)), name="unlike.csv", header="star,type")
    with refused_exactly(IdsUnclear, second="unlike.csv", key="s0", line=16):
        preview(file, reading=Reading(series=series, join=str(unlike)))


def test_a_table_none_of_whose_rows_is_a_point_says_why(tmp_path: Path) -> None:
    file = written(tmp_path, "a,1,g", "a,2,r", "b,1,g", "b,2,r")
    with pytest.raises(BadInput) as refused:
        preview(file, reading=Reading(series=SeriesColumns(id=("star",), time="mjd", values=("mag",))))
    assert has_part(refused.value.message, column="mag", cell="g")


def test_dates_are_times(tmp_path: Path) -> None:
    lines = [f"{star},1970-01-0{day} 12:00,{day}" for star in "ab" for day in (1, 2, 3)]
    file = written(tmp_path, *lines, header="star,date,mag")
    assert series_of(file, BY_STAR)["a"] == {"t": [43200, 129600, 216000], "v": [1, 2, 3]}


def test_decimal_commas_and_codes_for_gaps_are_read_as_in_any_table(tmp_path: Path) -> None:
    lines = [f"{star};{t},5;{'-999' if t == 3 else f'{t},25'}" for star in "abc" for t in range(12)]
    file = written(tmp_path, *lines, header="star;mjd;mag")
    first = series_of(file, BY_STAR)["a"]
    assert isinstance(first, dict) and first["t"][:2] == [0.5, 1.5]
    assert first["v"][2:5] == [2.25, None, 4.25]


def test_the_id_of_an_object_is_nothing_to_learn() -> None:
    seen = preview(ORBITS, reading=Reading(series=columns_of(ORBITS)))
    proposal = propose(seen, "series")
    assert (proposal.input, proposal.targets) == ("series", ())
    (summary,) = (note for note in proposal.notes if note.values.get("n") == 32)
    assert values_of(summary)["id"] == "satellite"
    assert round(values_of(summary)["points"]) == 21


def test_a_preview_looks_at_the_beginning_alone(tmp_path: Path) -> None:
    file = written(tmp_path, *(f"s{star},{t},{t % 7}" for star in range(900) for t in range(100)))
    seen = preview(file, reading=BY_STAR)
    assert not seen.whole and len(seen.sample) == 599  # the last one of the first 60,000 points may have more
    assert values_of(seen.gathered) == {
        "n": 599,
        "id": "star",
        "points": 100,
        "where": {"rows": 60_000},
        "bands": "",
        "labels": "",
    }


def shuffled(lines: Sequence[str]) -> list[str]:
    mixed = list(lines)
    random.Random(1).shuffle(mixed)
    return mixed


def test_scattered_rows_give_the_same_series_whether_they_fit_into_memory_or_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = shuffled([f"s{star},{t},{star + t / 100},{'gr'[t % 2]}" for star in range(40) for t in range(200)])
    file = written(tmp_path, *lines, header="star,mjd,mag,band")
    columns = SeriesColumns(id=("star",), time="mjd", values=("mag",), band="band", alike=())
    in_memory = series_of(file, Reading(series=columns))
    monkeypatch.setattr(point_store, "_CHUNK", 300)
    assert series_of(file, Reading(series=columns)) == in_memory
    assert len(in_memory) == 40
    for star, one in in_memory.items():
        own = [line.split(",") for line in lines if line.startswith(f"{star},")]
        assert one == {
            "t": [int(t) for _, t, _, _ in own],
            "v": [pytest.approx(float(v)) for _, _, v, _ in own],
            "b": [band for _, _, _, band in own],
        }
