"""Clusters and neighbours of molecules agree with RDKit's own, and with the definition, whatever the block size."""

import csv
from pathlib import Path

import numpy as np
import pytest
from rdkit import Chem, DataStructs
from rdkit.Chem import rdFingerprintGenerator

from sciapp.engine.domains import sparse_sets as feature_sets
from sciapp.engine.domains.base import Rejected
from sciapp.engine.domains.molecule import butina
from sciapp.engine.domains.molecule.domain import DOMAIN
from sciapp.engine.domains.molecule.fingerprints import FingerprintSimilarity
from tests.helpers.heard import Step, noted

DATA = Path(__file__).parents[3] / "data"
LIKENESS = FingerprintSimilarity()


@pytest.fixture(scope="module")
def molecules() -> list[str]:
    found = set()
    with (DATA / "freesolv.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            try:
                found.add(DOMAIN.clean(row["smiles"]))
            except Rejected:
                continue
    return sorted(found)[:400]


@pytest.fixture(scope="module")
def similarities(molecules: list[str]) -> np.ndarray:
    generator = rdFingerprintGenerator.GetMorganGenerator(radius=2, fpSize=2048)
    prints = [generator.GetFingerprint(Chem.MolFromSmiles(smiles)) for smiles in molecules]
    return np.array([DataStructs.BulkTanimotoSimilarity(one, prints) for one in prints])


def by_definition(similarities: np.ndarray, threshold: float) -> np.ndarray:
    labels = np.full(len(similarities), -1)
    for centre in np.argsort(-(similarities >= threshold).sum(axis=1), kind="stable"):
        if labels[centre] < 0:
            labels[(similarities[centre] >= threshold) & (labels < 0)] = centre
    return labels


@pytest.mark.parametrize("threshold", [0.3, 0.4, 0.7, 1.0])
@pytest.mark.parametrize("block", [4_000_000, 1500])
def test_clusters_are_those_of_the_definition(molecules, similarities, threshold, block, monkeypatch) -> None:
    monkeypatch.setattr(feature_sets, "_BLOCK_CELLS", block)
    labels = LIKENESS.clusters(molecules, threshold).labels
    assert (labels == by_definition(similarities, threshold)).all()


def test_neighbours_are_rdkits(molecules: list[str], similarities: np.ndarray) -> None:
    found = LIKENESS.nearest(molecules[:50], molecules[50:])
    wanted = similarities[:50, 50:]
    assert found.similarity == pytest.approx(wanted.max(axis=1))
    assert wanted[np.arange(50), found.index] == pytest.approx(wanted.max(axis=1))


def test_beyond_the_exact_size_members_are_still_like_their_centre_and_it_is_said(
    molecules, similarities, monkeypatch
) -> None:
    monkeypatch.setattr(butina, "EXACT_UP_TO", 50)
    found = LIKENESS.clusters(molecules, 0.4)
    assert (similarities[np.arange(len(molecules)), found.labels] >= 0.4).all()
    assert "50 of 400" in found.how
    assert len(set(found.labels.tolist())) < 1.3 * len(set(by_definition(similarities, 0.4).tolist()))


def test_progress_never_goes_back_nor_beyond_the_whole(molecules: list[str]) -> None:
    steps: list[Step] = []
    LIKENESS.clusters(molecules, 0.4, progress=noted(steps))
    assert all(done <= total for _, done, total in steps)
    assert [done for _, done, _ in steps] == sorted(done for _, done, _ in steps)
