"""Labels of single units (residues, bases, words) as cells spell them."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from sciapp.engine.data.values.cells import yes_or_no
from sciapp.engine.data.values.identifiers import is_list
from sciapp.errors import shortened
from sciapp.i18n import msg

NO_LABEL = -1

_WORD = re.compile(r"\S+")
_APART = re.compile(r"\s*[,;]\s*|\s+")


@dataclass(frozen=True)
class MaskedLabels:
    """A label for each unit, and one 0 or 1 for each that says whether it counts."""

    labels: tuple[str, ...]
    mask: str

    @property
    def counted(self) -> int:
        return self.mask.count("1")

    def with_those_of(self, other: "MaskedLabels") -> "MaskedLabels | None":
        """Labels that count in either; None where both count a unit and label it otherwise."""
        labels, mask = list(self.labels), list(self.mask)
        for index, (label, sign) in enumerate(zip(other.labels, other.mask, strict=True)):
            if sign == "0":
                continue
            if mask[index] == "1" and labels[index] != label:
                return None
            labels[index], mask[index] = label, "1"
        return MaskedLabels(tuple(labels), "".join(mask))


def starts_of(lengths: Sequence[int] | npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Offsets of rows of these lengths that lie one behind the other, and the end of the last."""
    return np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(np.asarray(lengths, dtype=np.int64))])


def labels_in(cell: str, separator: str) -> list[str]:
    """The labels that a cell spells: every sign is one, or every word."""
    return cell.split() if separator else list("".join(cell.split()))


def mask_in(cell: str, units: int) -> str | None:
    """A mask as one 0 or 1 for each unit; None for a cell that is none.

    Written without gaps (1011, TFTT), or apart with blanks, commas or semicolons, in brackets or not, in any words for
    yes and no: 1.0, True.
    """
    inner = cell.strip().strip("[](){}")
    words = _APART.split(inner.strip()) if _APART.search(inner.strip()) else list(inner)
    if len(words) != units:
        words = list("".join(inner.split()))
    if len(words) != units:
        return None
    signs = {word: _sign(word) for word in set(words)}
    return None if "" in signs.values() else "".join(signs[word] for word in words)


def _sign(word: str) -> str:
    """Empty for what says neither yes nor no."""
    try:
        answer = yes_or_no(word.strip("'\""))
    except ValueError:
        return ""
    return "" if answer is None else "01"[answer]


def unit_count(value: str, separator: str) -> int:
    """Number of units of a canonical input: as many as `spans` finds."""
    return len(_WORD.findall(value)) if separator else len(value)


def spans(value: str, separator: str) -> npt.NDArray[np.int64]:
    """Begin and end of each unit of a canonical input (units, 2)."""
    if separator:
        words = [match.span() for match in _WORD.finditer(value)]
        return np.array(words, dtype=np.int64).reshape(-1, 2)
    begins = np.arange(len(value), dtype=np.int64)
    return np.stack([begins, begins + 1], axis=1)


# Detection of per-unit labels: cells with as many labels as the input has units.


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
        """Reason to take it for labels, in a sentence. unit: “residues”."""
        listed = ", ".join(sorted(self.labels)[:_SHOWN]) + (" …" if len(self.labels) > _SHOWN else "")
        signs, name = "words" if self.separator else "letters", shortened(name)
        return msg(
            "“{name}” has as many {signs} as there are {unit} ({listed}), so each of the {unit} gets a label.",
            name=name,
            signs=signs,
            unit=unit,
            listed=listed,
        )
