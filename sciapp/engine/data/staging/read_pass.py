"""The first pass over a table: every row is read, mended, cleaned and staged on disk."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path

import numpy as np
import numpy.typing as npt

from sciapp.engine.data.readers.gathering import GatheringProgress
from sciapp.engine.data.readers.summary_rows import EMPTY, SUMMARY
from sciapp.engine.data.readers.table_reader import Record, TableFormat, misfit, read_records
from sciapp.engine.data.staging.cleaning import MENDABLE, CleanedInputs, cleaned_in_order
from sciapp.engine.data.staging.roles import ColumnRoles
from sciapp.engine.data.staging.staged_rows import RowNotes, StagingWriter
from sciapp.engine.data.values import split_names as splits
from sciapp.engine.data.values.cells import yes_or_no
from sciapp.engine.data.values.rejections import RejectionCounts, RejectionReason
from sciapp.engine.domains.base import Domain
from sciapp.engine.domains.row_input import RowInput, row_input
from sciapp.engine.runtime.progress import SILENT, Progress
from sciapp.errors import BadInput
from sciapp.i18n import msg

_CHUNK_ROWS, _CHUNK_CELLS = 1000, 100_000


@dataclass(frozen=True)
class StagedTable:
    """Results of the first pass in memory; the rows themselves are staged."""

    notes: RowNotes
    reasons: RejectionCounts


def staged_rows(
    path: Path,
    format: TableFormat,
    columns: list[str],
    domain: Domain,
    chosen: ColumnRoles,
    staged: Path,
    lines: int,
    repairs: dict[str, str],
    *,
    progress: Progress = SILENT,
) -> StagedTable:
    """Read, mend, clean and stage all rows. repairs: kind → policy. Raises BadInput for an empty file, Cancelled.

    lines: of the file.
    """
    parts: list[RowNotes] = []
    reasons, done = RejectionCounts(), 0
    watched = None
    if format.series.wanted:
        watched = GatheringProgress(progress.stage(msg("Gathering the points of each object")), lines)
    with closing(read_records(path, format, watched=watched)) as records:
        next(records)
        chunks = _chunks(records, columns, chosen, format.cell_delimiter)
        if watched is not None:  # of the rows that come out there are far fewer than lines
            chunks = chain(list(islice(chunks, 1)), chunks)
            lines = watched.objects or lines
        progress.report(0, lines)
        mine = {kind: policy for kind, policy in repairs.items() if kind in domain.repairs}
        cleaned = cleaned_in_order(chunks, domain.name, chosen.splitter, mine, rows=lines)
        with StagingWriter(staged, len(columns), len(chosen.input_indices)) as writer, closing(cleaned):
            for (rows, problems), clean in cleaned:
                messages = [misfits or reason for misfits, reason in zip(problems, clean.reasons, strict=True)]
                writer.write(rows, clean.values, messages)
                why, split = _first_look(rows, problems, messages, chosen)
                unmended = (why == RejectionReason.INVALID) & ((clean.detected & np.uint16(MENDABLE)) == 0)
                reasons.add((done + i, messages[i] or "") for i in np.flatnonzero(unmended).tolist())
                parts.append(_notes(rows, clean, why, split))
                done += len(rows)
                progress.report(done, max(lines, done))
    if not parts:
        raise BadInput(
            msg("“{file}” has a header and no rows.", file=path.name),
            hint=msg("Choose another file."),
            context=str(path),
        )
    progress.report(done, done)
    whole = RowNotes(*(np.concatenate([getattr(part, name) for part in parts]) for name in RowNotes.__annotations__))
    return StagedTable(whole, reasons)


def _notes(
    rows: list[Record], clean: CleanedInputs, why: npt.NDArray[np.int8], split: npt.NDArray[np.int8]
) -> RowNotes:
    lines, detail = np.array([record.line for record in rows], dtype=np.int64), np.zeros(len(rows), dtype=np.int64)
    return RowNotes(lines, why, detail, clean.digests, clean.groups, clean.lengths, split, clean.detected, clean.mended)


def _chunks(
    records: Iterator[Record], columns: list[str], chosen: ColumnRoles, delimiter: str
) -> Iterator[tuple[tuple[list[Record], list[str]], list[RowInput | None]]]:
    """((rows, what is wrong with their width), inputs with None for those rows)."""
    size = max(50, min(_CHUNK_ROWS, _CHUNK_CELLS // len(columns)))
    rows = list(islice(records, size))
    while rows:
        following = list(islice(records, size))
        problems = [record.problem or misfit(record.cells, columns, delimiter) for record in rows]
        if (
            not following
            and not rows[-1].problem
            and ";" not in problems[-1]
            and 0 < len(rows[-1].cells) < len(columns)
        ):
            problems[-1] = msg("{problem}; it is the last row: the file may be cut off", problem=problems[-1])
        yield (rows, problems), [None if bad else _input(row, chosen) for row, bad in zip(rows, problems, strict=True)]
        rows = following


def _input(row: Record, chosen: ColumnRoles) -> RowInput:
    return row_input([row.cells[index] for index in chosen.input_indices])


def _first_look(
    rows: list[Record], messages: list[str], reasons: list[str | None], chosen: ColumnRoles
) -> tuple[npt.NDArray[np.int8], npt.NDArray[np.int8]]:
    why = np.zeros(len(rows), dtype=np.int8)
    split = np.full(len(rows), splits.UNKNOWN, dtype=np.int8)
    for i, (row, bad, reason) in enumerate(zip(rows, messages, reasons, strict=True)):
        if bad:
            why[i] = _why_no_row(row)
        elif reason:
            why[i] = _why_no_input(row, chosen)
        elif chosen.split_index is not None:
            code = splits.split_named(row.cells[chosen.split_index])
            if code == splits.TRAIN and chosen.validation_index is not None:
                code = splits.VALIDATION if _says_yes(row.cells[chosen.validation_index]) else code
            split[i], why[i] = (
                (splits.UNKNOWN, RejectionReason.NO_SPLIT) if code is None else (code, RejectionReason.KEPT)
            )
    return why, split


def _why_no_row(row: Record) -> RejectionReason:
    if row.problem.startswith((SUMMARY, EMPTY)):
        return RejectionReason.SUMMARY
    return row.reason if row.problem else RejectionReason.MISFIT


def _why_no_input(row: Record, chosen: ColumnRoles) -> RejectionReason:
    first_empty, *others_empty = (not row.cells[index].strip() for index in chosen.input_indices)
    if first_empty:
        return RejectionReason.EMPTY
    return RejectionReason.EMPTY_SECOND if any(others_empty) else RejectionReason.INVALID


def _says_yes(cell: str) -> bool:
    try:
        return yes_or_no(cell) is True
    except ValueError:
        return False
