"""The second pass of an import: staged rows become `table.parquet`, `rejected.csv` and, if need be, `repairs.csv`.

`rejected.jsonl` has the reasons of `rejected.csv` once more, row by row, as messages that go into any language.
"""

import csv
import math
from functools import partial
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from sciapp.engine.data.ingest.card import Fingerprint
from sciapp.engine.data.quality.base import TableCheckup
from sciapp.engine.data.staging.cleaning import InputCleaner
from sciapp.engine.data.staging.staged_rows import StagedBatch, staged_batches
from sciapp.engine.data.targets.staged import staged_labels
from sciapp.engine.data.targets.token_classification import WRONG_MASK
from sciapp.engine.data.values.cells import read_censored
from sciapp.engine.data.values.column_names import distinct_names
from sciapp.engine.data.values.input_columns import INPUT_COLUMNS, input_columns
from sciapp.engine.data.values.numeric_columns import NumericColumns
from sciapp.engine.data.values.rejections import RejectionReason, sentence
from sciapp.engine.data.values.split_names import Division
from sciapp.engine.domains.registry import parts_of_domain
from sciapp.engine.domains.row_input import parts_of
from sciapp.engine.runtime.progress import SILENT, Progress
from sciapp.i18n import msg, to_line
from sciapp.records.dataset.card import (
    COLUMN_PREFIX,
    LINE,
    LOWER_PREFIX,
    MASK,
    SPLIT,
    SPLITS,
    TARGET_PREFIX,
    UPPER_PREFIX,
    WEIGHT,
    DatasetFolder,
)
from sciapp.records.dataset.number_format import NumberFormat

ROW_GROUP = 16_384
_OWN_COLUMNS = ("line", "reason", "original")  # of rejected.csv, before those of the source


class SnapshotWriter:
    """The rows of a dataset's files, in the order of the source. `values_changed` counts the rows of `repairs.csv`."""

    def __init__(self, case: TableCheckup, division: Division) -> None:
        columns, chosen, notes, targets = case.columns, case.chosen, case.notes, case.of
        self.columns, self._chosen, self._notes, self._targets = columns, chosen, notes, targets
        self._case = case
        self.values_changed = 0
        self._codes = np.full(len(notes.line), -1, dtype=np.int8)
        self._codes[notes.usable] = division.codes
        assigned = {
            *chosen.input_indices,
            *chosen.target_indices,
            chosen.mask_index,
            chosen.weight_index,
        }
        self._carried = [i for i in range(len(columns)) if i not in assigned]
        self._bounds = targets.bounds
        self._bounded = np.flatnonzero(targets.bound_counts(notes.usable)).tolist()
        self.schema = pa.schema(
            [
                pa.field(LINE, pa.int64()),
                *(pa.field(name, pa.string()) for name in INPUT_COLUMNS[: len(chosen.input_indices)]),
                pa.field(SPLIT, pa.string()),
                *(pa.field(TARGET_PREFIX + name, case.kind.arrow_type) for name in chosen.targets),
                *(
                    pa.field(prefix + chosen.targets[index], pa.float64())
                    for index in self._bounded
                    for prefix in (LOWER_PREFIX, UPPER_PREFIX)
                ),
                *([pa.field(MASK, pa.string())] if chosen.mask_index is not None else []),
                *([pa.field(WEIGHT, pa.float64())] if case.weights is not None else []),
                *(pa.field(COLUMN_PREFIX + columns[i], pa.string()) for i in self._carried),
            ]
        )
        self.fingerprint = Fingerprint()
        usual = NumberFormat(decimal=case.decimal)
        self.numeric = NumericColumns(
            {
                columns[i]: case.numbers[i].format if i in case.numbers else usual
                for i in self._carried
                if i not in {chosen.split_index, chosen.validation_index, chosen.group_index}
            }
        )

    def used(self, batch: StagedBatch) -> pa.Table:
        """The rows of a batch that are used, as they stand in `table.parquet`; adds them to the fingerprint.

        Looks for columns of numbers on the way.
        """
        rows = np.flatnonzero(self._notes.usable[batch.begin : batch.end])
        indices = pa.array(rows)
        inputs = batch.inputs(rows)
        input_cells = input_columns(inputs, len(self._chosen.input_indices))
        split = pa.array(np.array(SPLITS, dtype=object)[self._codes[batch.begin + rows]], pa.string())
        targets = self._target_columns(batch, rows) + self._bound_columns(batch.begin + rows)
        if self._case.weights is not None:
            targets.append(pa.array(self._case.weights[batch.begin + rows]))
        self.fingerprint.add(
            inputs,
            list(zip(*(column.to_pylist() for column in targets), strict=True)),
            split.to_pylist(),
        )
        carried = [batch.cells(i).take(indices) for i in self._carried]
        self.numeric.add({self.columns[i]: cells for i, cells in zip(self._carried, carried, strict=True)})
        line = pa.array(self._notes.line[batch.begin + rows])
        return pa.table([line, *input_cells.values(), split, *targets, *carried], schema=self.schema)

    def rejected(self, batch: StagedBatch) -> list[list[str]]:
        """The rows of a batch that are set aside: line, reason, the row's own text, then its cells."""
        rows = np.flatnonzero(~self._notes.usable[batch.begin : batch.end])
        if not len(rows):
            return []
        indices = pa.array(rows)
        messages = batch.messages(rows)
        surplus, texts = batch.surplus.take(indices).to_pylist(), batch.texts.take(indices).to_pylist()
        cells = [batch.cells(i).take(indices).to_pylist() for i in range(len(self.columns))]
        return [
            [
                str(self._notes.line[batch.begin + row]),
                self._reason(batch.begin + int(row), messages[i], [column[i] for column in cells]),
                texts[i] or "",
                *(column[i] for column in cells),
                *(surplus[i] or []),
            ]
            for i, row in enumerate(rows)
        ]

    def repaired(self, batch: StagedBatch) -> list[list[str]]:
        """The values of a batch's used rows that were changed: line, column, before, after."""
        changed = changed_values(self._case, batch)
        self.values_changed += len(changed)
        return changed

    def _target_columns(self, batch: StagedBatch, rows: npt.NDArray[np.int64]) -> list[pa.Array]:
        """The targets of rows of a batch, and the mask where there is one. rows: places in the batch."""

        def cells(index: int) -> list[str]:
            texts: list[str] = batch.cells(index).take(pa.array(rows)).to_pylist()
            return texts

        mask_index = self._chosen.mask_index
        masks = None if mask_index is None else partial(cells, mask_index)
        return self._targets.columns(batch.begin + rows, partial(cells, self._chosen.target_indices[0]), masks)

    def _bound_columns(self, rows: npt.NDArray[np.int64]) -> list[pa.Array]:
        """The lower and the upper bounds of each target that has any. rows: places in the file."""
        if self._bounds is None:
            return []
        sides = (self._bounds.lower, self._bounds.upper)
        return [
            pa.array(side[rows, index], pa.float64(), from_pandas=True) for index in self._bounded for side in sides
        ]

    def _reason(self, row: int, message: str, cells: list[str]) -> str:
        why, detail = RejectionReason(int(self._notes.why[row])), int(self._notes.detail[row])
        cell = target = ""
        if why is RejectionReason.UNIT_LABELS:
            target, cell = (
                self._chosen.targets[0],
                msg("has {detail:,} labels for {length:,} units", detail=detail, length=self._notes.lengths[row]),
            )
            if detail == WRONG_MASK:
                target, cell = self._chosen.roles.mask or "", msg("is not one 0 or 1 for each unit")
        elif why in {
            RejectionReason.NO_NUMBER,
            RejectionReason.NOT_BINARY,
            RejectionReason.OUTLIER,
            RejectionReason.NO_LOGARITHM,
            RejectionReason.INFINITE,
            RejectionReason.ONLY_BOUND,
        }:
            index = self._case.read_indices[detail]
            cell, target = cells[index].strip(), self.columns[index]
        elif why is RejectionReason.MISSING:
            index = self._chosen.target_indices[0]
            cell, target = cells[index].strip(), self.columns[index]
        elif why is RejectionReason.NO_SPLIT and self._chosen.split_index is not None:
            cell = cells[self._chosen.split_index].strip()
        elif why is RejectionReason.NO_WEIGHT and self._chosen.weight_index is not None:
            cell, target = cells[self._chosen.weight_index].strip(), self._chosen.roles.weight or ""
        elif why is RejectionReason.NO_TIME and self._chosen.time_index is not None:
            cell = cells[self._chosen.time_index].strip()
        return sentence(why, detail, message, cell, target)


def write_snapshot(
    folder: DatasetFolder, writer: SnapshotWriter, staged: Path, rows: int, *, progress: Progress = SILENT
) -> None:
    """Write the dataset's files. There is no `repairs.csv` where no value was changed. Raises Cancelled."""
    waiting: list[pa.Table] = []
    with (
        pq.ParquetWriter(folder.table_file, writer.schema) as table,
        folder.rejected_file.open("w", encoding="utf-8", newline="") as aside,
        folder.rejection_messages_file.open("w", encoding="utf-8") as messages,
        folder.repairs_file.open("w", encoding="utf-8", newline="") as mended,
    ):
        rejected, repairs = csv.writer(aside, lineterminator="\n"), csv.writer(mended, lineterminator="\n")
        rejected.writerow([*_OWN_COLUMNS, *distinct_names(_OWN_COLUMNS, writer.columns)])
        repairs.writerow(["line", "column", "before", "after"])
        for batch in staged_batches(staged):
            waiting.append(writer.used(batch))
            set_aside = writer.rejected(batch)
            rejected.writerows(set_aside)
            messages.writelines(to_line(reason) + "\n" for _, reason, *_ in set_aside)
            repairs.writerows(writer.repaired(batch))
            if sum(part.num_rows for part in waiting) >= ROW_GROUP:
                table.write_table(pa.concat_tables(waiting), row_group_size=ROW_GROUP)
                waiting.clear()
            progress.report(batch.end, rows)
        if waiting:
            table.write_table(pa.concat_tables(waiting), row_group_size=ROW_GROUP)
    if not writer.values_changed:
        folder.repairs_file.unlink()


# Values that repairs changed, cell by cell, for `repairs.csv`.


def changed_values(case: TableCheckup, batch: StagedBatch) -> list[list[str]]:
    """Line, column, before, after of every changed value in the used rows of a batch, row by row.

    What merely was brought into canonical form is no change.
    """
    usable = case.notes.usable[batch.begin : batch.end]
    inputs = np.flatnonzero(usable & (case.notes.mended[batch.begin : batch.end] != 0))
    targets = np.flatnonzero(usable & case.changed[batch.begin : batch.end])
    changes = _inputs(case, batch, inputs) if len(inputs) else []
    if len(targets):
        merged = [row for row in targets.tolist() if case.of.merged_labels(batch.begin + row) is not None]
        changes += _targets(case, batch, np.setdiff1d(targets, merged)) + _units(case, batch, merged)
    changes.sort(key=lambda change: change[0])
    return [[str(case.notes.line[batch.begin + row]), *change] for row, *change in changes]


def _inputs(case: TableCheckup, batch: StagedBatch, rows: npt.NDArray[np.int64]) -> list[tuple[int, str, str, str]]:
    after = batch.inputs(rows)
    indices, domains = case.chosen.input_indices, parts_of_domain(case.domain)
    changes = []
    for part, (index, domain) in enumerate(zip(indices, domains, strict=True)):
        cleaner = InputCleaner(domain, case.repairs) if len(indices) > 1 else None
        for row, cell, value in zip(rows.tolist(), batch.cells(index).take(rows).to_pylist(), after, strict=True):
            if cleaner is None or _is_mended(cleaner, cell):  # of several inputs perhaps another was changed
                changes.append((row, case.columns[index], cell, parts_of(value)[part]))
    return changes


def _is_mended(cleaner: InputCleaner, cell: str) -> bool:
    """True if a repair changes this one input of a row."""
    cleaner.cleaned(cell)
    return cleaner.mended != 0


def _targets(case: TableCheckup, batch: StagedBatch, rows: npt.NDArray[np.int64]) -> list[tuple[int, str, str, str]]:
    changes = []
    for target, index in enumerate(case.chosen.target_indices):
        cells = batch.cells(index).take(rows).to_pylist()
        values = case.of.values[batch.begin + rows, target].tolist()
        for row, cell, value in zip(rows.tolist(), cells, values, strict=True):
            if bound := _bound(case, batch.begin + row, target):
                if not _same_bound(cell, bound, case, index):
                    changes.append((row, case.chosen.targets[target], cell.strip(), bound))
            elif not _same(cell, value, case, target):
                changes.append((row, case.chosen.targets[target], cell.strip(), _text(value, case)))
    return changes


def _bound(case: TableCheckup, row: int, target: int) -> str:
    return "" if case.of.bounds is None else case.of.bounds.text(row, target)


def _same_bound(cell: str, bound: str, case: TableCheckup, index: int) -> bool:
    """True if the cell says the bound, however it spells it."""
    read = read_censored(cell, case.numbers[index].format)
    return read is not None and f"{read[0]}{read[1]!r}" == bound


def _units(case: TableCheckup, batch: StagedBatch, rows: list[int]) -> list[tuple[int, str, str, str]]:
    """Labels and masks that got those of other rows."""
    changes = []
    mask_index = case.chosen.mask_index
    for row in rows:
        whole = case.of.merged_labels(batch.begin + row)
        assert whole is not None and mask_index is not None, "only masked labels are merged"
        after = (staged_labels(case.of).separator.join(whole.labels), whole.mask)
        for index, text in zip((case.chosen.target_indices[0], mask_index), after, strict=True):
            before = batch.cells(index)[row].as_py()
            if "".join(before.split()) != "".join(text.split()):
                changes.append((row, case.columns[index], before, text))
    return changes


def _same(cell: str, value: float, case: TableCheckup, target: int) -> bool:
    if case.of.classes:
        return cell.strip() == _text(value, case)
    try:
        read = case.of.readers[target](cell)
    except ValueError:
        return False
    return math.isnan(value) if read is None else read == value


def _text(value: float, case: TableCheckup) -> str:
    if math.isnan(value):
        return ""
    return case.of.classes[int(value)] if case.of.classes else repr(value)
