"""Inputs that are read as elements and their fractions of the atoms. They stand in no order: the network sees a set."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from sciapp.engine.domains.inputs import Inputs
from sciapp.engine.domains.material.elements import elements
from sciapp.engine.domains.material.formula import fractions
from sciapp.engine.domains.row_input import RowInput, parts_of
from sciapp.engine.inputs.tokenization.tokens import TokenRows, Tokens
from sciapp.errors import BadInput
from sciapp.i18n import Message, msg
from sciapp.records.atomic import write_json
from sciapp.records.regular import json_object_in

HIDDEN = 0
"""Number in the place of an element that the network has to guess; elements are numbered from 1."""

_FILE = "composition.json"


@dataclass
class CompositionReader:
    """elements: symbols in the order of their numbers, the first being 1. model_max_length: elements of a row."""

    elements: tuple[str, ...]
    model_max_length: int
    sciapp_inputs: str = "composition"
    is_fast = False
    pad_token_id = None
    unk_token_id = None
    mask_token_id = HIDDEN

    def __len__(self) -> int:
        """Numbers that it gives out."""
        return len(self.elements) + 1

    def save_pretrained(self, folder: Any) -> None:
        write_json(Path(folder) / _FILE, asdict(self))

    def decode(self, numbers: Any) -> str:
        return " ".join(
            f"{self.elements[int(number) - 1]} {fraction:.4g}" for number, fraction in np.atleast_2d(numbers)
        )


class Compositions:
    """Rows (elements, 2) of the number of an element and its fraction; where there are too many, the rarest go."""

    plain = False

    def fresh_reader(self, inputs: Inputs, rows: Iterable[str]) -> CompositionReader:
        return CompositionReader(tuple(elements()), inputs.longest)

    def load_reader(self, folder: Path) -> CompositionReader:
        saved = json_object_in(folder / _FILE)
        return CompositionReader(tuple(map(str, saved["elements"])), int(saved["model_max_length"]))

    def check(self, reader: CompositionReader, value: RowInput) -> None:
        """Every composition can be read."""

    def shortening(self, *, pairs: bool) -> Message:
        return msg("are read without their rarest elements")

    def encode(
        self, reader: CompositionReader, values: Sequence[RowInput], longest: int, check: Callable[[int], None]
    ) -> Tokens:
        """Raises BadInput for rows of several formulas: nothing would tell their elements apart."""
        numbers = {element: index for index, element in enumerate(reader.elements, start=1)}
        rows, cut = [], 0
        for index, value in enumerate(values):
            if index % 2000 == 0:
                check(index)
            if len(parts := parts_of(value)) > 1:
                raise BadInput(
                    msg("This network reads one formula a row, not {formulas}.", formulas=len(parts)),
                    hint=msg("Choose one column as the input."),
                )
            shares = sorted(fractions(parts[0]).items(), key=lambda share: -share[1])
            cut += len(shares) > longest
            rows.append(np.array([(numbers[element], share) for element, share in shares[:longest]], dtype=np.float32))
        return Tokens(TokenRows.of(rows, name="composition"), cut)


KIND = Compositions()
