"""The nearest training row of a sequence is the one that a full search finds, or said to be a lower bound."""

import csv
from pathlib import Path

import numpy as np
import pytest

from sciapp.engine.domains.sequence import similarity as sequence_likeness
from sciapp.engine.domains.sequence.similarity import nucleotide_likeness, protein_likeness

TESTS = Path(__file__).parents[3]
RNG = np.random.default_rng(3)


def column(file: Path, name: str) -> list[str]:
    with file.open(encoding="utf-8", newline="") as opened:
        return list(dict.fromkeys(row[name].upper() for row in csv.DictReader(opened)))


PROMOTERS = column(TESTS / "data" / "ecoli_promoters.csv", "sequence")
YEAST = column(TESTS / "data" / "ppi_yeast_short_pairs.csv", "sequence_a")
JUNCTIONS = column(TESTS.parent / "resources" / "samples" / "splice_junctions.csv", "sequence")[:400]
VARIANTS = column(TESTS.parent / "resources" / "samples" / "gb1.csv", "sequence")[:60]
PEPTIDES = ["".join(RNG.choice(list("ACDEFGHIKLMNPQRSTVWY"), RNG.integers(8, 30))) for _ in range(200)]


@pytest.mark.parametrize(
    ("likeness", "sequences"),
    [
        (nucleotide_likeness(), PROMOTERS),
        (protein_likeness(), YEAST),
        (nucleotide_likeness(), JUNCTIONS),
        (protein_likeness(), VARIANTS),
        (protein_likeness(), PEPTIDES),
    ],
    ids=["promoters", "yeast", "splice junctions", "variants of GB1", "peptides"],
)
def test_the_nearest_is_that_of_a_full_search(
    likeness: sequence_likeness.SequenceSimilarity, sequences: list[str]
) -> None:
    asked, known = sequences[::8], [one for place, one in enumerate(sequences) if place % 8]
    full = np.array([likeness.aligner.identities(one, known).max() for one in asked])
    found = likeness.nearest(asked, known)
    assert not found.at_least
    assert np.median(found.similarity) == pytest.approx(np.median(full), abs=0.005)
    assert np.abs(found.similarity - full).max() < 0.02
    again = [likeness.aligner.identities(one, [known[at]])[0] for one, at in zip(asked, found.index, strict=True)]
    assert again == pytest.approx(found.similarity)


def test_where_time_is_short_a_lower_bound_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    likeness = protein_likeness()
    asked, known = PEPTIDES[:20], PEPTIDES[20:]
    full = np.array([likeness.aligner.identities(one, known).max() for one in asked])
    monkeypatch.setattr(sequence_likeness, "_CELLS_IN_ALL", 4e7)  # about 90 alignments a query
    found = likeness.nearest(asked, known)
    assert found.at_least
    assert (found.similarity <= full + 1e-9).all()
    assert np.median(found.similarity) > np.median(full) - 0.1


def test_the_t_and_the_u_of_one_rna_are_the_same_to_the_search() -> None:
    rna = [one.replace("T", "U") for one in PROMOTERS[:10]]
    assert nucleotide_likeness().nearest(rna, PROMOTERS[:10]).similarity.tolist() == [1.0] * 10
