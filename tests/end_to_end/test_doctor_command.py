"""`sciapp doctor` and `sciapp import --repair`, as a person types them."""

import json
import subprocess
from pathlib import Path

import pytest

from sciapp.jobs.launch.processes import own_command
from sciapp.records.dataset.card import DatasetCard
from sciapp.records.dataset.findings import QualityReport
from sciapp.records.project.project import Project

DATA = Path(__file__).parent.parent / "data"


def sciapp(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(own_command(*words), capture_output=True, text=True, encoding="utf-8")


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project.create(tmp_path / "p", domain="molecule")


def test_the_doctor_tells_and_imports_nothing(project: Project) -> None:
    said = sciapp("doctor", str(project.folder), str(DATA / "bbbp.csv"), "--target", "p_np")
    assert said.returncode == 0, said.stderr
    assert "! Salts and mixtures" in said.stdout
    assert "--repair conflicts=set_aside (now) | first | majority" in said.stdout
    assert (
        "line 61: O=N([O-])C1=C(CN=C1NCCSCc2ncccc2)Cc3ccccc3  (atom 2 (N, position 3) has 4 bonds, more than N can have"
        in said.stdout
    )
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
    assert "Did you mean “salts”?" in said.stderr
    assert "Traceback" not in said.stderr
