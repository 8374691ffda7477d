"""What each domain takes, what it makes of it, and what it says of what it does not take."""

import math
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sciapp.engine.domains.about import domain_names
from sciapp.engine.domains.base import Rejected
from sciapp.engine.domains.registry import domain_named
from sciapp.errors import NotFound
from tests.helpers.messages import values_of


def rejection(domain: str, value: str) -> str:
    with pytest.raises(Rejected) as caught:
        domain_named(domain).clean(value)
    return caught.value.reason


@pytest.mark.parametrize("name", domain_names())
def test_every_domain_knows_its_name_and_unit(name: str) -> None:
    assert domain_named(name).name == name
    assert domain_named(name).unit in {"atoms", "residues", "bases", "words", "points", "elements"}


def test_an_unknown_domain_is_answered_with_the_nearest() -> None:
    with pytest.raises(NotFound, match="molecule"):
        domain_named("molecules")


@pytest.mark.parametrize("name", domain_names())
@pytest.mark.parametrize("empty", ["", "   ", "\t\n"])
def test_no_domain_takes_an_empty_cell(name: str, empty: str) -> None:
    assert "empty" in rejection(name, empty)


def test_a_text_project_never_loads_rdkit_or_torch() -> None:
    code = (
        "import sys; from sciapp.engine.domains.registry import domain_named; domain_named('text').clean('a');"
        "import sciapp.engine.data.ingest.import_table; assert not {'rdkit', 'torch', 'PySide6'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, env={"PYTHONPATH": ":".join(sys.path)})


class TestMolecule:
    domain = domain_named("molecule")

    def test_spellings_of_one_molecule_have_one_canonical_form(self) -> None:
        assert {self.domain.clean(s) for s in ("OCC", " C(O)C ", "CCO\n", "[CH3][CH2][OH]")} == {"CCO"}

    def test_stereo_isomers_and_isotopes_stay_apart(self) -> None:
        assert self.domain.clean("C[C@H](N)O") != self.domain.clean("C[C@@H](N)O")
        assert self.domain.clean("[13CH4]") != self.domain.clean("C")

    @pytest.mark.parametrize(
        ("smiles", "words"),
        [
            ("C1CC", "unclosed ring"),
            ("C(C)(C)(C)(C)C", "atom 1 (C, position 1) has 5 "),
            ("CC(", "position 3"),
            ("CCO ethanol", "space"),
        ],
    )
    def test_a_bad_smiles_is_explained_in_the_words_of_a_chemist(self, smiles: str, words: str) -> None:
        assert words in rejection("molecule", smiles)

    def test_the_reason_for_a_very_long_smiles_is_short(self) -> None:
        assert len(rejection("molecule", "C" * 5000 + "(")) < 300

    def test_rdkit_prints_nothing(self, capfd: pytest.CaptureFixture[str]) -> None:
        rejection("molecule", "C1CC")
        assert capfd.readouterr() == ("", "")

    def test_units_are_atoms(self) -> None:
        assert self.domain.units("O=C(O)c1c[nH]cc1Cl") == ["O", "C", "O", "c", "c", "[nH]", "c", "c", "Cl"]

    def test_molecules_share_a_scaffold_whatever_hangs_on_it(self) -> None:
        scaffold = self.domain.splits["scaffold"]
        assert scaffold("Cc1ccccc1") == scaffold("CCOc1ccccc1Cl")
        assert scaffold("Cc1ccccc1") != scaffold("CC1CCCCC1")

    def test_molecules_without_rings_are_groups_of_their_own(self) -> None:
        scaffold = self.domain.splits["scaffold"]
        assert scaffold("CCO") != scaffold("CCN")

    def test_descriptors_are_named_numbers(self) -> None:
        found = self.domain.descriptors("CCO")
        assert found["HeavyAtomCount"] == 3
        assert found["MolWt"] == pytest.approx(46.07, abs=0.01)
        assert len(found) > 200
        assert not any(math.isinf(number) for number in found.values())

    def test_a_huge_molecule_is_not_described_for_minutes(self) -> None:
        large, huge = self.domain.descriptors("C" * 250), self.domain.descriptors("C" * 3000)
        assert large["HeavyAtomCount"] == 250
        assert math.isnan(large["Ipc"])
        assert large.keys() == huge.keys() == self.domain.descriptors("C").keys()
        assert all(map(math.isnan, huge.values()))

    def test_a_molecule_has_a_picture(self) -> None:
        picture = self.domain.depict("CCO")
        assert picture is not None
        assert "<svg" in picture


class TestSequences:
    def test_residues_are_upper_case_and_the_stop_goes(self) -> None:
        assert domain_named("protein").clean(" mkV\nlw* ") == "MKVLW"

    def test_rare_and_ambiguous_residues_are_taken(self) -> None:
        assert domain_named("protein").clean("MXUBZO") == "MXUBZO"

    @pytest.mark.parametrize(("value", "letter", "position"), [("MKJ", "J", 3), ("M1", "1", 2), ("MK*V", "*", 3)])
    def test_a_letter_that_is_no_residue_is_named_with_its_position(
        self, value: str, letter: str, position: int
    ) -> None:
        wrong = {"wrong": letter, "start": position, "called": "residue"}
        assert values_of(rejection("protein", value)) == wrong

    def test_a_lone_stop_is_no_protein(self) -> None:
        assert "stop" in rejection("protein", "*")

    def test_rna_stays_rna_and_ambiguity_codes_are_taken(self) -> None:
        assert domain_named("nucleotide").clean("acgurykmswbdhvn") == "ACGURYKMSWBDHVN"

    def test_a_letter_that_is_no_base_is_named_with_its_position(self) -> None:
        assert values_of(rejection("nucleotide", "ACGE")) == {"wrong": "E", "start": 4, "called": "base"}

    def test_compositions_sum_to_one(self) -> None:
        found = domain_named("nucleotide").descriptors("ACGTAC")
        for k in (1, 2, 3, 4):
            assert sum(share for kmer, share in found.items() if kmer.isupper() and len(kmer) == k) == pytest.approx(1)
        assert found["gc"] == pytest.approx(0.5)
        assert domain_named("protein").descriptors("AAC")["fraction_A"] == pytest.approx(2 / 3)

    def test_rna_and_ambiguous_bases_are_described_too(self) -> None:
        nucleotide = domain_named("nucleotide")
        assert nucleotide.descriptors("ACGU") == nucleotide.descriptors("ACGT")
        assert nucleotide.descriptors("NNN")["gc"] == 0

    def test_proteins_have_charge_mass_and_hydrophobicity_whatever_their_letters(self) -> None:
        protein = domain_named("protein")
        assert protein.descriptors("KKKK")["charge_at_ph_7"] > 3 > protein.descriptors("DDDD")["charge_at_ph_7"]
        assert protein.descriptors("IVIV")["gravy"] > 0 > protein.descriptors("RNRN")["gravy"]
        assert protein.descriptors("GXUG")["molecular_weight"] == pytest.approx(132.1, abs=0.1)
        assert list(protein.descriptors("X")) == list(protein.descriptors("MK"))
        assert math.isnan(protein.descriptors("X")["molecular_weight"])


class TestText:
    def test_only_the_ends_are_stripped(self) -> None:
        assert domain_named("text").clean("  Mäuse \n fraßen 🧪 ") == "Mäuse \n fraßen 🧪"

    def test_units_are_words(self) -> None:
        assert domain_named("text").units("one  two\nthree") == ["one", "two", "three"]

    def test_a_nul_character_is_no_text(self) -> None:
        assert "NUL" in rejection("text", "a\0b")


@given(value=st.text(max_size=40), name=st.sampled_from(domain_names()))
def test_cleaning_takes_or_rejects_anything_and_what_it_took_it_takes_again(value: str, name: str) -> None:
    domain = domain_named(name)
    try:
        canonical = domain.clean(value)
    except Rejected as error:
        assert error.reason
        return
    assert canonical
    assert domain.clean(canonical)
    assert domain.units(canonical)


@given(value=st.text("ACDEFGHIKLMNPQRSTVWYacgtu \n*", min_size=1))
def test_cleaning_a_clean_sequence_changes_nothing(value: str) -> None:
    domain = domain_named("protein")
    try:
        once = domain.clean(value)
    except Rejected:
        return
    assert domain.clean(once) == once
