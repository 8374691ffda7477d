"""Names that are spelt in several ways, and names that are taken already."""

import csv

import pyarrow as pa
import pyarrow.parquet as pq

from sciapp.records.plan import PredictPlan
from sciapp.records.project import Project
from tests.helpers.cases import Case, right


@right("predict_name_clash.csv")
def predict_name_clash(case: Case) -> None:
    project = Project.create(case.folder / "project", domain="molecule")
    run = project.new_run(PredictPlan(run="001-train", file=str(case.path)))
    said = {"line": [2], "input": ["CCO"], "split": ["new"], "prediction:logS": [-0.77], "problem": ["none"]}
    pq.write_table(pa.table(said), run.predictions_file)
    project.close()
    out = case.folder / "out.csv"
    assert case.command("export-predictions", run.id, "--out", str(out)).code == 0
    rows = list(csv.reader(out.read_text(encoding="utf-8").splitlines()))
    assert rows[0] == ["smiles", "prediction logS", "problem", "prediction logS (2)", "problem (2)"]
    assert rows[1] == ["CCO", "9", "zz", "-0.77", "none"]
