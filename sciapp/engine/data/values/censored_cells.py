"""Values of which only a bound was measured, as people write them: “>10”, “<0.5”, “≥ 3”, “10+”; or about: “~5”."""

import re

from sciapp.records.formatting import MINUS_SIGNS

LOWER, UPPER, ABOUT = ">", "<", "~"

_SIGNS = dict.fromkeys((">", ">=", "=>", "≥", "⩾", "≧", "＞", ">>", "≫", "&gt;"), LOWER)
_SIGNS |= dict.fromkeys(("<", "<=", "=<", "≤", "⩽", "≦", "＜", "<<", "≪", "&lt;"), UPPER)
_SIGNS |= dict.fromkeys(("~", "≈", "∼", "~=", "ca.", "ca", "approx."), ABOUT)
RELATION_SIGNS = {"=": "=", "==": "="} | {sign: kind for sign, kind in _SIGNS.items() if not sign[0].isalpha()}
"""Signs that may stand in a column of their own, beside the numbers that they belong to; “=” is no bound."""
_BEFORE = re.compile(
    "(" + "|".join(sorted(map(re.escape, _SIGNS), key=len, reverse=True)) + rf")\s*([-+{MINUS_SIGNS}.,]?\d.*)", re.I
)
_BEHIND = re.compile(rf"([-{MINUS_SIGNS}]?\d[\d.,]*)\s*\+")


def bound_and_number(cell: str) -> tuple[str, str]:
    """LOWER, UPPER or ABOUT, and the rest of the cell; two empty texts where it is nothing of the kind."""
    text = cell.strip()
    if match := _BEFORE.fullmatch(text):
        return _SIGNS[match[1].lower()], match[2]
    if match := _BEHIND.fullmatch(text):
        return LOWER, match[1]
    return "", ""
