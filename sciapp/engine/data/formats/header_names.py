"""Names of a table's columns, and rows that do not fit them."""

from sciapp.engine.data.formats.text.dialect import a_sign, other_sign
from sciapp.i18n import msg, plural


def named_columns(header: list[str]) -> list[str]:
    """Header names, stripped; an empty one becomes “column 3”, a repeated one “name (2)”."""
    names: dict[str, None] = {}  # in the file's order; there may be thousands
    plain_names = {name.strip() for name in header}
    for position, cell in enumerate(header, start=1):
        plain = cell.strip() or f"column {position}"
        name, count = plain, 1
        while name in names or (name != cell.strip() and name in plain_names):
            count += 1
            name = f"{plain} ({count})"
        names[name] = None
    return list(names)


def misfit(cells: list[str], columns: list[str], delimiter: str = "") -> str:
    """Problem of a row that is wider or narrower than the header; empty when it fits.

    delimiter: of a text table, in which one that belongs to a text cuts the cell where nothing quotes it.
    """
    if len(cells) == len(columns):
        return ""
    have, wanted = plural("{n} cell", "{n} cells", len(cells)), len(columns)
    other = other_sign(cells[0], len(columns)) if len(cells) == 1 else ""
    if len(cells) > len(columns) and delimiter.strip(" "):
        return msg(
            "the row has {have}, the header has {wanted}; probably {sign} without quotation marks",
            have=have,
            wanted=wanted,
            sign=a_sign(delimiter),
        )
    if other:
        return msg(
            "the row has {have}, the header has {wanted}; its cells seem to be parted by another sign ({sign})",
            have=have,
            wanted=wanted,
            sign=other,
        )
    return msg("the row has {have}, the header has {wanted}", have=have, wanted=wanted)


def fitted(cells: list[str], width: int) -> list[str]:
    """The cells, cut or filled up to `width`."""
    return cells if len(cells) == width else (cells + [""] * width)[:width]
