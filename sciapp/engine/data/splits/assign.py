"""Assignment of an import's rows to splits: reads what the split method needs, then applies it."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from sciapp.engine.data.splits.folds import bins_of_groups, bins_of_rows, folded
from sciapp.engine.data.splits.split_file import GivenSplit, read_split_file, split_of_rows
from sciapp.engine.data.splits.time_split import time_split
from sciapp.engine.data.staging.cleaning import GROUP_BYTES, TURNED, digest
from sciapp.engine.data.staging.roles import ColumnRoles
from sciapp.engine.data.staging.staged_rows import RowNotes, staged_batches, usable_rows
from sciapp.engine.data.targets.registry import target_kind
from sciapp.engine.data.targets.staged import StagedTargets
from sciapp.engine.data.values import split_names as splits
from sciapp.engine.data.values.dates import DATES, DateReader, reader_for
from sciapp.engine.data.values.rejections import RejectionReason
from sciapp.engine.data.values.spellings import plain_spelling
from sciapp.engine.domains.base import Domain
from sciapp.engine.domains.row_input import RowInput, stored_text
from sciapp.engine.runtime.progress import SILENT, Progress
from sciapp.i18n import msg
from sciapp.records.dataset.card import SplitPlan
from sciapp.records.dataset.number_format import DecimalSign

BY_FIRST_INPUT = msg(
    "Rows were divided by their first input alone: the same second input, or one like it, may be in training "
    "and test. The Split tab says how often."
)
"""The remark on a split of rows with two inputs that looks at the first."""


@dataclass(frozen=True)
class SplitCriteria:
    """Criteria of the split in addition to input and target; moments (rows,), NaN where there is none."""

    moments: npt.NDArray[np.float64] | None = None
    reader: DateReader | None = None
    given: GivenSplit | None = None


def read_grounds(
    staged: Path,
    chosen: ColumnRoles,
    notes: RowNotes,
    domain: Domain,
    decimal: DecimalSign,
    repairs: Mapping[str, str],
    *,
    progress: Progress = SILENT,
) -> SplitCriteria:
    """Reads groups (into `notes`), times or a split file, and marks rows without one. Raises BadInput, Cancelled."""
    match chosen.plan.method:
        case "group":
            _read_groups(staged, chosen, notes, progress)
        case "time":
            return _read_times(staged, chosen, notes, decimal, repairs.get(DATES, ""), progress)
        case "file":
            file = Path(chosen.plan.file or "").expanduser().absolute()
            file_split = read_split_file(file, domain, repairs, progress=progress)
            usable = np.flatnonzero(notes.usable)
            notes.named_split[usable] = split_of_rows(file_split, notes.digests[usable], notes.line[usable])
            notes.why[usable[notes.named_split[usable] == splits.UNKNOWN]] = RejectionReason.NOT_IN_SPLIT_FILE
            return SplitCriteria(given=file_split)
        case _:
            pass
    return SplitCriteria()


def divide(
    staged: Path,
    chosen: ColumnRoles,
    notes: RowNotes,
    targets: StagedTargets,
    grounds: SplitCriteria,
    domain: Domain,
    *,
    progress: Progress = SILENT,
) -> splits.Division:
    """The split of every kept row. Raises BadInput where the rows cannot be divided like this, Cancelled."""
    usable, plan = notes.usable, chosen.plan
    keys = notes.digests[usable, 0]
    match plan.method:
        case "column":
            return splits.column_split(notes.named_split[usable], keys, plan)
        case "file":
            return _as_given(notes.named_split[usable], keys, plan, grounds)
        case "time":
            assert grounds.moments is not None and grounds.reader is not None
            return time_split(grounds.moments[usable], grounds.reader, plan)
        case "random" | "stratified":
            strata = np.zeros(len(keys), dtype=np.int64)
            if plan.method == "stratified":
                strata = target_kind(targets.task).strata(targets, usable)
            strata = splits.of_one_key(keys, strata)
            if plan.folds is not None:
                return folded(splits.of_one_key(keys, bins_of_rows(keys, strata, plan)), plan)
            if plan.method == "stratified":
                return splits.not_torn(keys, splits.stratified_split(keys, strata, plan))
            return splits.not_torn(keys, splits.random_split(keys, plan))
        case _:
            groups, remarks = notes.groups[usable], tuple[str, ...]()
            if plan.method == "cluster":
                groups, remarks = _clusters(staged, notes, keys, plan, domain, progress)
            if plan.method != "group":  # (A, B) and (B, A) have other first inputs, and belong together
                groups = splits.of_one_key(keys, groups, (notes.detected[usable] & np.uint16(TURNED)) != 0)
            divided = (
                splits.grouped_split(keys, groups, plan)
                if plan.folds is None
                else folded(bins_of_groups(groups, plan), plan)
            )
            if len(chosen.input_indices) > 1 and plan.method != "group":
                remarks = (*remarks, BY_FIRST_INPUT)
            return splits.Division(divided.codes, (*remarks, *divided.remarks))


def as_recorded(plan: SplitPlan, grounds: SplitCriteria) -> SplitPlan:
    """The plan for the card: of a split file its name and content, not where it lay."""
    if grounds.given is None:
        return plan
    return plan.model_copy(update={"file": grounds.given.name, "file_sha256": grounds.given.sha256})


def _clusters(
    staged: Path, notes: RowNotes, keys: splits.Keys, plan: SplitPlan, domain: Domain, progress: Progress
) -> tuple[splits.Keys, tuple[str, ...]]:
    """(names of clusters (kept rows,), what is said of them). A cluster is named by the least key of its members, so
    the order of rows changes nothing.
    """
    values: list[RowInput] = []
    for batch, rows in usable_rows(staged, notes):
        values += batch.inputs(rows)
    different = sorted(set(values), key=stored_text)
    threshold = plan.threshold if plan.threshold is not None else domain.likeness.alike
    clusters = domain.likeness.clusters(different, threshold, progress=progress)
    label_of = dict(zip(different, clusters.labels.tolist(), strict=True))
    labels = np.array([label_of[value] for value in values], dtype=np.int64)
    _, members = np.unique(labels, return_inverse=True)
    names = np.full(members.max() + 1, np.iinfo(np.uint64).max, dtype=np.uint64)
    np.minimum.at(names, members, keys)
    sizes = np.bincount(members)
    return names[members], (
        clusters.how,
        msg("{sizes:,} clusters, the largest of {max:,} rows.", sizes=len(sizes), max=sizes.max()),
    )


def _as_given(named: splits.Codes, keys: splits.Keys, plan: SplitPlan, grounds: SplitCriteria) -> splits.Division:
    assert grounds.given is not None
    divided = splits.column_split(named, keys, plan, called=msg("file “{name}”", name=grounds.given.name))
    unmet = grounds.given.unmet
    message = msg(
        "{unmet:,} of {codes:,} inputs of the split file are not among the usable rows.",
        unmet=unmet,
        codes=len(grounds.given.codes),
    )
    return splits.Division(divided.codes, (*divided.remarks, *([message] if unmet else [])))


def _read_groups(staged: Path, chosen: ColumnRoles, notes: RowNotes, progress: Progress) -> None:
    """A hash of each row's group, into `notes.groups`; spellings of one name are one group."""
    assert chosen.group_index is not None
    total = 2 * len(notes.line)
    spelt: dict[str, str] = {}  # of several spellings the least, so that the order of rows changes nothing
    for batch in staged_batches(staged):
        for cell in set(batch.cells(chosen.group_index).to_pylist()):
            name = (cell or "").strip()
            plain = plain_spelling(name)
            spelt[plain] = min(name, spelt.get(plain, name))
        progress.report(batch.end, total)
    for batch in staged_batches(staged):
        cells = [plain_spelling(cell or "") for cell in batch.cells(chosen.group_index).to_pylist()]
        hashes = b"".join(digest(spelt[cell], GROUP_BYTES) for cell in cells)
        rows = slice(batch.begin, batch.end)
        notes.groups[rows] = np.frombuffer(hashes, dtype="<u8")
        empty = np.array([not cell for cell in cells])
        notes.why[rows][empty & notes.usable[rows]] = RejectionReason.NO_GROUP
        progress.report(len(notes.line) + batch.end, total)


def _read_times(
    staged: Path, chosen: ColumnRoles, notes: RowNotes, decimal: DecimalSign, order: str, progress: Progress
) -> SplitCriteria:
    assert chosen.time_index is not None
    index, total = chosen.time_index, 2 * len(notes.line)
    cells: list[str] = []
    for batch in staged_batches(staged):
        cells += [cell or "" for cell in batch.cells(index).to_pylist()]
        progress.report(batch.end, total)
    reader = reader_for(cells, decimal, order)
    moments = np.fromiter(map(reader.moment, cells), dtype=np.float64, count=len(cells))
    notes.why[notes.usable & np.isnan(moments)] = RejectionReason.NO_TIME
    progress.report(total, total)
    return SplitCriteria(moments, reader)
