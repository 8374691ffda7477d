"""Series as people have them (.ts files, long tables with labels beside them), from the file to predictions."""

import csv
import gzip
import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from sciapp.engine.data.dataset import prediction_reading
from sciapp.engine.data.readers import derived_columns, gathering, lookup_join
from sciapp.engine.data.values import rejections
from sciapp.engine.data.values.rejections import RejectionReason
from tests.helpers.printed import says
from tests.helpers.small_sets import SERIES_DATA

QUICK = ["--set", "num_train_epochs=1", "--set", "threads=1", "--set", "precision=fp32", "--descriptors", "off"]


def sciapp(*words: object) -> str:
    command = [sys.executable, "-m", "sciapp", *map(str, words)]
    result = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", timeout=280)
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout


def answer(*words: object) -> Any:
    return json.loads(sciapp(*words, "--json"))


def rows_of(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


@pytest.fixture
def project(tmp_path: Path) -> Path:
    sciapp("new", tmp_path / "p", "--domain", "series")
    return tmp_path / "p"


@pytest.fixture
def supernovae(tmp_path: Path) -> Path:
    """A folder with the light curves, and with the labels beside them."""
    folder = tmp_path / "snpcc"
    folder.mkdir()
    for name in ("snpcc_lightcurves.csv.gz", "snpcc_labels.csv"):
        shutil.copy(SERIES_DATA / name, folder / name)
    return folder


def test_both_parts_of_an_archive_train_and_the_test_part_alone_is_predicted(project: Path, tmp_path: Path) -> None:
    test = SERIES_DATA / "ItalyPowerDemand_TEST.ts.gz"
    train = SERIES_DATA / "ItalyPowerDemand_TRAIN.ts.gz"
    assert "ItalyPowerDemand_TEST.ts.gz" in sciapp("import", project, train, "--explain")
    card = answer("import", project, train, "--sheet", "both parts")
    assert (card["roles"]["input"], card["roles"]["targets"], card["task"]) == ("series", ["class"], "classification")
    assert (card["split"]["method"], card["split_counts"]["test"], card["rows_kept"]) == ("column", 60, 127)
    trained = answer("train", project, *QUICK)
    out = tmp_path / "predicted.csv"
    answer("predict", project, trained["run"], test, "--out", out)
    predicted = rows_of(out)
    assert len(predicted) == 60 and all(row["prediction class"] in {"1", "2"} for row in predicted)


def test_a_long_table_is_proposed_as_a_row_per_object_with_its_labels(project: Path, supernovae: Path) -> None:
    file = supernovae / "snpcc_lightcurves.csv.gz"
    said = sciapp("import", project, file, "--explain")
    assert says(said, gathering, id="snid", n=79, points=104)
    assert says(said, gathering, bands=["g", "i", "r", "z"])
    assert says(said, gathering, file="snpcc_labels.csv", id="snid")
    explained = answer("import", project, file, "--explain")
    assert explained["reading"]["series"] == {
        "id": ["snid"], "time": "mjd", "values": ["flux"], "error": "flux_err", "band": "band", "alike": [],
    }  # fmt: skip
    assert explained["proposal"]["input"] == "series" and explained["proposal"]["split_column"] == "split"
    sciapp("import", project, file, "--series-id", "none", "--input", "mjd", "--target", "flux", "--explain")


def test_what_is_not_joined_is_set_aside_with_its_reason(project: Path, supernovae: Path) -> None:
    labels, file = supernovae / "snpcc_labels.csv", supernovae / "snpcc_lightcurves.csv.gz"
    lines = labels.read_text("utf-8").splitlines()
    gone, twice = (lines.pop(row).split(",")[0] for row in (1, 1))
    two = [f"{twice},{kind},{kind},0.5,0.5,90,train" for kind in ("Ia", "II")]
    lines = [lines[0], *two, *lines[1:], "999999,Ia,Ia,0.5,0.5,90,train"]
    labels.write_text("\n".join(lines) + "\n", encoding="utf-8")
    points = gzip.decompress(file.read_bytes()).decode().splitlines()
    points[5] = points[5].replace(points[5].split(",")[3], "bright", 1)
    plain = file.with_name("snpcc_lightcurves.csv")
    plain.write_text("\n".join(points) + "\n", encoding="utf-8")
    file.unlink()
    card = answer("import", project, plain, "--target", "type")
    assert card["rows_kept"] == 77 and card["rows_set_aside"] == 4
    rejected = rows_of(project / "datasets" / card["id"] / "rejected.csv")
    kinds = (RejectionReason.NO_POINT, RejectionReason.UNMATCHED, RejectionReason.UNCLEAR, RejectionReason.NO_SERIES)
    assert card["set_aside_reasons"] == {kind.label: 1 for kind in kinds}
    (point, unmatched, unclear, without) = sorted(
        (row["reason"] for row in rejected), key=lambda reason: [id in reason for id in ("999999", twice, gone)]
    )
    assert says(point, rejections, target="flux", cell="bright")
    assert says(unmatched, lookup_join, id=gone, key="snid", file="snpcc_labels.csv")
    assert says(unclear, lookup_join, id=twice, file="snpcc_labels.csv", first=2, second=3)
    assert says(without, derived_columns, id="999999", key="snid", file="snpcc_labels.csv")
    assert next(row for row in rejected if "bright" in row["reason"])["original"] == points[5]


def test_columns_said_on_the_command_line_are_taken_and_new_light_curves_are_predicted(
    project: Path, supernovae: Path, tmp_path: Path
) -> None:
    labels = supernovae / "truth" / "supernovae.csv"
    labels.parent.mkdir()
    shutil.move(supernovae / "snpcc_labels.csv", labels)
    file = supernovae / "snpcc_lightcurves.csv.gz"
    said = ["--series-id", "snid", "--series-time", "mjd", "--series-value", "flux", "--series-error", "flux_err"]
    card = answer(
        "import",
        project,
        file,
        *said,
        "--series-band",
        "band",
        "--labels",
        labels,
        "--target",
        "type",
        "--split",
        "random",
    )
    assert card["rows_kept"] == 79
    table = pq.read_table(project / "datasets" / card["id"] / "table.parquet")
    assert json.loads(table["input"][0].as_py()).keys() == {"t", "v", "b", "e", "x", "u", "y"}
    trained = answer("train", project, *QUICK)
    new = tmp_path / "new.csv"
    lines = gzip.decompress(file.read_bytes()).decode().splitlines()
    ids = list(dict.fromkeys(line.split(",")[0] for line in lines[1:]))[:3]
    chosen = [line for line in lines[1:] if line.split(",")[0] in ids]
    new.write_text("\n".join([lines[0], *chosen, "7,56000,g,1.5,0.1", "7,wann,g,1.5,0.1"]) + "\n", encoding="utf-8")
    out = tmp_path / "predicted.csv"
    answer("predict", project, trained["run"], new, "--out", out)
    predicted = rows_of(out)
    assert [row["snid"] for row in predicted] == ["7", *ids, "7"] and "series" not in predicted[0]
    assert [bool(row["problem"]) for row in predicted] == [True, False, False, False, True]
    assert {row["prediction type"] for row in predicted[1:4]} <= {"Ia", "II", "Ibc"}
    incomplete = tmp_path / "other.csv"
    incomplete.write_text("snid,mjd,band,magnitude\n1,2,g,3\n1,3,g,4\n", encoding="utf-8")
    command = [sys.executable, "-m", "sciapp", "predict", project, trained["run"], incomplete, "--out", out]
    refused = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", timeout=240)
    assert refused.returncode and says(refused.stderr, prediction_reading, missing="flux")


def test_the_doctor_finds_repeated_times_and_times_out_of_order(project: Path, tmp_path: Path) -> None:
    lines = ["star,mjd,mag,kind"]
    for star in range(30):
        times = [1, 2, 2, 3] if star < 4 else [1, 3, 2, 4] if star < 7 else [1, 2, 3, 4]
        lines += [f"s{star},{time},{star + n},{'ab'[star % 2]}" for n, time in enumerate(times)]
    file = tmp_path / "points.csv"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    said = ["--series-id", "star", "--series-time", "mjd", "--series-value", "mag", "--target", "kind"]
    found = {one["kind"]: one["count"] for one in answer("doctor", project, file, *said)["findings"]}
    assert (found["repeated_times"], found["unordered_times"]) == (4, 3)
    card = answer("import", project, file, *said, "--repair", "repeated_times=mean", "--split", "random")
    table = pq.read_table(project / "datasets" / card["id"] / "table.parquet").to_pylist()
    first = next(row for row in table if row["column:star"] == "s0")
    points = {"t": {"start": 1, "step": 1}, "v": [0, 1.5, 3]}
    assert json.loads(first["input"]) == points | {"x": "MJD", "u": "d", "y": "mag"}


def test_a_printed_list_is_read_and_a_shortened_one_is_set_aside(project: Path, tmp_path: Path) -> None:
    file = tmp_path / "lists.csv"
    with file.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle)
        writer.writerow(["spectrum", "water"])
        for row in range(20):
            writer.writerow([f"[{row}.5 0.25\n 1e-3 {row}. ]", row / 7])
        writer.writerow(["[0.1 0.2 0.3 ... 0.4 0.5 0.6]", 1.5])
    card = answer("import", project, file, "--split", "random")
    assert (card["roles"]["input"], card["rows_kept"], card["rows_set_aside"]) == ("spectrum", 20, 1)
    (rejected,) = rows_of(project / "datasets" / card["id"] / "rejected.csv")
    assert "shortened" in rejected["reason"]
