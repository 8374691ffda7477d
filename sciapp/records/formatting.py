"""Numbers and shares in people's words: the same in the window, on the command line and in reports."""

from math import floor, isfinite, log10

from sciapp.i18n import msg, number

_MOST_FIGURES = 15  # more than these a number of 64 bits does not have
_MOST_DECIMALS = 6


def percent_text(share: float, decimals: int = 0, sign: str = "%") -> str:
    """“12%”: “100%” and “0%” are said only of all and of nothing; what is near gets more decimals (“99.8%”).

    sign: what stands behind the number.
    """
    for indices in range(decimals, _MOST_DECIMALS + 1):
        text = f"{100 * share:.{indices}f}"
        if float(text) not in {0.0, 100.0} or share in {0.0, 1.0}:
            return number(100 * share, f".{indices}f", sign)
    if share > 0.5:
        return msg("over {share}", share=number(100 - 10**-_MOST_DECIMALS, f".{_MOST_DECIMALS}f", sign))
    return msg("under {share}", share=number(10**-_MOST_DECIMALS, f".{_MOST_DECIMALS}f", sign))


def progress_text(done: float, total: float) -> str:
    """“99%”, rounded down: “100%” is said only when all is done. total: above 0."""
    return f"{floor(100 * done / total)}%"


def number_text(value: float, spread: float | None = None, figures: int = 4) -> str:
    """`figures` significant figures, and more where the values that stand together differ less than they are large.

    spread: how far these lie apart, as a standard deviation; 1,000,000 ± 1 is then told in tenths and hundredths.
    """
    if spread and isfinite(spread) and isfinite(value) and abs(value) > spread > 0:
        figures = min(_MOST_FIGURES, figures + floor(log10(abs(value)) - log10(spread)))
    return number(value, f".{figures}g")


def number_with_error(value: float, error: float | None = None) -> str:
    """“0.69 ± 0.10”: both rounded to the figures that the error allows; without an error, three figures.

    The error keeps two figures if its first three are between 100 and 354 or above 949, else one (Particle Data Group,
    Review of Particle Physics 2024, section 5.3 of the introduction).
    """
    if error is None or not isfinite(error) or not isfinite(value) or error < 0:
        return number(value, "−.3g")
    decimals = error_decimals(error, value)
    form = f"−.{max(decimals, 0)}f" if decimals <= _MOST_DECIMALS else "−.3g"
    return msg(
        "{value} ± {error}",
        value=number(round(value, decimals) or 0.0, form),  # never “−0.0”
        error=number(round(error, decimals), form),
    )


def error_decimals(error: float, value: float = 0.0) -> int:
    """The decimals that an error lets a number have; negative for tens and hundreds.

    value: says how many there are when the error is exactly 0.
    """
    if not error:
        return 2 if not value else max(0, 2 - floor(log10(abs(value))))
    exponent = floor(log10(error))
    leading = round(error / 10.0 ** (exponent - 2))
    if leading >= 950:
        return 1 - (exponent + 1)  # written as 10 of the next power
    return (1 if leading < 355 else 0) - exponent


def cell_text(value: float) -> str:
    """Six significant figures, and three decimals of a large number: 1000000.25 is not 1e+06."""
    whole = floor(log10(abs(value))) + 1 if value and isfinite(value) else 0
    figures = whole + 3
    return number(value, f".{figures if 6 < figures <= _MOST_FIGURES else 6}g")


def steady_text(value: float, decimals: int = 4) -> str:
    """So many decimals, for numbers that come one below the other; figures instead where these would say nothing."""
    return f"{value:.{decimals}f}" if not value or 10 ** (1 - decimals) <= abs(value) < 1e6 else f"{value:.{decimals}g}"


# Numbers as people type them: a point or a comma before decimals, and any of the signs that look like a minus.


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

    Of the cells of a column, whose way to write numbers is known, `sciapp.engine.data.values.cells` reads more.
    """
    return float(with_hyphen(text.strip()).replace(",", "."))


def is_typed_number(text: str) -> bool:
    try:
        typed_number(text)
    except ValueError:
        return False
    return True


def size_text(bytes: int) -> str:
    """“13.4 MB”."""
    if bytes < 1000:
        return msg("{size} bytes", size=bytes)
    if bytes < 1e6:
        return msg("{size:.1f} kB", size=bytes / 1e3)
    return msg("{size:.1f} MB", size=bytes / 1e6) if bytes < 1e9 else msg("{size:.1f} GB", size=bytes / 1e9)
