"""Chemical formulas as amounts of elements, and the one canonical text of a composition.

Canonical text: elements by rising Pauling electronegativity (then by symbol), as in NaCl, Fe2O3 and SrTiO3; whole
amounts divided by what they have in common; decimals as they were written.
"""

import math
import re
from collections.abc import Iterable, Mapping
from decimal import Decimal, localcontext
from fractions import Fraction

from sciapp.engine.domains.base import OtherNotation, Rejected
from sciapp.engine.domains.material.elements import elements
from sciapp.errors import shortened
from sciapp.i18n import msg

Amounts = dict[str, Fraction]
"""Atoms of each element, in any scale; all above zero."""

_LONGEST = 1000  # characters
_LARGEST = 10**9  # of an amount
_DIGITS, _SAME_DIGITS = 6, 4  # significant ones of an amount that ends nowhere, and of fractions that are the same
_EXACT = 10**9

_NUMBER = r"\d+(?:\.\d+)?"
_TOKEN = re.compile(rf"(?P<element>[A-Z][a-z]?)|(?P<open>[(\[{{])|(?P<close>[)\]}}])|(?P<number>{_NUMBER})")
_ELEMENT = re.compile(r"([A-Z][a-z]?)([\d.]*)")
_COEFFICIENT = re.compile(rf"(\d+)/(\d+)|({_NUMBER})")
_LIKE_A_HYDRATE = re.compile(r"\.\d+H2O$")
_CLOSES = {"(": ")", "[": "]", "{": "}"}
_OPEN_AMOUNT = re.compile(r"[-+±]?[xyzuvwnmδε]|[-+±]d\b|(?<=\d)[-+±]")
_NO_SYMBOL = re.compile(r"(?<![A-Z])[a-z]")  # a small letter that belongs to no capital: an amount, or a word
_PLACEHOLDERS = frozenset("A E G J L M Q R X Z Ln RE TM Me Et Ph Bu".split())
_ISOTOPES = {"D": "H", "T": "H"}
_SUPERHEAVY = frozenset("Rf Db Sg Bh Hs Mt Ds Rg Cn Nh Fl Mc Lv Ts Og".split())


def read(text: str) -> Amounts:
    """The amounts in a formula in plain letters, “·” between its parts. Raises Rejected, naming what is wrong."""
    if len(text) > _LONGEST:
        raise Rejected(msg("it is longer than any formula ({characters:,} characters)", characters=len(text)))
    total: Amounts = {}
    for part in text.split("·"):
        match = _COEFFICIENT.match(part)
        factor = _coefficient(match) if match else Fraction(1)
        for element, amount in _part(part[match.end() :] if match else part).items():
            total[element] = total.get(element, Fraction(0)) + factor * amount
    total = {element: amount for element, amount in total.items() if amount}
    if not total:
        raise Rejected(msg("all its amounts are zero"))
    if max(total.values()) > _LARGEST:
        raise Rejected(msg("an amount is larger than any in a formula"))
    return total


def written(amounts: Amounts) -> str:
    """The canonical text; reading it again gives the same amounts, whole ones divided by their common divisor."""
    rounded = {element: _rounded(amount) for element, amount in amounts.items()}
    rounded = {element: amount for element, amount in rounded.items() if amount}
    if all(amount.denominator == 1 for amount in rounded.values()):
        common = math.gcd(*(amount.numerator for amount in rounded.values()))
        rounded = {element: amount / common for element, amount in rounded.items()}
    return put_together((element, _text(rounded[element])) for element in sorted(rounded, key=_order))


def put_together(texts: Iterable[tuple[str, str]]) -> str:
    """A formula of elements and their amounts; “…0.5H2O” would be read as a hydrate, so its one oxygen is counted."""
    text = "".join(element + amount for element, amount in texts)
    return f"{text}1" if _LIKE_A_HYDRATE.search(text) else text


def fractions(value: str) -> dict[str, float]:
    """Of a canonical text the share of each element among the atoms; they add up to 1."""
    amounts = {element: float(amount or 1) for element, amount in _ELEMENT.findall(value)}
    total = math.fsum(amounts.values())
    return {element: amount / total for element, amount in amounts.items()}


def amount_texts(value: str) -> list[tuple[str, str]]:
    """The elements of a canonical text with their amounts as written, empty for one."""
    return _ELEMENT.findall(value)


def same_text(value: str) -> str:
    """A text that canonical values of the same composition share, in whatever scale: La0.7Sr0.3MnO3 and La7Sr3Mn10O30.

    Fractions agree to four significant digits, so that 0.3333 is a third.
    """
    return " ".join(f"{element}{fraction:.{_SAME_DIGITS}g}" for element, fraction in fractions(value).items())


def from_masses(masses: Mapping[str, Fraction]) -> Amounts:
    """Fractions of atoms from fractions of mass, in any scale."""
    atoms = {element: mass / Fraction(str(elements()[element].mass)) for element, mass in masses.items()}
    total = sum(atoms.values(), Fraction(0))
    return {element: amount / total for element, amount in atoms.items()}


def system(value: str) -> str:
    """The chemical system of a canonical text: its elements in alphabetical order, “Fe-O”."""
    return "-".join(sorted(fractions(value)))


# Reading


def _coefficient(match: re.Match[str]) -> Fraction:
    above, below, number = match.groups()
    if number:
        return Fraction(number)
    if not int(below):
        raise Rejected(msg("a coefficient is divided by zero"))
    return Fraction(int(above), int(below))


def _part(text: str) -> Amounts:
    """Amounts of a formula without “·” and coefficient: elements and brackets, each with a number behind it or none."""
    stack: list[tuple[str, Amounts]] = [("", {})]
    last: Amounts = {}  # what a number may stand behind
    position, previous = 0, ""
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            raise Rejected(_foreign(text, position))
        token, kind = match.group(), match.lastgroup
        if kind == "element":
            symbol = _symbol(text, position, token)
            if symbol == previous == "C":
                raise OtherNotation(msg("two carbons stand side by side, as in a SMILES; a formula counts them (C2)"))
            token, last, previous = symbol, {_ISOTOPES.get(symbol, symbol): Fraction(1)}, symbol
            _add(stack[-1][1], last)
        elif kind == "open":
            stack.append((token, {}))
            last, previous = {}, ""
        elif kind == "close":
            last, previous = _closed(stack, token), ""
        else:
            _check_point(text, previous, match)
            _multiply(stack[-1][1], last, token)
            last, previous = {}, ""
        position += len(token)
    if len(stack) > 1:
        raise Rejected(msg("“{bracket}” is not closed", bracket=stack[-1][0]))
    if not stack[0][1]:
        raise Rejected(msg("there is no element in it"))
    return stack[0][1]


def _add(amounts: Amounts, more: Amounts) -> None:
    for element, amount in more.items():
        amounts[element] = amounts.get(element, Fraction(0)) + amount


def _closed(stack: list[tuple[str, Amounts]], bracket: str) -> Amounts:
    """Take the innermost bracket from the stack into what is around it; returns what stood in it."""
    opened, inside = stack.pop()
    if not opened or _CLOSES[opened] != bracket:
        raise Rejected(msg("“{bracket}” closes nothing that was opened", bracket=bracket))
    if not inside:
        raise Rejected(msg("there is nothing between “{opened}” and “{bracket}”", opened=opened, bracket=bracket))
    _add(stack[-1][1], inside)
    return dict(inside)


def _multiply(amounts: Amounts, last: Amounts, number: str) -> None:
    if not last:
        raise Rejected(msg("the number {number} stands behind no element and no bracket", number=shortened(number)))
    factor = Fraction(number) - 1
    for element, amount in last.items():
        amounts[element] += factor * amount


def _symbol(text: str, position: int, token: str) -> str:
    """The element at `position`, as long as there is one of two letters. Raises Rejected, naming what is none."""
    if token in elements():
        return token
    first, behind = token[0], token[1:]
    if behind and _OPEN_AMOUNT.match(behind) and (first in elements() or first in _ISOTOPES):
        return first  # and the amount behind it is told of next
    if token in _ISOTOPES:
        return token
    if token in _SUPERHEAVY:
        raise Rejected(msg("hardly anything is known of {element}, which is heavier than lawrencium", element=token))
    hint = recased(text)
    if token in _PLACEHOLDERS and not hint:
        raise Rejected(msg("“{symbol}” stands for several elements or a group; write its elements", symbol=token))
    if hint:
        raise Rejected(
            msg("there is no element “{symbol}”; did you mean {formula}?", symbol=token, formula=shortened(hint))
        )
    raise Rejected(msg("there is no element “{symbol}”", symbol=token))


def _foreign(text: str, position: int) -> str:
    """Reason for a sign that is no part of a formula."""
    rest = text[position:]
    if position and _OPEN_AMOUNT.match(text, position):
        return msg("there is an open amount (“{rest}”); write a number", rest=shortened(rest, 12))
    if rest[0] == ",":
        return msg("the shares of the elements between commas are not given")
    if position and rest[0] == "." and rest[1:2].isdigit():
        return msg(
            "the point in “{rest}” may be a decimal point or join two formulas; write 0.5, or “·”",
            rest=shortened(rest, 12),
        )
    if rest[0].islower() and rest[0].isascii():
        hint = recased(text)
        if hint:
            return msg("symbols of elements begin with a capital; did you mean {formula}?", formula=shortened(hint))
        return msg("symbols of elements begin with a capital")
    return msg("“{sign}” cannot stand in a formula", sign=rest[0])


def _check_point(text: str, element: str, number: re.Match[str]) -> None:
    """Raise Rejected for “Al2O3.2SiO2”: a decimal would count oxygen in two places, so it is hardly one."""
    token = number.group()
    if element and "." in token and not token.startswith("0") and _names(text[number.end() :], element):
        raise Rejected(
            msg("the point in “{part}” may be a decimal point or join two formulas; write “·”", part=element + token)
        )


def _names(text: str, element: str) -> bool:
    return any(symbol == element for symbol, _ in _ELEMENT.findall(text))


def recased(text: str) -> str:
    """The text with its letters as symbols of elements, where that can be done in one way alone; else empty.

    For formulas in capitals or small letters: NACL, FeCL3, fe2o3; not COCL2, which may be CoCl2 or COCl2.
    """
    if any(map(str.isupper, text)) and _NO_SYMBOL.search(text):
        return ""
    runs = re.split(r"([A-Za-z]+)", text)
    for index in range(1, len(runs), 2):
        ways = _ways(runs[index].lower()) if len(runs[index]) <= _LONGEST // 10 else []
        if len(ways) != 1:
            return ""
        runs[index] = ways[0]
    mended = "".join(runs)
    return mended if mended != text else ""


def _ways(letters: str) -> list[str]:
    """Up to two ways to read letters of one case as symbols."""
    ways: list[list[str]] = [[""]]  # of the first so many letters
    for end in range(1, len(letters) + 1):
        ways.append([])
        for length in (1, 2):
            symbol = letters[end - length : end].capitalize()
            if length <= end and symbol in elements():
                ways[end] += [way + symbol for way in ways[end - length]]
        ways[end] = ways[end][:2]
    return ways[-1]


# Writing


def _order(element: str) -> tuple[float, str]:
    electronegativity = elements()[element].electronegativity
    return (math.inf if math.isnan(electronegativity) else electronegativity, element)


def _rounded(amount: Fraction) -> Fraction:
    """As many decimals as were written, six significant digits of what ends nowhere."""
    if _EXACT % amount.denominator == 0:
        return amount
    with localcontext(prec=_DIGITS):
        return Fraction(Decimal(amount.numerator) / Decimal(amount.denominator))


def _text(amount: Fraction) -> str:
    if amount == 1:
        return ""
    with localcontext(prec=30):
        return format((Decimal(amount.numerator) / Decimal(amount.denominator)).normalize(), "f")
