"""The format of a table's file: detected from its content or given by a person, with the reasons."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from sciapp.i18n import msg
from sciapp.records.dataset.number_format import PLAIN_NUMBERS, DecimalSign, NumberFormat
from sciapp.records.read_options import AUTO, SeriesAxis, SeriesColumns


class FormatEvidence(NamedTuple):
    """One thing about a file, and why it is taken to be so: (“delimiter”, “tab”, “it cuts all of the first rows…”)."""

    what: str
    value: str
    why: str


@dataclass(frozen=True)
class TableFormat:
    """Everything that a reader needs to know of a file.

    kind: the name of the format. encoding: a name that Python knows, utf-8-sig with a byte order mark; empty for files
    that are no text. delimiter: the sign between cells; a blank stands for any run of blanks, empty: a line is one
    cell. quote: empty for none; with what escapes it in front, where it is not doubled (`\\"`). header: whether the
    first row names the columns. decimal: the sign before decimals. sheet: the sheet, member or part that is read, of
    `sheets`. first, last: lines between which the table stands (last 0: the end). names: columns that a look through
    the file found. labels: a second file with labels. comment: what lines begin with that are no rows. units_line: the
    line beneath the header that has units, 0 for none. passed_over: those of the findings that say what of the file is
    no row, or was made up. unsaved: columns of formulas whose results the workbook does not have. join: a second table,
    in which the ids of `on` (“column=id”) are looked up. together: columns whose cells make one; joined_as: as in
    `Reading`. relations: (column of signs such as “>”, column of the numbers that they belong to, whether “>” is “<”
    there); see `relation_columns`. series: the columns by which rows are gathered to series; see `gathering`. axis: of
    series, as it was stated and with the words that headings tell. joined_numbers: how those are written that stand in
    the columns `together`.
    reshape: makes other rows of those of the file, see `TargetKind.reshaped`.
    """

    encoding: str = "utf-8"
    delimiter: str = ","
    quote: str = '"'
    header: bool = True
    decimal: DecimalSign = "."
    kind: str = "table"
    sheet: str = ""
    sheets: tuple[str, ...] = ()
    first: int = 1
    last: int = 0
    names: tuple[str, ...] = ()
    labels: str = ""
    download: bool = False
    comment: str = ""
    units_line: int = 0
    join: str = ""
    on: tuple[str, ...] = ()
    together: tuple[str, ...] = ()
    joined_as: str = AUTO
    relations: tuple[tuple[str, str, bool], ...] = ()
    series: SeriesColumns = field(default=SeriesColumns())
    axis: SeriesAxis = field(default=SeriesAxis())
    joined_numbers: NumberFormat = PLAIN_NUMBERS
    reshape: Callable[[Any], Any] | None = field(default=None, compare=False)
    unsaved: tuple[str, ...] = field(default=(), compare=False)
    passed_over: tuple[FormatEvidence, ...] = field(default=(), compare=False)
    findings: tuple[FormatEvidence, ...] = field(default=(), compare=False)

    @property
    def remarks(self) -> tuple[str, ...]:
        """`passed_over` in sentences, for the card of a dataset."""
        return tuple(
            msg("{what:u} ({value}): {why}.", what=what, value=value, why=why) for what, value, why in self.passed_over
        )

    @property
    def typed(self) -> bool:
        """True if its numbers are text that somebody typed or printed, not numbers to begin with."""
        return bool(self.encoding) and not self.kind.startswith("json")

    @property
    def cell_delimiter(self) -> str:
        """Delimiter of a text table; empty for other formats."""
        return self.delimiter if self.kind == "table" else ""

    def because(self, *findings: FormatEvidence) -> "TableFormat":
        """The same with more reasons."""
        return replace(self, findings=(*self.findings, *findings))
