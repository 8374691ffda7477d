"""Targets from which there is nothing to learn, in the words of the proposal and of the quality checks."""

from collections.abc import Collection

from sciapp.errors import shortened
from sciapp.i18n import msg


def nothing_in(name: str, values: Collection[str], *, gaps: bool = False, whole: bool = True) -> str:
    """“y” is 5 in every row; empty for a column with several values.

    values: the different ones. gaps: whether some rows have none. whole: whether all rows were looked at.
    """
    if len(values) > 1:
        return ""
    name = shortened(name)
    if not values and whole:
        return msg("“{name}” has no value in any row", name=name)
    if not values:
        return msg("“{name}” has no value in any row that was looked at", name=name)
    value = next(iter(values))
    match gaps, whole:
        case False, True:
            return msg("“{name}” is {value} in every row", name=name, value=value)
        case False, False:
            return msg("“{name}” is {value} in every row that was looked at", name=name, value=value)
        case True, True:
            return msg("“{name}” is {value} in every row that has a value", name=name, value=value)
        case _:
            return msg("“{name}” is {value} in every row that was looked at that has a value", name=name, value=value)
