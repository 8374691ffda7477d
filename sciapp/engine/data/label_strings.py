"""Detection of per-unit labels: cells with as many labels as the input has units."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from sciapp.engine.data.row_names import is_list
from sciapp.engine.data.unit_labels import labels_in, mask_in, unit_count
from sciapp.errors import shortened

MOST_LABELS = 100
_FEW_LABELS = 30  # with more it is a second sequence rather than labels
_SHORTEST = 4  # units on average; a class name may well be as long as a shorter input
_SHOWN = 6


@dataclass
class LabelStrings:
    """Counts, bit by bit, how a column's cells fit the inputs beside them."""

    separator: str
    filled: int = 0
    fitting: int = 0
    units: int = 0
    masks: int = 0
    labels: set[str] = field(default_factory=set)
    different: set[str] = field(default_factory=set)

    def add(self, pairs: Iterable[tuple[str, str]]) -> None:
        """(canonical input, cell) of some rows; empty cells are passed over."""
        for value, cell in pairs:
            labels = labels_in(cell, self.separator)
            if not labels:
                continue
            self.filled += 1
            count = unit_count(value, self.separator)
            self.masks += mask_in(cell, count) is not None
            if is_list(cell):  # “[0, 1]” as a program prints it: brackets and commas would be part of the labels
                continue
            if len(labels) == count:
                self.fitting += 1
                self.units += len(labels)
                if len(self.labels) <= MOST_LABELS:
                    self.labels.update(labels)
                if len(self.different) <= MOST_LABELS:
                    self.different.add(cell.strip())

    @property
    def suit(self) -> bool:
        """Nearly every cell fits, and the labels are few and change along the rows."""
        return (
            0 < 0.8 * self.filled <= self.fitting
            and self.units >= _SHORTEST * self.fitting
            and 1 < len(self.labels) <= _FEW_LABELS
            and len(self.different) > min(len(self.labels), self.fitting - 1)
        )

    @property
    def mask_like(self) -> bool:
        """A yes or no for each unit."""
        return 0 < 0.8 * self.filled <= self.masks

    def reason(self, name: str, unit: str) -> str:
        """Why it is taken for labels, in a sentence. unit: “residues”."""
        shown = ", ".join(sorted(self.labels)[:_SHOWN]) + (" …" if len(self.labels) > _SHOWN else "")
        signs, name = "words" if self.separator else "letters", shortened(name)
        return f"“{name}” has as many {signs} as there are {unit} ({shown}), so each of the {unit} gets a label."
