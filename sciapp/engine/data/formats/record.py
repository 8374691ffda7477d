"""A row as it stands in a file, and what a reader of a format offers."""

from collections.abc import Generator
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Protocol, TypeAlias

from sciapp.engine.data.table_format import TableFormat
from sciapp.records.reading import Reading

if TYPE_CHECKING:
    from sciapp.engine.data.formats.look import Look


HEADER_AGAIN = "the names of the columns once more"
"""The problem of a row that is the header, in exports that were put one behind the other."""

Numbered: TypeAlias = tuple[int, list[str]]
"""(line, cells)."""


class Record(NamedTuple):
    """One row as it stands in the file; `cells` may be shorter or longer than the header.

    line: the physical line on which it begins; the number of the row in files that have no lines.
    text: the row's own text, without the line end; empty where a file has none (a workbook). problem: why the row
    cannot be used, where the format knows. unmatched: that is an id which the table to look up in does not have;
    misfit: that is the row's width.
    """

    line: int
    cells: list[str]
    text: str = ""
    problem: str = ""
    unmatched: bool = False
    misfit: bool = False


Records: TypeAlias = Generator[Record, None, None]


class Format(Protocol):
    """One way in which rows are written."""

    @property
    def name(self) -> str:
        """The word for it: fasta."""

    @property
    def title(self) -> str:
        """For people: “FASTA sequences”."""

    def fits(self, look: "Look") -> str:
        """Why the file is taken for this format, by its content; empty when it is not."""

    def settled(self, look: "Look", reading: Reading) -> TableFormat:
        """All that `records` needs to know. Raises BadInput."""

    def records(self, path: Path, format: TableFormat) -> Records:
        """The names of the columns as the first record, then every row. Memory does not grow with the file.

        Raises BadInput, with the line, where the file stops being of this format.
        """
