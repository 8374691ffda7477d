"""Band gaps from formulas through the command line: import, pre-training, training from scratch, prediction, report."""

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from sciapp.cli.main import main
from sciapp.engine.data.readers.table_reader import preview
from sciapp.engine.data.schema.infer import guess_domain
from sciapp.engine.domains.about import split_facts
from tests.conftest import REPOSITORY

TABLE = REPOSITORY / "tests/data/band_gaps_sample.csv"
QUICK = ["--set", "num_train_epochs=2", "--set", "threads=1", "--set", "tokens_per_batch=512"]


def typed(capsys: pytest.CaptureFixture[str], *words: object) -> Any:
    assert main([*map(str, words), "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_formulas_are_learnt_from_and_predicted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    project, predicted = tmp_path / "p", tmp_path / "predicted.csv"
    typed(capsys, "new", project, "--domain", "material")
    card = typed(capsys, "import", project, TABLE)
    assert (card["domain"], card["roles"]["targets"], card["split"]["method"]) == (
        "material", ["target"], "chemical_system",
    )  # fmt: skip
    assert card["rows_kept"] == 231
    typed(capsys, "pretrain", project, "--dataset", card["id"], "--size", "tiny", *QUICK)
    trained = typed(capsys, "train", project, "--model", "run:001-pretrain", *QUICK)
    evaluation = trained["evaluation"]
    assert evaluation["model"]["scores"]
    assert "composition descriptors" in json.dumps(evaluation)
    typed(capsys, "train", project, *QUICK)
    plan = json.loads((project / "runs" / "003-train" / "plan.json").read_text("utf-8"))
    assert plan["model"].startswith("fresh:")
    typed(capsys, "predict", project, "003-train", TABLE, "--out", predicted)
    with predicted.open(encoding="utf-8", newline="") as file:
        assert len(list(csv.DictReader(file))) == 231
    report = typed(capsys, "report", project, "003-train", "--out", tmp_path / "report.html")
    assert split_facts()["chemical_system"].methods in Path(report["report"]).read_text("utf-8")


@pytest.mark.parametrize(
    ("table", "domain"),
    [
        ("tests/data/band_gaps_sample.csv", "material"),
        ("resources/samples/esol.csv", "molecule"),
        ("tests/data/freesolv.csv", "molecule"),
        ("resources/samples/gb1.csv", "protein"),
        ("resources/samples/splice_junctions.csv", "nucleotide"),
        ("resources/samples/scicite.csv", "text"),
    ],
)
def test_tables_of_formulas_and_of_others_are_told_apart(table: str, domain: str) -> None:
    assert guess_domain(preview(REPOSITORY / table)) == domain


@pytest.mark.parametrize(
    ("lines", "domain"),
    [
        (["id,x,y", *(f"s{n},{f},{n}" for n, f in enumerate(["GaAs", "InP", "CdTe", "ZnO", "Si3N4", "SiO2", "Al2O3"]))],
         "material"),
        (["smiles,formula,y", *(f"{s},{f},{n}" for n, (s, f) in enumerate(
            [("CCO", "C2H6O"), ("CC(=O)O", "C2H4O2"), ("c1ccccc1", "C6H6"), ("CCN", "C2H7N"), ("C=O", "CH2O")]))],
         "molecule"),
        (["alloy,strength", "Ti-6Al-4V,900", "Fe-18Cr-8Ni,520", "70Cu-30Zn,300", "Al-4Cu,250"], "material"),
    ],
)  # fmt: skip
def test_columns_are_known_by_what_they_hold(lines: list[str], domain: str, tmp_path: Path) -> None:
    table = tmp_path / "t.csv"
    table.write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert guess_domain(preview(table)) == domain
