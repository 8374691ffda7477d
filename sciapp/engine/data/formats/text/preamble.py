"""Lines around a table that are no rows of it: Excel's `sep=` line, titles, comments, and units beneath the names."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sciapp.engine.data.formats.header import HEADING_WORDS, header_of, is_number, names_clearly, surely_header
from sciapp.engine.data.values.cells import DASHES, MISSING, PLAIN_GAPS
from sciapp.records.formatting import MINUS_SIGNS

COMMENT_SIGNS = ("#", "%", "//")

_SEPARATOR = re.compile(r"sep=(\\t|.)", re.IGNORECASE)
_SURELY_COMMENT = re.compile(r"(#|%|//)(\s|#|!|%|/|$)")
_MOST_COMMENTS = 0.2  # of the lines below the first ones: where so many begin with the sign, it belongs to the rows
_MOST_ABOVE = 40  # rows above a header
_MOST_TITLES = 5  # that have as many cells as the table
_SURE = 0.9
_UNIT = re.compile(rf"[\w\s°µμΩÅ%‰/*·.^⁻¹²³+\-{MINUS_SIGNS}()\[\]]{{1,24}}")
_NO_UNIT_OF_WORDS = PLAIN_GAPS | DASHES | frozenset("text string str object category unitless 1".split())
_NO_UNITS = frozenset("bdl bql lod loq fail failed error unknown true false yes no".split())


@dataclass(frozen=True)
class Preamble:
    """Lines above the rows. lines: how many of them are passed over. separator: what a `sep=` line names.

    sign: of the comments, empty for none. commented_header: whether the last comment has the names of the columns; it
    is not among `lines`.
    """

    lines: int = 0
    separator: str = ""
    sign: str = ""
    comments: Sequence[str] = ()


def above(lines: Sequence[str], sign: str) -> Preamble:
    """The `sep=` line and the comments at the top. sign: “auto”, “none” or what comments begin with."""
    index = _next_filled(lines, 0)
    separator = _separator(lines[index]) if index < len(lines) else ""
    begin = index + 1 if separator else 0
    comment_sign = _top_sign(lines, begin) if sign == "auto" else "" if sign == "none" else sign
    if not comment_sign:
        return Preamble(begin, separator)
    index, comments = _next_filled(lines, begin), []
    while index < len(lines) and lines[index].lstrip().startswith(comment_sign):
        comments.append(lines[index])
        begin = index + 1
        index = _next_filled(lines, begin)
    if index >= len(lines) and sign == "auto":
        return Preamble(0, separator)  # nothing else is there
    return Preamble(begin, separator, comment_sign, tuple(comments))


def uncommented(line: str, sign: str) -> str:
    """The text of a comment line."""
    return line.lstrip().removeprefix(sign).lstrip(sign[0] if sign else "").lstrip()


def rows_above(rows: Sequence[Sequence[str]], width: int, decimal: str) -> int:
    """Number of titles above the header. rows: as they are cut; width: the usual one."""
    top = next((i for i, row in enumerate(rows[: _MOST_ABOVE + 1]) if _is_full(row, width)), 0)
    if _groups_names(rows[top:], width, decimal):
        return top + 1
    if not any(cell.strip().lower() in HEADING_WORDS for cell in rows[top]):
        # A title may have as many cells as the table.
        for index in range(top + 1, min(top + _MOST_TITLES + 1, len(rows) - 1)):
            body = rows[index + 1 :]
            if _is_full(rows[index], width) and surely_header(rows[index], body, decimal):
                return 0 if has_units([rows[top], *rows[index:]], decimal) else index
    if top == 0 or len(rows) <= top + 1:
        return 0
    if is_short_header(rows[top - 1 :], width) and not names_clearly(rows[top], rows[top + 1 :], decimal):
        top -= 1
        return top if top == 0 or _filled(rows[0]) == 1 else 0
    if names_clearly(rows[top], rows[top + 1 :], decimal):
        return top
    alone = all(_filled(row) <= 1 for row in rows[:top])
    return top if alone and width > 2 and header_of(rows[top:], decimal).value == "yes" else 0


def _groups_names(rows: Sequence[Sequence[str]], width: int, decimal: str) -> bool:
    """True if the first row has titles of groups of columns, and the second their names: gaps or repeats above, and
    nothing but different words below, which head numbers or are usual names. A first cell alone is often empty. Where
    units follow on the second row, they are those of its names.
    """
    if len(rows) < 4 or len(rows[0]) != width or len(rows[1]) != width:
        return False
    titles, names = ([cell.strip() for cell in row] for row in rows[:2])
    filled = [cell for cell in titles if cell]
    if all(titles[1:]) and len(set(filled)) == len(filled) and not has_units(rows[1:], decimal):
        return False
    if not all(names) or len({name.lower() for name in names}) < width:
        return False
    if any(is_number(cell, decimal) or cell.lower() in MISSING for cell in (*filled, *names)):
        return False
    return bool(names_clearly(names, rows[2:], decimal)) and not has_units(rows, decimal)


def is_short_header(rows: Sequence[Sequence[str]], width: int) -> bool:
    """True if the first row lacks the name of the rows' first cell, as R's write.table leaves it out."""
    first, body = rows[0], rows[1:]
    if len(first) != width - 1 or not body or not all(cell.strip() for cell in first):
        return False
    if width == 2 and len(first[0].split()) != 1:
        return False
    return sum(len(row) == width for row in body) >= _SURE * len(body)


def usual_width(rows: Sequence[Sequence[str]]) -> int:
    """The width of most rows; that of the first one where no width is."""
    widths = [len(row) for row in rows]
    most = max(set(widths), key=widths.count, default=0)
    return most if widths.count(most) > len(widths) / 2 else widths[0] if widths else 0


def has_units(rows: Sequence[Sequence[str]], decimal: str) -> bool:
    """True if the row beneath the header has units: nothing but words above columns of numbers, and no words of its
    own in the other columns. rows: the header on top."""
    if len(rows) < 4 or len(rows[1]) > len(rows[0]):
        return False
    beneath, body = [cell.strip() for cell in rows[1]], rows[2:]
    units = 0
    for index, cell in enumerate(beneath):
        below = [row[index] for row in body if index < len(row) and row[index].strip().lower() not in MISSING]
        numbers = sum(is_number(number, decimal) for number in below)
        if below and numbers >= 0.8 * len(below):
            if is_number(cell, decimal) and cell != "1":
                return False
            gap = cell.lower() in _NO_UNIT_OF_WORDS or cell.lower() in MISSING
            if not gap and (
                cell.lower() in _NO_UNITS or not _UNIT.fullmatch(cell) or not re.search(r"[^\W\d_]|[%°]", cell)
            ):
                return False
            units += not gap
        elif cell == rows[0][index].strip():  # a name over two rows
            continue
        elif cell.lower() not in _NO_UNIT_OF_WORDS and not re.fullmatch(r"[(\[].{0,24}[)\]]", cell):
            return False
    return units > 0


def _top_sign(lines: Sequence[str], begin: int) -> str:
    """The sign of comments at the top; empty where rows begin with it too, or where it may begin a text."""
    filled = [line.strip() for line in lines[begin:] if line.strip()]
    sign = next((sign for sign in COMMENT_SIGNS if filled and filled[0].startswith(sign)), "")
    if not sign:
        return ""
    top = next((i for i, line in enumerate(filled) if not line.startswith(sign)), len(filled))
    rest = filled[top:]
    if not rest or sum(line.startswith(sign) for line in rest) > _MOST_COMMENTS * len(rest):
        return ""
    return sign


def surely_comments(comments: Sequence[str]) -> bool:
    """True if none of them may be a text that begins with a hash: “#sunday was nice”."""
    return all(_SURELY_COMMENT.match(line.lstrip()) for line in comments)


def _separator(line: str) -> str:
    text = line.rstrip("\r\n")
    match = _SEPARATOR.match(text.strip(' "')) or _SEPARATOR.match(text.lstrip(' "'))
    if match is None:
        return ""
    rest = text.lstrip(' "')[match.end() :]
    sign = "\t" if match[1] == "\\t" else match[1]
    # Some programs end the line with the signs of as many cells as there are columns.
    return sign if not rest.strip(sign + ' "') and not sign.isalnum() and sign not in "\"'" else ""


def _next_filled(lines: Sequence[str], begin: int) -> int:
    return next((index for index in range(begin, len(lines)) if lines[index].strip()), len(lines))


def _filled(row: Sequence[str]) -> int:
    return sum(bool(cell.strip()) for cell in row)


def _is_full(row: Sequence[str], width: int) -> bool:
    return len(row) == width and _filled(row) >= min(2, width) and _filled(row) >= width / 2
