"""Reading of target columns of numbers, or of yes and no, in which rows may have gaps."""

from collections.abc import Sequence

import numpy as np

from sciapp.engine.data.targets.base import Bools, CellBatch, TargetReader
from sciapp.engine.data.targets.bounds import Bounds
from sciapp.engine.data.targets.staged import CellReader, StagedTargets, UnreadableCells
from sciapp.engine.data.values.cells import (
    MAY_BE_UNDETECTED,
    MISSING,
    PLAIN_GAPS,
    SPREADSHEET_ERRORS,
    is_infinite,
    read_censored,
)
from sciapp.engine.data.values.censored_cells import ABOUT
from sciapp.engine.data.values.number_notations import written
from sciapp.engine.data.values.rejections import RejectionReason
from sciapp.records.dataset.number_format import NumberFormat
from sciapp.records.dataset.tasks import TaskName

_SPELT_GAPS = (MISSING - PLAIN_GAPS) | SPREADSHEET_ERRORS.keys()  # gaps that a person should hear of


class ValueReader(TargetReader):
    """A row keeps what can be read of it; one of which nothing can be read is set aside."""

    def __init__(self, rows: int, readers: list[CellReader], odd: RejectionReason) -> None:
        """readers: of each target, the value in a cell, None for a gap. odd: the reason for a cell that is no value."""
        super().__init__(rows)
        self._readers, self._odd = readers, odd
        self._values = np.full((rows, len(readers)), np.nan)
        self._unread = [UnreadableCells() for _ in readers]
        self._first_odd: dict[int, tuple[RejectionReason, int]] = {}

    def add(self, batch: CellBatch) -> None:
        for target, read in enumerate(self._readers):
            cells = batch.targets(target)
            for index in batch.usable:
                cell, row = cells[index], batch.begin + index
                try:
                    value = read(cell)
                except ValueError:
                    if not self._read_bound(row, target, cell):
                        self._first_odd.setdefault(row, (self._reason(cell), target))
                    continue
                if value is not None:
                    self._values[row, target] = value
                elif (word := cell.strip().lower()) in _SPELT_GAPS:
                    self._unread[target].gaps.append(row)
                    self._unread[target].undetected += word in MAY_BE_UNDETECTED
                    if len(self._readers) == 1 and word not in PLAIN_GAPS:
                        self._first_odd[row] = self._odd, target

    def _read_bound(self, row: int, target: int, cell: str) -> bool:
        """True if something is known of the value all the same; notes that the cell is none."""
        self._unread[target].odd.append(row)
        return False

    def _reason(self, cell: str) -> RejectionReason:
        return self._odd

    def _bounds(self) -> Bounds | None:
        return None

    def finish(self, task: TaskName, reason: str, usable: Bools) -> StagedTargets:
        targets = StagedTargets(
            task, reason, self._values, readers=self._readers, unread=self._unread, bounds=self._bounds()
        )
        bare = usable & targets.bare
        self.why[bare] = RejectionReason.MISSING
        for row, (why, target) in self._first_odd.items():
            if bare[row]:
                self.why[row], self.detail[row] = why, target
        return targets


class NumberReader(ValueReader):
    """Numbers, and bounds such as “>10”."""

    def __init__(
        self,
        rows: int,
        readers: list[CellReader],
        formats: Sequence[NumberFormat],
        *,
        bounds_as_numbers: bool,
        keep_bounds: bool,
    ) -> None:
        """bounds_as_numbers: “>10” counts as 10. keep_bounds: bounds are kept apart, and what is roughly known counts
        as its number."""
        super().__init__(rows, readers, RejectionReason.NO_NUMBER)
        self._formats, self._as_numbers = formats, bounds_as_numbers
        self._read_bounds = Bounds.none(rows, len(readers)) if keep_bounds else None

    def _read_bound(self, row: int, target: int, cell: str) -> bool:
        unread, bound = self._unread[target], read_censored(cell, self._formats[target])
        if bound is None:
            (unread.named if written(cell) else unread.odd).append(row)
            return False
        unread.censored[row] = bound[0]
        if self._as_numbers or (self._read_bounds is not None and bound[0] == ABOUT):
            self._values[row, target] = bound[1]
            return True
        if self._read_bounds is not None:
            self._read_bounds.put(row, target, *bound)
            return True
        return False

    def _reason(self, cell: str) -> RejectionReason:
        return RejectionReason.INFINITE if is_infinite(cell) else self._odd

    def _bounds(self) -> Bounds | None:
        return self._read_bounds
