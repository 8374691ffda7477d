"""Sequence clusters held against real alignments (Biopython) and, where they are installed, against CD-HIT."""

import csv
import gzip
import shutil
from pathlib import Path

import numpy as np
import pytest
from Bio.Align import PairwiseAligner, substitution_matrices

from sciapp.engine.data.values.split_names import TEST, TRAIN, grouped_split
from sciapp.engine.domains.sequence import similarity as sequence_likeness
from sciapp.engine.domains.sequence.alignment import protein_aligner
from sciapp.engine.domains.sequence.cluster_tools import CD_HIT, CD_HIT_EST, MMSEQS
from sciapp.engine.domains.sequence.similarity import nucleotide_likeness, protein_likeness
from sciapp.records.dataset.card import SplitPlan

DATA = Path(__file__).parents[3] / "data"
RESIDUES, BASES = "ACDEFGHIKLMNPQRSTVWY", "ACGT"
COMPLEMENT = str.maketrans("ACGT", "TGCA")

# Of all test rows, those that may have a training row above the threshold: what common words do not show.
SHARE_MISSED = 0.02


def families(letters: str, count: int, size: int, length: int, identities: tuple[float, float]) -> list[str]:
    """Each family: a founder and relatives with an identity drawn from a range to some earlier member, or cut."""
    rng = np.random.default_rng(7)
    made: list[str] = []
    for _ in range(count):
        members = ["".join(rng.choice(list(letters), rng.integers(length // 2, length)))]
        for _ in range(size - 1):
            parent = list(members[rng.integers(len(members))])
            kept = rng.uniform(*identities)
            changed = [letter if rng.random() < kept else str(rng.choice(list(letters))) for letter in parent]
            cut = int(rng.integers(0, len(parent) // 6))
            members.append("".join(changed[cut:]))
        made += members
    return sorted(set(made))


def biopython(protein: bool) -> PairwiseAligner:
    aligner = PairwiseAligner()
    if protein:
        aligner.substitution_matrix = substitution_matrices.load("BLOSUM62")
        aligner.open_gap_score, aligner.extend_gap_score = -11, -1
    else:
        aligner.match_score, aligner.mismatch_score = 2, -3
        aligner.open_gap_score, aligner.extend_gap_score = -5, -2
    aligner.end_gap_score = 0
    return aligner


def identity(aligner: PairwiseAligner, one: str, other: str) -> float:
    """Identical letters by the shorter length, in the first of the best alignments."""
    return float(aligner.align(one, other)[0].counts().identities / min(len(one), len(other)))


def test_identities_are_those_of_another_aligner() -> None:
    proteins = families(RESIDUES, 4, 4, 160, (0.5, 0.9))
    ours, theirs = protein_aligner(), biopython(protein=True)
    for one in proteins[:4]:
        found = ours.identities(one, proteins)
        wanted = np.array([identity(theirs, one, other) for other in proteins])
        # Several alignments may be best; where there is nothing in common they differ by much.
        related = wanted > 0.4
        assert found[related] == pytest.approx(wanted[related], abs=0.03)
        assert (found[~related] < 0.4).all()


def leaking_share(sequences: list[str], labels: np.ndarray, threshold: float, *, protein: bool) -> tuple[float, int]:
    """(of the test rows, the share with a training row above the threshold; number of test rows), by Biopython."""
    keys = np.random.default_rng(1).integers(0, 2**63, len(sequences), dtype=np.uint64)
    codes = grouped_split(keys, labels.astype(np.uint64), SplitPlan(method="cluster")).codes
    aligner = biopython(protein=protein)
    tests = [sequences[i] for i in np.flatnonzero(codes == TEST)]
    training = [sequences[i] for i in np.flatnonzero(codes == TRAIN)]
    # The score comes first: it is fast, and unrelated sequences have a low one.
    leaking = 0
    for test in tests:
        scores = np.array([aligner.score(test, other) for other in training])
        best = np.argsort(-scores)[:6]
        leaking += any(identity(aligner, test, training[i]) >= threshold for i in best)
    return leaking / len(tests), len(tests)


def test_no_protein_of_the_test_rows_has_a_relative_in_training() -> None:
    proteins = families(RESIDUES, 24, 7, 180, (0.5, 0.95))
    labels = protein_likeness().linked(proteins, 0.4)
    share, tests = leaking_share(proteins, labels, 0.4, protein=True)
    assert tests > 12
    assert share <= SHARE_MISSED
    by_chance, _ = leaking_share(proteins, np.arange(len(proteins)), 0.4, protein=True)
    assert by_chance > 0.8  # the measurement can find leaks


def test_no_real_protein_of_the_test_rows_has_a_relative_in_training() -> None:
    with gzip.open(DATA / "flip_secondary_structure_sample.csv.gz", "rt", encoding="utf-8") as file:
        proteins = sorted({row["sequence"] for row in csv.DictReader(file) if len(row["sequence"]) >= 60})
    relatives = [sequence[5:-5] for sequence in proteins[::4]]  # the sample itself holds hardly any
    values = sorted({*proteins, *relatives})
    labels = protein_likeness().linked(values, 0.4)
    share, _ = leaking_share(values, labels, 0.4, protein=True)
    assert share <= SHARE_MISSED
    together = dict(zip(values, labels.tolist(), strict=True))
    assert all(together[whole] == together[part] for whole, part in zip(proteins[::4], relatives, strict=True))


def test_no_dna_of_the_test_rows_has_a_relative_in_training_on_either_strand() -> None:
    sequences = families(BASES, 30, 6, 120, (0.86, 0.98))
    turned = sorted({s.translate(COMPLEMENT)[::-1] if i % 3 == 0 else s for i, s in enumerate(sequences)})
    labels = nucleotide_likeness().linked(turned, 0.8)
    plain = [s if s in set(sequences) else s.translate(COMPLEMENT)[::-1] for s in turned]
    share, tests = leaking_share(plain, labels, 0.8, protein=False)
    assert tests > 12
    assert share <= SHARE_MISSED
    assert len(set(labels.tolist())) == 30


def test_strangers_stay_apart() -> None:
    strangers = families(RESIDUES, 60, 1, 300, (1.0, 1.0))
    assert len(set(protein_likeness().linked(strangers, 0.4).tolist())) == 60


def test_beyond_the_exact_size_only_first_members_are_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sequence_likeness, "EXACT_UP_TO", 10)
    monkeypatch.setattr(sequence_likeness, "_ROWS_TOGETHER", 7)
    proteins = families(RESIDUES, 10, 5, 160, (0.8, 0.95))
    assert len(set(protein_likeness().linked(proteins, 0.4).tolist())) == 10


@pytest.mark.parametrize(
    ("tool", "protein", "threshold"),
    [(CD_HIT, True, 0.5), (CD_HIT_EST, False, 0.8), pytest.param(MMSEQS, True, 0.5, marks=pytest.mark.prove)],
)
def test_what_an_installed_program_puts_together_is_together_here(tool, protein, threshold) -> None:
    if shutil.which(tool.program) is None:
        pytest.skip(f"{tool.title} is not installed")
    sequences = families(RESIDUES, 15, 6, 200, (0.7, 0.95)) if protein else families(BASES, 15, 6, 200, (0.9, 0.98))
    likeness = protein_likeness() if protein else nucleotide_likeness()
    ours = likeness.linked(sequences, threshold)
    theirs = tool.clusters(sequences, threshold).labels
    together = (theirs[:, None] == theirs[None]) & ~np.eye(len(sequences), dtype=bool)
    same = ours[:, None] == ours[None]
    assert together.sum() > 100
    assert (together & ~same).sum() <= 0.01 * together.sum()


def test_an_installed_program_is_asked_beyond_the_exact_size_only(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    monkeypatch.setattr(sequence_likeness, "tool_on_path", lambda *_: asked.append(1))
    proteins = families(RESIDUES, 4, 3, 80, (0.8, 0.9))
    protein_likeness().clusters(proteins, 0.4)
    assert not asked
    monkeypatch.setattr(sequence_likeness, "EXACT_UP_TO", 5)
    protein_likeness().clusters(proteins, 0.4)
    assert asked


@pytest.mark.parametrize("letters", [RESIDUES, BASES])
@pytest.mark.parametrize(("changes", "length"), [(1, 60), (4, 56), (8, 265)])
def test_variants_of_one_parent_are_one_cluster(letters: str, changes: int, length: int) -> None:
    """All share most of their words, so that no word says that two of them are more alike than others."""
    rng = np.random.default_rng(changes)
    parent = list(rng.choice(list(letters), length))
    variants = {"".join(parent)}
    while len(variants) < 114:
        variant = parent.copy()
        for place in rng.choice(length, changes, replace=False):
            variant[place] = str(rng.choice(list(letters)))
        variants.add("".join(variant))
    likeness = protein_likeness() if letters == RESIDUES else nucleotide_likeness()
    assert len(set(likeness.linked(sorted(variants), 0.7).tolist())) == 1


def test_a_measured_library_is_one_cluster_and_a_stranger_stays_apart() -> None:
    with (Path(__file__).parents[4] / "resources" / "samples" / "gb1.csv").open(encoding="utf-8") as file:
        variants = sorted({row["sequence"] for row in csv.DictReader(file)})[:200]
    stranger = "".join(np.random.default_rng(1).choice(list(RESIDUES), 265))
    values = sorted([*variants, stranger])
    labels = protein_likeness().linked(values, 0.5)
    alone = values.index(stranger)
    assert len(set(np.delete(labels, alone).tolist())) == 1
    assert labels[alone] not in np.delete(labels, alone)
