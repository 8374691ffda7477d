"""The target columns of a staged table: which task they are for, and their values as numbers."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import numpy.typing as npt

from sciapp.engine.data.labels import (
    MOST_CLASSES,
    ColumnContent,
    class_reader,
    content_of,
    natural,
    number,
    suitable_task,
)
from sciapp.engine.data.set_aside import Why
from sciapp.engine.data.staging import staged_batches
from sciapp.errors import BadInput
from sciapp.records.dataset import TaskName


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
    staged: Path,
    names: tuple[str, ...],
    places: list[int],
    task: Literal["auto", "classification", "regression"],
    decimal: str,
    why: npt.NDArray[np.int8],
    detail: npt.NDArray[np.int64],
) -> Targets:
    """Values of the targets, whose columns stand at `places`. Rows without a usable one are marked in `why`; for a
    cell that is no number `detail` is the position of its target. Raises BadInput for targets that suit no task.
    """
    contents = [content_of(_usable_cells(staged, place, why), decimal) for place in places]
    if task == "auto":
        chosen, reason = suitable_task(names, contents)
    else:
        chosen, reason = task, "Chosen by hand."
    if chosen == "regression":
        values = _numbers(staged, places, decimal, why, detail)
        return Targets(chosen, reason, values)
    if len(names) > 1:
        raise BadInput("Classification takes one target.", hint="Choose one of them.", context=", ".join(names))
    _must_be_classes(names[0], contents[0])
    codes, classes = _codes(staged, places[0], class_reader(contents[0]), why)
    return Targets(chosen, reason, codes, classes)


def _usable_cells(staged: Path, place: int, why: npt.NDArray[np.int8]) -> Iterator[str]:
    for batch in staged_batches(staged):
        cells = batch.cells(place).to_pylist()
        for index in np.flatnonzero(why[batch.begin : batch.end] == Why.KEPT):
            yield cells[index]


def _numbers(
    staged: Path, places: list[int], decimal: str, why: npt.NDArray[np.int8], detail: npt.NDArray[np.int64]
) -> npt.NDArray[np.float64]:
    values = np.full((len(why), len(places)), np.nan)
    for batch in staged_batches(staged):
        usable = np.flatnonzero(why[batch.begin : batch.end] == Why.KEPT)
        for target, place in enumerate(places):
            cells = batch.cells(place).to_pylist()
            for index in usable:
                row = batch.begin + index
                try:
                    value = number(cells[index], decimal)
                    values[row, target] = np.nan if value is None else value
                except ValueError:
                    why[row], detail[row] = Why.NO_NUMBER, target
    why[(why == Why.KEPT) & np.isnan(values).all(axis=1)] = Why.MISSING
    return values


def _codes(
    staged: Path, place: int, read: Callable[[str], str | None], why: npt.NDArray[np.int8]
) -> tuple[npt.NDArray[np.float64], tuple[str, ...]]:
    codes = np.full(len(why), np.nan)
    seen: dict[str, int] = {}
    for batch in staged_batches(staged):
        cells = batch.cells(place).to_pylist()
        for index in np.flatnonzero(why[batch.begin : batch.end] == Why.KEPT):
            label = read(cells[index])
            if label is None:
                why[batch.begin + index] = Why.MISSING
            else:
                codes[batch.begin + index] = seen.setdefault(label, len(seen))
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
