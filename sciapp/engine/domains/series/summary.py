"""A series in a few words, for tables in which its numbers would fill the page. No numpy: the window reads it."""

from sciapp.engine.domains.series.axis import unit_text
from sciapp.i18n import Message, joined, msg, plural
from sciapp.records.regular import json_of


def summary(value: str) -> Message | None:
    """The canonical text of a series as “100 points, 850 to 1048: 2.61 to 3.4”; None for any other text."""
    if not value.startswith('{"'):
        return None
    try:
        record = json_of(value)
        bands = record["v"] if isinstance(record["v"], dict) else {"": record["v"]}
        numbers = [number for values in bands.values() for number in values if number is not None]
        points, names = max(map(len, bands.values())), [*filter(None, bands)] or sorted(set(record.get("b", ())))
        span = joined([_axis(record.get("t"), points), unit_text(record.get("u", ""))])
        measured = msg(
            "{points}, {span}: {least:.3g} to {most:.3g}",
            points=plural("{n} point", "{n:,} points", points),
            span=span,
            least=min(numbers),
            most=max(numbers),
        )
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
        return None
    return joined([measured, msg("({bands})", bands=names) if names else ""])


def _axis(times: object, points: int) -> Message:
    """The first and the last time of an axis as it is written: a grid, a list, or nothing for 0, 1, 2 …"""
    if isinstance(times, dict):
        first, last = times["start"], times["start"] + times["step"] * (points - 1)
    elif isinstance(times, list):
        first, last = times[0], times[-1]
    else:
        first, last = 0, points - 1
    return msg("{first:g} to {last:g}", first=first, last=last)
