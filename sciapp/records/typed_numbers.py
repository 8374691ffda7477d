"""Numbers as people type them: a point or a comma before decimals, and any of the signs that look like a minus."""

MINUS_SIGNS = "−–—‒‐‑﹣－"
"""Signs that people and programs write for a minus, besides the hyphen; each is plain inside a regular expression."""
MINUS = MINUS_SIGNS[0]
"""The sign that numbers are shown with."""

_HYPHENS = str.maketrans(dict.fromkeys(MINUS_SIGNS, "-"))


def with_hyphen(text: str) -> str:
    """The text with a hyphen for every sign that stands for a minus: − (U+2212), dashes and their kin."""
    return text if text.isascii() else text.translate(_HYPHENS)


def with_minus(text: str) -> str:
    """The text of a number with a minus sign (U+2212) for every hyphen: for people, not to be read again."""
    return text.replace("-", MINUS)


def typed_number(text: str) -> float:
    """3.5 for “3.5”, “3,5” and “ 3.5 ”. Raises ValueError for what is no number.

    Of the cells of a column, whose way to write numbers is known, `sciapp.engine.data.labels` reads more.
    """
    return float(with_hyphen(text.strip()).replace(",", "."))


def is_typed_number(text: str) -> bool:
    try:
        typed_number(text)
    except ValueError:
        return False
    return True
