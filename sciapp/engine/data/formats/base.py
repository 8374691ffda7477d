"""A row as it stands in a file, and what a reader of a format offers."""

from collections.abc import Generator
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Protocol, TypeAlias

from sciapp.engine.data.formats.table_format import TableFormat
from sciapp.engine.data.values.rejections import RejectionReason
from sciapp.records.read_options import Reading

if TYPE_CHECKING:
    from sciapp.engine.data.formats.detection import FileHead
import datetime
import json
import math
from decimal import Decimal
from typing import Any
from uuid import UUID

import numpy as np

from sciapp.i18n import msg

HEADER_AGAIN = msg("the names of the columns once more")
"""The problem of a row that is the header, in exports that were put one behind the other."""

Numbered: TypeAlias = tuple[int, list[str]]
"""(line, cells)."""


class Record(NamedTuple):
    """One row as it stands in the file; `cells` may be shorter or longer than the header.

    line: the physical line on which it begins; the number of the row in files that have no lines.
    text: the row's own text, without the line end; empty where a file has none (a workbook). problem: why the row
    cannot be used, where the format knows; reason: of which kind that is.
    """

    line: int
    cells: list[str]
    text: str = ""
    problem: str = ""
    reason: RejectionReason = RejectionReason.NO_ROW


Records: TypeAlias = Generator[Record, None, None]


class Format(Protocol):
    """One way in which rows are written."""

    @property
    def name(self) -> str:
        """The word for it: fasta."""

    @property
    def title(self) -> str:
        """For people: “FASTA sequences”."""

    def fits(self, look: "FileHead") -> str:
        """Reason to take the file for this format, by its content; empty when it is not."""

    def settled(self, look: "FileHead", reading: Reading) -> TableFormat:
        """All that `records` needs to know. Raises BadInput."""

    def records(self, path: Path, format: TableFormat) -> Records:
        """The names of the columns as the first record, then every row. Memory does not grow with the file.

        Raises BadInput, with the line, where the file stops being of this format.
        """


# Values that files hold as numbers, lists or dates, as the text of a cell.


def cell_of(value: Any) -> str:
    """Nothing for a gap; whole numbers without a point; lists of words and numbers with blanks between them.

    What has words with blanks in a list, and everything nested, is written as JSON.
    """
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool | np.bool_):
        return "true" if value else "false"
    if isinstance(value, int | np.integer):
        return str(value)
    if isinstance(value, float | np.floating):
        return _of_number(float(value))
    if isinstance(value, datetime.datetime):
        return value.isoformat(sep=" ").removesuffix(" 00:00:00")
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if isinstance(value, Decimal | datetime.timedelta | UUID):
        return str(value)
    if isinstance(value, list | tuple | np.ndarray):
        return _of_list(list(value))
    return json.dumps(value, ensure_ascii=False, default=str)


def _of_number(value: float) -> str:
    if math.isnan(value):
        return ""
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)


def _of_list(values: list[Any]) -> str:
    if any(isinstance(value, list | tuple | dict | np.ndarray) for value in values):
        return json.dumps(values, ensure_ascii=False, default=str)
    cells = [cell_of(value) for value in values]
    if any(not cell or len(cell.split()) != 1 for cell in cells):
        return json.dumps(values, ensure_ascii=False, default=str)
    return " ".join(cells)
