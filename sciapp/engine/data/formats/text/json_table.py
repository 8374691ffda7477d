"""JSON documents: a list of objects, which is streamed; or columns, as pandas writes them, which are read whole."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sciapp.engine.data.formats.archives import UNREADABLE, unreadable
from sciapp.engine.data.formats.base import Record, Records, cell_of
from sciapp.engine.data.formats.detection import FileHead, open_text, undecodable
from sciapp.engine.data.formats.header import HEADING_WORDS
from sciapp.engine.data.formats.table_format import FormatEvidence, TableFormat
from sciapp.engine.data.formats.text.json_lines import is_mapping, row_of
from sciapp.engine.data.formats.text.lines import text_format
from sciapp.errors import BadInput
from sciapp.i18n import msg
from sciapp.records.read_options import Reading

_BLOCK = 1 << 20
_LARGEST = 256 << 20  # letters of a document that is no list, and of one object of a list
_SEARCHED = 2000  # objects in which names are looked for
_WRAPPERS = ("data", "rows", "records", "items", "results", "entries", "examples")
KEY, VALUE = "id", "value"
_BLANK = " \t\r\n"


class JsonTable:
    """Rows are numbered from 1, since an object has no line of its own."""

    name = "json"
    title = msg("JSON document")

    def fits(self, look: FileHead) -> str:
        text = look.text.lstrip()
        if text.startswith("[") and text[1:].lstrip()[:1] in {"{", "["} and '"' in text[:100_000]:
            return msg("it is a JSON list")
        if text.startswith("{") and text[1:].lstrip()[:1] in {'"', "}"}:
            return msg("it is a JSON object")
        return ""

    def settled(self, look: FileHead, reading: Reading) -> TableFormat:
        format = text_format(self.name, look)
        names: dict[str, None] = {}
        for number, value in enumerate(_objects(look.path, format)):
            names |= dict.fromkeys(str(key) for key in value)
            if number >= _SEARCHED:
                break
        if not names:
            raise _no_table(look.path)
        return text_format(self.name, look, tuple(names)).because(
            FormatEvidence(msg("columns"), ", ".join(names), msg("names in the first objects"))
        )

    def records(self, path: Path, format: TableFormat) -> Records:
        yield Record(0, list(format.names))
        for number, value in enumerate(_objects(path, format), start=1):
            yield Record(number, row_of(value, format.names))


def _objects(path: Path, format: TableFormat) -> Iterator[dict[str, Any]]:
    """Every row as a mapping. Raises BadInput."""
    try:
        with open_text(path, format.encoding, format.sheet) as file:
            text = ""
            while not text.lstrip("\ufeff" + _BLANK) and (block := file.read(_BLOCK)):
                text += block
            text = text.lstrip("\ufeff" + _BLANK)
            if text.startswith("["):
                yield from _of_list(text[1:], file, path)
                return
            text += file.read(_LARGEST)
            if len(text) >= _LARGEST:
                raise BadInput(
                    msg("“{file}” is too large for a JSON document.", file=path.name),
                    hint=msg("Save it as JSON Lines."),
                )
            yield from _of_document(json.loads(text), path)
    except UnicodeError as error:
        raise undecodable(path, format.encoding, format.sheet) from error
    except UNREADABLE as error:
        raise unreadable(path, error) from error
    except (ValueError, RecursionError) as error:
        raise BadInput(
            msg("“{file}” is no complete JSON document.", file=path.name),
            hint=msg("Its end may be missing; save it again."),
            context=f"{path}: {error}",
        ) from error


def _of_list(text: str, file: Any, path: Path) -> Iterator[dict[str, Any]]:
    """The objects of a list, one at a time."""
    decoder = json.JSONDecoder()
    position, number = 0, 0
    while True:
        try:
            while position < len(text) and text[position] in _BLANK + ",":
                position += 1
            if text[position : position + 1] == "]":
                return
            value, position = decoder.raw_decode(text, position)
        except ValueError:
            more = file.read(max(_BLOCK, len(text) - position))
            if not more or len(text) - position > _LARGEST:
                raise
            text, position = text[position:] + more, 0
            continue
        number += 1
        yield _as_object(value, number, path)


def _of_document(document: Any, path: Path) -> Iterator[dict[str, Any]]:
    """The rows of `{"columns": [...], "data": [[...]]}`, `{"data": [{...}]}` or `{"smiles": [...], "y": [...]}`;
    of `{"id1": "CCO", …}` a row for each key."""
    if not isinstance(document, dict):
        raise _no_table(path)
    names, data = document.get("columns"), document.get("data")
    if isinstance(names, list) and isinstance(data, list):
        yield from (dict(zip(map(str, names), row, strict=False)) for row in data)
        return
    for word in _WRAPPERS:
        if isinstance(inside := document.get(word), list) and inside and isinstance(inside[0], dict):
            yield from (_as_object(value, number, path) for number, value in enumerate(inside, start=1))
            return
    if _are_rows(document):
        yield from ({**({} if KEY in row else {KEY: key}), **row} for key, row in document.items())
        return
    columns = {name: list(c.values()) if isinstance(c, dict) else c for name, c in document.items()}
    sizes = {len(column) if isinstance(column, list) else -1 for column in columns.values()}
    if len(sizes) == 1 and sizes != {-1}:
        yield from (dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True))
        return
    if all(isinstance(value, dict) for value in document.values()) and document:
        yield from document.values()
        return
    if is_mapping(document):
        yield from ({KEY: key, VALUE: value} for key, value in document.items())
        return
    raise _no_table(path)


def _are_rows(document: dict[str, Any]) -> bool:
    """True if `{"id1": {"smiles": …, "y": …}, …}` has a row for each key; pandas writes `{"smiles": {"0": …}, …}`."""
    if not document or not all(isinstance(value, dict) for value in document.values()):
        return False
    if any(key.strip().lower() in HEADING_WORDS for key in document):
        return False
    return any(key.strip().lower() in HEADING_WORDS for row in document.values() for key in row)


def _as_object(value: Any, number: int, path: Path) -> dict[str, Any]:
    if isinstance(value, dict):
        return value
    if isinstance(value, list):
        return {f"column {index}": cell for index, cell in enumerate(value, start=1)}
    raise BadInput(
        msg(
            "Entry {number:,} of “{file}” is no JSON object ({entry}).",
            number=number,
            file=path.name,
            entry=cell_of(value)[:40],
        ),
        hint=msg("A table is a list of objects: [{{…}}, {{…}}]."),
        context=str(path),
    )


def _no_table(path: Path) -> BadInput:
    return BadInput(
        msg("“{file}” is JSON, but no table.", file=path.name),
        hint=msg("A table is a list of objects: [{{…}}, {{…}}]."),
        context=str(path),
    )


FORMAT = JsonTable()
