"""Staging of an import's rows on disk between its two passes, so that memory holds only numbers about them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from sciapp.engine.data.readers.table_reader import Record
from sciapp.engine.data.values.input_columns import INPUT_COLUMNS, input_columns, inputs_of, names_in
from sciapp.engine.data.values.rejections import RejectionReason
from sciapp.engine.domains.row_input import RowInput
from sciapp.i18n import from_line, to_line
from sciapp.records.dataset.card import INPUT

_MESSAGE, _SURPLUS, _TEXT, _CELLS = 0, 1, 2, 3

Indices = npt.NDArray[np.int64] | Sequence[int]


@dataclass
class RowNotes:
    """Notes on every row that was read, in order, held in memory. All arrays (rows,) but digests (rows, 2).

    detected, mended: which of the domain's repairs the input asks for and which changed it (bits, in
    the domain's order).
    """

    line: npt.NDArray[np.int64]
    why: npt.NDArray[np.int8]
    detail: npt.NDArray[np.int64]
    digests: npt.NDArray[np.uint64]
    groups: npt.NDArray[np.uint64]
    lengths: npt.NDArray[np.int32]
    named_split: npt.NDArray[np.int8]
    detected: npt.NDArray[np.uint16]
    mended: npt.NDArray[np.uint16]

    @property
    def usable(self) -> npt.NDArray[np.bool_]:
        return np.asarray(self.why == RejectionReason.KEPT)


class StagedBatch:
    """Some consecutive rows as they were read."""

    def __init__(self, batch: pa.RecordBatch, begin: int) -> None:
        self._batch = batch
        self.begin = begin
        self.end = begin + batch.num_rows

    @property
    def first_inputs(self) -> pa.Array:
        """Canonical first inputs, null where rejected."""
        return self._batch.column(INPUT)

    def inputs(self, rows: Indices) -> list[RowInput]:
        """Canonical inputs of these rows of the batch, none of which is rejected."""
        return inputs_of(self._batch.select(names_in(self._batch.schema.names)).take(pa.array(rows, pa.int64())))

    def messages(self, rows: Indices) -> list[str]:
        """Message of the reader or the domain on each of these rows of the batch; empty where it did not reject it."""
        lines = self._batch.column(_MESSAGE).take(pa.array(rows, pa.int64())).to_pylist()
        return ["" if line is None else from_line(line) for line in lines]

    @property
    def surplus(self) -> pa.Array:
        """Lists of the cells beyond the header's width, else null."""
        return self._batch.column(_SURPLUS)

    @property
    def texts(self) -> pa.Array:
        """The rows' own text, as it stands in the file."""
        return self._batch.column(_TEXT)

    def cells(self, column: int) -> pa.Array:
        """The cells of the column with this index, as read; empty where a row was too short."""
        return self._batch.column(_CELLS + column)


class StagingWriter:
    """Writes batches; used as a context manager."""

    def __init__(self, path: Path, width: int, inputs: int) -> None:
        """width: columns of the file. inputs: how many a row has."""
        self._width, self._inputs = width, inputs
        names = ["message", "surplus", "text", *(f"cell {index}" for index in range(width)), *INPUT_COLUMNS[:inputs]]
        kinds = [pa.string(), pa.list_(pa.string()), pa.string(), *[pa.string()] * (width + inputs)]
        self._schema = pa.schema(list(zip(names, kinds, strict=True)))
        options = pa.ipc.IpcWriteOptions(compression="lz4")
        self._file = pa.OSFile(str(path), "wb")
        self._writer = pa.ipc.new_file(self._file, self._schema, options=options)

    def write(self, records: list[Record], values: Sequence[RowInput | None], messages: list[str | None]) -> None:
        width = self._width
        fitted = [c if len(c) == width else (c + [""] * width)[:width] for c in (record.cells for record in records)]
        surplus = [c[width:] if len(c) > width else None for c in (record.cells for record in records)]
        lines = [to_line(message) if message else None for message in messages]
        arrays = [pa.array(lines, pa.string()), pa.array(surplus, pa.list_(pa.string()))]
        arrays.append(pa.array([record.text for record in records], pa.string()))
        arrays += [pa.array(column, pa.string()) for column in zip(*fitted, strict=True)]
        arrays += input_columns(values, self._inputs).values()
        self._writer.write_batch(pa.record_batch(arrays, schema=self._schema))

    def __enter__(self) -> "StagingWriter":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._writer.close()
        self._file.close()


def staged_batches(path: Path) -> Iterator[StagedBatch]:
    """All rows again, in order."""
    with pa.OSFile(str(path), "rb") as file, pa.ipc.open_file(file) as reader:
        begin = 0
        for number in range(reader.num_record_batches):
            batch = StagedBatch(reader.get_batch(number), begin)
            yield batch
            begin = batch.end


def reason_of(path: Path, row: int) -> str:
    """Message on a row that was set aside as it was read."""
    batch = next(batch for batch in staged_batches(path) if row < batch.end)
    return batch.messages([row - batch.begin])[0]


def usable_rows(path: Path, notes: RowNotes) -> Iterator[tuple[StagedBatch, list[int]]]:
    """Batches with the places, in the batch, of rows that nothing is wrong with yet."""
    for batch in staged_batches(path):
        yield batch, np.flatnonzero(notes.usable[batch.begin : batch.end]).tolist()
