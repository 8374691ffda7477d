"""Excel and OpenDocument workbooks (.xlsx, .xls, .xlsb, .ods), read by calamine; one sheet is in memory at a time."""

from dataclasses import dataclass, replace
from pathlib import Path

from sciapp.engine.data.formats.archives import ZIP
from sciapp.engine.data.formats.base import HEADER_AGAIN, Numbered, Record, Records, cell_of
from sciapp.engine.data.formats.detection import FileHead
from sciapp.engine.data.formats.header import header_of, names_clearly
from sciapp.engine.data.formats.table_format import FormatEvidence, TableFormat
from sciapp.engine.data.formats.tables.arrow import binary_format
from sciapp.engine.data.formats.tables.sheet_xml import NO_RESULT, odd_cells
from sciapp.engine.data.formats.text.preamble import has_units, rows_above
from sciapp.errors import BadInput, listed, nearest
from sciapp.i18n import msg, plural
from sciapp.records.read_options import AUTO, Reading

_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
_SAMPLE_ROWS = 200


@dataclass(frozen=True)
class _Sheet:
    """rows: (row number, cells) of those with anything in them. merged: how many cells have the value of a merged one;
    odd: the texts of errors and of formulas without results.
    """

    rows: list[Numbered]
    merged: int
    odd: list[str]


class Workbook:
    """Line numbers are the sheet's row numbers. Empty rows and columns around the table are left out."""

    name = "workbook"
    title = msg("workbook")

    def fits(self, look: FileHead) -> str:
        if look.packing:
            return ""
        if look.head.startswith(_OLD_EXCEL):
            return msg("it is an old Excel workbook")
        return msg("it is an Excel or OpenDocument workbook") if look.head.startswith(ZIP) else ""

    def settled(self, look: FileHead, reading: Reading) -> TableFormat:
        book, sheets = _opened(look.path)
        if not sheets:
            raise BadInput(
                msg("“{path}” has no sheet.", path=look.path.name),
                hint=msg("Choose another file."),
                context=str(look.path),
            )
        why: str = msg("as said")
        if reading.sheet != AUTO:
            sheet = _named(reading.sheet, sheets)
        else:
            sheet, why = _likely_sheet(book, sheets, look.path)
        looked = _sheet(book, sheet, look.path, _SAMPLE_ROWS)
        rows = looked.rows
        if not rows:
            raise BadInput(
                msg("The sheet “{sheet}” of “{path}” is empty.", sheet=sheet, path=look.path.name),
                hint=_there_are(sheets),
            )
        titles = 0 if reading.header == "no" else _titles(rows)
        left, right = _columns(rows[titles:])
        cells = [row[left:right] for _, row in rows[titles:]]
        header = (
            header_of(cells, ".")
            if reading.header == AUTO
            else FormatEvidence(msg("header"), reading.header, msg("as said"))
        )
        named = header.value == "yes"
        names = cells[0] if named else [f"column {index}" for index in range(1, len(cells[0]) + 1)]
        units_line = rows[titles + 1][0] if named and has_units(cells, ".") else 0
        passed = _passed_over(looked, titles, units_line)
        format = binary_format(self.name, tuple(names), sheet, tuple(sheets) if len(sheets) > 1 else ())
        format = replace(
            format,
            header=named,
            first=rows[titles][0],
            units_line=units_line,
            passed_over=passed,
            unsaved=_unsaved(cells if not named else cells[1:], names),
        )
        return format.because(FormatEvidence(msg("sheet"), sheet, why), header, *passed)

    def records(self, path: Path, format: TableFormat) -> Records:
        book, _ = _opened(path)
        numbered = [row for row in _sheet(book, format.sheet, path, 0).rows if row[0] >= format.first]
        left, right = _columns(numbered[:_SAMPLE_ROWS])
        rows = ((number, cells[left:right]) for number, cells in numbered if number != format.units_line)
        header: list[str] = []
        if format.header:
            _, header = next(rows, (0, []))
        yield Record(0, header if format.header else list(format.names))
        for number, cells in rows:
            yield Record(number, cells, problem=HEADER_AGAIN if cells == header and len(cells) > 1 else "")


def _likely_sheet(book, sheets: list[str], path: Path) -> tuple[str, str]:  # type: ignore[no-untyped-def]
    """The first sheet with a header above rows, else the first with several columns, else with anything; and why."""
    if len(sheets) == 1:
        return sheets[0], msg("the only sheet")
    looks = {name: _sheet(book, name, path, _SAMPLE_ROWS).rows for name in sheets}
    filled = {name: rows for name, rows in looks.items() if len(rows) > 1}
    for name, rows in filled.items():
        left, right = _columns(rows[_titles(rows) :])
        below = [row[left:right] for _, row in rows[_titles(rows) :]]
        if right - left > 1 and len(below) > 2 and names_clearly(below[0], below[1:], "."):
            first = name == next(iter(filled))
            return name, msg("the first sheet with rows") if first else msg("the first sheet with names above its rows")
    wide = next((name for name, rows in filled.items() if len(rows[0][1]) > 1), "")
    return wide or next(iter(filled), sheets[0]), msg("the first sheet with rows")


def _titles(rows: list[Numbered]) -> int:
    """Number of first rows that are titles. Rows of a sheet are all of one width; the table may be narrower."""
    cells = [row for _, row in rows]
    usual = sorted(sum(map(bool, row)) for row in cells)[len(cells) // 2]
    left, right = _columns(rows[-max(len(rows) // 2, 1) :])
    return rows_above([row[left:right] for row in cells], right - left, ".") if usual > 1 else 0


def _columns(rows: list[Numbered]) -> tuple[int, int]:
    """The first column with anything in it, and the one behind the last."""
    used = [index for _, row in rows for index, cell in enumerate(row) if cell]
    return (min(used), max(used) + 1) if used else (0, 1)


def _passed_over(sheet: _Sheet, titles: int, units_line: int) -> tuple[FormatEvidence, ...]:
    """Evidence of first rows that are no rows, or not as it stands in the file."""
    evidence = []
    if titles:
        evidence.append(
            FormatEvidence(
                msg("title"),
                msg("above row {row}", row=sheet.rows[titles][0]),
                plural("a row above the header, passed over", "{n} rows above the header, passed over", titles),
            )
        )
    if units_line:
        units = next(row for number, row in sheet.rows if number == units_line)
        description = ", ".join(filter(None, units))
        evidence.append(
            FormatEvidence(
                msg("units"),
                description,
                msg("row {units_line} has them beneath the names; it is no row", units_line=units_line),
            )
        )
    if sheet.merged:
        evidence.append(
            FormatEvidence(msg("merged cells"), _some(sheet.merged), msg("every row has the value that they show"))
        )
    if errors := [text for text in sheet.odd if text != NO_RESULT]:
        description = f"{_some(len(errors))}: {', '.join(sorted(set(errors)))}"
        evidence.append(
            FormatEvidence(
                msg("errors"), description, msg("the spreadsheet could not calculate them; they are no values")
            )
        )
    if formulas := len(sheet.odd) - len(errors):
        why = msg("their results were not saved; open the workbook in a spreadsheet program and save it again")
        evidence.append(FormatEvidence(msg("formulas"), _some(formulas), why))
    return tuple(evidence)


def _some(count: int) -> str:
    return plural("{n:,} cell", "{n:,} cells", count)


def _unsaved(body: list[list[str]], names: list[str]) -> tuple[str, ...]:
    """The columns of which most cells are formulas without results."""
    columns = [[row[index] for row in body if row[index]] for index in range(len(names))]
    return tuple(
        name
        for name, column in zip(names, columns, strict=True)
        if column and sum(cell == NO_RESULT for cell in column) >= len(column) / 2
    )


def _opened(path: Path):  # type: ignore[no-untyped-def]
    """(workbook, names of the visible sheets)."""
    import python_calamine as calamine

    try:
        book = calamine.CalamineWorkbook.from_path(str(path))
        visible = calamine.SheetVisibleEnum.Visible
        return book, [
            s.name for s in book.sheets_metadata if s.visible == visible and s.typ == calamine.SheetTypeEnum.WorkSheet
        ]
    except calamine.PasswordError as error:
        raise BadInput(
            msg("The workbook “{file}” is protected by a password.", file=path.name),
            hint=msg("Save it without one, or save the sheet as CSV UTF-8."),
            context=str(error),
        ) from error
    except (calamine.CalamineError, OSError, ValueError) as error:
        raise _damaged(path, error) from error


def _sheet(book, name: str, path: Path, most: int) -> _Sheet:  # type: ignore[no-untyped-def]
    """The first `most` rows of a sheet; 0: all."""
    import python_calamine as calamine

    try:
        table = book.get_sheet_by_name(name)
        first, left = table.start or (0, 0)
        rows = [[cell_of(value) for value in row] for row in table.to_python(skip_empty_area=True, nrows=most or None)]
        ranges = table.merged_cell_ranges or []
    except (calamine.CalamineError, OSError, ValueError) as error:
        raise _damaged(path, error) from error
    odd = []
    for (row, column), text in odd_cells(path, name, first + most if most else 0).items():
        if 0 <= row - first < len(rows) and 0 <= column - left < len(rows[row - first]):
            rows[row - first][column - left] = text
            odd.append(text)
    merged = sum(
        _filled_down(rows, top - first, bottom - first, column - left) for (top, column), (bottom, _) in ranges
    )
    return _Sheet([(number, row) for number, row in enumerate(rows, first + 1) if any(row)], merged, odd)


def _filled_down(rows: list[list[str]], top: int, bottom: int, column: int) -> int:
    """Give the rows of a merged cell its value; returns how many there are below the first."""
    if not 0 <= top < bottom or not 0 <= column < len(rows[0]) or top >= len(rows) or not rows[top][column]:
        return 0
    below = [row for row in rows[top + 1 : bottom + 1] if any(row)]
    for row in below:
        row[column] = rows[top][column]
    return len(below)


def _named(wanted: str, sheets: list[str]) -> str:
    for name in sheets:
        if name.strip().lower() == wanted.strip().lower():
            return name
    raise BadInput(msg("There is no sheet named “{wanted}”.", wanted=wanted), hint=nearest(wanted, sheets))


def _there_are(sheets: list[str]) -> str:
    return msg("There are the sheets {sheets}.", sheets=listed(sheets))


def _damaged(path: Path, error: Exception) -> BadInput:
    return BadInput(
        msg("“{file}” is no workbook that can be read.", file=path.name),
        hint=msg("It may be damaged; open it in a spreadsheet and save the sheet as CSV UTF-8."),
        context=f"{path}: {error}",
    )


FORMAT = Workbook()
