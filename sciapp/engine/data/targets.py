"""The target columns of a staged table: which task they are for, and their values as numbers."""

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from sciapp.engine.data.binary import is_binary, yes_or_no
from sciapp.engine.data.import_request import Chosen
from sciapp.engine.data.label_strings import LabelStrings
from sciapp.engine.data.labels import (
    MOST_CLASSES,
    ColumnContent,
    ContentCounter,
    class_reader,
    is_gap,
    is_infinite,
    natural,
    number,
)
from sciapp.engine.data.set_aside import Why
from sciapp.engine.data.staging import RowNotes, usable_rows
from sciapp.engine.data.suitable import suitable_task
from sciapp.engine.data.unit_targets import UnitCounts, read_unit_labels
from sciapp.engine.domains.base import Domain
from sciapp.errors import BadInput
from sciapp.records.dataset import TaskName, TaskWish

Floats = npt.NDArray[np.float64]


class NoClasses(BadInput):
    """Nearly every value of a target is different: names or numbers of the rows rather than classes."""


_Steps: TypeAlias = tuple[int, int]


@dataclass
class Targets:
    """values (rows, targets): numbers, or 0 and 1, with NaN for gaps; class codes, positions in `classes`; for labels
    of units one number that differs where the labels do, and `units` counts them. gap_words: rows whose class is a
    word such as “NaN”, whether it is taken for a gap or for a class.
    """

    task: TaskName
    reason: str
    values: Floats
    classes: tuple[str, ...] = ()
    units: UnitCounts | None = None
    gap_words: Sequence[int] = ()

    def only_classes_of(self, kept: npt.NDArray[np.bool_]) -> None:
        """Drop classes that no kept row has, and renumber the others."""
        if self.units is not None:
            used = np.flatnonzero(self.units.table[kept].sum(axis=0))
            self.units = UnitCounts(self.units.table[:, used], self.units.separator)
        else:
            used = np.unique(self.values[kept, 0]).astype(np.int64)
            renumbered = np.full(max(len(self.classes), 1), np.nan)
            renumbered[used] = np.arange(len(used))
            codes = self.values[:, 0]
            known = ~np.isnan(codes)
            codes[known] = renumbered[codes[known].astype(np.int64)]
        self.classes = tuple(self.classes[id] for id in used)


def read_targets(
    staged: Path,
    chosen: Chosen,
    task: TaskWish,
    decimal: str,
    notes: RowNotes,
    domain: Domain,
    *,
    gap_words: bool = True,
) -> Generator[_Steps, None, Targets]:
    """Yields (rows done, rows in all) and returns the targets. Rows without a usable one are marked in `notes`; for a
    cell that is no number `detail` is the position of its target. gap_words: whether words such as “NaN” are gaps
    among classes; otherwise they are a class. Raises BadInput for targets that suit no task.
    """
    contents, strings = yield from _looked_through(staged, chosen, decimal, notes, domain, gap_words=gap_words)
    if task == "auto":
        found, reason = suitable_task(chosen.targets, contents, strings, domain.unit)
    else:
        found, reason = task, "Chosen by hand."
    targets = Targets(found, reason, np.empty(0))
    if found in {"classification", "tagging"} and len(chosen.targets) > 1:
        raise BadInput(f"{found.capitalize()} takes one target.", hint="Choose one, or choose another task.")
    match found:
        case "classification":
            _must_be_classes(chosen.targets[0], contents[0])
            read = class_reader(contents[0], gap_words=gap_words)
            yield from _read_classes(staged, chosen.target_places[0], read, notes, targets)
        case "tagging":
            read_labels = read_unit_labels(staged, chosen, strings, notes, domain)
            targets.values, targets.classes, targets.units = yield from read_labels
        case "multilabel":
            _must_be_yes_or_no(chosen, contents)
            cell, odd = _binary, Why.NOT_BINARY
            targets.values = yield from _read_numbers(staged, chosen.target_places, cell, odd, notes)
        case "regression":
            targets.values = yield from _read_numbers(
                staged, chosen.target_places, lambda cell: number(cell, decimal), Why.NO_NUMBER, notes, decimal
            )
    if chosen.roles.mask and found != "tagging":
        raise BadInput(
            f"A mask belongs to labels of single {domain.unit}; this is {_A_TASK[found]}.",
            hint="Leave the mask out, or choose tagging.",
        )
    return targets


_A_TASK = {
    "classification": "a classification",
    "multilabel": "a set of yes-or-no targets",
    "regression": "a regression",
}


def _looked_through(
    staged: Path, chosen: Chosen, decimal: str, notes: RowNotes, domain: Domain, *, gap_words: bool
) -> Generator[_Steps, None, tuple[list[ColumnContent], LabelStrings | None]]:
    """What each target column holds, and how a single one fits the units of the inputs."""
    rows = len(notes.line)
    counters = [ContentCounter(decimal, gap_words=gap_words) for _ in chosen.targets]
    single = len(chosen.targets) == 1 and domain.label_separator is not None
    strings = LabelStrings(domain.label_separator or "") if single else None
    for batch, usable in usable_rows(staged, notes):
        for counter, place in zip(counters, chosen.target_places, strict=True):
            cells = batch.cells(place).to_pylist()
            counter.add(cells[index] for index in usable)
        if strings is not None:
            inputs = batch.values.to_pylist()
            strings.add((inputs[index], cells[index]) for index in usable)
        yield batch.end, 2 * rows
    return [counter.content() for counter in counters], strings


def _read_numbers(
    staged: Path, places: list[int], read: Callable[[str], float | None], odd: Why, notes: RowNotes, decimal: str = "."
) -> Generator[_Steps, None, Floats]:
    """read: the number in a cell, None for a gap; raises ValueError for anything else, which `odd` then says."""
    rows = len(notes.line)
    values = np.full((rows, len(places)), np.nan)
    for batch, usable in usable_rows(staged, notes):
        for target, place in enumerate(places):
            cells = batch.cells(place).to_pylist()
            for index in usable:
                row = batch.begin + index
                try:
                    value = read(cells[index])
                    values[row, target] = np.nan if value is None else value
                except ValueError:
                    infinite = odd is Why.NO_NUMBER and is_infinite(cells[index], decimal)
                    notes.why[row], notes.detail[row] = Why.INFINITE if infinite else odd, target
        yield rows + batch.end, 2 * rows
    notes.why[notes.kept & np.isnan(values).all(axis=1)] = Why.MISSING
    return values


def _read_classes(
    staged: Path, place: int, read: Callable[[str], str | None], notes: RowNotes, targets: Targets
) -> Generator[_Steps, None, None]:
    """Fills codes, classes and gap words into `targets`."""
    rows = len(notes.line)
    codes = np.full(rows, np.nan)
    seen: dict[str, int] = {}
    words: list[int] = []
    for batch, usable in usable_rows(staged, notes):
        cells = batch.cells(place).to_pylist()
        for index in usable:
            row, cell = batch.begin + index, cells[index]
            try:
                label = read(cell)
            except ValueError:  # only an infinity among numbers
                notes.why[row], notes.detail[row] = Why.INFINITE, 0
                continue
            if is_gap(cell) and cell.strip():
                words.append(row)
            if label is None:
                notes.why[row] = Why.MISSING
            else:
                codes[row] = seen.setdefault(label, len(seen))
        yield rows + batch.end, 2 * rows
    classes = tuple(sorted(seen, key=natural))
    rank = np.array([classes.index(label) for label in seen], dtype=np.float64)
    known = ~np.isnan(codes)
    codes[known] = rank[codes[known].astype(np.int64)]
    targets.values, targets.classes, targets.gap_words = codes[:, None], classes, words


def _binary(cell: str) -> float | None:
    said = yes_or_no(cell)
    return None if said is None else float(said)


def _must_be_yes_or_no(chosen: Chosen, contents: list[ColumnContent]) -> None:
    for name, content in zip(chosen.targets, contents, strict=True):
        odd = sum(not is_binary(frozenset({word})) for word in content.different)
        if odd > len(content.different) - odd:
            raise BadInput(
                f"“{name}” holds other values than 0 and 1 (no and yes).",
                hint="Leave it out, or choose another task.",
                context=", ".join(sorted(content.different)[:8]),
            )


def _must_be_classes(name: str, content: ColumnContent) -> None:
    count = len(content.different)
    if count > MOST_CLASSES or (count > 20 and count * 2 > content.filled):
        shown = f"more than {MOST_CLASSES:,}" if count > MOST_CLASSES else str(count)
        raise NoClasses(
            f"“{name}” has {shown} different values in {content.filled:,} rows; these are no classes.",
            hint="Choose another target, or regression if they are numbers.",
        )
