"""A transformer with members, from the table to the prediction of a new file; in real run processes."""

import csv
import json
import random
import shutil
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

from sciapp.engine.data.ingest.import_table import import_table
from sciapp.engine.models.parts.members import MEMBERS_FILE
from sciapp.engine.models.saved_model import SavedModel
from sciapp.errors import BadInput
from sciapp.jobs.launch import launcher
from sciapp.records.dataset.card import ImportRequest, Roles
from sciapp.records.plan.plan import CompressPlan, PredictPlan
from sciapp.records.project.project import Project
from sciapp.records.run.run import Run, RunStatus
from tests.helpers.runs import wait_until_over
from tests.helpers.tiny import LETTERS, tiny_model, tiny_plan

COVARIATE = "pH"


@dataclass
class Made:
    project: Project
    table: Path
    run: Run


def finished(run: Run) -> Run:
    launcher.start(run)
    assert wait_until_over(run) is RunStatus.FINISHED, run.log_file.read_text(encoding="utf-8")
    return run


@pytest.fixture(scope="module", params=["number", "class"])
def made(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Made:
    """Sequences; the target is their share of W plus the pH, or whether that is large."""
    folder = tmp_path_factory.mktemp("members")
    rng = random.Random(3)
    table = folder / "binding.csv"
    with table.open("w", newline="", encoding="utf-8") as handle:
        writer = csv.writer(handle)
        writer.writerow(["sequence", "y", COVARIATE])
        for _ in range(160):
            sequence = "".join(rng.choices(LETTERS + "WWWW", k=rng.randint(8, 30)))
            acidity = round(rng.uniform(4, 9), 1)
            number = 5 * sequence.count("W") / len(sequence) + acidity
            writer.writerow(
                [sequence, f"{number:.3f}" if request.param == "number" else ("low", "high")[number > 7.5], acidity]
            )
    project = Project.create(folder / "project", domain="protein")
    roles = Roles(input="sequence", targets=("y",), covariates=(COVARIATE,))
    card = import_table(project, ImportRequest(file=str(table), roles=roles))
    plan = tiny_plan(card, tiny_model(folder / "tiny"), members="on", covariates=[COVARIATE], num_train_epochs=1)
    return Made(project, table, finished(project.new_run(plan)))


def test_the_whole_is_judged_and_its_parts_are_reported_beside_it(made: Made) -> None:
    evaluation = made.run.evaluation()
    assert evaluation is not None
    ensemble = SavedModel.open(made.run.model_folder).contents.ensemble
    assert ensemble is not None and 0 <= ensemble.network_share < 1
    counted = [member for member in ensemble.members if member.weight]
    assert sum(member.weight for member in counted) == pytest.approx(1)
    parts = 0 if ensemble.only_member else len(counted)
    assert len(evaluation.further_baselines) == 1 + parts, "the transformer alone, and every part of a mixture"
    name = evaluation.main_score
    whole, alone = evaluation.model.get(name), evaluation.further_baselines[0].get(name)
    assert whole is not None and alone is not None and whole.value is not None and alone.value is not None
    gain = (whole.value - alone.value) * (1 if whole.greater_is_better else -1)
    # A linear start tells the classes of 16 rows; of numbers one pass over 128 rows teaches less than members see.
    assert gain > 0 if evaluation.task == "regression" else gain >= 0


def test_a_saved_model_predicts_new_rows_as_it_did_the_test_rows(made: Made) -> None:
    plan = PredictPlan(run=made.run.id, file=str(made.table))
    new = pq.read_table(finished(made.project.new_run(plan)).predictions_file).to_pandas().set_index("line")
    judged = pq.read_table(made.run.predictions_file).to_pandas().set_index("line")
    names = [name for name in judged.columns if name.startswith(("prediction:", "probability:"))]
    for name in names:
        if pd.api.types.is_numeric_dtype(judged[name]):
            np.testing.assert_allclose(new.loc[judged.index, name], judged[name], rtol=1e-4, atol=1e-5)


def test_a_compressed_model_keeps_its_members(made: Made) -> None:
    small = finished(made.project.new_run(CompressPlan(run=made.run.id)))
    before, after = (SavedModel.open(run.model_folder).contents.ensemble for run in (made.run, small))
    assert before is not None and after is not None
    assert [(m.key, m.weight) for m in after.members] == [(m.key, m.weight) for m in before.members]
    assert after.network_share == before.network_share


ROWS = {
    # What stands where: T at the third of eight bases.
    "nucleotide": lambda rng: (row := "".join(rng.choices("ACGT", k=8)), "yes" if row[2] == "T" else "no"),
    "molecule": lambda rng: (row := "C" * rng.randint(1, 9) + rng.choice(["O", "N"]), "yes" if "O" in row else "no"),
}
KINDS = {"nucleotide": {"long_letters", "positions"}, "molecule": {"fragments"}}


@pytest.mark.parametrize("domain", ROWS)
def test_what_one_domain_counts_is_saved_with_the_model_and_read_again(domain: str, tmp_path: Path) -> None:
    rng, table = random.Random(1), tmp_path / "rows.csv"
    rows = dict(ROWS[domain](rng) for _ in range(200))
    rows |= {"C" * size + end: "yes" for size in range(1, 40) for end in ("O",)} if domain == "molecule" else {}
    rows |= {"C" * size + end: "no" for size in range(1, 40) for end in ("N",)} if domain == "molecule" else {}
    table.write_text("\n".join(["x,y", *map(",".join, rows.items())]) + "\n", encoding="utf-8")
    project = Project.create(tmp_path / "project", domain=domain)
    card = import_table(project, ImportRequest(file=str(table), roles=Roles(input="x", targets=("y",))))
    run = finished(project.new_run(tiny_plan(card, tiny_model(tmp_path / "m"), members="on", num_train_epochs=1)))
    recipe = SavedModel.open(run.model_folder).contents.member_recipe
    assert recipe is not None and {counts.kind.name for _, counts in recipe.terms} == KINDS[domain]
    evaluation = run.evaluation()
    assert evaluation is not None
    score = evaluation.model.get("roc_auc" if evaluation.model.get("roc_auc") else evaluation.main_score)
    assert score is not None and score.value is not None and score.value > 0.9
    predicted = finished(project.new_run(PredictPlan(run=run.id, file=str(table)))).predictions_file
    new, judged = (pq.read_table(file).to_pandas().set_index("line") for file in (predicted, run.predictions_file))
    np.testing.assert_allclose(new.loc[judged.index, "probability:yes"], judged["probability:yes"], atol=1e-5)


@pytest.mark.parametrize("damage", ["cut off", "a later format", "an unknown member", "gone"])
def test_a_damaged_part_is_refused_and_never_left_out(made: Made, damage: str, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(made.run.model_folder, tmp_path / "model"))
    file = copy / MEMBERS_FILE
    value = json.loads(file.read_text(encoding="utf-8"))
    if damage == "cut off":
        file.write_text(file.read_text(encoding="utf-8")[:200], encoding="utf-8")
    elif damage == "gone":
        file.unlink()
    else:
        if damage == "a later format":
            value["format"] = 99
        else:
            value["members"][0] |= {"key": "oracle", "outputs": 1}
        file.write_text(json.dumps(value), encoding="utf-8")
    with pytest.raises(BadInput) as refused:
        SavedModel.open(copy)
    assert str(copy) in refused.value.context
