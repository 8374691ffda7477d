"""Test-time averaging: the mean over other spellings of a row, the same whoever predicts, saved with the model."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sciapp.engine.domains.registry import domain_named
from sciapp.engine.models.parts.base import ModelContents
from sciapp.engine.models.parts.test_time import TestTimePart
from sciapp.engine.models.test_time_augmentation import TestTimeAugmentation, spellings_for
from sciapp.errors import BadInput
from sciapp.records.plan.plan import TrainPlan, with_settings
from tests.helpers.messages import refused_exactly, values_of

ASPIRIN = "CC(=O)Oc1ccccc1C(=O)O"
NAMES = ("randomized_smiles",)


def never(done: int) -> None:
    """Nobody cancels."""


def test_copies_are_other_spellings_of_the_same_molecule_and_follow_from_it() -> None:
    copies = TestTimeAugmentation("molecule", NAMES, 1.0, 6, seed=3)
    spelt = copies.of(ASPIRIN)
    assert 3 <= len(spelt) <= 6 and len(set(spelt)) == len(spelt) and ASPIRIN not in spelt
    assert {domain_named("molecule").clean(one) for one in spelt} == {domain_named("molecule").clean(ASPIRIN)}
    assert copies.of(ASPIRIN) == spelt
    assert TestTimeAugmentation("molecule", NAMES, 1.0, 6, seed=4).of(ASPIRIN) != spelt


@given(order=st.permutations(["CCO", "CCN", ASPIRIN, "c1ccccc1C"]))
@settings(deadline=None, max_examples=20)
def test_the_order_of_a_file_changes_no_rows_copies(order: list[str]) -> None:
    copies = TestTimeAugmentation("molecule", NAMES, 0.5, 4, seed=0)
    spelt, owners = copies.of_all(order, never)
    for place, value in enumerate(order):
        assert [spelt[n] for n in np.flatnonzero(owners == place)] == copies.of(value)


def test_the_other_strand_counts_once_however_many_copies_are_asked_for() -> None:
    copies = TestTimeAugmentation("nucleotide", ("reverse_complement",), 0.5, 9, seed=0)
    assert copies.of("AACG") == ["CGTT"]
    assert copies.of("ACGT") == []  # its own reverse complement


def loaded(folder: Path) -> TestTimeAugmentation | None:
    contents = ModelContents()
    TestTimePart().load(folder, contents)
    return contents.test_time


def test_copies_are_saved_with_the_model_and_come_back(tmp_path: Path) -> None:
    assert loaded(tmp_path) is None
    copies = TestTimeAugmentation("molecule", NAMES, 0.7, 3, seed=9)
    TestTimePart().save(ModelContents(test_time=copies), tmp_path)
    assert loaded(tmp_path) == copies


@pytest.mark.parametrize("damage", [{"format": 99}, {"augmentations": ["unheard_of"]}, {"augmentations": []}])
def test_a_file_of_another_version_is_not_passed_over(tmp_path: Path, damage: dict[str, object]) -> None:
    copies = TestTimeAugmentation("molecule", NAMES, 0.7, 3, seed=9)
    TestTimePart().save(ModelContents(test_time=copies), tmp_path)
    file = tmp_path / "test_time.json"
    file.write_text(json.dumps(json.loads(file.read_text(encoding="utf-8")) | damage), encoding="utf-8")
    with refused_exactly(BadInput) as raised:
        loaded(tmp_path)
    assert "test_time.json" in raised.value.message


def plan(**settings: object) -> TrainPlan:
    return with_settings(TrainPlan(dataset="d", seed=5), settings)


def test_only_other_spellings_are_averaged_over_and_a_plan_without_them_is_refused() -> None:
    nucleotide = domain_named("nucleotide")
    found = spellings_for(plan(augmentations="point_noise,reverse_complement", test_time=2), nucleotide)
    assert found == TestTimeAugmentation("nucleotide", ("reverse_complement",), 0.5, 2, 5)
    assert spellings_for(plan(augmentations="point_noise"), nucleotide) is None
    with refused_exactly(BadInput) as raised:
        spellings_for(plan(augmentations="point_noise", test_time=2), nucleotide)
    assert values_of(raised.value.hint) == {"suiting": "reverse_complement"}
    with refused_exactly(BadInput) as raised:
        spellings_for(plan(augmentations="end_crops", test_time=2), domain_named("protein"))
    assert values_of(raised.value.hint) == {"domain": "protein"}
