"""Parquet, Feather and Arrow files, read by pyarrow a batch at a time."""

from collections.abc import Generator, Iterator
from contextlib import closing
from pathlib import Path

import pyarrow as pa
import pyarrow.feather as feather
import pyarrow.ipc as ipc
import pyarrow.parquet as pq

from sciapp.engine.data.formats.base import Record, Records, cell_of
from sciapp.engine.data.formats.detection import FileHead
from sciapp.engine.data.formats.table_format import TableFormat
from sciapp.errors import BadInput
from sciapp.i18n import msg
from sciapp.records.read_options import Reading

_BATCH = 4096
_MAGIC = (
    (b"PAR1", msg("a Parquet file")),
    (b"ARROW1", msg("an Arrow or Feather file")),
    (b"FEA1", msg("an old Feather file")),
)
_STREAM = b"\xff\xff\xff\xff"


class ArrowFiles:
    """Rows are numbered from 1."""

    name = "arrow"
    title = msg("Parquet, Feather, Arrow")

    def fits(self, look: FileHead) -> str:
        if look.packing:
            return ""
        kind = next((what for magic, what in _MAGIC if look.head.startswith(magic)), "")
        if not kind and look.head.startswith(_STREAM) and look.suffix in {".arrow", ".arrows", ".ipc"}:
            kind = msg("an Arrow stream")
        return msg("it begins like {kind}", kind=kind) if kind else ""

    def settled(self, look: FileHead, reading: Reading) -> TableFormat:
        with closing(self._batches(look.path)) as batches:
            names = tuple(next(batches).schema.names)
        return binary_format(self.name, names)

    def records(self, path: Path, format: TableFormat) -> Records:
        yield Record(0, list(format.names))
        with closing(self._batches(path)) as batches:
            yield from batch_records(batches)

    @staticmethod
    def _batches(path: Path) -> Generator[pa.RecordBatch, None, None]:
        """The first is empty and tells the columns."""
        try:
            yield from _opened(path)
        except (OSError, pa.ArrowException) as error:
            if _without_end(path):
                raise BadInput(
                    msg(
                        "“{file}” is {how}: the end of the {kind} is missing.",
                        file=path.name,
                        how=msg("damaged or cut off"),
                        kind=msg("Parquet or Arrow file"),
                    ),
                    hint=msg("Copy or download it again."),
                    context=f"{path}: {error}",
                ) from error
            raise BadInput(
                msg("“{file}” is a damaged Parquet or Arrow file.", file=path.name),
                hint=msg("Copy it again."),
                context=f"{path}: {error}",
            ) from error


def binary_format(kind: str, names: tuple[str, ...], sheet: str = "", sheets: tuple[str, ...] = ()) -> TableFormat:
    """The settled format of a file that is no text."""
    return TableFormat(encoding="", delimiter="", quote="", kind=kind, names=names, sheet=sheet, sheets=sheets)


def batch_records(batches: Iterator[pa.RecordBatch], number: int = 0) -> Records:
    """The rows of batches; `number` came before."""
    for batch in batches:
        columns = [[cell_of(value) for value in column.to_pylist()] for column in batch.columns]
        for cells in zip(*columns, strict=True):
            number += 1
            yield Record(number, list(cells))


def _opened(path: Path) -> Iterator[pa.RecordBatch]:
    with path.open("rb") as file:
        magic = file.read(6)
    if magic.startswith(b"PAR1"):
        with pq.ParquetFile(path) as parquet:
            yield _nothing(parquet.schema_arrow)
            yield from parquet.iter_batches(_BATCH, use_threads=False)
        return
    if magic.startswith(b"FEA1"):
        table = feather.read_table(path)
        yield _nothing(table.schema)
        yield from table.to_batches(_BATCH)
        return
    with pa.memory_map(str(path)) as mapped:
        if magic == b"ARROW1":
            with ipc.open_file(mapped) as reader:
                yield _nothing(reader.schema)
                for number in range(reader.num_record_batches):
                    yield from _sliced(reader.get_batch(number))
        else:
            with ipc.open_stream(mapped) as reader:
                yield _nothing(reader.schema)
                for batch in reader:
                    yield from _sliced(batch)


def _without_end(path: Path) -> bool:
    """True if the file lacks the sign with which Parquet and Arrow files begin and end."""
    with path.open("rb") as file:
        begin = file.read(6)
        sign = next((magic for magic, _ in _MAGIC if begin.startswith(magic)), b"")
        file.seek(max(0, path.stat().st_size - len(sign)))
        return bool(sign) and file.read() != sign


def _sliced(batch: pa.RecordBatch) -> Iterator[pa.RecordBatch]:
    yield from (batch.slice(begin, _BATCH) for begin in range(0, batch.num_rows, _BATCH))


def _nothing(schema: pa.Schema) -> pa.RecordBatch:
    return pa.RecordBatch.from_pylist([], schema=schema)


FORMAT = ArrowFiles()
