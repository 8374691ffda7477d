"""The number format of a column: decided once and saved, so that it is read alike ever after."""

from typing import Literal

from sciapp.records.plan.plan import Frozen

DecimalSign = Literal[".", ",", ".,"]


class NumberFormat(Frozen):
    """decimal: the sign before decimals; “.,” where both are. The other sign may stand between thousands.

    codes: numbers that stand for “not measured”. unit: what the numbers are in, where cells name units. convert:
    whether numbers in another unit of the same kind are converted into it. bare: whether one without a unit counts.
    notations: what is read although a cell holds more than a number, such as the value of “7.9 ± 0.6”.
    """

    decimal: DecimalSign = "."
    codes: tuple[float, ...] = ()
    unit: str = ""
    convert: bool = True
    bare: bool = True
    notations: tuple[Literal["value_errors", "ranges", "parentheses", "limit_words"], ...] = ()


PLAIN_NUMBERS = NumberFormat()
"""Points before decimals, and nothing else to know."""
