"""Cells that say yes or no, in the words that tables use for it."""

from sciapp.engine.data.labels import is_dash, number

# Words of one measurement alone (toxic, soluble) are no synonyms: “active, inactive, toxic” are three classes.
_NO = frozenset(
    "0 no false inactive negative n f neg off fail failed absent nein falsch non faux not-active non-active nonactive "
    "non-hit nonhit undetected".split()
) | {"not active", "non hit", "no hit", "not detected"}
_YES = frozenset("1 yes true active positive y t + pos on pass passed present ja wahr oui vrai hit detected sí".split())
_UNDECIDED = frozenset("inconclusive unspecified equivocal ambiguous indeterminate undetermined unknown".split())


def yes_or_no(cell: str, decimal: str = ".", *, marks: bool = False) -> bool | None:
    """True for 1, yes, true, active, positive, hit, +; False for their opposites; None for a gap.

    marks: whether the column's other cells are “+”, so that a dash means no; beside 0 and 1 or words it is a gap.
    Raises ValueError for anything else.
    """
    word = cell.strip().lower()
    if word in _YES:
        return True
    if word in _NO or (marks and is_dash(word)):
        return False
    value = number(word, decimal)
    if value is None:
        return None
    if value not in (0.0, 1.0):
        raise ValueError(cell)
    return value == 1.0


def is_binary(words: frozenset[str]) -> bool:
    """True if a column with these different filled cells holds nothing but yes and no, and what was not decided."""
    decided = frozenset(word for word in words if not is_undecided(word))
    try:
        return bool(decided) and all(yes_or_no(word, marks=True) is not None for word in decided)
    except ValueError:
        return False


def is_undecided(word: str) -> bool:
    """True if a cell says that a test had no clear outcome: neither yes nor no, and told where either is learnt."""
    return word.strip().lower() in _UNDECIDED
