"""Everything a person can type, through real processes."""

import csv
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest

from sciapp.errors import UnknownColumn, nearest
from sciapp.records.model.info import NOT_STATED, ModelFacts, facts_text, location_text
from sciapp.records.project.project import Project, find_project_file
from sciapp.records.run.run import RunStatus
from tests.helpers.printed import says
from tests.helpers.runs import wait_until_over
from tests.helpers.tiny import sequence_table, tiny_model

# Without descriptors: the saved folder is then a plain model, which one test below reads without SciApp.
FAST = [
    "--set",
    "num_train_epochs=3",
    "--set",
    "tokens_per_batch=256",
    "--set",
    "threads=1",
    "--set",
    "members=off",
    "--descriptors",
    "off",
]

Typed = subprocess.CompletedProcess[str]


def sciapp(*words: object) -> Typed:
    command = [sys.executable, "-m", "sciapp", *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", timeout=240)


def answer(*words: object) -> Any:
    """The one JSON document on standard output."""
    said = sciapp(*words, "--json")
    assert said.returncode == 0, said.stdout + said.stderr
    return json.loads(said.stdout)


def rows_of(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


@pytest.fixture(scope="module", params=["regression", "classification"])
def trained(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, Path, dict[str, Any]]:
    """(project, table, what `train --json` said) of a project that was made by typing."""
    folder = tmp_path_factory.mktemp("typed 分子")
    project, classes = folder / "my project", request.param == "classification"
    table = sequence_table(folder / "table.csv", classes=classes, targets=1 if classes else 2)
    model = tiny_model(folder / "model")
    assert sciapp("new", project, "--domain", "protein").returncode == 0
    targets = ["--target", "y0"] if classes else ["--target", "y0", "--target", "y1"]
    card = answer("import", project, table, "--input", "sequence", *targets, "--split", "random", "--seed", "1")
    assert card["task"] == request.param
    assert card["rows_read"] == card["rows_kept"] + card["rows_set_aside"]
    return project, table, answer("train", project, "--model", model, *FAST)


Trained = tuple[Path, Path, dict[str, Any]]


def test_training_ends_with_scores_intervals_and_baselines(trained: Trained) -> None:
    evaluation = trained[2]["evaluation"]
    main = next(s for s in evaluation["model"]["scores"] if s["name"] == evaluation["main_score"])
    assert main["low"] <= main["value"] <= main["high"]
    for side in ("trivial_baseline", "simple_baseline", "validation_before", "validation_after"):
        assert evaluation[side]["scores"]
    assert evaluation["verdict"].endswith(".")


def test_the_model_alone_gives_the_predictions_without_sciapp(trained: Trained, tmp_path: Path) -> None:
    """A plain interpreter with transformers, in which importing sciapp would fail."""
    run = Path(trained[2]["folder"])
    script = tmp_path / "plain.py"
    script.write_text(
        "import sys, numpy as np, torch, pyarrow.parquet as pq\n"
        "sys.modules['sciapp'] = None\n"
        "from transformers import AutoModelForSequenceClassification, AutoTokenizer\n"
        "folder = sys.argv[1]\n"
        "table = pq.read_table(sys.argv[2]).to_pydict()\n"
        "tokenizer = AutoTokenizer.from_pretrained(folder)\n"
        "model = AutoModelForSequenceClassification.from_pretrained(folder).eval()\n"
        "with torch.no_grad():\n"
        "    logits = torch.cat([model(**tokenizer(text, truncation=True, return_tensors='pt')).logits"
        " for text in table['input']])\n"
        "names = [model.config.id2label[i] for i in range(model.config.num_labels)]\n"
        "if model.config.problem_type == 'regression':\n"
        "    ours = np.array([table['prediction:' + name] for name in names]).T\n"
        "    theirs = logits.numpy()\n"
        "else:\n"
        "    ours = np.array([table['probability:' + name] for name in names]).T\n"
        "    theirs = logits.softmax(-1).numpy()\n"
        "print(float(np.abs(ours - theirs).max()))\n"
    )
    said = subprocess.run(
        [sys.executable, str(script), str(run / "model"), str(run / "predictions.parquet")],
        capture_output=True,
        text=True,
        cwd=tmp_path,
    )
    assert said.returncode == 0, said.stderr
    assert float(said.stdout.splitlines()[-1]) < 1e-4


def test_runs_and_show_tell_what_there_is(trained: Trained) -> None:
    project, _, said = trained
    assert said["run"] in [run["id"] for run in answer("runs", project)]
    shown = answer("show", project, "1")
    assert shown["plan"]["kind"] == "train"
    assert shown["standing"] == "finished"
    assert sciapp("show", project, "1").stdout.count(said["run"]) >= 1


def test_compression_is_judged_on_the_same_rows(trained: Trained) -> None:
    project, _, said = trained
    evaluation = answer("compress", project, said["run"], "--method", "quantize")["evaluation"]
    before, after = evaluation["footprints"]
    assert after["bytes"] < before["bytes"]
    assert evaluation["before_compression"]["rows"] == said["evaluation"]["model"]["rows"]
    assert evaluation["before_compression"]["scores"] == said["evaluation"]["model"]["scores"]


def test_predictions_keep_every_row_and_every_column(trained: Trained, tmp_path: Path) -> None:
    project, table, said = trained
    rows = rows_of(table)[:20]
    rows[3]["sequence"] = "ACD3"
    new = tmp_path / "new rows.csv"
    with new.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)
    out = tmp_path / "out.csv"
    assert sciapp("predict", project, said["run"], new, "--out", out).returncode == 0
    told = rows_of(out)
    assert [row["sequence"] for row in told] == [row["sequence"] for row in rows]
    assert "“3”" in told[3]["problem"] and told[3]["prediction y0"] == ""
    known = pq.read_table(Path(said["folder"]) / "predictions.parquet").to_pydict()
    by_input = dict(zip(known["input"], known["prediction:y0"], strict=True))
    for row in told:
        if row["sequence"] in by_input:
            expected = by_input[row["sequence"]]
            same = row["prediction y0"] == expected if isinstance(expected, str) else None
            assert same or np.isclose(float(row["prediction y0"]), expected, atol=1e-4)


def test_the_report_is_one_file_that_fetches_nothing(trained: Trained, tmp_path: Path) -> None:
    project, _, said = trained
    out = tmp_path / "report.html"
    assert answer("report", project, said["run"], "--out", out)["report"] == str(out)
    page = out.read_text(encoding="utf-8")
    assert 'src="http' not in page and 'href="http' not in page and "@import" not in page
    assert said["evaluation"]["verdict"].split(":")[0] in page
    assert page.count("<svg") >= 2


def test_a_report_without_a_named_place_is_among_those_of_the_project(trained: Trained) -> None:
    project, _, said = trained
    file = project / "reports" / f"{said['run']}.html"
    assert answer("report", project, "1")["report"] == str(file)
    assert "</html>" in file.read_text(encoding="utf-8")
    file.unlink()
    printed = sciapp("report", project, said["run"])
    assert printed.returncode == 0 and str(file) in printed.stdout and file.exists()


def test_bad_usage_and_failures_have_their_exit_codes(trained: Trained, tmp_path: Path) -> None:
    project = trained[0]
    assert sciapp("train").returncode == 2
    assert sciapp("fly").returncode == 2
    missing = sciapp("runs", tmp_path / "nowhere")
    assert missing.returncode == 1
    assert says(missing.stderr, find_project_file, path=tmp_path / "nowhere") and "Traceback" not in missing.stderr
    misspelt = sciapp("train", project, "--set", "learing_rate=1")
    assert misspelt.returncode == 1 and "learning_rate" in misspelt.stderr
    column = sciapp("import", project, trained[1], "--input", "sequense", "--target", "y0")
    assert column.returncode == 1 and says(column.stderr, nearest, name="sequence")
    assert json.loads(sciapp("runs", tmp_path / "nowhere", "--json").stdout)["error"]["message"]


def test_a_recipe_is_a_plan_that_people_share(trained: Trained, tmp_path: Path) -> None:
    project, _, said = trained
    recipe = tmp_path / "recipe.yaml"
    recipe.write_text("kind: train\ndataset: theirs-1\noptimization:\n  learning_rate: 0.002\n", encoding="utf-8")
    model = Path(said["folder"]).parents[2] / "model"
    started = answer("train", project, "--recipe", recipe, "--model", model, *FAST, "--background")
    shown = answer("show", project, started["run"])
    assert shown["plan"]["optimization"]["learning_rate"] == 0.002
    run = Project.open(project).run(started["run"])
    assert wait_until_over(run) is RunStatus.FINISHED, run.log_file.read_text()


def test_the_models_on_offer_are_listed_with_what_is_known() -> None:
    found = answer("models", "--domain", "molecule")
    assert found[0]["name"] == "molecule-starter" and found[0]["bundled"] and found[0]["here"]
    assert {model["domain"] for model in found} == {"molecule"}
    known = {model["name"]: model for model in found}["DeepChem/ChemBERTa-77M-MLM"]
    assert known["context"] == 512 and known["licence"] == "" and known["memory_mb"] > 600
    said = sciapp("models", "--domain", "molecule").stdout
    assert says(said, facts_text, licence=NOT_STATED)
    assert location_text(ModelFacts(name="molecule-starter", origin="starter")) in said


def test_covariates_and_descriptors_are_part_of_the_plan(trained: Trained) -> None:
    project = trained[0]
    words = ["--descriptors", "off", "--covariates", "T,pH", "--set", "max_steps=1"]
    started = answer("train", project, "--model", "molecule-starter", *words, "--background")
    plan = answer("show", project, started["run"])["plan"]
    assert plan["descriptors"] == "off" and plan["covariates"] == ["T", "pH"]
    run = Project.open(project).run(started["run"])
    assert wait_until_over(run) is RunStatus.FAILED, "the table has no such column"
    assert says(sciapp("show", project, started["run"]).stdout, UnknownColumn, name="T")


def test_env_says_what_runs_here() -> None:
    said = answer("env")
    assert said["packages"]["torch"].startswith("2.")
    assert Path(said["folders"]["resources"]).is_dir()


def test_columns_and_differences_of_datasets_are_told(tmp_path: Path) -> None:
    project, table = tmp_path / "p", sequence_table(tmp_path / "table.csv")
    assert sciapp("new", project, "--domain", "protein").returncode == 0
    roles = ["--input", "sequence", "--target", "y0"]
    first = answer("import", project, table, *roles)["id"]
    lines = table.read_text(encoding="utf-8").splitlines()
    table.write_text("\n".join([*lines[:1], *lines[6:]]) + "\n", encoding="utf-8")
    second = answer("import", project, table, *roles)["id"]
    columns = {column["name"]: column for column in answer("columns", project)}
    assert columns["y0"]["role"] == "target" and columns["y0"]["filled"] == 115
    found = answer("diff", project, first, second, "--out", tmp_path / "out.csv")
    assert (found["added"], found["removed"], found["changed"], found["same"]) == (0, 5, 0, 115)
    assert [row["change"] for row in rows_of(tmp_path / "out.csv")] == ["removed"] * 5
    assert "5 removed" in sciapp("diff", project, first, second).stdout
