"""The tests' own way to recognise messages in what is printed: by what makes them and by their values."""

import pytest

from sciapp import errors
from sciapp.i18n import Message, msg, plural
from tests.helpers.printed import says


def shop(n: int, price: float) -> list[Message]:
    return [
        plural("{n} apple at {price:.2f}", "{n:,} apples at {price:.2f}", n, price=price),
        msg("{n}"),
        msg("Closed on {day}."),
    ]


def test_a_message_is_found_by_its_values_however_it_is_printed() -> None:
    assert says("sciapp: 1,200 apples\n        at 0.50!", shop, n=1200, price=0.5)
    assert says("<td>21 apples at 3.00</td><td>1 apple at 3.00</td>", shop, n=1)
    assert not says("1,200 apples at 0.50", shop, n=1201) and not says("1,200 apples at 0.50", shop, n=200)
    assert not says("1,200 apples at 0.50", shop, day=...)
    assert says("Closed on Monday.", shop) and not says("5", shop)


def test_what_a_source_never_says_cannot_be_asked_for() -> None:
    with pytest.raises(AssertionError):
        says("anything", errors.UnknownColumn, colour="red")
