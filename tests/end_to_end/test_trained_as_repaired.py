"""What was chosen at import reaches the training, the predictions and the report of a real run."""

from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from sciapp.engine.data.ingest.import_table import import_table
from sciapp.engine.domains.molecule import notations
from sciapp.engine.reports.build import build_report
from sciapp.engine.reports.sections import tables
from sciapp.engine.reports.text import data_quality
from sciapp.engine.reports.text.training import loss_words
from sciapp.engine.runs.predict import predict
from sciapp.engine.runs.train import train
from sciapp.engine.runtime.progress import RunProgress
from sciapp.errors import BadInput
from sciapp.records.dataset.card import DatasetCard, ImportRequest, Roles, SplitPlan
from sciapp.records.plan.plan import PredictPlan
from sciapp.records.project.project import Project
from sciapp.records.run.run import Run
from tests.helpers.printed import says
from tests.helpers.tiny import tiny_model, tiny_plan

LETTERS = "ACDEFGHIKLMNPQRSTVWY"


def imported(folder: Path, cells: list[str], **more) -> tuple[Project, DatasetCard]:
    """Made-up proteins with these labels."""
    rng = np.random.default_rng(0)
    rows = ["".join(rng.choice(list(LETTERS), 20)) + f",{cell}" for cell in cells]
    (folder / "t.csv").write_text("\n".join(["sequence,ic50", *rows]) + "\n", encoding="utf-8")
    project = Project.create(folder / "project", domain="protein")
    roles = Roles(input="sequence", targets=("ic50",))
    card = import_table(project, ImportRequest(file=str(folder / "t.csv"), roles=roles, **more))
    assert isinstance(card, DatasetCard)
    return project, card


def trained(project: Project, card: DatasetCard, model: Path, **settings: object) -> Run:
    plan = tiny_plan(card, model, num_train_epochs=1, **settings)
    run = project.new_run(plan)
    train(plan, run, RunProgress(run.append_event))
    return run


def test_a_logarithm_is_called_one_in_predictions_report_and_model_card(tmp_path: Path) -> None:
    cells = [f"{10 ** (i / 20):.6g}" for i in range(120)]
    project, card = imported(tmp_path, cells, repairs={"units": "log10"})
    run = trained(project, card, tiny_model(tmp_path / "model"))
    predicted = pq.read_table(run.predictions_file)
    assert {"target:log10(ic50)", "prediction:log10(ic50)"} <= set(predicted.column_names)
    assert max(predicted["target:log10(ic50)"].to_pylist()) < 7
    page = build_report(project, run, tmp_path / "r.html").read_text(encoding="utf-8")
    assert says(page, tables, name="log10(ic50)", column="ic50", measured=120)
    assert says(page, data_quality.sentence, count=120, done=...)
    assert "log10(ic50)" in (run.model_folder / "README.md").read_text(encoding="utf-8")


def test_class_weights_change_what_is_learned_and_are_told(tmp_path: Path) -> None:
    project, card = imported(tmp_path, ["rare" if i % 15 == 0 else "usual" for i in range(150)])
    model = tiny_model(tmp_path / "model")
    shares = {}
    for how in ("none", "balanced"):
        run = trained(project, card, model, class_weights=how, learning_rate=1e-2)
        predicted = pq.read_table(run.predictions_file)
        shares[how] = float(np.mean(predicted["probability:rare"].to_pylist()))
        page = build_report(project, run, tmp_path / "r.html").read_text(encoding="utf-8")
        assert says(page, loss_words, loss=...) is (how == "balanced")
    assert shares["balanced"] > shares["none"] + 0.1


def test_numbers_cannot_be_balanced(tmp_path: Path) -> None:
    project, card = imported(tmp_path, [f"{i / 7:.3f}" for i in range(60)])
    with pytest.raises(BadInput) as refused:
        trained(project, card, tiny_model(tmp_path / "model"), class_weights="balanced")
    assert "class_weights" in refused.value.hint


def test_rows_are_predicted_as_they_were_imported(tmp_path: Path) -> None:
    smiles = [f"{'C' * (n % 9 + 1)}{'OSNF'[n % 4]}{'C' * (n // 9)}" for n in range(36)]
    (tmp_path / "t.csv").write_text(
        "\n".join(["smiles,y", *(f"{one}.Cl,{n / 7:.3f}" for n, one in enumerate(smiles))]) + "\n", encoding="utf-8"
    )
    project = Project.create(tmp_path / "project", domain="molecule")
    request = ImportRequest(
        file=str(tmp_path / "t.csv"),
        roles=Roles(input="smiles", targets=("y",)),
        repairs={"salts": "largest"},
        split=SplitPlan(method="random"),
    )
    card = import_table(project, request)
    assert isinstance(card, DatasetCard)
    run = trained(project, card, tiny_model(tmp_path / "model"))
    asked = ["CCO", "CCO.Cl", "[CH3:1][CH2:2][OH:3]", "CCO |&1:1|", "InChI=1S/C2H6O/c1-2-3/h3H,2H2,1H3", "CO.Br>>COBr"]
    (tmp_path / "new.csv").write_text("\n".join(["smiles", *(f'"{one}"' for one in asked)]) + "\n", encoding="utf-8")
    plan = PredictPlan(run=run.id, file=str(tmp_path / "new.csv"), threads=1)
    predicting = project.new_run(plan)
    predict(plan, predicting, RunProgress())
    table = pq.read_table(predicting.predictions_file)
    said = table["prediction:y"].to_pylist()
    assert said[:5] == pytest.approx([said[0]] * 5, abs=1e-6) and said[5] is None
    assert table["problem"].to_pylist()[5] == notations.foreign(asked[5]) != ""
