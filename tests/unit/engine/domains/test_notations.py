"""One thing is one thing, however it is written; what cannot be read is refused by its name."""

import pytest
from tokenizers import Tokenizer, models, pre_tokenizers
from transformers import PreTrainedTokenizerFast

from sciapp.engine.domains.base import Rejected
from sciapp.engine.domains.molecule.domain import scaffold
from sciapp.engine.domains.protein.three_letters import has_caps, is_three_letters
from sciapp.engine.domains.registry import domain_named
from sciapp.engine.inputs.tokenization.uracil import uracil_understood
from tests.helpers.messages import refused_exactly

MOLECULE, PROTEIN = domain_named("molecule"), domain_named("protein")


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        ("[CH3:1][CH2:2][OH:3]", "CCO"),
        ("[CH3:1][C@H:2](O)[CH3:3]", "CC(C)O"),  # numbers make no stereocentre
        ("CCO |&1:1,2|", "CCO"),
        ("InChI=1S/C2H6O/c1-2-3/h3H,2H2,1H3", "CCO"),
        ("[*:1]CO", "*CO"),
        ("[NH3]->[Fe]", "[NH3]->[Fe]"),  # a dative bond is no reaction
        ("[2H]OC", "[2H]OC"),
    ],
)
def test_a_molecule_is_read_in_other_notations(written: str, canonical: str) -> None:
    assert MOLECULE.clean(written) == canonical


@pytest.mark.parametrize(
    ("written", "named"),
    [
        ("CO.Br>>COBr", "reaction"),
        ("CO>[Na+]>COBr", "reaction"),
        ("[CH3:1][OH:2]>>[CH2:1]=[O:2]", "reaction"),
        ("LFQSCWFLJHTTHZ-UHFFFAOYSA-N", "InChIKey"),
        ("InChI=1S/nonsense", "InChI"),
        ("CCO |&1:1| ethanol", " space "),
    ],
)
def test_what_is_no_single_molecule_is_refused_by_name(written: str, named: str) -> None:
    with pytest.raises(Rejected, match=named):
        MOLECULE.clean(written)


@pytest.mark.parametrize(
    "forms",
    [
        ("CCC(O)C(C)C", "CC[C@H](O)C(C)C", "CCC(O)C(C)C.Cl"),
        ("CC(N)C", "CC([NH3+])C.[Cl-]", "CC([NH3+])C.Cc1ccc(S(=O)(=O)[O-])cc1", "CC(N)C.OC(=O)C=CC(=O)O"),
        ("CO", "[2H]C([2H])([2H])O"),
        ("CC(=O)O", "CC(=O)[O-].[Na+]"),
        ("CC(N)C(=O)O", "C[C@H]([NH3+])C(=O)[O-]"),
        ("C/C=C/C", r"C/C=C\C"),
        ("c1ccncc1", "c1cc[nH+]cc1.[Br-]"),
        ("C[N+](C)(C)C.[I-]", "C[N+](C)(C)C.[Br-]"),
    ],
)
def test_forms_of_one_parent_are_one_group_and_fully_alike(forms: tuple[str, ...]) -> None:

    values = [MOLECULE.clean(form) for form in forms]
    assert len(set(map(scaffold, values))) == 1
    assert MOLECULE.likeness.nearest(values, values[:1]).similarity.tolist() == [1.0] * len(values)


def test_acyclic_molecules_with_other_skeletons_are_other_groups() -> None:
    assert len({scaffold(MOLECULE.clean(one)) for one in ("CCO", "CCN", "CCCO", "CC(=O)O", "CC=O")}) == 5


@pytest.mark.parametrize(
    ("written", "letters"),
    [
        ("Ala-Gly-Ser", "AGS"),
        ("AlaGlySer", "AGS"),
        ("H-Ala-Gly-OH", "AG"),
        ("Ac-AlaGly-NH2", "AG"),
        ("ACE ALA GLY NME", "AG"),
        ("ALA-GLY-SER", "AGS"),
        ("ala gly ser", "AGS"),
        ("L-Ala-L-Ser", "AS"),
        ("Ac-AGS-NH2", "AGS"),
        # and these are one-letter codes
        ("ALAGLYSER", "ALAGLYSER"),
        ("MKV LAA GIV", "MKVLAAGIV"),
        ("MkvLaaGiv", "MKVLAAGIV"),
        ("ala", "ALA"),
        ("HIS", "HIS"),
    ],
)
def test_peptides_in_three_letters_are_translated(written: str, letters: str) -> None:
    assert PROTEIN.clean(written) == letters


def test_caps_are_told_and_free_ends_are_none() -> None:
    assert [has_caps(one) for one in ("Ac-Ala-Gly-NH2", "ACE ALA GLY", "Ac-AGS", "H-Ala-Gly-OH", "AGS")] == [
        True,
        True,
        True,
        False,
        False,
    ]
    assert not is_three_letters("ACE-DEF") and not has_caps("ACE-DEF")  # a gap of an alignment


@pytest.mark.parametrize(
    ("written", "code"),
    [("Ala-Aib-Gly", "Aib"), ("AlaAibGly", "Aib"), ("H-D-Phe-Pro-OH", "D"), ("pGlu-His-Pro-NH2", "pGlu")],
)
def test_residues_without_a_letter_are_named(written: str, code: str) -> None:
    with refused_exactly(Rejected, code=code):
        PROTEIN.clean(written)


@pytest.mark.parametrize("letters", ["ACGTN", "ACGUN", "ACGTUN", "ACDEFGHIKLMNPQRSTVWY"])
def test_a_tokenizer_of_one_kind_of_bases_reads_the_other(letters: str) -> None:
    words = ["<unk>", *letters]
    backend = Tokenizer(models.WordLevel({word: i for i, word in enumerate(words)}, unk_token="<unk>"))
    backend.pre_tokenizer = pre_tokenizers.Split("", behavior="isolated")
    tokenizer = uracil_understood(PreTrainedTokenizerFast(tokenizer_object=backend, unk_token="<unk>"))
    dna, rna = (tokenizer(text)["input_ids"] for text in ("ACGT", "ACGU"))
    assert (dna == rna) == (letters in {"ACGTN", "ACGUN"})
