"""The target columns of a staged table: which task they are for, and their values as numbers."""

from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias

import numpy as np
import numpy.typing as npt

from sciapp.engine.data.import_request import Chosen
from sciapp.engine.data.labels import (
    MOST_CLASSES,
    ColumnContent,
    ContentCounter,
    class_reader,
    natural,
    number,
    suitable_task,
)
from sciapp.engine.data.set_aside import Why
from sciapp.engine.data.staging import RowNotes, StagedBatch, staged_batches
from sciapp.errors import BadInput
from sciapp.records.dataset import TaskName

TaskWish: TypeAlias = Literal["auto", "classification", "regression"]
_Reading: TypeAlias = Generator[tuple[int, int], None, tuple[npt.NDArray[np.float64], tuple[str, ...]]]


@dataclass
class Targets:
    """values (rows, targets): numbers with NaN for gaps, or class codes, positions in `classes`."""

    task: TaskName
    reason: str
    values: npt.NDArray[np.float64]
    classes: tuple[str, ...] = ()

    def only_classes_of(self, kept: npt.NDArray[np.bool_]) -> None:
        """Drop classes that no kept row has, and renumber the others."""
        used = np.unique(self.values[kept, 0]).astype(np.int64)
        renumbered = np.full(max(len(self.classes), 1), np.nan)
        renumbered[used] = np.arange(len(used))
        codes = self.values[:, 0]
        known = ~np.isnan(codes)
        codes[known] = renumbered[codes[known].astype(np.int64)]
        self.classes = tuple(self.classes[id] for id in used)


def read_targets(
    staged: Path, chosen: Chosen, task: TaskWish, decimal: str, notes: RowNotes
) -> Generator[tuple[int, int], None, Targets]:
    """Yields (rows done, rows in all) and returns the targets. Rows without a usable one are marked in `notes`; for a
    cell that is no number `detail` is the position of its target. Raises BadInput for targets that suit no task.
    """
    rows = len(notes.line)
    counters = [ContentCounter(decimal) for _ in chosen.targets]
    for batch, usable in _usable(staged, notes):
        for counter, place in zip(counters, chosen.target_places, strict=True):
            cells = batch.cells(place).to_pylist()
            counter.add(cells[index] for index in usable)
        yield batch.end, 2 * rows
    contents = [counter.content() for counter in counters]
    if task == "auto":
        found, reason = suitable_task(chosen.targets, contents)
    else:
        found, reason = task, "Chosen by hand."
    if found == "classification":
        if len(chosen.targets) > 1:
            raise BadInput("Classification takes one target.", hint="Choose one, or choose regression.")
        _must_be_classes(chosen.targets[0], contents[0])
        reading = _read_classes(staged, chosen.target_places[0], class_reader(contents[0]), notes)
    else:
        reading = _read_numbers(staged, chosen.target_places, decimal, notes)
    result = yield from reading
    return Targets(found, reason, *result)


def _usable(staged: Path, notes: RowNotes) -> Iterator[tuple[StagedBatch, list[int]]]:
    """Batches with the places, in the batch, of rows that nothing is wrong with yet."""
    for batch in staged_batches(staged):
        yield batch, np.flatnonzero(notes.kept[batch.begin : batch.end]).tolist()


def _read_numbers(staged: Path, places: list[int], decimal: str, notes: RowNotes) -> _Reading:
    rows = len(notes.line)
    values = np.full((rows, len(places)), np.nan)
    for batch, usable in _usable(staged, notes):
        for target, place in enumerate(places):
            cells = batch.cells(place).to_pylist()
            for index in usable:
                row = batch.begin + index
                try:
                    value = number(cells[index], decimal)
                    values[row, target] = np.nan if value is None else value
                except ValueError:
                    notes.why[row], notes.detail[row] = Why.NO_NUMBER, target
        yield rows + batch.end, 2 * rows
    notes.why[notes.kept & np.isnan(values).all(axis=1)] = Why.MISSING
    return values, ()


def _read_classes(staged: Path, place: int, read: Callable[[str], str | None], notes: RowNotes) -> _Reading:
    rows = len(notes.line)
    codes = np.full(rows, np.nan)
    seen: dict[str, int] = {}
    for batch, usable in _usable(staged, notes):
        cells = batch.cells(place).to_pylist()
        for index in usable:
            label = read(cells[index])
            if label is None:
                notes.why[batch.begin + index] = Why.MISSING
            else:
                codes[batch.begin + index] = seen.setdefault(label, len(seen))
        yield rows + batch.end, 2 * rows
    classes = tuple(sorted(seen, key=natural))
    rank = np.array([classes.index(label) for label in seen], dtype=np.float64)
    known = ~np.isnan(codes)
    codes[known] = rank[codes[known].astype(np.int64)]
    return codes[:, None], classes


def _must_be_classes(name: str, content: ColumnContent) -> None:
    count = len(content.different)
    if count > MOST_CLASSES or (count > 20 and count * 2 > content.filled):
        shown = f"more than {MOST_CLASSES:,}" if count > MOST_CLASSES else str(count)
        raise BadInput(
            f"“{name}” has {shown} different values in {content.filled:,} rows; these are no classes.",
            hint="Choose another target, or regression if they are numbers.",
        )
