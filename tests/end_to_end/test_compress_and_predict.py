"""A trained model is compressed, and both models predict a file; on a tiny model, through the engine's own stories."""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

from sciapp.actions.runs import predict_file
from sciapp.cli.main import main
from sciapp.engine.compression.verdict import verdict
from sciapp.engine.data.dataset.prediction_reading import input_column
from sciapp.engine.models.saved_model import SavedModel
from sciapp.engine.runs.compress import compress
from sciapp.engine.runs.predict import predict
from sciapp.engine.runs.train import train
from sciapp.engine.runtime.progress import NeverStop
from sciapp.errors import Cancelled, RunProblem, UnknownColumn
from sciapp.records.plan.plan import CompressPlan, PredictPlan, TrainPlan
from sciapp.records.project.project import Project
from sciapp.records.run.events import Event, Noted, Progressed, RunStarted
from sciapp.records.run.run import Run
from tests.helpers.heard import carried_out
from tests.helpers.printed import says
from tests.helpers.tiny import tiny_model, tiny_plan, tiny_project


@dataclass
class Made:
    """A project with a training and its compression, and what the compression told."""

    project: Project
    training: Run
    compression: Run
    events: list[Event]


def made(folder: Path, *, classes: bool = False, targets: int = 1) -> Made:
    project, card = tiny_project(folder / "project", classes=classes, targets=targets)
    plan = tiny_plan(card, tiny_model(folder / "model"), num_train_epochs=16, learning_rate=3e-3)
    training = project.new_run(plan)
    carried_out(train, plan, training)
    squeeze = CompressPlan(run=training.id, threads=1)
    compression = project.new_run(squeeze)
    return Made(project, training, compression, carried_out(compress, squeeze, compression))


@pytest.fixture(scope="module")
def regression(tmp_path_factory: pytest.TempPathFactory) -> Made:
    return made(tmp_path_factory.mktemp("regression"), targets=2)


@pytest.fixture(scope="module")
def classification(tmp_path_factory: pytest.TempPathFactory) -> Made:
    return made(tmp_path_factory.mktemp("classification"), classes=True)


def predicted(of: Made, run: Run, file: Path, **more: str) -> tuple[pd.DataFrame, list[Event]]:
    plan = PredictPlan(run=run.id, file=str(file), threads=1, **more)
    new = of.project.new_run(plan)
    told = carried_out(predict, plan, new)
    return pq.read_table(new.predictions_file).to_pandas(), told


def test_a_compression_is_measured_on_the_same_test_rows(regression: Made) -> None:
    evaluation, before = regression.compression.evaluation(), regression.training.evaluation()
    assert evaluation is not None
    assert before is not None
    assert evaluation.before_compression is not None
    assert evaluation.before_compression.get("rmse") == before.model.get("rmse")
    assert evaluation.model.rows == before.model.rows
    assert evaluation.simple_baseline == before.simple_baseline
    big, small = evaluation.footprints
    assert (big.rows_timed, big.threads) == (small.rows_timed, small.threads) == (24, 1)
    for side in evaluation.footprints:
        assert 0 < side.milliseconds_low <= side.milliseconds_per_row <= side.milliseconds_high
    assert says(evaluation.verdict, verdict, smaller=big.bytes / small.bytes)
    assert evaluation.remarks


def test_a_compression_tells_its_story_and_leaves_what_a_training_leaves(regression: Made) -> None:
    assert isinstance(regression.events[0], RunStarted)
    assert [event.done for event in regression.events if isinstance(event, Progressed)] == list(range(1, 21))
    files = {file.name for file in regression.compression.model_folder.iterdir()}
    assert {"config.json", "model_int8.safetensors", "tokenizer.json", "README.md"} <= files
    assert not any(name.endswith((".bin", ".pt", ".pkl")) for name in files)
    assert json.loads(regression.compression.environment_file.read_text())["threads"] == 1
    ours = pq.read_table(regression.compression.predictions_file)
    theirs = pq.read_table(regression.training.predictions_file)
    assert ours.schema == theirs.schema
    assert ours.column("line").equals(theirs.column("line"))


def test_the_compressed_model_predicts_almost_the_same(regression: Made) -> None:
    ours = pq.read_table(regression.compression.predictions_file).column("prediction:y0").to_numpy()
    theirs = pq.read_table(regression.training.predictions_file).column("prediction:y0").to_numpy()
    assert theirs.std() > 0.01, "the model has learned something to compare"
    assert np.abs(ours - theirs).max() < 0.5 * theirs.std()


def test_a_compressed_model_is_compressed_again_and_judged_against_the_first(
    regression: Made, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["compress", str(regression.project.folder), regression.compression.id, "--json"]) == 0
    run = regression.project.run(json.loads(capsys.readouterr().out)["run"])
    assert run.plan().source_run == regression.compression.id
    evaluation, first = run.evaluation(), regression.compression.evaluation()
    assert evaluation is not None and first is not None and evaluation.before_compression is not None
    assert evaluation.before_compression.scores == first.model.scores
    assert evaluation.model.scores == first.model.scores, "int8 again loses nothing more"
    assert [side.label for side in evaluation.footprints] == ["before (int8)", "after (int8)"]
    assert evaluation.footprints[0].bytes == evaluation.footprints[1].bytes
    assert not evaluation.verdict.values["size"].values, "no number of times"
    weights = [of.model_folder / "model_int8.safetensors" for of in (run, regression.compression)]
    assert weights[0].read_bytes() == weights[1].read_bytes()
    assert f"of run `{regression.compression.id}`" in (run.model_folder / "README.md").read_text(encoding="utf-8")


def test_a_compression_that_is_cancelled_or_killed_can_be_done_again(regression: Made) -> None:
    plan = CompressPlan(run=regression.training.id, threads=1)
    run = regression.project.new_run(plan)
    with pytest.raises(Cancelled):
        carried_out(compress, plan, run, stop=_CancelAfter(12))
    assert run.evaluation() is None
    carried_out(compress, plan, run)
    assert run.evaluation() is not None


class _CancelAfter(NeverStop):
    """Cancels when it is asked for the n-th time."""

    def __init__(self, times: int) -> None:
        self._left = times

    def cancel_requested(self) -> bool:
        self._left -= 1
        return self._left < 0


FILE = "name,Sequence\na,MKTAYIAK\nb,\nc,MK1!\nd,mktayiak\nf,W\ng,MKTA,more\nh," + "MKTAY" * 30 + "\n"


@pytest.mark.parametrize("which", ["training", "compression"])
def test_every_row_of_a_file_comes_out_in_order_with_a_value_or_a_reason(
    regression: Made, which: str, tmp_path: Path
) -> None:
    file = tmp_path / "new.csv"
    file.write_text("\ufeff" + FILE.replace("\n", "\r\n"), encoding="utf-8")
    rows, told = predicted(regression, getattr(regression, which), file)
    assert rows["line"].tolist() == [2, 3, 4, 5, 6, 7, 8]
    assert rows["input"].tolist()[:4] == ["MKTAYIAK", "", "MK1!", "mktayiak"]
    bad = [1, 2, 5]
    assert [place for place in range(7) if rows["problem"].notna()[place]] == bad
    for name in ("prediction:y0", "prediction:y1"):
        assert [place for place in range(7) if rows[name].isna()[place]] == bad
    assert rows["prediction:y0"][0] == pytest.approx(rows["prediction:y0"][3])
    remarks = [event.message for event in told if isinstance(event, Noted)]
    assert remarks[0].values == {"rows": 4, "parent": regression.training.id}
    assert remarks[1].values == {"unusable": 3}
    assert remarks[2].values.items() >= {"rows": 1, "longest": 64}.items()
    assert {(event.done, event.total) for event in told if isinstance(event, Progressed)} == {(7, 7)}


def test_predictions_of_the_test_rows_are_those_of_the_training(regression: Made, tmp_path: Path) -> None:
    known = pq.read_table(regression.training.predictions_file).to_pandas()
    known.rename(columns={"input": "sequence"})[["sequence"]].to_csv(tmp_path / "known.csv", index=False)
    rows, _ = predicted(regression, regression.training, tmp_path / "known.csv")
    np.testing.assert_allclose(rows["prediction:y1"], known["prediction:y1"], atol=1e-5)


def test_classes_come_with_probabilities_that_add_up(classification: Made, tmp_path: Path) -> None:
    (tmp_path / "new.csv").write_text("sequence\nMKTWWW\n!\nAAAA\n")
    rows, _ = predicted(classification, classification.compression, tmp_path / "new.csv")
    assert set(rows["prediction:y0"].dropna()) <= {"few", "many"}
    total = rows["probability:few"] + rows["probability:many"]
    np.testing.assert_allclose(total[[0, 2]], 1, atol=1e-6)
    assert rows.loc[1, ["prediction:y0", "probability:few"]].isna().all()
    evaluation = classification.compression.evaluation()
    assert evaluation is not None
    assert evaluation.confusion is not None
    assert evaluation.main_score == "macro_f1"


def test_the_input_column_is_found_by_its_name_whatever_its_case(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("SMILES,smiles,Name\nC,C,x\n")
    assert input_column(tmp_path / "a.csv", "smiles") == "smiles"
    assert input_column(tmp_path / "a.csv", "name") == "Name"
    with pytest.raises(UnknownColumn, match="nam"):
        input_column(tmp_path / "a.csv", "nam")


def test_a_column_can_be_named_and_a_wrong_one_is_refused_with_the_nearest(regression: Made, tmp_path: Path) -> None:
    (tmp_path / "new.csv").write_text("peptide\nMKT\n")
    rows, _ = predicted(regression, regression.training, tmp_path / "new.csv", input_column="peptide")
    assert rows["prediction:y0"].notna().all()
    with pytest.raises(UnknownColumn):
        predicted(regression, regression.training, tmp_path / "new.csv")


def test_a_file_without_rows_and_one_with_only_bad_rows(regression: Made, tmp_path: Path) -> None:
    (tmp_path / "empty.csv").write_text("sequence\n")
    with pytest.raises(RunProblem) as refused:
        predicted(regression, regression.training, tmp_path / "empty.csv")
    assert refused.value.context == str(tmp_path / "empty.csv")
    (tmp_path / "bad.csv").write_text("sequence\n!!\n??\n")
    rows, _ = predicted(regression, regression.training, tmp_path / "bad.csv")
    assert rows["problem"].notna().tolist() == [True, True]


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"peptide\nMKT\n", "sequence"),
        (b"sequence\n", ""),
        (b"", ""),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), ""),
        (None, "new.csv"),
    ],
    ids=["missing column", "no rows", "empty", "no table", "no file"],
)
def test_what_is_refused_before_it_begins_leaves_no_run_behind(
    regression: Made, tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes | None, name: str
) -> None:
    file, out, runs = tmp_path / "new.csv", tmp_path / "out.csv", regression.project.runs_folder
    if content is not None:
        file.write_bytes(content)
    before = sorted(runs.iterdir())
    words = ["predict", str(regression.project.folder), regression.training.id, str(file), "--out", str(out)]
    assert main(words) == 1
    assert name in capsys.readouterr().err
    assert sorted(runs.iterdir()) == before and not out.exists()


def test_a_model_that_is_not_there_is_refused_before_a_run_is_made(regression: Made, tmp_path: Path) -> None:
    unfinished = regression.project.new_run(regression.training.plan())
    (tmp_path / "new.csv").write_text("sequence\nMKT\n")
    before = sorted(regression.project.runs_folder.iterdir())
    with pytest.raises(RunProblem) as refused:
        predict_file(project=regression.project, run_id=unfinished.id, file=tmp_path / "new.csv")
    assert refused.value.context == str(unfinished.model_folder)
    assert sorted(regression.project.runs_folder.iterdir()) == before


def test_ten_thousand_rows_are_predicted_in_pieces_and_can_be_cancelled(regression: Made, tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    lines = ["".join(rng.choice(list("ACDEFGHIKLMNPQRSTVWY"), rng.integers(2, 50))) for _ in range(10_000)]
    lines[5000] = "!"
    (tmp_path / "many.csv").write_text("sequence\n" + "\n".join(lines) + "\n")
    rows, told = predicted(regression, regression.training, tmp_path / "many.csv")
    assert rows["line"].tolist() == list(range(2, 10_002))
    assert rows["prediction:y0"].isna().sum() == 1
    progress = [(event.done, event.total) for event in told if isinstance(event, Progressed)]
    assert len(progress) > 3
    assert progress[-1] == (10_000, 10_000)
    one_by_one = SavedModel.open(regression.training.model_folder).values(lines[9_990:])
    np.testing.assert_allclose(rows["prediction:y0"][9_990:], one_by_one[:, 0], atol=1e-5)

    plan = PredictPlan(run=regression.training.id, file=str(tmp_path / "many.csv"), threads=1)
    run = regression.project.new_run(plan)
    with pytest.raises(Cancelled):
        carried_out(predict, plan, run, stop=_CancelAfter(30))
    assert not run.predictions_file.exists()


def test_a_training_without_a_model_can_neither_predict_nor_be_compressed(regression: Made, tmp_path: Path) -> None:
    plan = regression.training.plan()
    assert isinstance(plan, TrainPlan)
    unfinished = regression.project.new_run(plan)
    (tmp_path / "new.csv").write_text("sequence\nMKT\n")
    with pytest.raises(RunProblem) as refused:
        predicted(regression, unfinished, tmp_path / "new.csv")
    assert refused.value.context == str(unfinished.model_folder)
    squeeze = CompressPlan(run=unfinished.id)
    with pytest.raises(RunProblem) as refused:
        carried_out(compress, squeeze, regression.project.new_run(squeeze))
    assert refused.value.context == str(unfinished.model_folder)
