"""Ways to write a composition beside a plain formula: typography, charges, isotopes, alloys and percentages."""

import re
import unicodedata
from fractions import Fraction

from sciapp.engine.domains.base import OtherNotation, Rejected
from sciapp.engine.domains.material import formula
from sciapp.engine.domains.material.elements import elements
from sciapp.engine.domains.material.formula import Amounts
from sciapp.errors import shortened
from sciapp.i18n import msg

_NUMBER = r"(?:\d+(?:\.\d+)?|\.\d+)"
_HIGH = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻", "0123456789+-")
_SUPERSCRIPT = re.compile("[⁰¹²³⁴-⁹⁺⁻]+")
_MARKUP = ((r"</?sub>|[\s_$​⁠﻿]", ""), (r"<sup>(.*?)</sup>", r"^\1"), (r"\\cdot|[•∙⋅‧*×]", "·"),
           (r"[−–—‐‑]", "-"), (r"(?<=\d),(?=\d)", "."), (r"(?<=[-+±])delta", "δ"))  # fmt: skip
_WATER = re.compile(r"(?<![A-Za-z·]0)\.((?:\d+(?:\.\d+)?)?(?:H2O|D2O))(?=$|[·.])")
_JOINING_POINT = re.compile(r"\.(?=[A-Z(\[{])")
_PHASE = re.compile(r"\((?:s|l|g|aq|cr|am)\)$")
_OXIDATION_STATE = re.compile(r"(?<=[A-Za-z])\((?:0|I{1,3}|IV|VI{0,3})\)(?!\d)")
_RAISED_CHARGE = re.compile(r"\^[({]?(?:\d*[-+]|[-+]\d*)[)}]?")
_CHARGE_IN_BRACKETS = re.compile(r"\((?:\d*[-+]|[-+]\d+)\)$")
_CHARGE_OF_BRACKET = re.compile(r"(?<=\])(?:\d*[-+]|[-+]\d+)$")
_LAST_SIGN = re.compile(r"(?<=[A-Za-z0-9)])[-+]$")
_UNCLEAR_CHARGE = re.compile(r"\d{2,}[-+]$")
_MASS_NUMBER = re.compile(r"\^[({]?\d+[)}]?(?=[A-Z])|(?<=\[)\d+(?=[A-Z][a-z]?\])")
_HEAVY_HYDROGEN = re.compile(r"[DT](?![a-z])")
_DEVIATION = re.compile(r"(?:[-+±]|±)(?:δ|d\b|ε)")
_PERCENT = re.compile(r"[\[(]?(?P<of>wt|mass|weight|at|atomic|mol|mole)?\.?-?%[\])]?")
_OF_MASS = frozenset({"wt", "mass", "weight"})
_HYPHENS = re.compile(
    rf"[A-Z][a-z]?{_NUMBER}?(?:-{_NUMBER}[A-Z][a-z]?)+|(?:{_NUMBER}[A-Z][a-z]?-)+{_NUMBER}?[A-Z][a-z]?"
)
_PAIRS = re.compile(rf"(?P<first>{_NUMBER})?([A-Z][a-z]?)({_NUMBER})?")
_LISTED = re.compile(rf"\s*{_NUMBER}\s*%?\s*[A-Z][a-z]?(?:[\s,;/]+{_NUMBER}\s*%?\s*[A-Z][a-z]?)+\s*")
_SUM_OF_FRACTIONS, _SUM_OF_PERCENT = (Fraction(97, 100), Fraction(103, 100)), (Fraction(99), Fraction(101))
_SMILES = re.compile(r"[=#@]|(?<![A-Z])cc|C\((?:Cl|Br|F|I)\)(?!\d)|^[A-Z(\d]*C\(C(?![aldeorusmnf])")


_MISSING = frozenset({"nan", "n/a", "null", "none"})  # which programs write; a compound of Na and N is Na1N1


def composition(cell: str) -> Amounts:
    """The amounts of elements in a cell, however it is written. Raises Rejected."""
    text = cell.strip()
    if not text:
        raise Rejected(msg("the cell is empty"))
    if text.casefold() in _MISSING:
        raise Rejected(msg("“{cell}” stands for a formula that is missing", cell=text))
    plain, percent = _without_percent(typeset(_numbers_behind(text)))
    if _SMILES.search(plain):
        raise OtherNotation(msg("it reads like a SMILES, not like a formula"))
    if alloy := _alloy(plain):
        return alloy if percent == "atoms" else formula.from_masses(alloy)
    amounts = formula.read(_neutral(plain))
    return formula.from_masses(amounts) if percent == "mass" else amounts


def typeset(text: str) -> str:
    """In plain letters: subscripts as digits, what is raised behind “^”, “·” between parts, no white space."""
    text = _SUPERSCRIPT.sub(lambda match: "^" + match.group().translate(_HIGH), text)
    text = unicodedata.normalize("NFKC", text)
    for pattern, replacement in _MARKUP:
        text = re.sub(pattern, replacement, text)
    text = re.sub(r"\{(\d[\d.]*)\}", r"\1", text)
    return _JOINING_POINT.sub("·", _WATER.sub(r"·\1", text))


def _neutral(text: str) -> str:
    """Without charge, oxidation states, mass numbers and the state of matter."""
    text = _OXIDATION_STATE.sub("", _MASS_NUMBER.sub("", _PHASE.sub("", text)))
    text = _CHARGE_IN_BRACKETS.sub("", _RAISED_CHARGE.sub("", text))
    text = _CHARGE_OF_BRACKET.sub("", text)
    if _UNCLEAR_CHARGE.search(text):
        raise Rejected(
            msg("it is not clear which digits of “{ion}” are its charge; write SO4^2-", ion=shortened(text, 20))
        )
    return _LAST_SIGN.sub("", text)


# Percentages


def _without_percent(text: str) -> tuple[str, str]:
    """The text without percent signs, and of what they are: mass, atoms, or nothing said (empty)."""
    kinds = {match["of"] for match in _PERCENT.finditer(text)}
    masses, atoms = kinds & _OF_MASS, kinds - _OF_MASS - {None}
    if masses and atoms:
        raise Rejected(msg("there are percentages of mass and of atoms"))
    return _PERCENT.sub("", text), "mass" if masses else "atoms" if atoms else ""


def _numbers_behind(text: str) -> str:
    """Numbers that stand before their elements, apart from each other (“90 Al 10 Cu”), put behind them."""
    percent = _PERCENT.search(text)
    listed = _PERCENT.sub(" ", text) if percent else text
    if not _LISTED.fullmatch(listed):
        return text
    pairs = re.findall(rf"({_NUMBER})\s*%?\s*([A-Z][a-z]?)", listed)
    return "".join(element + number for number, element in pairs) + (percent.group() if percent else "")


def _alloy(text: str) -> dict[str, Fraction] | None:
    """Percentages in “Ti-6Al-4V” or “70Cu-30Zn”, the element without one being the rest to 100; None for others."""
    if not _HYPHENS.fullmatch(text):
        return None
    shares: dict[str, Fraction | None] = {}
    for part in text.split("-"):
        match = _PAIRS.fullmatch(part)
        assert match is not None, "as the pattern has it"
        before, element, behind = match.groups()
        if element not in elements() or element in shares or (before and behind):
            return None
        shares[element] = Fraction(before or behind) if before or behind else None
    known = sum((share for share in shares.values() if share is not None), Fraction(0))
    rest = [element for element, share in shares.items() if share is None]
    if len(rest) > 1 or (rest and known >= 100):
        return None
    return {element: 100 - known if share is None else share for element, share in shares.items()}


# Repairs: what they look for, and what they write instead


def is_alloy(text: str) -> bool:
    return _alloy(_without_percent_or_itself(text)) is not None


def alloy_of_atoms(text: str) -> str:
    """The alloy with its percentages as fractions of atoms."""
    alloy = _alloy(_without_percent_or_itself(text))
    return text if alloy is None else formula.written(alloy)


def adds_up(text: str) -> bool:
    """True if the amounts of a formula add up to 1 or 100: they may be fractions of mass as well as of atoms."""
    plain = typeset(text)
    if "%" in plain or is_alloy(text):
        return False
    try:
        amounts = formula.read(_neutral(plain))
    except Rejected:
        return False
    total = sum(amounts.values(), Fraction(0))
    least, most = _SUM_OF_FRACTIONS
    if least <= total <= most:
        return len(amounts) > 1 and any(amount.denominator > 1 for amount in amounts.values())
    least, most = _SUM_OF_PERCENT
    return len(amounts) > 1 and least <= total <= most


def of_masses(text: str) -> str:
    """The formula whose amounts are fractions of mass, with fractions of atoms."""
    return formula.written(formula.from_masses(formula.read(_neutral(typeset(text)))))


def has_charge(text: str) -> bool:
    plain = typeset(text)
    if is_alloy(text):
        return False
    return any(pattern.search(plain) for pattern in (_RAISED_CHARGE, _CHARGE_IN_BRACKETS, _CHARGE_OF_BRACKET)) or bool(
        _LAST_SIGN.search(plain)
    )


def has_isotopes(text: str) -> bool:
    plain = typeset(text)
    return bool(_MASS_NUMBER.search(plain)) or bool(_HEAVY_HYDROGEN.search(plain) and _reads(text))


def has_deviation(text: str) -> bool:
    return bool(_DEVIATION.search(typeset(text)))


def without_deviation(text: str) -> str:
    return _DEVIATION.sub("", typeset(text))


def has_wrong_case(text: str) -> bool:
    """True if the formula can be read in one way alone once its letters are written as symbols, and not as it is."""
    return not _reads(text) and bool(formula.recased(typeset(text))) and _reads(formula.recased(typeset(text)))


def in_symbols(text: str) -> str:
    return formula.recased(typeset(text)) or text


def _reads(text: str) -> bool:
    try:
        composition(text)
    except Rejected:
        return False
    return True


def _without_percent_or_itself(text: str) -> str:
    try:
        return _without_percent(typeset(text))[0]
    except Rejected:
        return text
