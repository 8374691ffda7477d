"""Inputs that are read as patches of two numbers; the reader knows their scale."""

import json
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from sciapp.engine.domains.inputs import Inputs
from sciapp.engine.domains.row_input import RowInput
from sciapp.engine.inputs.tokenization.tokens import TokenRows, Tokens
from sciapp.i18n import Message, msg

PATCH = 2


@dataclass
class PatchReader:
    scale: float
    model_max_length: int
    sciapp_inputs: str = "patches"
    is_fast = False
    pad_token_id = None
    unk_token_id = None
    mask_token_id = None

    def save_pretrained(self, folder: Any) -> None:
        (Path(folder) / "patches.json").write_text(json.dumps(asdict(self)), encoding="utf-8")

    def decode(self, numbers: Any) -> str:
        return " ".join(f"{number * self.scale:g}" for number in np.ravel(numbers))


class Patches:
    plain = False

    def fresh_reader(self, inputs: Inputs, rows: Iterable[str]) -> PatchReader:
        return PatchReader(float(max(abs(float(word)) for row in rows for word in row.split())), inputs.longest)

    def load_reader(self, folder: Path) -> PatchReader:
        return PatchReader(**json.loads((folder / "patches.json").read_text("utf-8")))

    def check(self, reader: Any, value: RowInput) -> None:
        """Every value can be read."""

    def shortening(self, *, pairs: bool) -> Message:
        return msg("are cut at the end")

    def encode(self, reader: PatchReader, values: list[str], longest: int, check: Callable[[int], None]) -> Tokens:
        rows = []
        for value in values:
            numbers = np.array(value.split(), dtype=np.float32) / reader.scale
            rows.append(np.pad(numbers, (0, -len(numbers) % PATCH), mode="edge").reshape(-1, PATCH))
        cut = sum(len(row) > longest for row in rows)
        return Tokens(TokenRows.of([row[:longest] for row in rows], name="patches"), cut)


KIND = Patches()
