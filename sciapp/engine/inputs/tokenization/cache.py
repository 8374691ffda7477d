"""Tokens of a dataset's rows, beside the dataset, so that they are made once and read from disk as they are needed.

`datasets/<id>/tokens/<key>/` holds one array a file (see `Tokens`), mapped into memory, not read into it. Made of
canonical rows by one tokenizer, for one longest row: another of these has a key of its own.
"""

import json
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np

from sciapp.engine.inputs.tokenization.tokens import TokenRows, Tokens, UnitPositions
from sciapp.errors import OutOfSpace
from sciapp.records.atomic import new_folder, write_json
from sciapp.records.regular import json_in, regular

FEWEST = 5000  # rows; fewer are tokenised in no time
_FORMAT = 1
_ROWS, _UNITS = ("numbers", "starts"), ("unit", "starts", "pieces")


@dataclass(frozen=True)
class TokenCache:
    """folder: of one key; None: nothing is kept."""

    folder: Path | None

    @classmethod
    def keyed(cls, parent: Path, tokenizer: Any, rows: int, **made_with: object) -> "TokenCache":
        """parent: where the dataset keeps tokens. made_with: all that decides them beside the tokenizer."""
        if rows < FEWEST or not tokenizer.is_fast:  # a tokenizer in Python has no text that says all of it
            return cls(None)
        words = json.dumps({"format": _FORMAT, "rows": rows, **made_with}, sort_keys=True)
        key = sha256(words.encode() + tokenizer.backend_tokenizer.to_str().encode("utf-8", "surrogatepass"))
        return cls(parent / key.hexdigest()[:20])

    def read(self) -> Tokens | None:
        """None where they are not there, or damaged."""
        if self.folder is None:
            return None
        try:
            about = json_in(self.folder / "about.json")
            rows = TokenRows(*(self._array("rows", name) for name in _ROWS))
            units = UnitPositions(*(self._array("units", name) for name in _UNITS)) if about["units"] else None
            whole = len(rows.numbers) == about["tokens"] == rows.starts[-1]
            return Tokens(rows, int(about["cut"]), units) if whole else None
        except (OSError, ValueError, KeyError, TypeError, IndexError, OverflowError):
            return None

    def keep(self, tokens: Tokens) -> None:
        """Write them; on a full disk, or where another run has just done so, they stay in memory alone."""
        if self.folder is None:
            return
        about = {"tokens": len(tokens.rows.numbers), "cut": tokens.cut, "units": tokens.units is not None}
        try:
            with new_folder(self.folder) as draft:
                for name in _ROWS:
                    np.save(draft / f"rows-{name}.npy", getattr(tokens.rows, name))
                for name in _UNITS if tokens.units is not None else ():
                    np.save(draft / f"units-{name}.npy", getattr(tokens.units, name))
                write_json(draft / "about.json", about)
        except (OSError, OutOfSpace):
            return

    def _array(self, part: str, name: str) -> Any:
        assert self.folder is not None, "asked by read alone"
        return np.load(regular(self.folder / f"{part}-{name}.npy"), mmap_mode="r", allow_pickle=False)
