"""Targets of 1,000,000 ± 1: the model that is saved, its compression and its predictions keep their resolution."""

import csv
import json
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from sciapp.engine.data.ingest.import_table import import_table
from sciapp.engine.data.targets.regression import MEAN_KEY, SCALE_KEY
from sciapp.engine.runs.compress import compress
from sciapp.engine.runs.predict import predict
from sciapp.engine.runs.train import train
from sciapp.engine.runtime.progress import RunProgress
from sciapp.records.dataset.card import ImportRequest, Roles, SplitPlan
from sciapp.records.plan.plan import CompressPlan, PredictPlan
from sciapp.records.project.project import Project
from tests.helpers.tiny import sequence_table, tiny_model, tiny_plan


@pytest.mark.parametrize("descriptors", ["on", "off"])
def test_no_door_loses_the_digits(tmp_path: Path, descriptors: str) -> None:
    rows = list(csv.DictReader(sequence_table(tmp_path / "near.csv").read_text(encoding="utf-8").splitlines()))
    far = tmp_path / "far.csv"
    lines = [f"{row['sequence']},{float(row['y0']) + 999_990:.4f}" for row in rows]
    far.write_text("\n".join(["sequence,y0", *lines]) + "\n", encoding="utf-8")
    project = Project.create(tmp_path / "p", domain="protein")
    request = ImportRequest(
        file=str(far),
        roles=Roles(input="sequence", targets=("y0",)),
        task="regression",
        split=SplitPlan(method="random", fractions=(0.6, 0.2, 0.2)),
    )
    card = import_table(project, request)
    run = project.new_run(tiny_plan(card, tiny_model(tmp_path / "model"), descriptors=descriptors, num_train_epochs=8))
    train(run.plan(), run, RunProgress())  # type: ignore[arg-type]

    config = json.loads((run.model_folder / "config.json").read_text(encoding="utf-8"))
    assert config[MEAN_KEY][0] == pytest.approx(1_000_000, abs=3)
    assert 0 < config[SCALE_KEY][0] < 2
    judged = pq.read_table(run.predictions_file).to_pandas()["prediction:y0"].to_numpy()
    assert np.abs(np.diff(np.sort(judged))).min() < 0.01, "no steps of 0.0625"
    assert len(np.unique(judged)) > 0.9 * len(judged)
    if descriptors == "off":
        assert f"model.config.{SCALE_KEY}" in (run.model_folder / "README.md").read_text(encoding="utf-8")

    new = project.new_run(PredictPlan(run=run.id, file=str(far), threads=1))
    predict(new.plan(), new, RunProgress())  # type: ignore[arg-type]
    said = pq.read_table(new.predictions_file).to_pandas().set_index("line")["prediction:y0"]
    of_lines = pq.read_table(run.predictions_file).to_pandas().set_index("line")["prediction:y0"]
    assert said.loc[of_lines.index].to_numpy() == pytest.approx(of_lines.to_numpy(), abs=1e-4)

    small = project.new_run(CompressPlan(run=run.id, threads=1))
    compress(small.plan(), small, RunProgress())  # type: ignore[arg-type]
    squeezed = pq.read_table(small.predictions_file).to_pandas()["prediction:y0"].to_numpy()
    assert squeezed == pytest.approx(judged, abs=0.5 * config[SCALE_KEY][0])
    assert (squeezed * 16 % 1 != 0).all(), "fp32 would know multiples of 0.0625 only"
