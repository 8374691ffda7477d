"""Names for columns that join others: none is there twice."""

from collections.abc import Iterable, Sequence


def distinct_names(taken: Iterable[str], names: Sequence[str]) -> list[str]:
    """The names, those that are taken with the first free number: “problem (2)”. Case and blanks make no difference."""
    known = {_plain(name) for name in taken}
    free = []
    for name in names:
        chosen, number = name, 1
        while _plain(chosen) in known:
            number += 1
            chosen = f"{name} ({number})"
        known.add(_plain(chosen))
        free.append(chosen)
    return free


def _plain(name: str) -> str:
    return " ".join(name.split()).casefold()
