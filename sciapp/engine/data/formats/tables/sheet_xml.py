"""Cells of .xlsx sheets that readers of values leave empty: errors, and formulas whose results were not saved.

ECMA-376, part 1, 18.3.1.4 (c), 18.3.1.40 (f) and 18.18.11 (t="e").
"""

import posixpath
import re
import zipfile
from pathlib import Path
from typing import IO
from xml.etree import ElementTree

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_STRICT = "{http://purl.oclc.org/ooxml/spreadsheetml/main}"
_RELATION = re.compile(r"\{[^}]*relationships\}id")
_PLACE = re.compile(r"([A-Z]{1,3})([1-9]\d{0,6})")
_SIGNS = re.compile(rb"""<f[ >/]|t=["']e["']""")
_LARGEST = 64 << 20  # bytes of a part that is no sheet

NO_RESULT = "#FORMULA!"

CellPosition = tuple[int, int]
"""(row, column), both from 0."""


def odd_cells(path: Path, sheet: str, last: int = 0) -> dict[CellPosition, str]:
    """“#DIV/0!” for an error, NO_RESULT for a formula without one; empty for workbooks of another format. last: the
    row behind which nobody looks; 0: all are looked at."""
    try:
        with zipfile.ZipFile(path) as archive:
            part = _part(archive, sheet)
            if not part or not _may_have_some(archive, part):
                return {}
            with archive.open(part) as file:
                return _odd(file, last)
    except (zipfile.BadZipFile, ElementTree.ParseError, KeyError, OSError, ValueError):
        return {}  # calamine says what is wrong with it


def _part(archive: zipfile.ZipFile, sheet: str) -> str:
    """The name of the part that holds the sheet."""
    names = set(archive.namelist())
    book, relations = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
    if not {book, relations} <= names:
        return ""
    id = ""
    for element in _root(archive, book).iter():
        if element.tag.endswith("}sheet") and element.get("name") == sheet:
            id = next((value for key, value in element.attrib.items() if _RELATION.fullmatch(key)), "")
    for element in _root(archive, relations):
        if element.get("Id") == id:
            target = element.get("Target", "")
            part = target.removeprefix("/") if target.startswith("/") else posixpath.normpath(f"xl/{target}")
            return part if part in names else ""
    return ""


def _root(archive: zipfile.ZipFile, part: str) -> ElementTree.Element:
    with archive.open(part) as file:
        content = file.read(_LARGEST)
    if b"<!DOCTYPE" in content:  # no workbook has one; entities can grow without bound
        raise ValueError(part)
    return ElementTree.fromstring(content)


def _may_have_some(archive: zipfile.ZipFile, part: str) -> bool:
    """A look at the bytes, many times faster than parsing them. False for a sheet with a document type, too."""
    before = b""
    some = False
    with archive.open(part) as file:
        while block := file.read(1 << 20):
            if b"<!DOCTYPE" in before + block:
                return False
            some = some or _SIGNS.search(before + block) is not None
            before = block[-16:]
    return some


def _odd(file: IO[bytes], last: int) -> dict[CellPosition, str]:
    text_at: dict[CellPosition, str] = {}
    parsed = iter(ElementTree.iterparse(file, events=("start", "end")))
    _, root = next(parsed)
    for event, element in parsed:
        if event == "start":
            continue
        name = element.tag.removeprefix(_MAIN).removeprefix(_STRICT)
        if name == "c":
            position, text = _cell_position(element.get("r", "")), _odd_text(element)
            if position and text:
                text_at[position] = text
        elif name == "row":
            number = int(element.get("r") or 0)
            element.clear()
            if last and number >= last:
                break
        elif name == "sheetData":
            root.clear()
            break
    return text_at


def _odd_text(cell: ElementTree.Element) -> str:
    value = formula = None
    for child in cell:
        name = child.tag.rpartition("}")[2]
        value = child if name == "v" else value
        formula = child if name == "f" else formula
    text = (value.text or "").strip() if value is not None else ""
    if cell.get("t") == "e":
        return text
    if formula is None or text or cell.get("t") == "str":
        return ""
    return NO_RESULT


def _cell_position(name: str) -> CellPosition | None:
    match = _PLACE.fullmatch(name)
    if match is None:
        return None
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - 64
    return int(match[2]) - 1, column - 1
