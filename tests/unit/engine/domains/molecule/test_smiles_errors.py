"""Every way in which a SMILES is wrong is told in a chemist's words, with the position."""

import pytest

from sciapp.engine.data.staging.rejections import common
from sciapp.engine.domains.base import Rejected
from sciapp.engine.domains.registry import domain_named


@pytest.mark.parametrize(
    ("smiles", "said"),
    [
        ("CC(C", "the bracket “(” at position 3 is never closed"),
        ("CC)C", "the bracket “)” at position 3 was never opened"),
        ("c1ccccc", "unclosed ring: ring 1 (opened at position 2) is never closed"),
        ("C1CC2CC1", "unclosed ring: ring 2 (opened at position 5) is never closed"),
        ("C%(12)CC", "unclosed ring: ring 12 (opened at position 2) is never closed"),
        ("C%12CC[13C]", "unclosed ring: ring 12 (opened at position 2) is never closed"),
        ("C11", "ring 1 closes at the atom where it opens, atom 1 (C, position 1)"),
        ("CC(C)(C)(C)(C)C", "atom 2 (C, position 2) has 6 bonds, more than C can have (valence)"),
        ("ClC[NH5]C", "atom 3 (N, position 4) has 7 bonds, more than N can have (valence)"),
        (
            "n1cccc1",
            "aromatic atoms (1, 2, 3, 4, 5) cannot get double bonds in turn: is a hydrogen missing, "
            "such as [nH] for n?",
        ),
        ("c1cccc1", "aromatic atoms (1, 2, 3, 4, 5) cannot get double bonds in turn"),
        ("c1ccccc1c", "atom 7 (c, position 9) is written as aromatic, in lower case, but stands in no ring"),
        ("C[Xx]C", "“Xx” at position 3 is no element"),
        ("CCX", "“X” at position 3 is no atom of a SMILES"),
        ("NaCl", "“Na” at position 1 has to stand in square brackets: [Na]"),
        ("CCSi", "“Si” at position 3 has to stand in square brackets: [Si]"),
        ("C[N+](=O)[O-", "the bracket “[” at position 10 is never closed"),
        ("C]C", "the bracket “]” at position 2 was never opened"),
        ("C[]C", "the brackets at position 2 hold no atom"),
        ("CC=", "it ends with “=” at position 3: what follows on it is missing"),
        ("C==C", "“=” at position 3 cannot stand there"),
        ("C'C", "“'” at position 2 cannot stand there"),
        ("C6H12O6", "it seems to be a formula: which atoms are bound to which is not said"),
        ("ethanol", "it seems to be a name, not a SMILES"),
        ("InChI=1S/C2H6O/c1-2-", "RDKit cannot read it as an InChI"),
    ],
)
def test_what_is_wrong_is_told_with_its_position(smiles: str, said: str) -> None:
    with pytest.raises(Rejected) as raised:
        domain_named("molecule").clean(smiles)
    assert raised.value.reason == said


def test_the_same_mistakes_are_counted_together() -> None:
    assert common("atom 2 (N, position 13) has 4 bonds, more than N can have (valence)") == common(
        "atom 12 (N, position 3) has 5 bonds, more than N can have (valence)"
    )
    assert common("the bracket “(” at position 3 is never closed") == "the bracket “(” at position … is never closed"
