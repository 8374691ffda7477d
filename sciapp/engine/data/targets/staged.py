"""Targets of a table that is being imported: numbers that checks and splits read and repair."""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from sciapp.engine.data.targets.bounds import Bounds
from sciapp.engine.data.values.token_labels import MaskedLabels, labels_in, mask_in
from sciapp.i18n import msg
from sciapp.records.dataset.tasks import TaskName
from sciapp.records.formatting import cell_text

Floats = npt.NDArray[np.float64]
Cells: TypeAlias = Callable[[], list[str]]
CellReader: TypeAlias = Callable[[str], float | None]

_SHOWN = 4  # targets


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
    """values (rows, targets): numbers, or 0 and 1, with NaN for gaps; class codes, positions in `classes`. gap_words:
    rows whose class is a word such as “NaN”, whether it is taken for a gap or for a class. readers: the value in a
    cell of each target, None for a gap; none where there is one class. unread: of each target, what was no value in
    it. bounds: what is known where there is no value; None where no bounds are kept.
    """

    task: TaskName
    reason: str
    values: Floats
    classes: tuple[str, ...] = ()
    gap_words: Sequence[int] = ()
    readers: list[CellReader] = field(default_factory=list)
    unread: list[UnreadableCells] = field(default_factory=list)
    bounds: Bounds | None = None

    @property
    def bare(self) -> npt.NDArray[np.bool_]:
        """(rows,): those of which nothing is known, neither a value nor a bound."""
        nothing = np.isnan(self.values).all(axis=1)
        return np.asarray(nothing if self.bounds is None else nothing & ~self.bounds.known.any(axis=1))

    def bound_counts(self, usable: npt.NDArray[np.bool_]) -> list[int]:
        """Of each target, the kept rows of which only a bound is known."""
        targets = self.values.shape[1]
        return [0] * targets if self.bounds is None else self.bounds.known[usable].sum(axis=0).tolist()

    @property
    def classes_are_words(self) -> bool:
        """True if there are classes, and not all of them are numbers."""
        return not all(re.fullmatch(r"-?[\d.,]+", name) for name in self.classes)

    def class_counts(self, usable: npt.NDArray[np.bool_]) -> npt.NDArray[np.int64]:
        """Of each class, the kept rows, or units (classes,)."""
        codes = self.values[usable, 0]
        return np.bincount(codes[~np.isnan(codes)].astype(np.int64), minlength=len(self.classes))

    def with_classes(self, codes: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
        """(rows,): those that have one of these classes, or units that have."""
        return np.isin(self.values[:, 0], codes)

    def distinct(self, rows: npt.NDArray[np.bool_], target: int) -> int:
        """The number of different values, or labels of units, of a target in these rows."""
        values = self.values[rows, target]
        return len(np.unique(values[~np.isnan(values)]))

    def only_classes_of(self, usable: npt.NDArray[np.bool_]) -> None:
        """Drop classes that no kept row has, and renumber the others."""
        used = np.unique(self.values[usable, 0]).astype(np.int64)
        renumbered = np.full(max(len(self.classes), 1), np.nan)
        renumbered[used] = np.arange(len(used))
        codes = self.values[:, 0]
        known = ~np.isnan(codes)
        codes[known] = renumbered[codes[known].astype(np.int64)]
        self.classes = tuple(self.classes[id] for id in used)

    def describe(self, row: int) -> str:
        """The targets of a row, in a few words."""
        if self.classes:
            return self.classes[int(self.values[row, 0])]
        return ", ".join("–" if np.isnan(value) else cell_text(value) for value in self.values[row, :_SHOWN].tolist())

    def columns(self, rows: npt.NDArray[np.int64], cells: Cells, masks: Cells | None) -> list[pa.Array]:
        """The columns of these rows in `table.parquet`, one for each target, and the mask where there is one.

        cells, masks: of the first target's and of the mask's column, of these rows.
        """
        values = self.values[rows]
        if not self.classes:
            return [pa.array(values[:, i], pa.float64(), from_pandas=True) for i in range(values.shape[1])]
        return [pa.array([self.classes[int(code)] for code in values[:, 0]], pa.string())]

    def merged_labels(self, row: int) -> MaskedLabels | None:
        """Labels of units that a row got of others of the same input as well; None for what stands in the file."""
        return None


@dataclass
class StagedTokenLabels(StagedTargets):
    """Labels of single units. values (rows, 1): a number that differs where the labels do. table (rows, labels): how
    many units that count have each label in each row. separator: between two labels.
    """

    table: npt.NDArray[np.int32] = field(default_factory=lambda: np.zeros((0, 0), dtype=np.int32))
    separator: str = ""
    _merged: dict[int, MaskedLabels] = field(default_factory=dict)

    def class_counts(self, usable: npt.NDArray[np.bool_]) -> npt.NDArray[np.int64]:
        return np.asarray(self.table[usable].sum(axis=0), dtype=np.int64)

    def with_classes(self, codes: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
        return np.asarray(self.table[:, codes].any(axis=1))

    def distinct(self, rows: npt.NDArray[np.bool_], target: int) -> int:
        return int((self.table[rows].sum(axis=0) > 0).sum())

    def only_classes_of(self, usable: npt.NDArray[np.bool_]) -> None:
        used = np.flatnonzero(self.table[usable].sum(axis=0))
        self.table = self.table[:, used]
        self.classes = tuple(self.classes[id] for id in used)

    def describe(self, row: int) -> str:
        return msg("other labels")

    def columns(self, rows: npt.NDArray[np.int64], cells: Cells, masks: Cells | None) -> list[pa.Array]:
        merged = [self._merged.get(row) for row in rows.tolist()]
        labels = [
            tuple(labels_in(cell, self.separator)) if whole is None else whole.labels
            for cell, whole in zip(cells(), merged, strict=True)
        ]
        columns = [pa.array([self.separator.join(names) for names in labels], pa.string())]
        if masks is not None:
            signs = [
                mask_in(mask, len(names)) if whole is None else whole.mask
                for mask, names, whole in zip(masks(), labels, merged, strict=True)
            ]
            columns.append(pa.array(signs, pa.string()))
        return columns

    def merge(self, row: int, whole: MaskedLabels) -> None:
        """The row has these labels from now on."""
        counts = Counter(label for label, sign in zip(whole.labels, whole.mask, strict=True) if sign == "1")
        self.table[row] = [counts[name] for name in self.classes]
        self._merged[row] = whole

    def merged_labels(self, row: int) -> MaskedLabels | None:
        return self._merged.get(row)


def staged_labels(targets: StagedTargets) -> StagedTokenLabels:
    """Targets of a token classification, as the labels that they are."""
    assert isinstance(targets, StagedTokenLabels), "every unit has a label"
    return targets
