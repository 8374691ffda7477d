"""Every way in which a SMILES is wrong is told in a chemist's words, with the position."""

import pytest

from sciapp.engine.data.values.rejections import common
from sciapp.engine.domains.base import Rejected
from sciapp.engine.domains.registry import domain_named
from tests.helpers.messages import numbers_in, quoted


@pytest.mark.parametrize(
    ("smiles", "names", "numbers"),
    [
        ("CC(C", ["("], ["3"]),
        ("CC)C", [")"], ["3"]),
        ("c1ccccc", [], ["1", "2"]),
        ("C1CC2CC1", [], ["2", "5"]),
        ("C%(12)CC", [], ["12", "2"]),
        ("C%12CC[13C]", [], ["12", "2"]),
        ("C11", [], ["1", "1", "1"]),
        ("CC(C)(C)(C)(C)C", [], ["2", "2", "6"]),
        ("ClC[NH5]C", [], ["3", "4", "7"]),
        ("n1cccc1", [], ["1", "2", "3", "4", "5"]),
        ("c1cccc1", [], ["1", "2", "3", "4", "5"]),
        ("c1ccccc1c", [], ["7", "9"]),
        ("C[Xx]C", ["Xx"], ["3"]),
        ("CCX", ["X"], ["3"]),
        ("NaCl", ["Na"], ["1"]),
        ("CCSi", ["Si"], ["3"]),
        ("C[N+](=O)[O-", ["["], ["10"]),
        ("C]C", ["]"], ["2"]),
        ("C[]C", [], ["2"]),
        ("CC=", ["="], ["3"]),
        ("C==C", ["="], ["3"]),
        ("C'C", ["'"], ["2"]),
        ("C6H12O6", [], []),
        ("ethanol", [], []),
        ("InChI=1S/C2H6O/c1-2-", [], []),
    ],
)
def test_what_is_wrong_is_told_with_its_position(smiles: str, names: list[str], numbers: list[str]) -> None:
    """names: what stands in quotation marks; numbers: of rings, atoms, bonds and positions."""
    reason = rejection(smiles)
    assert (quoted(reason), numbers_in(reason)) == (names, numbers)


def rejection(smiles: str) -> str:
    with pytest.raises(Rejected) as raised:
        domain_named("molecule").clean(smiles)
    return raised.value.reason


def test_different_mistakes_have_different_words() -> None:
    """In pairs they have the same names and numbers."""
    pairs = [("CC(C", "C[N+"), ("C6H12O6", "ethanol"), ("ethanol", "InChI=1S/C2H6O/c1-2-"), ("c1cccc1", "n1cccc1")]
    assert all(common(rejection(one)) != common(rejection(other)) for one, other in pairs)


def test_the_same_mistakes_are_counted_together() -> None:
    assert common(rejection("CN(C)(C)C")) == common(rejection("CCN(C)(C)(C)C"))
    assert common(rejection("CC(C")) == common(rejection("C(C")) != common(rejection("CC)C"))
