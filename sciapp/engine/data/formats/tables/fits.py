"""Tables of FITS files (Pence et al. 2010, A&A 524:A42), read by astropy a block of rows at a time.

Vectors in cells become lists. Photometry of SNANA (Kessler et al. 2009, PASP 121:1028), whose rows belong to objects by
pointers in a second file, gets the objects' ids as its first column.
"""

import warnings
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from sciapp.engine.data.formats.archives import UNREADABLE, open_bytes, packing_of, unreadable
from sciapp.engine.data.formats.base import Record, Records, cell_of
from sciapp.engine.data.formats.detection import FileHead
from sciapp.engine.data.formats.table_format import FormatEvidence, TableFormat
from sciapp.engine.data.formats.tables.arrow import binary_format
from sciapp.errors import BadInput, listed, nearest
from sciapp.i18n import msg
from sciapp.records.read_options import AUTO, Reading

_MAGIC = b"SIMPLE  ="
_BLOCK = 4096  # rows
_ID, _FIRST, _LAST = "SNID", "PTROBS_MIN", "PTROBS_MAX"
_MOST_UNITS = 40


class FitsTables:
    """Rows are numbered from 1. Of several tables one is read, as of the sheets of a workbook."""

    name = "fits"
    title = msg("FITS tables")

    def fits(self, look: FileHead) -> str:
        return msg("it begins as FITS files do") if look.head.startswith(_MAGIC) else ""

    def settled(self, look: FileHead, reading: Reading) -> TableFormat:
        with _opened(look.path, look.member) as hdus:
            tables = {_title(number, hdu): hdu for number, hdu in enumerate(hdus) if _is_table(hdu)}
            if not tables:
                raise BadInput(
                    msg("“{file}” has pictures or numbers in FITS, and no table.", file=look.path.name),
                    hint=msg("Choose a file with a table."),
                    context=str(look.path),
                )
            wanted = AUTO if look.member else reading.sheet
            sheet, why = _chosen(tables, wanted)
            hdu = tables[sheet]
            names = [str(name) for name in hdu.columns.names]
            units = [f"{column.name}: {column.unit}" for column in hdu.columns if column.unit]
        format = binary_format(self.name, tuple(names), sheet, tuple(tables) if len(tables) > 1 else ())
        format = format.because(*look.findings[:1], FormatEvidence(msg("table"), sheet, why))
        if units:
            stated = FormatEvidence(msg("units"), ", ".join(units[:_MOST_UNITS]), msg("the file states them"))
            format = replace(format, passed_over=(stated,)).because(stated)
        head = _pointing_file(look.path, names)
        if head is None:
            return format
        pointed = FormatEvidence(_ID, head.name, msg("its pointers say which rows belong to which object"))
        passed = (*format.passed_over, pointed)
        return replace(format, names=(_ID, *names), passed_over=passed).because(pointed)

    def records(self, path: Path, format: TableFormat) -> Records:
        yield Record(0, list(format.names))
        with closing(_rows(path, format)) as rows:
            if format.names[0] == _ID and (head := _pointing_file(path, format.names[1:])) is not None:
                yield from _with_ids(rows, _pointers(head))
            else:
                yield from rows


class _Pointers(NamedTuple):
    """ids (n,) of objects; first, last (n,): their rows, counted from 1."""

    ids: list[str]
    first: npt.NDArray[np.int64]
    last: npt.NDArray[np.int64]


def _rows(path: Path, format: TableFormat) -> Records:
    with _opened(path, "") as hdus:
        tables = {_title(number, hdu): hdu for number, hdu in enumerate(hdus) if _is_table(hdu)}
        hdu = tables.get(format.sheet)
        if hdu is None:
            raise BadInput(
                msg("“{file}” has no table “{table}” any more.", file=path.name, table=format.sheet),
                hint=msg("There are {tables}.", tables=listed(list(tables))),
                context=str(path),
            )
        number, count = 0, int(hdu.header["NAXIS2"])
        for begin in range(0, count, _BLOCK):
            block = hdu.data[begin : begin + _BLOCK]
            columns = [_cells(block.field(i), column.null) for i, column in enumerate(hdu.columns)]
            for cells in zip(*columns, strict=True):
                number += 1
                yield Record(number, list(cells))


def _cells(values: npt.NDArray[Any], null: object) -> list[str]:
    """The cells of a column; TNULL and NaN are gaps."""
    if values.dtype.kind in "iu" and null is not None and values.ndim == 1:
        return ["" if value == null else str(value) for value in values.tolist()]
    if values.dtype.kind in "SU" and values.ndim == 1:
        return [str(value).strip() for value in values.tolist()]
    if values.dtype.kind == "f" and values.ndim == 1:
        return [cell_of(number) for number in _shortest(values).tolist()]
    return [cell_of(_plain(value)) for value in values]


def _plain(value: Any) -> Any:
    """Numbers and lists of numbers as Python has them; those of single precision with their few digits."""
    array = np.asarray(value)
    if array.dtype.kind == "c":
        return str(array.tolist())
    return (_shortest(array) if array.dtype.kind == "f" else array).tolist()


def _shortest(numbers: npt.NDArray[Any]) -> npt.NDArray[np.float64]:
    """Numbers of single precision as the shortest text has them: 0.1, not 0.10000000149."""
    if numbers.dtype.itemsize < np.dtype(np.float64).itemsize:
        return np.asarray(numbers.astype(np.float32).astype(str).astype(np.float64))
    return numbers.astype(np.float64)


# Photometry whose rows belong to objects by pointers.


def _pointing_file(path: Path, names: Sequence[str]) -> Path | None:
    """The file of objects beside the photometry of SNANA, by its name; None for any other table."""
    if "MJD" not in names or _ID in names or "PHOT" not in path.name.upper():
        return None
    begin = path.name.upper().rindex("PHOT")
    part = path.name[begin : begin + 4]
    head = path.with_name(path.name[:begin] + ("HEAD" if part.isupper() else "head") + path.name[begin + 4 :])
    return head if head.is_file() and _has_pointers(head) else None


def _has_pointers(path: Path) -> bool:
    try:
        with _opened(path, "") as hdus:
            tables = [hdu for hdu in hdus if _is_table(hdu)]
            return bool(tables) and {_ID, _FIRST, _LAST} <= set(tables[0].columns.names)
    except BadInput:
        return False


def _pointers(path: Path) -> _Pointers:
    with _opened(path, "") as hdus:
        data = next(hdu for hdu in hdus if _is_table(hdu)).data
        first, last = (np.array(data.field(name), dtype=np.int64) for name in (_FIRST, _LAST))
        order = np.argsort(first, kind="stable")
        ids = [str(data.field(_ID)[row]).strip() for row in order]
    return _Pointers(ids, first[order], last[order])


def _with_ids(rows: Records, pointers: _Pointers) -> Records:
    """The rows that an object points to, its id in front; the others only part objects."""
    index = 0
    for record in rows:
        while index < len(pointers.ids) and record.line > pointers.last[index]:
            index += 1
        if index < len(pointers.ids) and record.line >= pointers.first[index]:
            yield record._replace(cells=[pointers.ids[index], *record.cells])


# Opening.


@contextmanager
def _opened(path: Path, member: str) -> Iterator[Any]:
    """The HDUs of a file. Raises BadInput for one that is damaged, or where astropy is missing."""
    try:
        from astropy.io import fits
    except ImportError as error:
        raise BadInput(
            msg("“{file}” is a FITS file, for which this installation has no reader.", file=path.name),
            hint=msg("Install astropy (pip install 'sciapp[fits]'), or save the table as CSV."),
            context=str(error),
        ) from error
    try:
        with open_bytes(path, member) as file, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            warnings.filterwarnings("error", message=".*truncated.*")
            with fits.open(file, memmap=not packing_of(path), lazy_load_hdus=False) as hdus:
                yield hdus
    except UNREADABLE as error:
        raise unreadable(path, error) from error
    except (ValueError, TypeError, KeyError, IndexError, Warning) as error:
        raise BadInput(
            msg("“{file}” is a damaged FITS file, or cut off.", file=path.name),
            hint=msg("Copy or download it again."),
            context=f"{path}: {type(error).__name__}: {error}",
        ) from error


def _is_table(hdu: Any) -> bool:
    return hasattr(hdu, "columns") and bool(hdu.columns.names)


def _title(number: int, hdu: Any) -> str:
    """The name that the file gives to a table, else its number; the version tells tables of one name apart."""
    name = str(hdu.name).strip()
    if not name:
        return f"table {number}"
    return f"{name} ({hdu.ver})" if int(hdu.ver) > 1 else name


def _chosen(tables: dict[str, Any], wanted: str) -> tuple[str, str]:
    if wanted != AUTO:
        match = next((title for title in tables if title.lower() == wanted.strip().lower()), None)
        if match is None:
            raise BadInput(msg("There is no table named “{table}”.", table=wanted), hint=nearest(wanted, list(tables)))
        return match, msg("as said")
    if len(tables) == 1:
        return next(iter(tables)), msg("the only table")
    filled = next((title for title, hdu in tables.items() if int(hdu.header["NAXIS2"]) > 0), next(iter(tables)))
    return filled, msg("the first table with rows")


FORMAT = FitsTables()
