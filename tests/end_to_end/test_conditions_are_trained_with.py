"""From a table in which a temperature tells rows apart to a model that reads it: as typed, in real processes."""

import json
import subprocess
from pathlib import Path
from typing import Any

from sciapp.jobs.launch.processes import own_command
from sciapp.records.plan.plan import TrainPlan
from sciapp.records.project.project import Project
from tests.helpers.tiny import tiny_model


def answer(*words: object) -> Any:
    said = subprocess.run(own_command(*map(str, words), "--json"), capture_output=True, text=True, encoding="utf-8")
    assert said.returncode == 0, said.stderr + said.stdout
    return json.loads(said.stdout)


def test_a_proposed_condition_is_read_by_the_model(tmp_path: Path) -> None:
    letters = "ACDEFGHIKLMNPQRSTVWY"
    rows = [
        f"{letters[n % 20 :]}{letters[: n % 7 + 3]}{letters[n * 3 % 20]},{kelvin},{n % 5 + kelvin / 97:.3f}"
        for n in range(40)
        for kelvin in (300, 320, 340)
    ]
    table = tmp_path / "heats.csv"
    table.write_text("\n".join(["sequence,kelvin,Cp", *rows]) + "\n", encoding="utf-8")
    answer("new", tmp_path / "p", "--domain", "protein")
    card = answer("import", tmp_path / "p", table, "--split", "random")
    assert (card["roles"]["covariates"], card["rows_set_aside"]) == (["kelvin"], 0)
    model = tiny_model(tmp_path / "model")
    done = answer(
        "train", tmp_path / "p", "--model", model, "--set", "max_steps=2", "--set", "early_stopping_patience=0"
    )
    run = Project.open(tmp_path / "p").run(done["run"])
    plan = run.plan()
    assert isinstance(plan, TrainPlan)
    assert plan.covariates == ("kelvin",)
    evaluation = run.evaluation()
    assert evaluation is not None and evaluation.extra_features is not None
    assert evaluation.extra_features.covariates == ("kelvin",)
