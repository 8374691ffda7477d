"""Orbits from a long table: windows, a training, predictions of what comes next, and the figure in the report."""

import csv
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from sciapp.engine.data.targets import forecast_autoregression, forecast_words
from tests.helpers.printed import says

ORBITS = Path(__file__).parents[1] / "data" / "series" / "satellite_orbits.csv.gz"
GATHERED = ["--series-id", "satellite", "--series-time", "minutes_since_epoch"]
GATHERED += ["--series-value", "x_km", "--series-value", "y_km"]


def result(home: Path, *words: object) -> Any:
    command = [sys.executable, "-m", "sciapp", *map(str, words), "--json"]
    environment = os.environ | {"SCIAPP_HOME": str(home)}
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", env=environment, timeout=280)
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(done.stdout)


@pytest.mark.timeout(600)
def test_the_next_positions_of_satellites_are_forecast(tmp_path: Path) -> None:
    project, forecast = tmp_path / "p", ["--task", "forecasting", "--target", "series", "--horizon", 2, "--window", 4]
    result(tmp_path, "new", project, "--domain", "series")
    card = result(tmp_path, "import", project, ORBITS, *GATHERED, *forecast, "--split", "group", "--group", "satellite")
    assert card["task_options"] == {"horizon": 2, "window": 4, "stride": 1}
    assert card["roles"]["targets"] == ["x_km +1", "x_km +2", "y_km +1", "y_km +2"]
    quick = ["--set", "num_train_epochs=1", "--set", "threads=1", "--set", "descriptors=off"]
    evaluation = result(tmp_path, "train", project, *quick)["evaluation"]
    assert evaluation["main_score"] == "mase"
    baselines = [evaluation["simple_baseline"], *evaluation["further_baselines"]]
    rivals = {side["predictor"] for side in baselines}
    assert rivals >= {"Drift", "Seasonal naive"}
    assert any(says(rival, forecast_autoregression, values=16) for rival in rivals)
    scored = {(score["name"], score["target"]) for score in evaluation["model"]["scores"]}
    assert {("mase", ""), ("mae", "x_km"), ("rmse", "y_km +2")} <= scored
    out = tmp_path / "next.csv"
    result(tmp_path, "predict", project, "001-train", ORBITS, *GATHERED, "--out", out)
    with out.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 32
    usable = [row for row in rows if not row["problem"]]
    assert all(row["prediction x_km +1"] for row in usable)
    assert all(float(row["time +1"]) < float(row["time +2"]) and row["satellite"] for row in usable)
    report = result(tmp_path, "report", project, "001-train", "--out", tmp_path / "report.html")
    page = Path(report["report"]).read_text("utf-8")
    assert 'download="forecasts.csv"' in page and says(page, forecast_words, steps=2)
    assert evaluation["beside"]["rule"], "the head began with a rule"
