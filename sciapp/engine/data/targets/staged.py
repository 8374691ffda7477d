"""Targets of a table that is being imported: numbers that checks and splits read and repair."""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from sciapp.engine.data.targets.bounds import Bounds
from sciapp.engine.data.values.token_labels import MaskedLabels
from sciapp.records.dataset.tasks import TaskName

Floats = npt.NDArray[np.float64]
CellReader: TypeAlias = Callable[[str], float | None]


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


@dataclass
class UnreadableCells:
    """Rows of one target whose cell holds no value. gaps: words and dashes by which people say so; odd: all others.

    censored: rows of cells such as “>10”, whether they are read or not, with the kind of bound. named: rows of cells
    that hold a range, a limit and the like, see `number_notations`. undetected: how many of `gaps` are “n.d.”.
    """

    gaps: list[int] = field(default_factory=list)
    odd: list[int] = field(default_factory=list)
    censored: dict[int, str] = field(default_factory=dict)
    named: list[int] = field(default_factory=list)
    undetected: int = 0


@dataclass
class StagedTargets:
    """values (rows, targets): numbers, or 0 and 1, with NaN for gaps; class codes, positions in `classes`; for labels
    of units one number that differs where the labels do, and `units` counts them. gap_words: rows whose class is a
    word such as “NaN”, whether it is taken for a gap or for a class. readers: the value in a cell of each target, None
    for a gap; none where there is one class. unread: of each target, what was no value in it. bounds: what is known
    where there is no value; None where no bounds are kept.
    """

    task: TaskName
    reason: str
    values: Floats
    classes: tuple[str, ...] = ()
    units: UnitCounts | None = None
    gap_words: Sequence[int] = ()
    readers: list[CellReader] = field(default_factory=list)
    unread: list[UnreadableCells] = field(default_factory=list)
    bounds: Bounds | None = None

    @property
    def bare(self) -> npt.NDArray[np.bool_]:
        """(rows,): those of which nothing is known, neither a value nor a bound."""
        nothing = np.isnan(self.values).all(axis=1)
        return np.asarray(nothing if self.bounds is None else nothing & ~self.bounds.known.any(axis=1))

    def bound_counts(self, kept: npt.NDArray[np.bool_]) -> list[int]:
        """Of each target, the kept rows of which only a bound is known."""
        targets = self.values.shape[1]
        return [0] * targets if self.bounds is None else self.bounds.known[kept].sum(axis=0).tolist()

    @property
    def classes_are_words(self) -> bool:
        """True if there are classes, and not all of them are numbers."""
        return not all(re.fullmatch(r"-?[\d.,]+", name) for name in self.classes)

    def class_counts(self, kept: npt.NDArray[np.bool_]) -> npt.NDArray[np.int64]:
        """Of each class, the kept rows, or units (classes,)."""
        if self.units is not None:
            return np.asarray(self.units.table[kept].sum(axis=0), dtype=np.int64)
        codes = self.values[kept, 0]
        return np.bincount(codes[~np.isnan(codes)].astype(np.int64), minlength=len(self.classes))

    def with_classes(self, codes: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
        """(rows,): those that have one of these classes, or units that have."""
        if self.units is not None:
            return np.asarray(self.units.table[:, codes].any(axis=1))
        return np.isin(self.values[:, 0], codes)

    def distinct(self, rows: npt.NDArray[np.bool_], target: int) -> int:
        """The number of different values, or labels of units, of a target in these rows."""
        if self.units is not None:
            return int((self.units.table[rows].sum(axis=0) > 0).sum())
        values = self.values[rows, target]
        return len(np.unique(values[~np.isnan(values)]))

    def only_classes_of(self, kept: npt.NDArray[np.bool_]) -> None:
        """Drop classes that no kept row has, and renumber the others."""
        if self.units is not None:
            used = np.flatnonzero(self.units.table[kept].sum(axis=0))
            self.units = replace(self.units, table=self.units.table[:, used])
        else:
            used = np.unique(self.values[kept, 0]).astype(np.int64)
            renumbered = np.full(max(len(self.classes), 1), np.nan)
            renumbered[used] = np.arange(len(used))
            codes = self.values[:, 0]
            known = ~np.isnan(codes)
            codes[known] = renumbered[codes[known].astype(np.int64)]
        self.classes = tuple(self.classes[id] for id in used)
