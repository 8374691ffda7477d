"""Tables that part their cells by one sign in some lines and by another in others, as files put together by hand do."""

from collections.abc import Sequence

from sciapp.engine.data.table_format import Finding
from sciapp.errors import BadInput
from sciapp.records.reading import DELIMITERS

_SIGNS = tuple(sign for sign in DELIMITERS.values() if sign.strip() or sign == "\t")
_WORDS = {sign: word for word, sign in DELIMITERS.items()}
_MOST = 0.5  # of the rows: where so few fit, the table cannot be read as it stands


def other_sign(line: str, width: int) -> str:
    """The word for the sign that cuts a line of one cell into `width` cells; empty for none."""
    return next((_WORDS[sign] for sign in _SIGNS if width > 1 and line.count(sign) == width - 1), "")


def a_sign(sign: str) -> str:
    """“a comma”; the sign itself in quotation marks where there is no word for it."""
    return _A.get(_WORDS.get(sign, ""), f"“{sign}”")


def told_where_mixed(name: str, rows: Sequence[Sequence[str]], delimiter: Finding) -> Finding:
    """The finding, which says so where other rows have another sign. rows: the first rows as they are cut.

    Raises BadInput where most rows have the other sign, and only the header or a few have this one.
    """
    width = len(rows[0])
    others = [(place, word) for place, row in enumerate(rows) if len(row) == 1 and (word := other_sign(row[0], width))]
    if not others:
        return delimiter
    word = others[0][1]
    if len(others) > _MOST * (len(rows) - 1):
        here = _WORDS[delimiter.value]
        raise BadInput(
            f"“{name}” parts the cells of its first row by {_A[here]} and those of most others by {_A[word]}.",
            hint="Make it one sign in the whole file, with a text editor, and import again.",
        )
    return delimiter._replace(
        why=f"{delimiter.why}; {len(others)} of the first {len(rows)} rows have {_A[word]} instead"
    )


_A = {"comma": "a comma", "tab": "a tab", "semicolon": "a semicolon", "pipe": "a pipe", "blank": "blanks"}
