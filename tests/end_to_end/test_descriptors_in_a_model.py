"""Descriptors and covariates, from the table to the prediction of a new file; in real run processes."""

import csv
import random
import shutil
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
from transformers import AutoModel

from sciapp.actions.runs import predict_file
from sciapp.engine.data.ingest.import_table import import_table
from sciapp.engine.evaluation import evaluate
from sciapp.engine.models.architectures.feature_fusion import FusionModel
from sciapp.engine.models.saved_model import SavedModel
from sciapp.engine.reports.text.methods import START_KEPT
from sciapp.engine.runs import predict as predicting
from sciapp.engine.runs import train as training
from sciapp.engine.training.initial_scores import LINEAR
from sciapp.engine.training.preflight import warnings
from sciapp.errors import BadInput, UnknownColumn
from sciapp.jobs.launch import launcher
from sciapp.records.dataset.card import DatasetCard, ImportRequest, Roles
from sciapp.records.plan.plan import CompressPlan, PredictPlan, TrainPlan
from sciapp.records.project.project import Project
from sciapp.records.run.events import Noted
from sciapp.records.run.run import Run, RunStatus
from tests.helpers.printed import says
from tests.helpers.runs import wait_until_over
from tests.helpers.tiny import LETTERS, tiny_model, tiny_plan


@dataclass
class Made:
    project: Project
    card: DatasetCard
    model: Path


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """Sequences whose target is their share of W plus twice the pH: the pH is in no letter."""
    folder = tmp_path_factory.mktemp("descriptors")
    rng = random.Random(3)
    table = folder / "binding.csv"
    with table.open("w", newline="", encoding="utf-8") as handle:
        writer = csv.writer(handle)
        writer.writerow(["sequence", "y", "pH", "buffer"])
        for row in range(150):
            sequence = "".join(rng.choices(LETTERS + "WWWW", k=rng.randint(8, 30)))
            acidity = round(rng.uniform(4, 9), 1)
            target = 5 * sequence.count("W") / len(sequence) + 2 * acidity
            writer.writerow([sequence, f"{target:.3f}", "" if row == 5 else acidity, rng.choice(["Tris", "PBS"])])
    project = Project.create(folder / "project", domain="protein")
    request = ImportRequest(file=str(table), roles=Roles(input="sequence", targets=("y",)))
    card = import_table(project, request)
    return Made(project, card, tiny_model(folder / "tiny"))


def run_to_the_end(run: Run) -> RunStatus:
    launcher.start(run)
    return wait_until_over(run)


def trained(made: Made, **settings: object) -> Run:
    run = made.project.new_run(tiny_plan(made.card, made.model, **settings))
    run_to_the_end(run)
    return run


@pytest.fixture(scope="module")
def with_everything(made: Made) -> Run:
    return trained(made, descriptors="on", covariates=["pH"], num_train_epochs=3)


def rmse(run: Run) -> float:
    evaluation = run.evaluation()
    assert evaluation is not None
    score = evaluation.model.get("rmse")
    assert score is not None and score.value is not None
    return score.value


def test_a_covariate_tells_what_the_sequence_cannot(made: Made, with_everything: Run) -> None:
    without = trained(made, descriptors="off", num_train_epochs=3)
    assert rmse(with_everything) < 0.5 < rmse(without)
    evaluation = with_everything.evaluation()
    assert evaluation is not None and evaluation.extra_features is not None
    assert evaluation.extra_features.covariates == ("pH",)
    assert evaluation.extra_features.descriptors > 20
    assert evaluation.simple_baseline is not None
    assert evaluation.simple_baseline.get("rmse").value < 1.0, "the baseline may read the covariate too"  # type: ignore[union-attr, operator]


def test_the_folder_alone_predicts_what_was_written_down(with_everything: Run, tmp_path: Path) -> None:
    elsewhere = tmp_path / "somewhere else"
    shutil.copytree(with_everything.model_folder, elsewhere)
    saved = SavedModel.open(elsewhere)
    assert isinstance(saved.model, FusionModel)
    table = pq.read_table(with_everything.predictions_file).to_pandas()
    test = table[table["split"] == "test"]
    source = with_everything.project_folder / "datasets"
    data = pq.read_table(next(source.glob("*/table.parquet"))).to_pandas().set_index("line")
    acidity = data.loc[test["line"], "column:pH"].replace("", np.nan).astype(float).to_numpy()[:, None]
    said = saved.values(test["input"].tolist(), covariates=acidity)[:, 0]
    assert np.abs(said - test["prediction:y"].to_numpy()).max() < 1e-4
    assert AutoModel.from_pretrained(elsewhere, local_files_only=True).config.hidden_size == 16
    readme = (elsewhere / "README.md").read_text(encoding="utf-8")
    assert "SavedModel.open" in readme and "pH" in readme


def test_a_new_file_needs_the_covariate_and_its_gaps_are_told(made: Made, with_everything: Run, tmp_path: Path) -> None:
    file = tmp_path / "new.csv"
    file.write_text("sequence,ph\nMKTAYIAK,7\nMKTAYIAK,\nMKTAYIAK,high\nMKTAYIAK,4\n", encoding="utf-8")
    run = made.project.new_run(PredictPlan(run=with_everything.id, file=str(file), threads=1))
    run_to_the_end(run)
    table = pq.read_table(run.predictions_file).to_pandas()
    assert table["prediction:y"].notna().tolist() == [True, True, False, True]
    assert says(table["problem"][2], predicting, get="high", name="ph")
    assert table["prediction:y"][0] - table["prediction:y"][3] > 3
    assert any(says(event.message, predicting, gaps=1) for event in run.events() if isinstance(event, Noted))
    bare = tmp_path / "bare.csv"
    bare.write_text("sequence\nMKTAYIAK\n", encoding="utf-8")
    failed = made.project.new_run(PredictPlan(run=with_everything.id, file=str(bare), threads=1))
    assert run_to_the_end(failed) is RunStatus.FAILED
    assert "pH" in failed.state().message
    runs = sorted(made.project.runs_folder.iterdir())
    with pytest.raises(UnknownColumn) as refused:
        predict_file(project=made.project, run_id=with_everything.id, file=bare)
    assert refused.value.message.values == {"name": "pH"}
    assert sorted(made.project.runs_folder.iterdir()) == runs, "asked first, no run is made for it"


def test_a_compressed_joined_model_is_judged_on_the_same_rows(made: Made, with_everything: Run) -> None:
    run = made.project.new_run(CompressPlan(run=with_everything.id, threads=1))
    run_to_the_end(run)
    assert rmse(run) == pytest.approx(rmse(with_everything), abs=0.2)
    evaluation = run.evaluation()
    assert evaluation is not None and evaluation.extra_features is not None


def test_auto_asks_the_validation_rows_and_says_so(made: Made) -> None:
    run = trained(made, descriptors="auto", num_train_epochs=1)
    evaluation = run.evaluation()
    assert evaluation is not None
    sentence = next(remark for remark in evaluation.remarks if remark.startswith("Descriptors are "))
    joined = "joined" in sentence.split(":")[0]
    assert joined == (evaluation.extra_features is not None)
    figures = [float(word) for word in sentence.replace(" without.", "").split() if word[0].isdigit()]
    assert (figures[0] < figures[1]) == joined


@pytest.mark.parametrize(("column", "said"), [("ph", "pH"), ("buffer", "no number"), ("y", "column")])
def test_a_column_that_cannot_be_a_covariate_is_named(made: Made, column: str, said: str) -> None:
    run = made.project.new_run(tiny_plan(made.card, made.model, covariates=[column]))
    assert run_to_the_end(run) is RunStatus.FAILED
    assert said in f"{run.state().message} {run.state().hint}"


def test_a_plan_without_anything_joined_leaves_a_plain_classifier(made: Made) -> None:
    run = trained(made, descriptors="off", num_train_epochs=1)
    assert not (run.model_folder / "descriptors.json").exists()
    assert isinstance(run.plan(), TrainPlan)
    assert pd.Series(SavedModel.open(run.model_folder).values(["MKTAY"])[:, 0]).notna().all()


def test_the_same_input_under_other_conditions_is_another_row(tmp_path: Path) -> None:
    table = tmp_path / "series.csv"
    series = [f"MKTAYIAKQR{letter}W,{dose},{place}.{dose}" for place, letter in enumerate("ACDEFG") for dose in (1, 5)]
    table.write_text("\n".join(["sequence,dose,y", *series, "MKTAYIAKQRAW,5,99"]) + "\n", encoding="utf-8")
    project = Project.create(tmp_path / "project", domain="protein")
    for covariates, kept in (((), None), (("dose",), len(series) - 1)):
        request = ImportRequest(
            file=str(table), roles=Roles(input="sequence", targets=("y",), covariates=covariates), task="regression"
        )
        if kept is None:  # every sequence contradicts itself
            with pytest.raises(BadInput, match="different values"):
                import_table(project, request)
            continue
        card = import_table(project, request)
        assert card.roles.covariates == ("dose",)
        assert card.rows_kept == kept, "the same dose with two values contradicts itself all the same"


def test_a_training_that_only_makes_it_worse_keeps_the_linear_model_and_calls_it_that(made: Made) -> None:
    plan = tiny_plan(
        made.card, made.model, covariates=("pH",), learning_rate=0.05, warmup_ratio=0.0, num_train_epochs=2
    )
    run = made.project.new_run(plan)
    assert run_to_the_end(run) is RunStatus.FINISHED, run.log_file.read_text()
    evaluation = run.evaluation()
    assert evaluation is not None and evaluation.validation_before is not None
    assert evaluation.model.predictor.lower() == LINEAR
    warning, verdict = evaluation.verdict.values.values()
    assert says(warning, warnings, name="pH")  # pH follows y in these rows
    assert says(verdict, evaluate, called=LINEAR)
    assert evaluation.validation_after is not None and START_KEPT in evaluation.validation_after.predictor
    assert any(says(remark, training) for remark in evaluation.remarks)
    scores = [side.get("rmse") for side in (evaluation.validation_before, evaluation.validation_after)]
    assert scores[0] is not None and scores[1] is not None
    assert scores[0].value == pytest.approx(scores[1].value, rel=1e-4)
