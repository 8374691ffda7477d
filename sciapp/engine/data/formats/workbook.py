"""Excel and OpenDocument workbooks (.xlsx, .xls, .xlsb, .ods), read by calamine; one sheet is in memory at a time."""

from dataclasses import replace
from pathlib import Path

from sciapp.engine.data.formats.arrow_files import binary_format
from sciapp.engine.data.formats.cells import cell_of
from sciapp.engine.data.formats.headers import header_of
from sciapp.engine.data.formats.look import Look
from sciapp.engine.data.formats.packing import ZIP
from sciapp.engine.data.formats.record import Record, Records
from sciapp.engine.data.table_format import Finding, TableFormat
from sciapp.errors import BadInput, nearest
from sciapp.records.reading import AUTO, Reading

_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
_SAMPLE_ROWS = 200


class Workbook:
    """Line numbers are the sheet's row numbers. Empty rows and columns around the table are left out."""

    name = "workbook"
    title = "workbook"

    def fits(self, look: Look) -> str:
        if look.packing:
            return ""
        if look.head.startswith(_OLD_EXCEL):
            return "it is an old Excel workbook"
        return "it is an Excel or OpenDocument workbook" if look.head.startswith(ZIP) else ""

    def settled(self, look: Look, reading: Reading) -> TableFormat:
        book, sheets = _opened(look.path)
        if not sheets:
            raise BadInput(f"“{look.path.name}” has no sheet.", hint="Choose another file.", context=str(look.path))
        if reading.sheet != AUTO:
            sheet, why = _named(reading.sheet, sheets), "as said"
        else:
            sheet = next((name for name in sheets if _rows(book, name, look.path, 2)), sheets[0])
            why = "the only sheet" if len(sheets) == 1 else "the first sheet with rows"
        rows = [cells for _, cells in _rows(book, sheet, look.path, _SAMPLE_ROWS)]
        if not rows:
            raise BadInput(f"The sheet “{sheet}” of “{look.path.name}” is empty.", hint=_there_are(sheets))
        header = header_of(rows, ".") if reading.header == AUTO else Finding("header", reading.header, "as said")
        names = rows[0]
        if header.value == "no":
            names = [f"column {place}" for place in range(1, len(names) + 1)]
        found = binary_format(self.name, tuple(names), sheet, tuple(sheets) if len(sheets) > 1 else ())
        return replace(found, header=header.value == "yes").because(Finding("sheet", sheet, why), header)

    def records(self, path: Path, format: TableFormat) -> Records:
        book, _ = _opened(path)
        rows = iter(_rows(book, format.sheet, path, 0))
        if format.header:
            _, names = next(rows, (0, []))
            yield Record(0, names)
        else:
            yield Record(0, list(format.names))
        for number, cells in rows:
            yield Record(number, cells)


def _opened(path: Path):  # type: ignore[no-untyped-def]
    """(workbook, names of the visible sheets)."""
    import python_calamine as calamine

    try:
        book = calamine.CalamineWorkbook.from_path(str(path))
        shown = calamine.SheetVisibleEnum.Visible
        return book, [
            s.name for s in book.sheets_metadata if s.visible == shown and s.typ == calamine.SheetTypeEnum.WorkSheet
        ]
    except calamine.PasswordError as error:
        raise BadInput(
            f"The workbook “{path.name}” is protected by a password.",
            hint="Save it without one, or save the sheet as CSV UTF-8.",
            context=str(error),
        ) from error
    except (calamine.CalamineError, OSError, ValueError) as error:
        raise _damaged(path, error) from error


def _rows(book, sheet: str, path: Path, most: int) -> list[tuple[int, list[str]]]:  # type: ignore[no-untyped-def]
    """(row number, cells) of the rows with anything in them, the first `most`; 0: all."""
    import python_calamine as calamine

    try:
        table = book.get_sheet_by_name(sheet)
        first = (table.start or (0, 0))[0] + 1
        rows = table.to_python(skip_empty_area=True, nrows=most or None)
    except (calamine.CalamineError, OSError, ValueError) as error:
        raise _damaged(path, error) from error
    numbered = ((number, [cell_of(value) for value in row]) for number, row in enumerate(rows, start=first))
    return [(number, cells) for number, cells in numbered if any(cells)]


def _named(wanted: str, sheets: list[str]) -> str:
    for name in sheets:
        if name.strip().lower() == wanted.strip().lower():
            return name
    raise BadInput(f"There is no sheet named “{wanted}”.", hint=nearest(wanted, sheets))


def _there_are(sheets: list[str]) -> str:
    return "There are the sheets " + ", ".join(sheets[:12]) + ("…" if len(sheets) > 12 else ".")


def _damaged(path: Path, error: Exception) -> BadInput:
    return BadInput(
        f"“{path.name}” is no workbook that can be read.",
        hint="It may be damaged; open it in a spreadsheet and save the sheet as CSV UTF-8.",
        context=f"{path}: {error}",
    )


FORMAT = Workbook()
