"""The descriptors of a dataset's inputs: computed once, in parallel, and kept beside its table."""

import io
from collections.abc import Sequence
from contextlib import closing
from functools import partial
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from sciapp.engine.data.values.damaged_files import UNREADABLE
from sciapp.engine.domains.base import Domain
from sciapp.engine.domains.registry import domain_named
from sciapp.engine.domains.row_input import RowInput, stored_text
from sciapp.engine.runtime.parallel import in_order
from sciapp.engine.runtime.progress import SILENT, Progress
from sciapp.records.atomic import write_bytes
from sciapp.records.dataset.card import INPUT
from sciapp.records.regular import regular

Floats = npt.NDArray[np.float64]

_CHUNK = 100  # molecules; about a second of work, so that a person can cancel
_PARALLEL_FROM = 500  # rows; below that, starting processes takes longer than the work


def described(
    domain: Domain, inputs: Sequence[RowInput], store: Path | None, *, progress: Progress = SILENT
) -> tuple[list[str], Floats]:
    """Names and values (rows, descriptors) of canonical inputs, NaN where undefined.

    store: the file that keeps what was computed before; what is missing there is added. Raises OutOfSpace, Cancelled.
    """
    names = list(domain.descriptors(domain.example))
    known = _read_saved(store, names)
    rows = [stored_text(value) for value in inputs]
    missing = [value for text, value in dict(zip(rows, inputs, strict=True)).items() if text not in known]
    chunks = [missing[first : first + _CHUNK] for first in range(0, len(missing), _CHUNK)]
    done = len(inputs) - len(missing)
    parallel = domain.costly and len(missing) >= _PARALLEL_FROM
    with closing(
        in_order(partial(_describe, domain.name), zip(chunks, chunks, strict=True), parallel=parallel)
    ) as work:
        progress.report(done, len(inputs))
        for chunk, numbers in work:
            known |= dict(zip(map(stored_text, chunk), numbers, strict=True))
            done += len(chunk)
            progress.report(done, len(inputs))
    if missing and store is not None:
        _keep(store, names, known)
    return names, np.array([known[text] for text in rows], dtype=np.float64).reshape(len(inputs), len(names))


def _describe(domain_name: str, values: list[RowInput]) -> list[Floats]:
    domain = domain_named(domain_name)
    return [np.array(list(domain.descriptors(value).values()), dtype=np.float64) for value in values]


def _read_saved(store: Path | None, names: list[str]) -> dict[str, Floats]:
    """The saved descriptors by the rows' texts; none when the file is not there, damaged, or has others."""
    if store is None or not store.exists():
        return {}
    try:
        table = pq.read_table(regular(store))
    except UNREADABLE:
        return {}
    if table.column_names != [INPUT, *names]:
        return {}
    numbers = np.column_stack([table.column(name).to_numpy() for name in names])
    return dict(zip(table.column(INPUT).to_pylist(), numbers, strict=True))


def _keep(store: Path, names: list[str], known: dict[str, Floats]) -> None:
    numbers = np.array(list(known.values()))
    columns = {INPUT: pa.array(list(known))} | {name: pa.array(numbers[:, i]) for i, name in enumerate(names)}
    buffer = io.BytesIO()
    pq.write_table(pa.table(columns), buffer, compression="zstd")
    write_bytes(store, buffer.getvalue())
