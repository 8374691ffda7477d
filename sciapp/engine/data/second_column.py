"""Which column of a table holds the other half of pairs: only where the headings of both say so."""

import re
from collections.abc import Iterable

_HALVES = (
    "1 2,a b,i ii,first second,premise hypothesis,question answer,query document,query passage,context response,"
    "solute solvent,drug target,ligand receptor,donor acceptor,heavy light,sentence1 sentence2,"
    "text1 text2,question1 question2,sequence1 sequence2,seq1 seq2,smiles1 smiles2,protein1 protein2"
)
_PAIRS = tuple(tuple(pair.split()) for pair in _HALVES.split(","))


def second_column(chosen: str, others: Iterable[str]) -> tuple[str, str] | None:
    """(first, second) where `chosen` and one of `others`, all fit to be inputs, are headed as the halves of a pair."""
    for name in others:
        for first, second in ((chosen, name), (name, chosen)):
            if _belong(first, second):
                return first, second
    return None


def _belong(first: str, second: str) -> bool:
    """Whether the headings are the same but for one word, by which the second follows the first."""
    one, other = _words(first), _words(second)
    if len(one) != len(other):
        return False
    different = [(a, b) for a, b in zip(one, other, strict=True) if a != b]
    return len(different) == 1 and different[0] in _PAIRS


def _words(header: str) -> list[str]:
    return re.findall(r"[a-z]+|[0-9]+", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", header).lower())
