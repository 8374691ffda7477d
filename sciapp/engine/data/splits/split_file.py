"""Splits as data: written as a CSV file that another lab imports, so that both compare on the same rows.

Columns: `line` of the source file, `input` (canonical; with a second input also `input2`) or `input_hash` (the first
128 bits of its BLAKE2b digest, for structures that must not be shown), `split`.
"""

import csv
import hashlib
from collections.abc import Generator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from sciapp.engine.data.readers.table_reader import named_columns, read_records, sniff
from sciapp.engine.data.staging.cleaning import InputCleaner, digest
from sciapp.engine.data.values.damaged_files import UNREADABLE, damaged_table
from sciapp.engine.data.values.input_columns import INPUT_COLUMNS, inputs_of, names_in
from sciapp.engine.data.values.split_names import UNKNOWN, split_named
from sciapp.engine.domains.base import Domain, Rejected
from sciapp.engine.domains.registry import domain_of, parts_of_domain
from sciapp.engine.domains.row_input import parts_of, row_input
from sciapp.engine.runtime.progress import SILENT, Progress
from sciapp.errors import BadInput
from sciapp.i18n import msg
from sciapp.records.atomic import explaining_out_of_space, new_file, unwritable
from sciapp.records.dataset.card import INPUT, LINE, SPLIT, DatasetFolder
from sciapp.records.regular import regular

HASH = "input_hash"

_REPORT_EVERY = 1000
_TOLD_APART_BY_LINE = -2


@dataclass
class GivenSplit:
    """Splits of a split file by digest of the input; where it has an input in several splits, by line as well."""

    name: str
    sha256: str
    codes: dict[bytes, int] = field(default_factory=dict)
    by_line: dict[tuple[bytes, int], int] = field(default_factory=dict)
    met: set[bytes] = field(default_factory=set)

    def code(self, digest: bytes, line: int) -> int:
        """The split of a row; UNKNOWN where the file does not name it."""
        split_code = self.codes.get(digest, UNKNOWN)
        if split_code != UNKNOWN:
            self.met.add(digest)
        return self.by_line.get((digest, line), UNKNOWN) if split_code == _TOLD_APART_BY_LINE else split_code

    @property
    def unmet(self) -> int:
        """Inputs of the file that no row had."""
        return len(self.codes) - len(self.met)


def read_split_file(
    path: Path, domain: Domain, repairs: Mapping[str, str] | None = None, *, progress: Progress = SILENT
) -> GivenSplit:
    """repairs: what is done to inputs here is done to those of the file.

    Raises BadInput for a file without the columns, or with a split that has no name; Cancelled.
    """
    format, names = sniff(path), INPUT_COLUMNS[: len(parts_of_domain(domain))]
    digests = _InputDigests(names, InputCleaner(domain, repairs or {}), domain)
    file_split = GivenSplit(path.name, hashlib.sha256(path.read_bytes()).hexdigest())
    with closing(read_records(path, format)) as records:
        columns = [name.lower() for name in named_columns(next(records).cells)]
        by = _key_column(columns, path.name, names)
        for done, record in enumerate(records, start=1):
            if len(record.cells) != len(columns):
                raise BadInput(
                    msg("“{file}”, line {line}: more or fewer cells than the header.", file=path.name, line=record.line)
                )
            row = dict(zip(columns, record.cells, strict=True))
            code = split_named(row[SPLIT])
            if code is None:
                raise BadInput(
                    msg(
                        "“{file}”, line {line}: “{cell}” is no split.",
                        file=path.name,
                        line=record.line,
                        cell=row[SPLIT],
                    ),
                    hint=msg("Write train, validation or test."),
                )
            key = _key(row, by, path, record.line, digests)
            if not _note(file_split, key, row.get(LINE, ""), code):
                raise BadInput(
                    msg(
                        "“{file}”, line {line}: “{cell}” stands there already with another split.",
                        file=path.name,
                        line=record.line,
                        cell=row[by][:60],
                    ),
                    hint=msg("Keep one of the two lines."),
                )
            if done % _REPORT_EVERY == 0:
                progress.report(done)
    return file_split


def _key_column(columns: list[str], file: str, inputs: Sequence[str]) -> str:
    """HASH or INPUT, by which the file names its rows. Raises BadInput where it cannot be a split file."""
    by = next((name for name in (HASH, INPUT) if name in columns), None)
    if by is None or SPLIT not in columns:
        raise BadInput(
            msg(
                "“{file}” is no split file: it needs the columns “{split}” and “{input}” or “{hash}”.",
                file=file,
                split=SPLIT,
                input=INPUT,
                hash=HASH,
            ),
            hint=msg("“Export split…” in the Data tab or `sciapp split export` write such a file."),
        )
    if by == INPUT and not set(inputs) <= set(columns):
        raise BadInput(
            msg(
                "“{file}” is no split file for rows of two inputs: it has no column “{input2}”.",
                file=file,
                input2=inputs[-1],
            ),
            hint=msg("Was it exported from a dataset with one input?"),
        )
    return by


def write_split_file(folder: DatasetFolder, out: Path, *, hashed: bool = False) -> int:
    """Write the split of a dataset; returns the number of rows. Raises BadInput for a damaged table, OutOfSpace."""
    rows = 0
    try:
        domain = domain_of(folder.card())
        with closing(_batches(folder)) as batches, explaining_out_of_space(out), new_file(out) as file:
            writer = csv.writer(file, lineterminator="\n")
            inputs = names_in(next(batches).schema.names)
            writer.writerow([LINE, *([HASH] if hashed else inputs), SPLIT])
            for batch in batches:
                lines, splits = (batch.column(name).to_pylist() for name in (LINE, SPLIT))
                for line, value, split in zip(lines, inputs_of(batch), splits, strict=True):
                    cells = [digest(domain.identity(value).text).hex()] if hashed else parts_of(value)
                    writer.writerow([line, *cells, split])
                    rows += 1
    except OSError as error:
        raise unwritable(out, error) from error
    return rows


def _batches(folder: DatasetFolder) -> Generator[pa.RecordBatch, None, None]:
    """Lines, inputs and splits of a dataset; the first is empty and tells the columns. Raises BadInput."""
    try:
        with pq.ParquetFile(regular(folder.table_file)) as table:
            names = [LINE, *names_in(table.schema_arrow.names), SPLIT]
            yield pa.RecordBatch.from_pylist([], pa.schema([table.schema_arrow.field(name) for name in names]))
            yield from table.iter_batches(columns=names)
    except UNREADABLE as error:
        raise damaged_table(folder, error) from error


def split_of_rows(
    given: GivenSplit, digests: npt.NDArray[np.uint64], lines: npt.NDArray[np.int64]
) -> npt.NDArray[np.int8]:
    """codes (rows,), UNKNOWN where the file does not name the input. digests (rows, 2), as the import keeps them."""
    keys = np.ascontiguousarray(digests).view(np.dtype("V16")).ravel().tolist()
    return np.array([given.code(bytes(k), int(n)) for k, n in zip(keys, lines, strict=True)], dtype=np.int8)


@dataclass(frozen=True)
class _InputDigests:
    """Digests of the inputs that rows of a split file write out. columns: of the inputs."""

    columns: Sequence[str]
    cleaner: InputCleaner
    domain: Domain

    def of(self, row: Mapping[str, str]) -> bytes:
        """Raises Rejected."""
        value = self.cleaner.cleaned(row_input([row[name] for name in self.columns]))
        return digest(self.domain.identity(value).text)


def _key(row: Mapping[str, str], by: str, path: Path, line: int, digests: _InputDigests) -> bytes:
    """The digest of the row's input. Raises BadInput."""
    try:
        return bytes.fromhex(row[HASH].strip()) if by == HASH else digests.of(row)
    except Rejected as error:
        reason = error.reason
    except ValueError:
        reason = msg("“{cell}” is no hash", cell=row[by][:40])
    raise BadInput(
        msg("“{file}”, line {line}: {said}.", file=path.name, line=line, said=reason),
        hint=msg("Was it exported from a project of another domain?"),
    )


def _note(given: GivenSplit, key: bytes, line: str, code: int) -> bool:
    """True if the row agrees with those before it; rows of one input in two splits must come from different lines."""
    before = given.codes.setdefault(key, code)
    if line.strip().isdecimal():
        if given.by_line.setdefault((key, int(line)), code) != code:
            return False
    elif before != code:
        return False
    if before != code:
        given.codes[key] = _TOLD_APART_BY_LINE
    return True
