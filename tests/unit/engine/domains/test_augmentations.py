"""What a row is written into keeps its label true: another spelling of a molecule is the same molecule, a sequence
stays one of its kind, and units stay where labels of units need them."""

import csv
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sciapp.engine.domains.about import domain_names
from sciapp.engine.domains.base import Augmentation, Rejected
from sciapp.engine.domains.protein.domain import STANDARD
from sciapp.engine.domains.registry import domain_named
from sciapp.engine.domains.sequence.augment import blosum62

REPOSITORY = Path(__file__).parents[4]
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


SEEDS, STRENGTHS = st.integers(0, 2**32 - 1), st.floats(0.01, 1)
WORD = st.text(st.characters(exclude_categories=("Z", "C")), min_size=1, max_size=9)
VALUES_OF = {
    "molecule": st.sampled_from(VALUES[::7]),
    "protein": st.text(STANDARD + "UOBZX", min_size=1, max_size=60),
    "nucleotide": st.one_of(
        st.text("ACGTRYSWKMBDHVN", min_size=1, max_size=60), st.text("ACGUN", min_size=1, max_size=60)
    ),
    "material": st.lists(
        st.tuples(st.sampled_from(["H", "C", "O", "Fe", "La", "U"]), st.sampled_from(["", "2", "3", "0.5", "12"])),
        min_size=1,
        max_size=6,
    ).map(lambda parts: "".join(f"({element}){amount}" for element, amount in parts)),
    "text": st.lists(WORD, min_size=1, max_size=20).map(" ".join),
    "series": st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=40).map(
        lambda numbers: ", ".join(map(repr, numbers))
    ),
}
ALL = [(name, called) for name in domain_names() for called in domain_named(name).augmentations]


@pytest.mark.parametrize(("name", "called"), ALL)
@given(data=st.data(), seed=SEEDS, strength=STRENGTHS)
@settings(deadline=None, max_examples=150)
def test_what_comes_out_is_a_value_of_the_domain_and_follows_from_the_seed(
    name: str, called: str, data: st.DataObject, seed: int, strength: float
) -> None:
    domain = domain_named(name)
    try:
        value = domain.clean(data.draw(VALUES_OF[name]))
    except Rejected:
        return
    augmentation = domain.augmentations[called]
    new = augmentation(value, seed, strength)
    assert new == augmentation(value, seed, strength)
    if augmentation.respells:
        assert domain.clean(new) == value
    else:
        assert domain.clean(new) == new
    if augmentation.keeps_units:
        assert len(domain.units(new)) == len(domain.units(value))
    assert augmentation(value, seed, 0.0) == value


@pytest.mark.parametrize(("name", "called"), ALL)
def test_every_augmentation_does_something_and_says_what_and_where_from(name: str, called: str) -> None:
    domain = domain_named(name)
    augmentation = domain.augmentations[called]
    value = {
        "molecule": "CC(=O)Oc1ccccc1C(=O)O",
        "protein": "MKTAYIAKQRQISFVKSHFSRQLEERLGLIEVQ" * 3,
        "nucleotide": "ACGTTGCATGCCGATAGGCT" * 5,
        "material": "La0.7Sr0.3MnO3",
        "text": "The quick brown fox jumps over the lazy dog while nobody is looking at all today.",
        "series": ", ".join(str(number * number % 17) for number in range(60)),
    }[name]
    value = domain.clean(value)
    assert any(augmentation(value, seed, 0.5) != value for seed in range(5))
    assert augmentation.title and augmentation.help.endswith(".") and augmentation.source


def _changed(augmentation: Augmentation, value: str, strength: float) -> int:
    """Letters that differ over many seeds."""
    return sum(a != b for seed in range(60) for a, b in zip(value, augmentation(value, seed, strength), strict=True))


@pytest.mark.parametrize(
    ("name", "called", "share"), [("protein", "blosum_substitutions", 0.1), ("nucleotide", "point_noise", 0.05)]
)
def test_the_strength_scales_how_many_letters_differ(name: str, called: str, share: float) -> None:
    augmentation, value = domain_named(name).augmentations[called], "ACGT" * 60
    half, whole = (_changed(augmentation, value, strength) / (60 * len(value)) for strength in (0.5, 1.0))
    assert half == pytest.approx(share / 2, rel=0.2) and whole == pytest.approx(share, rel=0.2)


def test_a_stronger_renumbering_gives_more_spellings() -> None:
    spell, aspirin = MOLECULE.augmentations["randomized_smiles"], MOLECULE.clean("CC(=O)Oc1ccccc1C(=O)O")
    few, more, most = (len({spell(aspirin, seed, strength) for seed in range(80)}) for strength in (0.1, 0.3, 1.0))
    assert few < more < most


def test_a_molecule_whose_new_spelling_reads_as_another_stays_as_it_was() -> None:
    """RDKit gives one of the isomers of lindane a spelling of another isomer, for some orders of its atoms."""
    lindane = MOLECULE.clean("Cl[C@H]1[C@H](Cl)[C@@H](Cl)[C@H](Cl)[C@H](Cl)[C@H]1Cl")
    spell = MOLECULE.augmentations["randomized_smiles"]
    assert {MOLECULE.clean(spell(lindane, seed)) for seed in range(400)} == {lindane}


@given(value=st.text("ACGTRYSWKMBDHVN", min_size=1, max_size=50))
def test_the_reverse_complement_of_the_reverse_complement_is_the_strand(value: str) -> None:
    other = domain_named("nucleotide").augmentations["reverse_complement"]
    assert other(other(value, 0), 0) == value


def test_the_other_strand_pairs_with_the_first_and_rna_has_none() -> None:
    other = domain_named("nucleotide").augmentations["reverse_complement"]
    assert other("AACGRN", 3) == "NYCGTT"
    assert other("ACGU", 3) == "ACGU"


def test_point_noise_keeps_dna_dna_and_rna_rna() -> None:
    noise = domain_named("nucleotide").augmentations["point_noise"]
    assert set("".join(noise("ACG" * 40 + "T", seed) for seed in range(30))) <= set("ACGT")
    assert "T" not in "".join(noise("ACG" * 40 + "U", seed) for seed in range(30))


def test_substitutions_are_those_that_blosum62_favours() -> None:
    """Isoleucine and valine score 3 (half bits), isoleucine and glycine −4: odds of 2^3.5 between them."""
    others, odds = blosum62(STANDARD)["I"]
    assert "I" not in others and len(others) == 19
    of = dict(zip(others, odds, strict=True))
    assert max(of, key=lambda residue: of[residue]) == "V"
    assert of["V"] / of["G"] == pytest.approx(2**3.5)


@given(words=st.lists(WORD, min_size=1, max_size=15), seed=SEEDS)
def test_swapped_words_are_the_same_words(words: list[str], seed: int) -> None:
    text = "  ".join(words)
    swapped = domain_named("text").augmentations["word_swaps"](text, seed)
    assert sorted(swapped.split()) == sorted(text.split())


@given(words=st.lists(WORD, min_size=1, max_size=15), seed=SEEDS)
def test_what_is_left_of_a_text_comes_in_the_same_order(words: list[str], seed: int) -> None:
    text = " ".join(words)
    left = iter(text.split())
    kept = domain_named("text").augmentations["word_dropout"](text, seed).split()
    assert kept and all(word in left for word in kept)


def test_numbers_and_formulas_are_not_mistyped() -> None:
    typed = domain_named("text").augmentations["typing_noise"]
    assert {typed("12.75 C60H12 x", seed).lower() for seed in range(80)} == {"12.75 c60h12 x"}
