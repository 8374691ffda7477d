"""Cells that say more, or less, than one number: “7.9 ± 0.6”, “199–201”, “(9.08)”, “BLQ”; each kind by its own name."""

import re
from collections.abc import Mapping
from typing import Literal, NamedTuple

from sciapp.i18n import msg

Notation = Literal["value_errors", "ranges", "parentheses", "limit_words"]
"""The notation of a cell: also the kind of the finding about it."""

ERRORS: Notation = "value_errors"
RANGES: Notation = "ranges"
PARENTHESES: Notation = "parentheses"
LIMITS: Notation = "limit_words"

DESCRIBED: Mapping[str, str] = {
    ERRORS: msg("a value with its error, set aside as said"),
    RANGES: msg("a range and not one number"),
    PARENTHESES: msg("a number in parentheses, which may be a negative one"),
    LIMITS: msg("beyond a limit of the method that the table does not say"),
}

_NUMBER = r"[-+−–]?(?:\d[\d.,'’\u00a0\u202f]*|\.\d+)(?:[eE][-+]?\d+)?"
_UNIT = r"(?P<unit>\s*[^\d\s.,;:()\[\]±+–—−-][^\d()\[\]±]*)?"
_OWN = r"(?P<own>\s*(?!e[-+\d]|to\b|bis\b|\s)[^\d\s.,()±+–—‐‒−-]{1,8})?"
_ERROR = re.compile(
    rf"\(?\s*(?P<value>{_NUMBER}){_OWN}\s*"
    rf"(?:\(\s*)?(?:±|\+\s*/?\s*[-−–]|&plusmn;)\s*{_NUMBER}\s*%?\s*\)?{_UNIT}\s*(?:\(.*\))?"
    rf"|(?P<before>{_NUMBER})\s*(?:\(\s*(?:(?:n|sd|sem|se|cv)\s*[=:]?\s*)?{_NUMBER}\s*%?\s*\)|\[[^\[\]]*\d[^\[\]]*\])",
    re.I,
)
_RANGE = re.compile(
    rf"(?P<low>{_NUMBER}){_OWN}\s*(?:-|–|—|‐|‒|−|\.\.\.?|…|\bto\b|\bbis\b|~)\s*(?P<high>{_NUMBER}){_UNIT}", re.I
)
_LONGEST = 60  # letters of such a cell
_PARENTHESES = re.compile(r"[$€£]?\(\s*[$€£]?\s*(?P<value>\.?\d[\d.,'’\u00a0\u202f ]*)\)\s*%?")
_LIMIT_NAMES = (
    r"(?:the\s+)?(?:(?:lower|upper)\s+)?(?:[lu]?l?lo[dq]|[lu]loq|m?dl|rl|lq|ql|"
    r"(?:limits?\s+of\s+(?:detection|quanti(?:fic|t)ation)|(?:detection|quanti(?:fic|t)ation|reporting)\s+limit|limit))"
)
_LIMIT = re.compile(
    rf"(?:<|>|≤|≥|&lt;|&gt;|below|under|above|over|beyond)\s*{_LIMIT_NAMES}|"
    r"bl[oq]q|blq|bq[ln]|bdl|bld|blod|blloq|bmdl|brl|l?loq|lod|u?loq|aloq|alq|aql|auloq|adl|"
    r"(?:not|un)[\s-]?detect(?:ed|able)|nondetect(?:s|ed|able)?|non-detect(?:s|ed|able)?|traces?|"
    r"ovrflw|overflow|over(?:\s?range)?|under(?:\s?range)?|saturated|out of range|tntc|tftc",
    re.I,
)
_MAYBE = re.compile(r"[±(\[–—‐‒−+…~]|\d\s*-|\.\.|[a-z<>≤≥&]", re.I)


class Written(NamedTuple):
    """One such cell. parts: the numbers in it that count, each with the unit behind it; none for a limit."""

    notation: Notation
    parts: tuple[str, ...] = ()


def written(cell: str) -> Written | None:
    """The notation of a cell, None for a plain number, another word or a bound such as “>10”."""
    text = cell.strip()
    if len(text) > _LONGEST or not _MAYBE.search(text):
        return None
    if match := _RANGE.fullmatch(text):
        unit = match["unit"] or ""
        return Written(RANGES, (match["low"] + (match["own"] or unit), match["high"] + unit))
    if match := _ERROR.fullmatch(text):
        value = match["value"] or match["before"]
        return Written(ERRORS, (value + (match["unit"] or match["own"] or ""),))
    if match := _PARENTHESES.fullmatch(text):
        return Written(PARENTHESES, (match["value"].strip(),))
    return Written(LIMITS) if _LIMIT.fullmatch(text) else None


def number_part(cell: str) -> str:
    """The first number of such a cell, with its unit; any other cell as it is."""
    notation = written(cell) if cell and not cell.isdecimal() else None
    return notation.parts[0] if notation is not None and notation.parts else cell
