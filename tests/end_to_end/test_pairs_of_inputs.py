"""Rows that are pairs, from the command line to the report: both inputs reach the model, and both must be given."""

import csv
import hashlib
import random
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from sciapp.cli.main import main
from sciapp.engine.data.dataset import prediction_reading
from sciapp.engine.data.dataset.table import read_split
from sciapp.engine.data.splits.leakage import PairOverlap
from sciapp.engine.domains.registry import domain_named
from sciapp.engine.inputs.kinds.tokens import TokenNumbers
from sciapp.engine.models.saved_model import SavedModel
from sciapp.engine.reports.build import build_report
from sciapp.engine.reports.cards import model_card
from sciapp.engine.reports.names import inputs_named
from sciapp.engine.reports.sections import tables
from sciapp.engine.reports.text import dataset as dataset_text
from sciapp.jobs.launch import launcher
from sciapp.records.dataset.card import DatasetCard
from sciapp.records.plan.plan import CompressPlan, TrainPlan
from sciapp.records.project.project import Project
from sciapp.records.run.events import StepTaken
from sciapp.records.run.run import Run, RunStatus
from tests.conftest import REPOSITORY
from tests.helpers.printed import says
from tests.helpers.runs import started_and_killed_when, wait_until_over
from tests.helpers.tiny import LETTERS, tiny_model, tiny_plan

PPI = REPOSITORY / "tests/data/ppi_yeast_short_pairs.csv"


def pair_table(file: Path, rows: int = 200) -> Path:
    """Pairs whose target is the share of W in the second sequence: nothing can be learned from the first alone."""
    rng = random.Random(0)
    with file.open("w", newline="", encoding="utf-8") as handle:
        writer = csv.writer(handle)
        writer.writerow(["bait", "prey", "y"])
        for row in range(rows):
            bait, prey = (
                "".join(rng.choices(LETTERS + "W" * (n % 5) * 5, k=rng.randint(5, 20))) for n in (row, row // 5)
            )
            writer.writerow([bait, prey, f"{5 * prey.count('W') / len(prey):.4f}"])
    return file


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Project, DatasetCard, DatasetCard, Path]:
    """A project, the dataset of pairs, the same rows alone, and a model whose tokenizer knows no pairs."""
    folder = tmp_path_factory.mktemp("pairs")
    table = pair_table(folder / "table.csv")
    assert main(["new", str(folder / "p"), "--domain", "protein"]) == 0
    usual = ["import", str(folder / "p"), str(table), "--input", "bait", "--target", "y", "--split", "random"]
    usual += ["--fractions", "0.6,0.2,0.2"]
    assert main([*usual, "--name", "pairs", "--second-input", "prey"]) == 0
    assert main([*usual, "--name", "alone"]) == 0
    project = Project.open(folder / "p")
    cards = {card.name: card for card in project.datasets()}
    return project, cards["pairs"], cards["alone"], tiny_model(folder / "model")


def plan_of(card: DatasetCard, model: Path, **settings: object) -> TrainPlan:
    usual = {"num_train_epochs": 8, "learning_rate": 5e-3, "save_steps": 5}
    return tiny_plan(card, model, **(usual | settings))


def finished(project: Project, plan: TrainPlan | CompressPlan) -> Run:
    run = project.new_run(plan)
    launcher.start(run)
    assert wait_until_over(run) is RunStatus.FINISHED, run.log_file.read_text()
    return run


@pytest.fixture(scope="module")
def trained(made: tuple[Project, DatasetCard, DatasetCard, Path]) -> Run:
    project, pairs, _, model = made
    return finished(project, plan_of(pairs, model))


def rmse(run: Run) -> float:
    evaluation = run.evaluation()
    assert evaluation is not None
    score = evaluation.model.get("rmse", "")
    assert score is not None
    return score.value


def test_the_second_input_is_learned_from(
    made: tuple[Project, DatasetCard, DatasetCard, Path], trained: Run, tmp_path: Path
) -> None:
    project, _, alone, model = made
    without = finished(project, plan_of(alone, model))
    assert rmse(trained) < 0.7 * rmse(without)
    evaluation = trained.evaluation()
    assert evaluation is not None and evaluation.simple_baseline is not None and evaluation.trivial_baseline is not None
    simple, trivial = (one.get("rmse", "") for one in (evaluation.simple_baseline, evaluation.trivial_baseline))
    assert simple is not None and trivial is not None
    blind = without.evaluation()
    assert blind is not None and blind.simple_baseline is not None
    of_first = blind.simple_baseline.get("rmse", "")
    assert of_first is not None
    assert simple.value < 0.7 * trivial.value < of_first.value  # the baseline reads both as well
    page = build_report(project, trained, tmp_path / "r.html").read_text(encoding="utf-8")
    assert says(page, dataset_text, input="bait", second_input="prey")
    assert says(page, tables, inputs=inputs_named(made[1]), domain="protein")


def test_predictions_keep_both_inputs(made: tuple[Project, DatasetCard, DatasetCard, Path], trained: Run) -> None:
    project, pairs, *_ = made
    table = pq.read_table(trained.predictions_file)
    assert table.column_names[:4] == ["line", "input", "input2", "split"]
    test = read_split(project.dataset_folder(pairs.id), pairs, "test")
    told = table.filter([part == "test" for part in table["split"].to_pylist()])
    assert [value.parts for value in test.inputs] == list(
        zip(told["input"].to_pylist(), told["input2"].to_pylist(), strict=True)
    )


def test_a_file_is_predicted_from_both_columns(
    made: tuple[Project, DatasetCard, DatasetCard, Path],
    trained: Run,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    project = made[0]
    file, out = tmp_path / "new.csv", tmp_path / "out.csv"
    file.write_text("prey,bait\nWWWWWWAC,MKV\nACDEFGHI,MKV\nMK1,MKV\n,MKV\n", encoding="utf-8")
    assert main(["predict", str(project.folder), trained.id, str(file), "--out", str(out)]) == 0
    with out.open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    assert list(rows[0]) == ["prey", "bait", "prediction y", "problem"]
    assert float(rows[0]["prediction y"]) > float(rows[1]["prediction y"]) + 0.5
    assert rows[2]["problem"].startswith("second input: ") and rows[3]["problem"].startswith("second input: ")
    file.write_text("bait,partner\nMKV,WWWWWWAC\nMKV,ACDEFGHI\n", encoding="utf-8")
    capsys.readouterr()
    assert main(["predict", str(project.folder), trained.id, str(file), "--out", str(out)]) == 1
    said = capsys.readouterr().err
    assert says(said, prediction_reading, wanted="prey") and says(said, prediction_reading, columns="bait, partner")
    words = ["predict", str(project.folder), trained.id, str(file), "--second-input", "partner", "--out", str(out)]
    assert main(words) == 0
    with out.open(encoding="utf-8", newline="") as handle:
        again = [row["prediction y"] for row in csv.DictReader(handle)]
    assert again == [row["prediction y"] for row in rows[:2]]
    capsys.readouterr()
    words[-2:-2] = ["--input", "partner"]
    assert main(words) == 1
    assert says(capsys.readouterr().err, prediction_reading, column="partner")


def test_a_model_of_one_input_takes_no_second(
    made: tuple[Project, DatasetCard, DatasetCard, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    project, _, alone, model = made
    run = finished(project, plan_of(alone, model, num_train_epochs=1))
    file = tmp_path / "new.csv"
    file.write_text("bait,prey\nMKV,AC\n", encoding="utf-8")
    words = [
        "predict",
        str(project.folder),
        run.id,
        str(file),
        "--second-input",
        "prey",
        "--out",
        str(tmp_path / "o.csv"),
    ]
    assert main(words) == 1
    assert says(capsys.readouterr().err, prediction_reading)
    del words[4:6]
    assert main(words) == 0, "but for the second input all was right"


def test_the_lines_of_the_model_card_work_with_plain_transformers(trained: Run, tmp_path: Path) -> None:
    readme = (trained.model_folder / "README.md").read_text(encoding="utf-8")
    assert says(readme, model_card, first="bait", second="prey")
    lines = "\n".join(re.findall(r"^    (.*)$", readme.split("## How to use it")[1], re.MULTILINE))
    assert re.search(r'tokenizer\(\["\w+"\], \["\w+"\], truncation=True', lines)
    script = tmp_path / "use.py"
    script.write_text(lines + "\nprint(*values.flatten().tolist())\n", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, str(script)], cwd=trained.model_folder, capture_output=True, text=True, check=True
    )
    saved = SavedModel.open(trained.model_folder)
    ours = np.asarray(saved.values([domain_named("protein pair").example])).ravel()
    assert [float(word) for word in done.stdout.split()] == pytest.approx(ours.tolist(), abs=1e-4)


def test_a_training_on_pairs_resumes_bit_by_bit(
    made: tuple[Project, DatasetCard, DatasetCard, Path],
) -> None:
    project, pairs, _, model = made
    harder = {"augmentations": "end_crops", "augmented_share": 1, "token_masking": 0.1, "num_train_epochs": 4}
    plan = plan_of(pairs, model, **harder)
    undisturbed, run = finished(project, plan), project.new_run(plan)
    started_and_killed_when(run, lambda e: isinstance(e, StepTaken) and e.step == 12)
    launcher.resume(run)
    assert wait_until_over(run) is RunStatus.FINISHED, run.log_file.read_text()
    weights = [hashlib.sha256((one.model_folder / "model.safetensors").read_bytes()) for one in (run, undisturbed)]
    assert weights[0].hexdigest() == weights[1].hexdigest()
    assert run.evaluation() == undisturbed.evaluation()


def test_a_compressed_model_reads_pairs_too(made: tuple[Project, DatasetCard, DatasetCard, Path], trained: Run) -> None:
    project = made[0]
    small = finished(project, CompressPlan(run=trained.id))
    assert rmse(small) == pytest.approx(rmse(trained), abs=0.2)
    readme = (small.model_folder / "README.md").read_text(encoding="utf-8")
    assert "import paired" in readme and "values([paired(" in readme


def test_real_pairs_of_proteins_with_descriptors_of_both(
    made: tuple[Project, DatasetCard, DatasetCard, Path], tmp_path: Path
) -> None:
    """Whether two yeast proteins interact, from the roles that are proposed."""
    model = made[3]
    assert main(["new", str(tmp_path / "p"), "--domain", "protein"]) == 0
    assert main(["import", str(tmp_path / "p"), str(PPI), "--split", "random", "--fractions", "0.6,0.2,0.2"]) == 0
    project = Project.open(tmp_path / "p")
    card = project.datasets()[-1]
    assert card.roles.second_input == "sequence_b" and card.task == "classification"
    plan = plan_of(card, model, num_train_epochs=1, descriptors="on", tokens_per_batch=2048)
    run = finished(project, plan)
    evaluation = run.evaluation()
    assert evaluation is not None and evaluation.extra_features is not None
    saved = SavedModel.open(run.model_folder)
    assert saved.recipe is not None
    names = saved.recipe.scaling.names
    assert any(name.startswith("second ") for name in names) and len(names) % 2 == 0
    cut = TokenNumbers().shortening(pairs=True)
    assert any(cut in getattr(event, "message", "") for event in run.events())
    page = build_report(project, run, tmp_path / "r.html").read_text(encoding="utf-8")
    assert domain_named("protein pair").descriptors_called in page and says(page, PairOverlap, both=...)


def test_inputs_with_any_character_in_them_are_trained_on_predicted_and_reported(
    made: tuple[Project, DatasetCard, DatasetCard, Path], tmp_path: Path
) -> None:
    """U+FDD0 stands between the inputs of a pair in hashes and caches; in a text it is a character like any other."""
    mark, rng = "\ufdd0", random.Random(1)
    words = ["".join(rng.choices(LETTERS, k=8)) for _ in range(40)]
    rows = [[f"{word}{mark}", word[::-1], f"{rng.random():.3f}"] for word in words]
    rows += [[word, f"{mark}{word[::-1]}", f"{rng.random():.3f}"] for word in words]
    with (tmp_path / "texts.csv").open("w", newline="", encoding="utf-8") as handle:
        csv.writer(handle).writerows([["one", "other", "y"], *rows])
    assert main(["new", str(tmp_path / "p"), "--domain", "text"]) == 0
    roles = ["--input", "one", "--second-input", "other", "--target", "y", "--split", "random"]
    assert main(["import", str(tmp_path / "p"), str(tmp_path / "texts.csv"), *roles]) == 0
    project = Project.open(tmp_path / "p")
    card = project.datasets()[-1]
    assert card.rows_kept == len(rows)
    run = finished(project, plan_of(card, made[3], num_train_epochs=1))
    page = build_report(project, run, tmp_path / "r.html").read_text(encoding="utf-8")
    assert says(page, tables, inputs=inputs_named(card), domain="text")
    out = tmp_path / "out.csv"
    assert main(["predict", str(project.folder), run.id, str(tmp_path / "texts.csv"), "--out", str(out)]) == 0
    with out.open(encoding="utf-8", newline="") as handle:
        predicted = list(csv.DictReader(handle))
    assert [[row["one"], row["other"]] for row in predicted] == [row[:2] for row in rows]
    assert not any(row["problem"] for row in predicted)
    pairs = zip(predicted[:40], predicted[40:], strict=True)
    assert all(before["prediction y"] != behind["prediction y"] for before, behind in pairs)  # where it stands counts
