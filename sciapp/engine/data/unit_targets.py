"""Reading a column that labels every unit of the input, and a mask beside it, from a staged table."""

from collections import Counter
from collections.abc import Generator, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path

import numpy as np
import numpy.typing as npt

from sciapp.engine.data.import_request import Chosen
from sciapp.engine.data.label_strings import MOST_LABELS, LabelStrings
from sciapp.engine.data.labels import natural
from sciapp.engine.data.set_aside import Why
from sciapp.engine.data.staging import RowNotes, usable_rows
from sciapp.engine.data.unit_labels import MaskedLabels, labels_in, mask_in, spans
from sciapp.engine.domains.base import Domain
from sciapp.errors import BadInput

WRONG_MASK = -1  # in `detail`, where the number of labels stands otherwise


@dataclass(frozen=True)
class UnitCounts:
    """table (rows, labels): how many units that count have each label in each row; separator: between two labels.

    merged: rows that got the labels of others of the same input as well; they are no longer what stands in the file.
    """

    table: npt.NDArray[np.int32]
    separator: str
    merged: dict[int, MaskedLabels] = field(default_factory=dict)

    def merge(self, row: int, whole: MaskedLabels, classes: Sequence[str]) -> None:
        """The row has these labels from now on. classes: what the columns of the table count."""
        counts = Counter(label for label, sign in zip(whole.labels, whole.mask, strict=True) if sign == "1")
        self.table[row] = [counts[name] for name in classes]
        self.merged[row] = whole


def read_unit_labels(
    staged: Path, chosen: Chosen, strings: LabelStrings | None, notes: RowNotes, domain: Domain
) -> Generator[tuple[int, int], None, tuple[npt.NDArray[np.float64], tuple[str, ...], UnitCounts]]:
    """Yields (rows done, rows in all); returns a number for each row's labels, the labels' names, and their counts.

    Rows whose labels or mask do not match the units are marked in `notes`. Raises BadInput where the column labels no
    units, or the domain has none to label.
    """
    separator = _separator(chosen, strings, domain)
    rows = len(notes.line)
    reader = _Reader(rows, separator)
    for batch, usable in usable_rows(staged, notes):
        inputs, cells = batch.values.to_pylist(), batch.cells(chosen.target_places[0]).to_pylist()
        masks = batch.cells(chosen.mask_place).to_pylist() if chosen.mask_place is not None else None
        for index in usable:
            row, units = batch.begin + index, len(spans(inputs[index], separator))
            mask = None if masks is None else mask_in(masks[index], units) or ""
            notes.why[row], notes.detail[row] = reader.add(row, cells[index], mask, units)
        yield rows + batch.end, 2 * rows
    order = sorted(reader.seen, key=natural)
    table = reader.table[:, [reader.seen[name] for name in order]]
    return reader.values[:, None], tuple(order), UnitCounts(table, separator)


class _Reader:
    """Takes rows one by one."""

    def __init__(self, rows: int, separator: str) -> None:
        self.values = np.full(rows, np.nan)
        self.table = np.zeros((rows, 8), dtype=np.int32)
        self.seen: dict[str, int] = {}
        self._separator = separator

    def add(self, row: int, cell: str, mask: str | None, units: int) -> tuple[Why, int]:
        labels = labels_in(cell, self._separator)
        if not labels:
            return Why.MISSING, 0
        if len(labels) != units:
            return Why.UNIT_LABELS, len(labels)
        if mask is not None and len(mask) != units:
            return Why.UNIT_LABELS, WRONG_MASK
        counted = labels if mask is None else [name for name, sign in zip(labels, mask, strict=True) if sign == "1"]
        if not counted:
            return Why.MISSING, 0
        self._count(row, counted)
        # 48 bits: exact in a float, and two rows of different labels hardly ever share them.
        digest = blake2b(f"{self._separator.join(labels)}\0{mask}".encode(), digest_size=6).digest()
        self.values[row] = int.from_bytes(digest, "big")
        return Why.KEPT, 0

    def _count(self, row: int, names: list[str]) -> None:
        codes = [self.seen.setdefault(name, len(self.seen)) for name in names]
        if len(self.seen) > MOST_LABELS:
            raise BadInput(
                f"There are more than {MOST_LABELS} different labels of single units.",
                hint="Choose another target, or another task.",
            )
        while len(self.seen) > self.table.shape[1]:
            self.table = np.concatenate([self.table, np.zeros_like(self.table)], axis=1)
        self.table[row] = np.bincount(codes, minlength=self.table.shape[1])


def _separator(chosen: Chosen, strings: LabelStrings | None, domain: Domain) -> str:
    name = chosen.targets[0]
    if domain.label_separator is None or strings is None:
        raise BadInput(
            f"The {domain.unit} of a {domain.name} cannot be labelled one by one.",
            hint="Tagging is for proteins, nucleotides and texts; choose classification or regression.",
        )
    if not strings.fitting:
        signs = "word" if domain.label_separator else "letter"
        raise BadInput(
            f"“{name}” does not label the {domain.unit}: no cell has as many {signs}s as the input beside it has "
            f"{domain.unit}.",
            hint=f"Tagging needs one {signs} for each of the {domain.unit}; choose another target or another task.",
        )
    return domain.label_separator
