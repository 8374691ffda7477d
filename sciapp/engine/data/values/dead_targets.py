"""Targets from which there is nothing to learn, in the words of the proposal and of the doctor."""

from collections.abc import Collection

from sciapp.errors import shortened


def nothing_in(name: str, values: Collection[str], *, gaps: bool = False, whole: bool = True) -> str:
    """“y” is 5 in every row; empty for a column with several values.

    values: the different ones. gaps: whether some rows have none. whole: whether all rows were looked at.
    """
    if len(values) > 1:
        return ""
    rows = "row" if whole else "row that was looked at"
    if not values:
        return f"“{shortened(name)}” has no value in any {rows}"
    where = f"every {rows} that has a value" if gaps else f"every {rows}"
    return f"“{shortened(name)}” is {next(iter(values))} in {where}"
