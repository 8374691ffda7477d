"""From a person's table to a dataset: an immutable snapshot of the rows that can be used, and the others with reasons.

Two passes. The first reads, cleans and stages all rows on disk; in memory stay a few numbers a row. Then targets are
read, duplicates found, rows divided; the second pass writes `table.parquet` and `rejected.csv`.
"""

import shutil
import time
from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from sciapp.engine.data import cards, splits
from sciapp.engine.data.binary import yes_or_no
from sciapp.engine.data.cleaning import cleaned_in_order
from sciapp.engine.data.conditions import told_apart
from sciapp.engine.data.formats.packing import plain_name
from sciapp.engine.data.import_request import Chosen, chosen_columns
from sciapp.engine.data.readers import Record, TableFormat, misfit, named_columns, read_records, sniff
from sciapp.engine.data.reading_again import settled_reading
from sciapp.engine.data.set_aside import Why, counted, mark_duplicates, most_common
from sciapp.engine.data.snapshot import SnapshotWriter, write_snapshot
from sciapp.engine.data.staging import RowNotes, StagingWriter
from sciapp.engine.data.strata import strata
from sciapp.engine.data.survey import survey
from sciapp.engine.data.targets import Targets, read_targets
from sciapp.engine.domains.base import Domain
from sciapp.engine.domains.registry import domain_named
from sciapp.errors import BadInput, ProjectProblem
from sciapp.records.atomic import new_folder
from sciapp.records.dataset import DatasetCard, DatasetFolder, ImportRequest, Source
from sciapp.records.lock import ProjectLock
from sciapp.records.project import Project

FEWEST_ROWS = 10

T = TypeVar("T")

_CHUNK_ROWS, _CHUNK_CELLS = 1000, 100_000
_SECONDS_BETWEEN = 0.1
_SIGN = "importing.lock"


@dataclass(frozen=True)
class ImportProgress:
    """How far an import came; `total` is an estimate while rows are read."""

    stage: str
    done: int
    total: int


def import_table(project: Project, request: ImportRequest) -> Iterator[ImportProgress | DatasetCard]:
    """Import a table into `project`: progress about ten times a second, then the card of the new dataset.

    Closing the iterator cancels; nothing is left behind. Raises BadInput for a file or roles that cannot be used,
    ProjectProblem for a project that cannot be written, OutOfSpace.
    """
    project.must_be_writable()
    _sweep(project.datasets_folder)
    path = Path(request.file).expanduser().absolute()
    format = sniff(path, request.reading)
    with closing(read_records(path, format)) as records:
        columns = named_columns(next(records).cells)
    domain = domain_named(project.record.domain)
    chosen = chosen_columns(request, columns, domain)
    found = yield from _paced(survey(path), "Looking at the file")
    id = project.new_dataset_id(request.name or plain_name(path).name)
    try:
        with new_folder(project.datasets_folder / id) as draft, _signed(draft):
            staged = draft / "staged.arrow"
            notes = yield from _stage(path, format, columns, domain, chosen, staged, found.lines)
            reading = read_targets(staged, chosen, request.task, format.decimal, notes, domain)
            targets = yield from _paced(reading, "Reading the targets")
            identity = told_apart(notes.digests, staged, chosen.covariate_places)
            mark_duplicates(identity, targets.values, notes.line, notes.why, notes.detail)
            _must_have_rows(notes, targets, chosen.targets)
            yield ImportProgress("Dividing the rows", 0, 1)
            division = _divide(notes, targets, chosen)
            cards.must_be_learnable(chosen.targets, targets, notes.kept, division.codes)
            folder = DatasetFolder(draft)
            writer = SnapshotWriter(columns, chosen, notes, targets, division, format.decimal)
            writing = write_snapshot(folder, writer, staged, len(notes.line))
            fingerprint = yield from _paced(writing, "Writing the dataset")
            staged.unlink()
            source = Source(
                file_name=path.name,
                path=str(path),
                sha256=found.sha256,
                bytes=found.bytes,
                encoding=format.encoding,
                delimiter=format.delimiter,
                decimal=format.decimal,
                reading=settled_reading(format),
            )
            card = _card(id, request, domain, chosen, source, notes, targets, division, fingerprint)
            card = card.model_copy(update={"numeric_columns": writer.numeric.names()})
            folder.write_card(card)
    except FileExistsError as error:
        raise ProjectProblem(
            "Another import took the same name at the same moment.", hint="Import again.", context=str(error)
        ) from error
    yield card


def _stage(
    path: Path, format: TableFormat, columns: list[str], domain: Domain, chosen: Chosen, staged: Path, lines: int
) -> Generator[ImportProgress, None, RowNotes]:
    parts: list[RowNotes] = []
    done, pace = 0, _Pace()
    yield ImportProgress("Reading and checking rows", 0, lines)
    with closing(read_records(path, format)) as records:
        next(records)
        chunks = _chunks(records, columns, chosen.input_place)
        cleaned = cleaned_in_order(chunks, domain.name, chosen.splitter, rows=lines)
        with StagingWriter(staged, len(columns)) as writer, closing(cleaned):
            for (rows, told), clean in cleaned:
                reasons = [misfits or reason for misfits, reason in zip(told, clean.reasons, strict=True)]
                writer.write(rows, clean.values, reasons)
                begins = np.array([record.line for record in rows], dtype=np.int64)
                why, split = _first_look(rows, told, reasons, chosen)
                detail = np.zeros(len(rows), dtype=np.int64)
                parts.append(RowNotes(begins, why, detail, clean.digests, clean.groups, clean.lengths, split))
                done += len(rows)
                if pace.due():
                    yield ImportProgress("Reading and checking rows", done, max(lines, done))
    if not parts:
        raise BadInput(f"“{path.name}” has a header and no rows.", hint="Choose another file.", context=str(path))
    yield ImportProgress("Reading and checking rows", done, done)
    return RowNotes(*(np.concatenate([getattr(part, name) for part in parts]) for name in RowNotes.__annotations__))


def _chunks(
    records: Iterator[Record], columns: list[str], input_place: int
) -> Iterator[tuple[tuple[list[Record], list[str]], list[str | None]]]:
    """((rows, what is wrong with their width), inputs with None for those rows)."""
    size = max(50, min(_CHUNK_ROWS, _CHUNK_CELLS // len(columns)))
    while rows := list(islice(records, size)):
        told = [misfit(record.cells, columns) for record in rows]
        yield (rows, told), [None if bad else row.cells[input_place] for row, bad in zip(rows, told, strict=True)]


def _first_look(
    rows: list[Record], told: list[str], reasons: list[str | None], chosen: Chosen
) -> tuple[npt.NDArray[np.int8], npt.NDArray[np.int8]]:
    why = np.zeros(len(rows), dtype=np.int8)
    split = np.full(len(rows), splits.UNKNOWN, dtype=np.int8)
    for i, (row, bad, reason) in enumerate(zip(rows, told, reasons, strict=True)):
        if bad:
            why[i] = Why.MISFIT
        elif reason:
            why[i] = Why.INVALID if row.cells[chosen.input_place].strip() else Why.EMPTY
        elif chosen.split_place is not None:
            code = splits.split_named(row.cells[chosen.split_place])
            if code == splits.TRAIN and chosen.validation_place is not None:
                code = splits.VALIDATION if _says_yes(row.cells[chosen.validation_place]) else code
            split[i], why[i] = (splits.UNKNOWN, Why.NO_SPLIT) if code is None else (code, Why.KEPT)
    return why, split


def _says_yes(cell: str) -> bool:
    try:
        return yes_or_no(cell) is True
    except ValueError:
        return False


def _divide(notes: RowNotes, targets: Targets, chosen: Chosen) -> splits.Division:
    kept = notes.kept
    keys = notes.digests[kept, 0]
    if chosen.splitter:
        return splits.grouped_split(keys, notes.groups[kept], chosen.plan)
    match chosen.plan.method:
        case "column":
            return splits.column_split(notes.named_split[kept], keys, chosen.plan)
        case "stratified":
            return splits.stratified_split(keys, strata(targets, kept), chosen.plan)
        case _:
            return splits.random_split(keys, chosen.plan)


def _must_have_rows(notes: RowNotes, targets: Targets, names: tuple[str, ...]) -> None:
    kept = notes.kept
    usable = int(kept.sum())
    if usable < FEWEST_ROWS:
        aside = most_common(counted(notes.why))
        raise BadInput(
            f"Only {usable} of {len(kept):,} rows can be used; at least {FEWEST_ROWS} are needed.",
            hint=f"Set aside: {aside}." if aside else "Choose a table with more rows.",
        )
    if targets.classes:
        targets.only_classes_of(kept)
        if len(targets.classes) < 2:
            what = "class" if targets.units is None else "label"
            raise BadInput(
                f"All usable rows have the same {what} of “{names[0]}” ({targets.classes[0]}).",
                hint=f"{targets.task.capitalize()} needs at least two of them.",
            )


def _card(
    id: str,
    request: ImportRequest,
    domain: Domain,
    chosen: Chosen,
    source: Source,
    notes: RowNotes,
    targets: Targets,
    division: splits.Division,
    fingerprint: str,
) -> DatasetCard:
    kept = notes.kept
    return DatasetCard(
        id=id,
        name=request.name or plain_name(Path(source.file_name)).stem,
        created=datetime.now(UTC),
        domain=domain.name,
        task=targets.task,
        task_reason=targets.reason,
        roles=chosen.roles,
        source=source,
        rows_read=len(kept),
        rows_kept=int(kept.sum()),
        rows_set_aside=int((~kept).sum()),
        set_aside_reasons=counted(notes.why),
        remarks=cards.remarks(chosen.targets, targets, kept, division),
        split=chosen.plan,
        split_counts=division.counts(),
        targets=cards.target_summaries(chosen.targets, targets, kept),
        lengths=cards.length_summary(domain.unit, notes.lengths[kept]),
        fingerprint=fingerprint,
    )


def _paced(work: Generator[tuple[int, int], None, T], stage: str) -> Generator[ImportProgress, None, T]:
    """Drive `work`, which yields (done, total) often, and pass progress on about ten times a second."""
    pace, done, total = _Pace(), 0, 0
    try:
        yield ImportProgress(stage, 0, 0)
        while True:
            done, total = next(work)
            if pace.due():
                yield ImportProgress(stage, done, total)
    except StopIteration as end:
        yield ImportProgress(stage, done, total)
        result: T = end.value
        return result
    finally:
        work.close()


@contextmanager
def _signed(draft: Path) -> Iterator[None]:
    """While the block runs others can see that somebody is at work in `draft`; the lock dies with this process."""
    lock = ProjectLock(draft / _SIGN)
    lock.acquire()
    try:
        yield
    finally:
        lock.release()
        (draft / _SIGN).unlink(missing_ok=True)


def _sweep(folder: Path) -> None:
    """Remove the drafts of imports whose process was killed."""
    for draft in folder.glob(".new-*"):
        lock = ProjectLock(draft / _SIGN)
        if (draft / _SIGN).exists() and lock.acquire():
            lock.release()
            shutil.rmtree(draft, ignore_errors=True)


class _Pace:
    """Says when the next progress is due: about ten times a second."""

    def __init__(self) -> None:
        self._next = time.monotonic() + _SECONDS_BETWEEN

    def due(self) -> bool:
        now = time.monotonic()
        if now < self._next:
            return False
        self._next = now + _SECONDS_BETWEEN
        return True
