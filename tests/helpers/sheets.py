"""Workbooks for tests, written as Excel writes them; no library that writes them is needed."""

import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from xml.sax.saxutils import escape

Cell = str | float | None
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"


def write_workbook(
    path: Path, sheets: Mapping[str, Sequence[Sequence[Cell]]], merged: Mapping[str, Sequence[str]] | None = None
) -> Path:
    """sheets: name → rows; a cell “=A1” is a formula without a result, “#N/A” an error. merged: name → ranges."""
    types = [
        f'<Override PartName="/xl/worksheets/sheet{number}.xml" '
        'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>'
        for number in range(1, len(sheets) + 1)
    ]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "[Content_Types].xml",
            f'<Types xmlns="{_PACKAGE}/content-types">'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            '<Override PartName="/xl/workbook.xml" '
            'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
            f"{''.join(types)}</Types>",
        )
        archive.writestr("_rels/.rels", _relations([("officeDocument", "xl/workbook.xml")]))
        parts = [("worksheet", f"worksheets/sheet{number}.xml") for number in range(1, len(sheets) + 1)]
        archive.writestr("xl/_rels/workbook.xml.rels", _relations(parts))
        listed = "".join(
            f'<sheet name="{escape(name)}" sheetId="{number}" r:id="rId{number}"/>'
            for number, name in enumerate(sheets, start=1)
        )
        archive.writestr(
            "xl/workbook.xml", f'<workbook xmlns="{_MAIN}" xmlns:r="{_RELATIONS}"><sheets>{listed}</sheets></workbook>'
        )
        for number, (name, rows) in enumerate(sheets.items(), start=1):
            archive.writestr(f"xl/worksheets/sheet{number}.xml", _sheet(rows, (merged or {}).get(name, ())))
    return path


def _relations(parts: Sequence[tuple[str, str]]) -> str:
    each = "".join(
        f'<Relationship Id="rId{number}" Type="{_RELATIONS}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(parts, start=1)
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{each}</Relationships>'


def _sheet(rows: Sequence[Sequence[Cell]], merged: Sequence[str]) -> str:
    body = ""
    for number, row in enumerate(rows, start=1):
        written = "".join(_cell(f"{chr(65 + place)}{number}", cell) for place, cell in enumerate(row))
        body += f'<row r="{number}">{written}</row>'
    cells = "".join(f'<mergeCell ref="{range_}"/>' for range_ in merged)
    joined = f'<mergeCells count="{len(merged)}">{cells}</mergeCells>' if merged else ""
    return f'<worksheet xmlns="{_MAIN}"><sheetData>{body}</sheetData>{joined}</worksheet>'


def _cell(place: str, cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str):
        if cell.startswith("="):
            return f'<c r="{place}"><f>{escape(cell[1:])}</f></c>'
        if cell.startswith("#"):
            return f'<c r="{place}" t="e"><v>{escape(cell)}</v></c>'
        return f'<c r="{place}" t="inlineStr"><is><t>{escape(cell)}</t></is></c>'
    return f'<c r="{place}"><v>{cell}</v></c>'
