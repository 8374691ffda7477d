"""Data sets of Hugging Face's `datasets`: a folder that `save_to_disk` wrote, or one of the hub by its name.

A folder is read with pyarrow alone. For a name on the hub (`hf:owner/name`) what lies in the cache is read; it is
fetched only where a person asked for that.
"""

from collections.abc import Generator, Iterable, Iterator
from contextlib import closing, contextmanager, nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.ipc as ipc

from sciapp.engine.data.formats.base import Record, Records, cell_of
from sciapp.engine.data.formats.table_format import FormatEvidence, TableFormat
from sciapp.engine.data.formats.tables.arrow import binary_format
from sciapp.errors import BadInput, nearest
from sciapp.i18n import msg
from sciapp.records.read_options import AUTO, Reading
from sciapp.records.regular import json_in, regular

PREFIX = "hf:"
SPLIT = "split"
_PART = "part"  # where the data set has a column “split” of its own

_STATE, _INFO, _DICT = "state.json", "dataset_info.json", "dataset_dict.json"
_ALL = msg("all parts")


class HubDataset:
    """Columns: split where there are several parts, then the data set's own; classes by their names."""

    name = "dataset"
    title = msg("Hugging Face data set")

    def settled_folder(self, folder: Path, reading: Reading) -> TableFormat:
        """Raises BadInput for a folder that is damaged, UnknownColumn never."""
        parts = _parts(folder)
        sheet = _chosen(reading, list(parts))
        read = list(parts.values()) if sheet == _ALL else [parts[sheet]]
        names = _united(_features(part) for part in read)
        return _format(self.name, names, sheet, list(parts), msg("it was written by save_to_disk"))

    def settled_name(self, name: str, reading: Reading) -> TableFormat:
        """Raises BadInput for one that is not in the cache, unless it may be downloaded."""
        data = _loaded(name, reading.download)
        sheet = _chosen(reading, list(data))
        names = _united(part.column_names for part in (data.values() if sheet == _ALL else [data[sheet]]))
        format = _format(self.name, names, sheet, list(data), msg("named as {name}", name=name))
        return replace(format, download=reading.download)

    def records(self, path: Path, format: TableFormat) -> Records:
        several = format.sheet == _ALL
        own = format.names[1:] if several else format.names
        yield Record(0, list(format.names))
        number = 0
        name = hub_name(path)
        for part, batches, classes in _named_batches(name, format) if name else _folder_batches(path, format):
            for batch in batches:
                # Parts may have their columns in another order, or lack some: by name, never by place.
                columns = [_cells(batch, column, classes.get(column)) for column in own]
                for cells in zip(*columns, strict=True):
                    number += 1
                    yield Record(number, [part, *cells] if several else list(cells))


def is_saved_dataset(folder: Path) -> bool:
    return (folder / _DICT).is_file() or ((folder / _STATE).is_file() and (folder / _INFO).is_file())


def hub_name(path: Path | str) -> str:
    """`hf:owner/name` in a path that was made absolute, without the prefix; empty for others."""
    text = path if isinstance(path, str) else path.as_posix()
    begin = text.rfind("/" + PREFIX) + 1 if not text.startswith(PREFIX) else 0
    return text[begin + len(PREFIX) :] if text[begin:].startswith(PREFIX) else ""


def _format(kind: str, names: list[str], sheet: str, parts: list[str], why: str) -> TableFormat:
    part = _PART if SPLIT in names else SPLIT
    columns = (part, *names) if sheet == _ALL else tuple(names)
    offered = (_ALL, *parts) if len(parts) > 1 else ()
    return binary_format(kind, columns, sheet, offered).because(FormatEvidence(msg("part"), sheet, why))


def _chosen(reading: Reading, parts: list[str]) -> str:
    if reading.sheet in (AUTO, _ALL):
        return _ALL if len(parts) > 1 else parts[0]
    if reading.sheet not in parts:
        raise BadInput(
            msg("The data set has no part “{part}”.", part=reading.sheet), hint=nearest(reading.sheet, parts)
        )
    return reading.sheet


def _parts(folder: Path) -> dict[str, Path]:
    if not (folder / _DICT).is_file():
        return {"train": folder}
    names = _json(folder / _DICT).get("splits", [])
    parts = {str(name): folder / str(name) for name in names}
    if not parts:
        raise BadInput(msg("The data set in “{folder}” has no parts.", folder=folder.name), context=str(folder))
    return parts


def _features(part: Path) -> dict[str, Any]:
    features = _json(part / _INFO).get("features") or {}
    return dict(features)


def _folder_batches(
    folder: Path, format: TableFormat
) -> Iterator[tuple[str, Iterator[pa.RecordBatch], dict[str, Any]]]:
    parts = _parts(folder)
    for name, part in parts.items():
        if format.sheet in (_ALL, name):
            yield name, _saved_batches(part), _classes(_features(part))


def _saved_batches(part: Path) -> Iterator[pa.RecordBatch]:
    files = [str(entry["filename"]) for entry in _json(part / _STATE).get("_data_files", [])]
    try:
        for file in files:
            with pa.memory_map(str(regular(part / file))) as mapped, ipc.open_stream(mapped) as reader:
                yield from reader
    except (OSError, pa.ArrowException) as error:
        raise BadInput(
            msg("The data set in “{part}” is damaged.", part=part.name), hint=msg("Save it again."), context=str(error)
        ) from error


def _classes(features: dict[str, Any]) -> dict[str, Any]:
    """Names of classes by column: of a ClassLabel, or of a list of them."""
    classes: dict[str, Any] = {}
    for column, feature in features.items():
        inner = feature.get("feature", feature) if isinstance(feature, dict) else feature
        inner = inner[0] if isinstance(inner, list) and inner else inner
        if isinstance(inner, dict) and inner.get("_type") == "ClassLabel":
            classes[column] = inner.get("names")
    return classes


def _united(parts: Iterable[Iterable[str]]) -> list[str]:
    """The columns of all parts, those of the first first."""
    return list(dict.fromkeys(name for names in parts for name in names))


def _cells(batch: pa.RecordBatch, column: str, classes: list[str] | None) -> list[str]:
    """The cells of a column; empty ones where this part does not have it."""
    if column not in batch.schema.names:
        return [""] * batch.num_rows
    return [_cell(value, classes) for value in batch.column(column).to_pylist()]


def _cell(value: Any, classes: list[str] | None) -> str:
    if classes and isinstance(value, int) and 0 <= value < len(classes):
        return classes[value]
    if classes and isinstance(value, list):
        return cell_of([classes[v] if isinstance(v, int) and 0 <= v < len(classes) else v for v in value])
    return cell_of(value)


def _named_batches(name: str, format: TableFormat) -> Iterator[tuple[str, Iterator[pa.RecordBatch], dict[str, Any]]]:
    data = _loaded(name, format.download)
    for part, rows in data.items():
        if format.sheet in (_ALL, part):
            with closing(_arrow_batches(rows)) as batches:
                yield part, batches, _classes(rows.features.to_dict())


def _arrow_batches(rows: Any) -> Generator[pa.RecordBatch, None, None]:
    for table in rows.with_format("arrow").iter(batch_size=1000):
        yield from table.to_batches()


def _loaded(name: str, download: bool) -> Any:
    """A mapping of parts. name: owner/name, with a configuration behind another slash. Raises BadInput."""
    try:
        from datasets import DownloadMode, load_dataset
    except ImportError as error:
        raise BadInput(
            msg("This installation has no reader for data sets of the hub."),
            hint=msg("Save the data set as Parquet and import that."),
            context=str(error),
        ) from error
    owner_name, config = "/".join(name.split("/")[:2]), "/".join(name.split("/")[2:]) or None
    try:
        with nullcontext() if download else _offline():
            return load_dataset(owner_name, config, download_mode=DownloadMode.REUSE_DATASET_IF_EXISTS)
    except Exception as error:  # the library raises a great many kinds
        hint = (
            msg("Check its name and the connection.")
            if download
            else msg("Add --download to fetch it from the Hugging Face hub.")
        )
        where = msg("could not be read") if download else msg("is not on this machine")
        raise BadInput(
            msg("The data set “{name}” {where}.", name=name, where=where),
            hint=hint,
            context=f"{type(error).__name__}: {error}",
        ) from error


@contextmanager
def _offline() -> Iterator[None]:
    """No request leaves the machine: both libraries look at their own switch, which they read once when imported."""
    import datasets
    import huggingface_hub

    switches = [(datasets.config, "HF_HUB_OFFLINE"), (huggingface_hub.constants, "HF_HUB_OFFLINE")]
    before = [getattr(where, name) for where, name in switches]
    for where, name in switches:
        setattr(where, name, True)
    try:
        yield
    finally:
        for (where, name), value in zip(switches, before, strict=True):
            setattr(where, name, value)


def _json(file: Path) -> dict[str, Any]:
    try:
        value = json_in(file)
    except (OSError, ValueError) as error:
        raise BadInput(
            msg("“{file}” of the data set cannot be read.", file=file.name),
            hint=msg("Save the data set again."),
            context=f"{file}: {error}",
        ) from error
    return value if isinstance(value, dict) else {}


FORMAT = HubDataset()
