"""`sciapp doctor` and `sciapp import --repair`, as a person types them."""

import json
import subprocess
from pathlib import Path

import pytest

from sciapp.cli import output
from sciapp.engine.domains.molecule import smiles_errors
from sciapp.errors import nearest
from sciapp.jobs.launch.processes import own_command
from sciapp.records.dataset.card import DatasetCard
from sciapp.records.dataset.findings import QualityReport, choice_text
from sciapp.records.project.project import Project
from tests.helpers.printed import says

DATA = Path(__file__).parent.parent / "data"


def sciapp(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(own_command(*words), capture_output=True, text=True, encoding="utf-8")


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project.create(tmp_path / "p", domain="molecule")


def test_the_doctor_tells_and_imports_nothing(project: Project) -> None:
    said = sciapp("doctor", str(project.folder), str(DATA / "bbbp.csv"), "--target", "p_np")
    assert said.returncode == 0, said.stderr
    told = sciapp("doctor", str(project.folder), str(DATA / "bbbp.csv"), "--target", "p_np", "--json")
    findings = {finding.kind: finding for finding in QualityReport.model_validate_json(told.stdout).findings}
    assert f"! {findings['salts'].title}" in said.stdout
    conflicts = findings["conflicts"]
    assert [choice.policy for choice in conflicts.choices] == ["set_aside", "first", "majority"]
    assert conflicts.applied == "set_aside" and f"--repair {choice_text(conflicts)}" in said.stdout
    (row,) = (line for line in said.stdout.splitlines() if says(line, output, line=61, example=...))
    assert says(row, output, line=61, example="O=N([O-])C1=C(CN=C1NCCSCc2ncccc2)Cc3ccccc3")
    assert says(row, smiles_errors, place=2, symbol="N", start=3) and " 4 " in row.partition("(atom")[2]
    assert project.datasets() == []


def test_the_doctor_and_the_import_find_the_same(project: Project) -> None:
    words = [str(project.folder), str(DATA / "bbbp.csv"), "--target", "p_np", "--json"]
    words += ["--repair", "conflicts=majority", "--repair", "salts=largest"]
    checkup = QualityReport.model_validate(json.loads(sciapp("doctor", *words).stdout))
    card = DatasetCard.model_validate(json.loads(sciapp("import", *words, "--split", "random").stdout))
    assert checkup.findings == card.findings
    assert (checkup.rows_read, checkup.rows_usable) == (card.rows_read, card.rows_kept)
    assert card.repairs == {"conflicts": "majority", "salts": "largest"}
    folder = project.dataset_folder(card.id)
    assert len(folder.repairs_file.read_text(encoding="utf-8").splitlines()) == card.values_changed + 1


def test_a_repair_that_is_misspelt_is_told_with_the_nearest(project: Project) -> None:
    said = sciapp("import", str(project.folder), str(DATA / "bbbp.csv"), "--repair", "salt=largest")
    assert said.returncode == 1
    assert says(said.stderr, nearest, name="salts")
    assert "Traceback" not in said.stderr
