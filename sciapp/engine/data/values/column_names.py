"""Names for columns that join others: none is there twice."""

from collections.abc import Iterable, Sequence

from sciapp.engine.data.values.spellings import plain_spelling


def distinct_names(taken: Iterable[str], names: Sequence[str]) -> list[str]:
    """The names, those that are taken with the first free number: “problem (2)”. Case and blanks make no difference."""
    known = {plain_spelling(name) for name in taken}
    free = []
    for name in names:
        chosen, number = name, 1
        while plain_spelling(chosen) in known:
            number += 1
            chosen = f"{name} ({number})"
        known.add(plain_spelling(chosen))
        free.append(chosen)
    return free
