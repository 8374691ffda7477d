"""JSON Lines: an object a line (jsonlines.org). Names of columns are looked for in the beginning of the file."""

import json
from itertools import islice
from pathlib import Path
from typing import Any

from sciapp.engine.data.formats.base import Record, Records, cell_of
from sciapp.engine.data.formats.detection import FileHead
from sciapp.engine.data.formats.header import HEADING_WORDS
from sciapp.engine.data.formats.table_format import FormatEvidence, TableFormat
from sciapp.engine.data.formats.text.lines import broken, numbered_lines, text_format
from sciapp.i18n import msg
from sciapp.records.read_options import Reading

SUFFIXES = frozenset({".jsonl", ".ndjson"})


class JsonLines:
    """A row with a name that was not there in the beginning is wider than the header, and set aside with it."""

    name = "jsonl"
    title = msg("JSON Lines")

    def fits(self, look: FileHead) -> str:
        values = [_value(line) for line in islice((line for line in look.lines if line.strip()), 2)]
        if not values or not all(isinstance(value, dict) for value in values):
            return ""
        # One object alone is a document that holds columns or a mapping, unless its keys are names of columns.
        alone = len(values) == 1 and (is_mapping(values[0]) or not all(map(is_scalar, values[0].values())))
        return "" if alone and look.suffix not in SUFFIXES else msg("each line is a JSON object")

    def settled(self, look: FileHead, reading: Reading) -> TableFormat:
        values = (_value(line) for line in look.lines if line.strip())
        names = tuple(dict.fromkeys(str(key) for value in values if isinstance(value, dict) for key in value))
        format = text_format(self.name, look, names)
        return format.because(FormatEvidence(msg("columns"), ", ".join(names), msg("names in the first objects")))

    def records(self, path: Path, format: TableFormat) -> Records:
        yield Record(0, list(format.names))
        for number, line in numbered_lines(path, format):
            if not line.strip():
                continue
            value = _value(line)
            if not isinstance(value, dict):
                raise broken(path, number, msg("is no JSON object"))
            yield Record(number, row_of(value, format.names))


def row_of(value: dict[str, Any], names: tuple[str, ...]) -> list[str]:
    """The cells in the order of `names`, then what has another name."""
    further = [f"{name}: {cell_of(cell)}" for name, cell in value.items() if name not in names]
    return [cell_of(value.get(name)) for name in names] + further


def is_scalar(value: Any) -> bool:
    """True if it is no list and no object."""
    return not isinstance(value, list | dict)


def is_mapping(value: dict[str, Any]) -> bool:
    """True if keys are ids and values what belongs to each, rather than the columns of one row."""
    several = len(value) > 1 and all(map(is_scalar, value.values()))
    return several and not any(key.strip().lower() in HEADING_WORDS for key in value)


def _value(line: str) -> Any:
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        return None


FORMAT = JsonLines()
