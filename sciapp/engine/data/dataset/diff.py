"""The difference of two datasets: rows that one has and the other has not, and rows whose values changed.

Rows are matched by their canonical input, and by their conditions where the datasets have some in common: line numbers
and the order of rows may be others in a newer file. Whole tables go through Arrow's hash join.
"""

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from sciapp.engine.data.values.damaged_files import UNREADABLE, damaged_table
from sciapp.engine.data.values.input_columns import input_names
from sciapp.errors import BadInput
from sciapp.i18n import joined, msg
from sciapp.records.atomic import explaining_out_of_space, new_file, unwritable
from sciapp.records.dataset.card import (
    COLUMN_PREFIX,
    LINE,
    LOWER_PREFIX,
    TARGET_PREFIX,
    UPPER_PREFIX,
    DatasetCard,
    DatasetFolder,
)
from sciapp.records.regular import regular

CHANGE, OLD_LINE, NEW_LINE = "change", msg("line before"), msg("line now")
ADDED, REMOVED, CHANGED = "added", "removed", "changed"

_HERE, _TURN, _BOUND = "here", "turn", "bound:"


@dataclass(frozen=True)
class DatasetDiff:
    """table: the rows that are not the same, changed ones first, then removed and added ones.

    Its columns: change (changed, removed, added), line before, line now, input, the common conditions, and each common
    target twice, before and now; of a target with bounds these too (“>10”), which stand where no value was measured.
    remarks: what could not be compared.
    """

    table: pa.Table
    counts: dict[str, int]
    same: int
    remarks: tuple[str, ...] = ()

    def __str__(self) -> str:
        counts = msg(
            "{added:,} added, {removed:,} removed, {changed:,} changed, {same:,} the same.",
            added=self.counts[ADDED],
            removed=self.counts[REMOVED],
            changed=self.counts[CHANGED],
            same=self.same,
        )
        return joined([counts, *self.remarks])


Dataset = tuple[DatasetCard, DatasetFolder]


def difference(before: Dataset, now: Dataset) -> DatasetDiff:
    """Differences of `now` from `before`. Raises BadInput for datasets of two domains, and for damaged tables."""
    old, new = before[0], now[0]
    if old.domain != new.domain:
        raise BadInput(
            msg(
                "“{old}” holds {domain} data and “{new}” {other_domain} data.",
                old=old.name,
                domain=old.domain,
                new=new.name,
                other_domain=new.domain,
            ),
            hint=msg("Compare two versions of one table."),
        )
    targets = [name for name in new.target_names if name in old.target_names]
    conditions = [name for name in new.roles.covariates if name in old.roles.covariates]
    inputs = min(input_names(old), input_names(new), key=len)
    keys = [*inputs, *(COLUMN_PREFIX + name for name in conditions)]
    bounded = [one.name for one in (*old.targets, *new.targets) if one.bounds]
    bounds = [name for name in targets if name in bounded]
    joined = _read(before, keys, targets, "before").join(
        _read(now, keys, targets, "now"), keys=[*keys, _TURN], join_type="full outer", use_threads=False
    )
    change = _changes(joined, [TARGET_PREFIX + name for name in targets] + [_BOUND + name for name in bounds])
    rows = _comparison_table(joined, keys, targets, bounds, change).filter(pc.is_valid(change))
    table = rows.take(pc.sort_indices(rows, sort_keys=[(NEW_LINE, "ascending"), (OLD_LINE, "ascending")]))
    counts = {kind: int(pc.sum(pc.equal(change, kind)).as_py() or 0) for kind in (ADDED, REMOVED, CHANGED)}
    return DatasetDiff(
        _changed_first(table), counts, joined.num_rows - sum(counts.values()), _remarks(old, new, targets, conditions)
    )


def save_changes(table: pa.Table, out: Path) -> None:
    """The rows of a Difference as CSV. Raises OutOfSpace, or BadInput where nothing can be written."""
    try:
        with explaining_out_of_space(out), new_file(out) as file:
            writer = csv.writer(file)
            writer.writerow(table.column_names)
            for batch in table.to_batches():
                writer.writerows(["" if cell is None else cell for cell in row.values()] for row in batch.to_pylist())
    except OSError as error:
        raise unwritable(out, error) from error


def _read(dataset: Dataset, keys: list[str], targets: list[str], when: str) -> pa.Table:
    card, folder = dataset
    names = [LINE, *(TARGET_PREFIX + name for name in targets)]
    bounded = [one.name for one in card.targets if one.bounds]
    sides = [prefix + name for name in targets if name in bounded for prefix in (LOWER_PREFIX, UPPER_PREFIX)]
    try:
        table = pq.read_table(regular(folder.table_file), columns=[*keys, *names, *sides])
    except UNREADABLE as error:
        raise damaged_table(folder, error) from error
    for index, key in enumerate(keys):  # an empty cell is a value like any other; a null would match nothing
        table = table.set_column(index, key, pc.fill_null(table.column(key), ""))
    renamed = table.select([*keys, *names]).rename_columns([*keys, *(f"{name} {when}" for name in names)])
    for name in targets:
        bound_texts = _bound_texts(table, name) if name in bounded else pa.nulls(len(table), pa.string())
        renamed = renamed.append_column(f"{_BOUND}{name} {when}", bound_texts)
    renamed = renamed.append_column(_TURN, pa.array(_turns(table, keys)))
    return renamed.append_column(f"{_HERE} {when}", pa.repeat(True, len(table)))


def _bound_texts(table: pa.Table, name: str) -> pa.ChunkedArray:
    """“>10”, “<0.5” or null for each row; a bound is compared as it is read."""
    sides = [
        pc.fill_null(pc.binary_join_element_wise(sign, table.column(prefix + name).cast(pa.string()), ""), "")
        for sign, prefix in ((">", LOWER_PREFIX), ("<", UPPER_PREFIX))
    ]
    both = pc.utf8_trim_whitespace(pc.binary_join_element_wise(*sides, " "))
    return pc.if_else(pc.equal(both, ""), pa.scalar(None, pa.string()), both)


def _turns(table: pa.Table, keys: list[str]) -> npt.NDArray[np.int64]:
    """Index of each row among rows of the same keys, from 0: the first of one dataset meets the first of the other."""
    codes = np.zeros(len(table), dtype=np.int64)
    for key in keys:
        encoded = table.column(key).combine_chunks().dictionary_encode()
        _, codes = np.unique(codes * max(1, len(encoded.dictionary)) + encoded.indices.to_numpy(), return_inverse=True)
    order = np.argsort(codes, kind="stable")
    begins = np.flatnonzero(np.diff(codes[order], prepend=-1))
    turns = np.empty(len(table), dtype=np.int64)
    turns[order] = np.arange(len(table)) - np.repeat(begins, np.diff(np.append(begins, len(table))))
    return turns


def _changes(joined: pa.Table, columns: list[str]) -> pa.ChunkedArray:
    """added, removed, changed, or null for rows that are the same in all these columns."""
    differs = pa.chunked_array([pa.repeat(False, len(joined))])
    for name in columns:
        old, new = (joined.column(f"{name} {when}") for when in ("before", "now"))
        gaps = pc.not_equal(pc.is_null(old), pc.is_null(new))
        if old.type != new.type:
            old, new = old.cast(pa.string()), new.cast(pa.string())
        differs = pc.or_(differs, pc.or_(gaps, pc.fill_null(pc.not_equal(old, new), False)))
    was, is_ = (pc.is_valid(joined.column(f"{_HERE} {when}")) for when in ("before", "now"))
    conditions = pa.StructArray.from_arrays(
        [pc.invert(was).combine_chunks(), pc.invert(is_).combine_chunks(), differs.combine_chunks()],
        names=[ADDED, REMOVED, CHANGED],
    )
    return pa.chunked_array([pc.case_when(conditions, ADDED, REMOVED, CHANGED)], pa.string())


def _comparison_table(
    joined: pa.Table, keys: list[str], targets: list[str], bounds: list[str], change: pa.ChunkedArray
) -> pa.Table:
    columns = {
        CHANGE: change,
        OLD_LINE: joined.column(msg("{line} before", line=LINE)),
        NEW_LINE: joined.column(msg("{line} now", line=LINE)),
    }
    columns |= {key.removeprefix(COLUMN_PREFIX): joined.column(key) for key in keys}
    for name in targets:
        for when in ("before", "now"):
            columns[f"{when}: {name}"] = joined.column(f"{TARGET_PREFIX}{name} {when}")
            if name in bounds:
                columns[f"{when}: bound of {name}"] = joined.column(f"{_BOUND}{name} {when}")
    return pa.table(columns)


def _changed_first(table: pa.Table) -> pa.Table:
    change = table.column(CHANGE)
    return pa.concat_tables([table.filter(pc.equal(change, kind)) for kind in (CHANGED, REMOVED, ADDED)])


def _remarks(old: DatasetCard, new: DatasetCard, targets: list[str], conditions: list[str]) -> tuple[str, ...]:
    remarks = []
    if gone := [name for name in old.target_names if name not in targets]:
        remarks.append(msg("Only before: {gone}.", gone=gone))
    if fresh := [name for name in new.target_names if name not in targets]:
        remarks.append(msg("Only now: {fresh}.", fresh=fresh))
    if set(old.roles.covariates) != set(new.roles.covariates):
        remarks.append(msg("Conditions compared: {conditions}.", conditions=conditions or msg("none")))
    if len(old.roles.inputs) != len(new.roles.inputs):
        remarks.append(msg("Only one of them has a second input: rows are matched by the first."))
    if old.roles.weight or new.roles.weight:
        remarks.append(msg("Weights are not compared."))
    return tuple(remarks)
