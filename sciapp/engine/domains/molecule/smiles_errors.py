"""Parse errors of SMILES in a chemist's words, with the position; positions count letters from 1."""

import re
from collections.abc import Iterator
from functools import cache

from sciapp.i18n import msg

_ATOM = re.compile(r"\[[^\]]*\]|Br|Cl|[BCNOPSFI*bcnops]")
_VALENCE = re.compile(r"Explicit valence for atom # (\d+) (\w+), (\d+), is greater than permitted")
_KEKULE = re.compile(r"Unkekulized atoms: ([\d ]+)")
_NO_RING = re.compile(r"non-ring atom (\d+) marked aromatic")
_TWICE = re.compile(r"duplicated ring closure (\d+) bonds atom (\d+) to itself")
_SAME_BOND = re.compile(r"ring closure (\d+) duplicates bond between atom (\d+) and atom (\d+)")
_WHERE = re.compile(r"around position (\d+)")
_FORMULA = re.compile(r"(?=.*\d)(?:[A-Z][a-z]?\d*)+")
_NAME = re.compile(r"[A-Za-z][a-z]{3,}|(?:\d+[,-]?)*-?[a-z]{4,}.*")
_BRACKET = re.compile(r"\[\d*([A-Za-z*][a-z]?)")
_ORGANIC = frozenset("B C N O P S F Cl Br I b c n o p s *".split())
_SHOWN = 8  # atoms
_BONDS = "-=#$:/\\."


def in_words(smiles: str, messages: str) -> str:
    """The problem in words; empty where RDKit says something that is not known here. messages: all its messages."""
    if match := _VALENCE.search(messages):
        symbol, bonds = match[2], match[3]
        return msg(
            "{atom} has {bonds} bonds, more than {symbol} can have (valence)",
            atom=_atom(smiles, int(match[1]), symbol),
            bonds=bonds,
            symbol=symbol,
        )
    if match := _KEKULE.search(messages):
        numbers = [str(int(number) + 1) for number in match[1].split()]
        atoms = ", ".join(numbers[:_SHOWN]) + ("…" if len(numbers) > _SHOWN else "")
        if "n" in smiles:
            return msg(
                "aromatic atoms ({atoms}) cannot get double bonds in turn: is a hydrogen missing, such as [nH] for n?",
                atoms=atoms,
            )
        return msg("aromatic atoms ({atoms}) cannot get double bonds in turn", atoms=atoms)
    if match := _NO_RING.search(messages):
        return msg(
            "{atom} is written as aromatic, in lower case, but stands in no ring", atom=_atom(smiles, int(match[1]))
        )
    if match := _TWICE.search(messages):
        return msg(
            "ring {match} closes at the atom where it opens, {atom}", match=match[1], atom=_atom(smiles, int(match[2]))
        )
    if match := _SAME_BOND.search(messages):
        return msg(
            "ring {match} closes between two atoms that have a bond already ({atom})",
            match=match[1],
            atom=_atom(smiles, int(match[2])),
        )
    if "unclosed ring" in messages:
        number, index = _open_ring(smiles)
        return (
            msg("unclosed ring: ring {number} (opened at position {index}) is never closed", number=number, index=index)
            if index
            else "unclosed ring"
        )
    position = int(match[1]) if (match := _WHERE.search(messages)) else 0
    if "extra open parentheses" in messages:
        return msg("the bracket “(” at position {position} is never closed", position=position)
    if "extra close parentheses" in messages:
        return msg("the bracket “)” at position {position} was never opened", position=position)
    return _syntax(smiles, position) if "syntax error" in messages and position else ""


def _syntax(smiles: str, position: int) -> str:
    if _FORMULA.fullmatch(smiles) and re.search(r"H\d|[A-Z][a-z]?\d+[A-Z]", smiles):
        return msg("it seems to be a formula: which atoms are bound to which is not said")
    if _NAME.fullmatch(smiles):
        return msg("it seems to be a name, not a SMILES")
    begin = smiles.rfind("[", 0, position)
    if begin > smiles.rfind("]", 0, max(position - 1, 0)):
        return _bracket(smiles, begin)
    sign = smiles[position - 1 : position]
    if sign == "]":
        return msg("the bracket “]” at position {position} was never opened", position=position)
    if position >= len(smiles) and sign in {*_BONDS, "("}:
        return msg(
            "it ends with “{sign}” at position {position}: what follows on it is missing", sign=sign, position=position
        )
    if sign.isalpha():
        symbol, offset = _element_at(smiles, position)
        if symbol:
            return msg(
                "“{symbol}” at position {offset} has to stand in square brackets: [{symbol}]",
                symbol=symbol,
                offset=offset,
            )
        return msg("“{sign}” at position {position} is no atom of a SMILES", sign=sign, position=position)
    if sign.isdigit():
        return msg(
            "“{sign}” at position {position} stands where no ring can open or close", sign=sign, position=position
        )
    return msg("“{sign}” at position {position} cannot stand there", sign=sign, position=position)


def _bracket(smiles: str, begin: int) -> str:
    end = smiles.find("]", begin)
    if end < 0 or "[" in smiles[begin + 1 : end]:
        return msg("the bracket “[” at position {begin} is never closed", begin=begin + 1)
    match = _BRACKET.match(smiles, begin)
    if match is None:
        return msg("the brackets at position {begin} hold no atom", begin=begin + 1)
    symbol = match[1]
    if symbol not in _elements() and symbol[:1] not in _elements():
        return msg("“{symbol}” at position {begin} is no element", symbol=symbol, begin=begin + 2)
    return msg(
        "what stands in the brackets at position {begin} is no atom with its charge and hydrogens", begin=begin + 1
    )


def _element_at(smiles: str, position: int) -> tuple[str, int]:
    """The element that begins or ends at a position and cannot stand without brackets, and where it begins."""
    for begin, length in ((position - 1, 2), (position - 2, 2), (position - 1, 1)):
        symbol = smiles[max(begin, 0) : begin + length]
        if len(symbol) == length and symbol in _elements() and symbol not in _ORGANIC:
            return symbol, begin + 1
    return "", 0


@cache
def _elements() -> frozenset[str]:
    from rdkit import Chem

    table = Chem.GetPeriodicTable()
    symbols = {table.GetElementSymbol(number) for number in range(1, 119)}
    return frozenset(symbols | {"b", "c", "n", "o", "p", "s", "se", "as", "te", "si", "*"})


def _atom(smiles: str, index: int, symbol: str = "") -> str:
    """“atom 2 (N, position 3)”. index: among the atoms, from 0."""
    atoms = list(_ATOM.finditer(smiles))
    if index >= len(atoms):
        if symbol:
            return msg("atom {place} ({symbol})", place=index + 1, symbol=symbol)
        return msg("atom {place}", place=index + 1)
    return msg(
        "atom {place} ({symbol}, position {start})",
        place=index + 1,
        symbol=symbol or atoms[index].group().strip("[]"),
        start=atoms[index].start() + 1,
    )


def _open_ring(smiles: str) -> tuple[str, int]:
    """(number, position) of the first ring that is never closed."""
    open_: dict[str, int] = {}
    for number, position in _ring_numbers(smiles):
        if open_.pop(number, None) is None:
            open_[number] = position
    return min(open_.items(), key=lambda item: item[1], default=("", 0))


def _ring_numbers(smiles: str) -> Iterator[tuple[str, int]]:
    for match in re.finditer(r"\[[^\]]*\]|%\((\d+)\)|%(\d\d)|(\d)", smiles):
        if number := match[1] or match[2] or match[3]:
            yield str(int(number)), match.start() + 1
