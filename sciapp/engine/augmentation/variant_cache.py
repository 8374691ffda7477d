"""A store of model-generated variants of training rows, beside the dataset, so that each is generated once.

`datasets/<id>/variants/<key>/` holds `about.json` (what it was made with, for people) and a file for every few rows in
their order: `part-00000.json`, a list of variants for each row. Each file comes whole or not at all, so work that was
broken off goes on behind the last one; two runs that write the same write the same bytes.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from sciapp.engine.domains.row_input import RowInput, read_stored, stored_text
from sciapp.records.atomic import write_json, write_text
from sciapp.records.regular import json_in

_FORMAT = 1

Part = list[list[RowInput]]


@dataclass(frozen=True)
class VariantStore:
    """The parts of one key. inputs: how many a row has."""

    folder: Path
    made_with: Mapping[str, Any]
    inputs: int = 1

    @classmethod
    def keyed(cls, parent: Path, made_with: Mapping[str, Any], inputs: int = 1) -> "VariantStore":
        """The store for all that decides what is written; another value of any of it has a store of its own."""
        text = json.dumps({"format": _FORMAT, **made_with}, sort_keys=True, ensure_ascii=False)
        key = sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:20]
        return cls(parent / key, made_with, inputs)

    @property
    def key(self) -> str:
        return self.folder.name

    def part(self, number: int, rows: int) -> Part | None:
        """The variants of the `rows` rows of a part; None where they are not there, or damaged."""
        try:
            variants = json_in(self._file(number))
            if not _is_part(variants, rows):
                return None
            return [[read_stored(text, self.inputs) for text in row] for row in variants]
        except (OSError, ValueError):
            return None

    def keep(self, number: int, part: Part, about: Mapping[str, Any]) -> None:
        """Write a part; `about` says for people what the key stands for. Raises OutOfSpace."""
        if not self.folder.is_dir():
            self.folder.mkdir(parents=True, exist_ok=True)
            write_json(self.folder / "about.json", {**self.made_with, **about})
        texts = [list(map(stored_text, row)) for row in part]
        write_text(self._file(number), json.dumps(texts, ensure_ascii=True) + "\n")

    def _file(self, number: int) -> Path:
        return self.folder / f"part-{number:05d}.json"


def _is_part(value: object, rows: int) -> bool:
    return (
        isinstance(value, list)
        and len(value) == rows
        and all(isinstance(row, list) and all(isinstance(one, str) for one in row) for row in value)
    )


def distinct(value: RowInput, variants: Sequence[RowInput]) -> tuple[RowInput, ...]:
    """The variants that differ from the row and from each other, in their order."""
    return tuple(one for one in dict.fromkeys(variants) if one != value)
