"""The target columns of a staged table: which task they are for, and their values as numbers."""

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from hashlib import blake2b
from pathlib import Path
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from sciapp.engine.data.schema.task import suitable_task
from sciapp.engine.data.staging.bounds import Bounds
from sciapp.engine.data.staging.rejections import RejectionReason
from sciapp.engine.data.staging.roles import ColumnRoles
from sciapp.engine.data.staging.staged_rows import RowNotes, usable_rows
from sciapp.engine.data.values.cells import (
    MAY_BE_UNDETECTED,
    MISSING,
    MOST_CLASSES,
    PLAIN_GAPS,
    SPREADSHEET_ERRORS,
    ColumnContent,
    ContentCounter,
    class_reader,
    is_binary,
    is_code,
    is_dash,
    is_gap,
    is_infinite,
    natural,
    read_censored,
    read_number,
    yes_or_no,
)
from sciapp.engine.data.values.censored_cells import ABOUT
from sciapp.engine.data.values.identifiers import hold_lists
from sciapp.engine.data.values.number_formats import ColumnNumbers
from sciapp.engine.data.values.number_notations import written
from sciapp.engine.data.values.token_labels import MOST_LABELS, LabelStrings, MaskedLabels, labels_in, mask_in, spans
from sciapp.engine.domains.base import Domain
from sciapp.engine.runtime.progress import SILENT, Progress
from sciapp.errors import BadInput
from sciapp.records.dataset.number_format import NumberFormat
from sciapp.records.dataset.tasks import TaskName, TaskWish

# Reading a column that labels every unit of the input, and a mask beside it, from a staged table.


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
    staged: Path,
    chosen: ColumnRoles,
    strings: LabelStrings | None,
    notes: RowNotes,
    domain: Domain,
    *,
    progress: Progress = SILENT,
) -> tuple[npt.NDArray[np.float64], tuple[str, ...], UnitCounts]:
    """A number for each row's labels (rows, 1), the labels' names, and their counts.

    Rows whose labels or mask do not match the units are marked in `notes`. Raises BadInput where the column labels no
    units, or the domain has none to label; Cancelled.
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
        progress.report(rows + batch.end, 2 * rows)
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

    def add(self, row: int, cell: str, mask: str | None, units: int) -> tuple[RejectionReason, int]:
        labels = labels_in(cell, self._separator)
        if not labels:
            return RejectionReason.MISSING, 0
        if len(labels) != units:
            return RejectionReason.UNIT_LABELS, len(labels)
        if mask is not None and len(mask) != units:
            return RejectionReason.UNIT_LABELS, WRONG_MASK
        counted = labels if mask is None else [name for name, sign in zip(labels, mask, strict=True) if sign == "1"]
        if not counted:
            return RejectionReason.MISSING, 0
        self._count(row, counted)
        # 48 bits: exact in a float, and two rows of different labels hardly ever share them.
        digest = blake2b(f"{self._separator.join(labels)}\0{mask}".encode(), digest_size=6).digest()
        self.values[row] = int.from_bytes(digest, "big")
        return RejectionReason.KEPT, 0

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


def _separator(chosen: ColumnRoles, strings: LabelStrings | None, domain: Domain) -> str:
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


Floats = npt.NDArray[np.float64]

_SPELT_GAPS = (MISSING - PLAIN_GAPS) | SPREADSHEET_ERRORS.keys()  # gaps that a person should hear of


class TooManyClasses(BadInput):
    """Nearly every value of a target is different: names or numbers of the rows rather than classes."""


CellReader: TypeAlias = Callable[[str], float | None]


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
class Targets:
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
    readers: list["CellReader"] = field(default_factory=list)
    unread: list["UnreadableCells"] = field(default_factory=list)
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


def read_targets(
    staged: Path,
    chosen: ColumnRoles,
    task: TaskWish,
    numbers: Mapping[int, ColumnNumbers],
    notes: RowNotes,
    domain: Domain,
    *,
    gap_words: bool = True,
    bounds_as_numbers: bool = False,
    keep_bounds: bool = False,
    progress: Progress = SILENT,
) -> Targets:
    """The targets of all rows. Rows without a usable one are marked in `notes`; for a cell that is no number `detail`
    is the position of its target. numbers: how the column at each place is read. gap_words: whether words such as
    “NaN” are gaps among classes; otherwise they are a class. bounds_as_numbers: whether “>10” is 10 where numbers are
    learnt; otherwise it is no number, but with keep_bounds a bound. Raises BadInput for targets that suit no task,
    Cancelled.
    """
    formats = [numbers[place].format for place in chosen.target_places]
    contents, strings = _looked_through(staged, chosen, formats, notes, domain, gap_words=gap_words, progress=progress)
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
            read = class_reader(contents[0], formats[0], gap_words=gap_words)
            marks = contents[0].marks
            _read_classes(staged, chosen.target_places[0], read, notes, targets, marks=marks, progress=progress)
        case "tagging":
            labels = read_unit_labels(staged, chosen, strings, notes, domain, progress=progress)
            targets.values, targets.classes, targets.units = labels
        case "multilabel":
            _must_be_yes_or_no(chosen, contents)
            targets.readers = [_binary_reader(one, format) for one, format in zip(contents, formats, strict=True)]
            odd = RejectionReason.NOT_BINARY
            _read_values(staged, chosen.target_places, targets, odd, notes, progress=progress)
        case "regression":
            targets.readers = [partial(read_number, format=format) for format in formats]
            if keep_bounds:
                targets.bounds = Bounds.none(len(notes.line), len(chosen.targets))
            _read_values(
                staged,
                chosen.target_places,
                targets,
                RejectionReason.NO_NUMBER,
                notes,
                formats,
                as_numbers=bounds_as_numbers,
                progress=progress,
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
    staged: Path,
    chosen: ColumnRoles,
    formats: Sequence[NumberFormat],
    notes: RowNotes,
    domain: Domain,
    *,
    gap_words: bool,
    progress: Progress,
) -> tuple[list[ColumnContent], LabelStrings | None]:
    """What each target column holds, and how a single one fits the units of the inputs."""
    rows = len(notes.line)
    counters = [ContentCounter(format, gap_words=gap_words) for format in formats]
    single = len(chosen.targets) == 1 and domain.label_separator is not None
    strings = LabelStrings(domain.label_separator or "") if single else None
    for batch, usable in usable_rows(staged, notes):
        for counter, place in zip(counters, chosen.target_places, strict=True):
            cells = batch.cells(place).to_pylist()
            counter.add(cells[index] for index in usable)
        if strings is not None:
            inputs = batch.values.to_pylist()
            strings.add((inputs[index], cells[index]) for index in usable)
        progress.report(batch.end, 2 * rows)
    return [counter.content() for counter in counters], strings


def _read_values(
    staged: Path,
    places: list[int],
    targets: Targets,
    odd: RejectionReason,
    notes: RowNotes,
    bounds: Sequence[NumberFormat] = (),
    *,
    as_numbers: bool = False,
    progress: Progress,
) -> None:
    """Fills values and unread cells into `targets`, read by its readers. odd: what to say of a cell that is no value.
    bounds: how cells such as “>10” are written, where there may be any; as_numbers: whether they count as 10.
    Where `targets` has bounds they go there, and what is roughly known counts as its number.

    A row keeps what can be read of it; one of which nothing can be read is set aside.
    """
    rows = len(notes.line)
    values = np.full((rows, len(places)), np.nan)
    unread = [UnreadableCells() for _ in places]
    first_odd: dict[int, tuple[RejectionReason, int]] = {}
    for batch, usable in usable_rows(staged, notes):
        for target, (place, read) in enumerate(zip(places, targets.readers, strict=True)):
            cells = batch.cells(place).to_pylist()
            for index in usable:
                cell, row = cells[index], batch.begin + index
                try:
                    value = read(cell)
                except ValueError:
                    bound = read_censored(cell, bounds[target]) if bounds else None
                    if bound is not None:
                        unread[target].censored[row] = bound[0]
                        if as_numbers or (targets.bounds is not None and bound[0] == ABOUT):
                            values[row, target] = bound[1]
                            continue
                        if targets.bounds is not None:
                            targets.bounds.put(row, target, *bound)
                            continue
                    else:
                        (unread[target].named if bounds and written(cell) else unread[target].odd).append(row)
                    infinite = odd is RejectionReason.NO_NUMBER and is_infinite(cell)
                    first_odd.setdefault(row, (RejectionReason.INFINITE if infinite else odd, target))
                    continue
                if value is not None:
                    values[row, target] = value
                elif (word := cell.strip().lower()) in _SPELT_GAPS:
                    unread[target].gaps.append(row)
                    unread[target].undetected += word in MAY_BE_UNDETECTED
                    if len(places) == 1 and word not in PLAIN_GAPS:
                        first_odd[row] = odd, target
        progress.report(rows + batch.end, 2 * rows)
    targets.values, targets.unread = values, unread
    bare = notes.kept & targets.bare
    notes.why[bare] = RejectionReason.MISSING
    for row, (why, target) in first_odd.items():
        if bare[row]:
            notes.why[row], notes.detail[row] = why, target


def _read_classes(
    staged: Path,
    place: int,
    read: Callable[[str], str | None],
    notes: RowNotes,
    targets: Targets,
    *,
    marks: bool,
    progress: Progress,
) -> None:
    """Fills codes, classes and gap words into `targets`. marks: whether a dash is an answer and no gap."""
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
                notes.why[row], notes.detail[row] = RejectionReason.INFINITE, 0
                continue
            if is_gap(cell) and cell.strip() and not (marks and is_dash(cell)):
                words.append(row)
            if label is None:
                notes.why[row] = RejectionReason.MISSING
            else:
                codes[row] = seen.setdefault(label, len(seen))
        progress.report(rows + batch.end, 2 * rows)
    classes = tuple(sorted(seen, key=natural))
    rank = np.array([classes.index(label) for label in seen], dtype=np.float64)
    known = ~np.isnan(codes)
    codes[known] = rank[codes[known].astype(np.int64)]
    targets.values, targets.classes, targets.gap_words = codes[:, None], classes, words


def _binary_reader(content: ColumnContent, format: NumberFormat) -> CellReader:
    def read(cell: str) -> float | None:
        answer = None if is_code(cell, format) else yes_or_no(cell, format.decimal, marks=content.marks)
        return None if answer is None else float(answer)

    return read


def _must_be_yes_or_no(chosen: ColumnRoles, contents: list[ColumnContent]) -> None:
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
    if hold_lists(sorted(content.different)):
        raise BadInput(
            f"“{name}” holds lists of values; a target has one number or one class in each row.",
            hint="Choose another target, or make a column of each value.",
            context=min(content.different),
        )
    if count > MOST_CLASSES or content.too_many_for_classes:
        shown = f"more than {MOST_CLASSES:,}" if count > MOST_CLASSES else str(count)
        raise TooManyClasses(
            f"“{name}” has {shown} different values in {content.filled:,} rows; these are no classes.",
            hint="Choose another target, or regression if they are numbers.",
        )
