"""Names of a table's columns, and rows that do not fit them."""

from sciapp.engine.data.formats.text.dialect import a_sign, other_sign


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
    have = "1 cell" if len(cells) == 1 else f"{len(cells)} cells"
    other = other_sign(cells[0], len(columns)) if len(cells) == 1 else ""
    if len(cells) > len(columns) and delimiter.strip(" "):
        inside = f"; probably {a_sign(delimiter)} without quotation marks"
        return f"the row has {have}, the header has {len(columns)}{inside}"
    instead = f"; its cells seem to be parted by another sign ({other})" if other else ""
    return f"the row has {have}, the header has {len(columns)}{instead}"


def fitted(cells: list[str], width: int) -> list[str]:
    """The cells, cut or filled up to `width`."""
    return cells if len(cells) == width else (cells + [""] * width)[:width]
