"""Real tables, whole: from the file as it was published to a dataset, in projects at odd places."""

import csv
from pathlib import Path

import numpy as np
import pytest

from sciapp.engine.data.dataset.table import read_split
from sciapp.engine.data.ingest.import_table import import_table
from sciapp.engine.data.readers.table_reader import preview
from sciapp.engine.data.schema.infer import propose
from sciapp.engine.data.values.rejections import RejectionReason
from sciapp.engine.domains.molecule import smiles_errors
from sciapp.engine.domains.registry import domain_named
from sciapp.records.dataset.card import SPLITS, DatasetCard, ImportRequest, Roles, SplitPlan
from sciapp.records.project.project import Project
from tests.helpers.printed import says

INVALID = RejectionReason.INVALID.label
ROOT = Path(__file__).parents[2]
SAMPLES, DATA = ROOT / "resources" / "samples", ROOT / "tests" / "data"


def imported(project: Project, file: Path, input: str, *targets: str, **more) -> DatasetCard:
    request = ImportRequest(file=str(file), roles=Roles(input=input, targets=targets), **more)
    card = import_table(project, request)
    assert project.dataset(card.id) == card
    return card


@pytest.fixture
def molecules(tmp_path: Path) -> Project:
    return Project.create(tmp_path / "分子 with space 🧪", domain="molecule")


def test_esol_is_imported_as_it_is_proposed_with_no_scaffold_in_two_splits(molecules: Project) -> None:
    file = SAMPLES / "esol.csv"
    proposal = propose(preview(file), "molecule")
    card = imported(molecules, file, proposal.input, *proposal.targets, split=SplitPlan(method="scaffold"), name="ESOL")
    assert (card.rows_read, card.rows_kept, card.rows_set_aside) == (1128, 1111, 17)
    assert card.task == "regression"
    assert card.name == "ESOL"
    assert card.id == "esol-1"
    assert card.split_counts["train"] == 889
    scaffold = domain_named("molecule").splits["scaffold"]
    folder = molecules.dataset_folder(card.id)
    groups = [{scaffold(smiles) for smiles in read_split(folder, card, split).inputs} for split in SPLITS]
    assert not (groups[0] & groups[1] or groups[0] & groups[2] or groups[1] & groups[2])
    target = card.targets[0]
    assert target.mean == pytest.approx(-3.05, abs=0.05)
    assert sum(target.bin_counts) == 1111
    assert card.lengths.unit == "atoms"


def test_bbbp_has_eleven_smiles_that_rdkit_cannot_parse(molecules: Project) -> None:
    card = imported(molecules, DATA / "bbbp.csv", "smiles", "p_np", split=SplitPlan(method="stratified"))
    assert card.rows_read == 2050
    assert card.set_aside_reasons[INVALID] == 11
    assert card.rows_kept + card.rows_set_aside == 2050
    assert card.class_names == ("0", "1")
    with molecules.dataset_folder(card.id).rejected_file.open(encoding="utf-8", newline="") as file:
        reasons = [row["reason"] for row in csv.DictReader(file)]
    assert sum(says(reason, smiles_errors, symbol="N", bonds=...) for reason in reasons) == 11
    folder = molecules.dataset_folder(card.id)
    shares = [np.mean(read_split(folder, card, split).targets) for split in SPLITS]
    assert max(shares) - min(shares) < 0.02


def test_photoswitches_keep_the_gaps_of_several_targets(molecules: Project) -> None:
    names = ("E isomer pi-pi* wavelength in nm", "Z isomer pi-pi* wavelength in nm")
    card = imported(molecules, DATA / "photoswitches.csv", "SMILES", *names)
    assert card.task == "regression"
    assert card.rows_kept + card.rows_set_aside == card.rows_read == 405
    assert card.targets[0].measured > 370
    assert card.targets[1].measured < 100
    train = read_split(molecules.dataset_folder(card.id), card, "train")
    assert np.isnan(np.asarray(train.targets)[:, 1]).any()
    assert not np.isnan(train.targets).all(axis=1).any()


def test_clintox_is_two_targets_together_or_one_alone(molecules: Project) -> None:
    both = imported(molecules, DATA / "clintox.csv", "smiles", "FDA_APPROVED", "CT_TOX")
    assert both.task == "multilabel"
    assert [target.name for target in both.targets] == ["FDA_APPROVED", "CT_TOX"]
    card = imported(molecules, DATA / "clintox.csv", "smiles", "CT_TOX")
    assert card.task == "classification"
    assert card.set_aside_reasons[INVALID] == both.set_aside_reasons[INVALID] == 4


def test_splice_junctions_have_three_classes_and_rare_letters(tmp_path: Path) -> None:
    project = Project.create(tmp_path / "dna", domain="nucleotide")
    card = imported(
        project, SAMPLES / "splice_junctions.csv", "sequence", "label", split=SplitPlan(method="stratified")
    )
    assert card.class_names == ("EI", "IE", "N")
    assert card.rows_read == 3190
    assert INVALID not in card.set_aside_reasons
    assert card.lengths.maximum == 60


def test_gb1_takes_the_split_of_its_own_column(tmp_path: Path) -> None:
    project = Project.create(tmp_path / "protein", domain="protein")
    split = SplitPlan(method="column", column="split")
    card = imported(project, SAMPLES / "gb1.csv", "sequence", "target", split=split)
    assert card.split_counts == {"train": 634, "validation": 63, "test": 177}


def test_scicite_is_text_with_three_classes(tmp_path: Path) -> None:
    project = Project.create(tmp_path / "text", domain="text")
    card = imported(project, SAMPLES / "scicite.csv", "text", "label")
    assert card.class_names == ("background", "method", "result")
    assert card.rows_kept + card.rows_set_aside == card.rows_read == 916


def test_promoters_in_lower_case_are_read(tmp_path: Path) -> None:
    project = Project.create(tmp_path / "promoters", domain="nucleotide")
    card = imported(project, DATA / "ecoli_promoters.csv", "sequence", "label", split=SplitPlan(method="stratified"))
    assert card.class_names == ("+", "-")
    assert card.rows_kept == 106
