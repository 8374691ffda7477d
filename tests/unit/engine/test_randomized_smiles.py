"""Another spelling of a molecule is the same molecule."""

import csv
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sciapp.engine.domains.base import Rejected
from sciapp.engine.domains.registry import domain_named

REPOSITORY = Path(__file__).parents[3]
MOLECULE = domain_named("molecule")


def molecules() -> list[str]:
    """Canonical SMILES of three public tables, stereochemistry, salts and charges among them."""
    found: set[str] = set()
    for file in ("resources/samples/esol.csv", "tests/data/bbbp.csv", "tests/data/clintox.csv"):
        with (REPOSITORY / file).open(encoding="utf-8") as lines:
            for row in csv.DictReader(lines):
                value = row["smiles"].strip()
                if value and len(value) < 120:
                    found.add(value)
    return sorted(found)


VALUES = molecules()


@given(value=st.sampled_from(VALUES), seed=st.integers(0, 2**32 - 1))
@settings(deadline=None, max_examples=400)
def test_a_randomized_smiles_has_the_same_canonical_form(value: str, seed: int) -> None:
    try:
        canonical = MOLECULE.clean(value)
    except Rejected:
        return  # some rows of these tables are no molecules
    spelt = MOLECULE.augmentations["randomized_smiles"](canonical, seed)
    assert MOLECULE.clean(spelt) == canonical


def test_the_seed_decides_the_spelling() -> None:
    spell = MOLECULE.augmentations["randomized_smiles"]
    aspirin = MOLECULE.clean("CC(=O)Oc1ccccc1C(=O)O")
    assert spell(aspirin, 5) == spell(aspirin, 5)
    assert len({spell(aspirin, seed) for seed in range(40)}) > 20


@pytest.mark.parametrize("name", ["protein", "nucleotide", "text"])
def test_other_domains_have_no_other_spellings(name: str) -> None:
    assert not domain_named(name).augmentations
