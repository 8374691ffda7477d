"""Values that a table spreads over several columns: texts that are read one after the other, or a number for each
wavelength or time.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from sciapp.i18n import Message, msg
from sciapp.records.read_options import SeriesAxis, SeriesColumns

CellJoiner = Callable[[Sequence[str]], str]
"""From the cells of a row in the columns that are joined, in their order, to the cell that they make. Never raises:
what makes no value is left to the domain's `clean`."""


@dataclass(frozen=True)
class PointWords:
    """Words, in lower case, that people write in the headings of a long table, which has a row for each point of an
    object: for the object, the time, the number of a point, its band, the error of its value, the value."""

    id: frozenset[str]
    time: frozenset[str]
    count: frozenset[str]
    band: frozenset[str]
    error: frozenset[str]
    value: frozenset[str]


class ColumnJoiner(Protocol):
    """A way to make one value of the cells of several columns."""

    @property
    def replaces(self) -> bool:
        """True if the columns are numbers that mean nothing by themselves, so that the joined one takes their place."""

    @property
    def point_words(self) -> PointWords | None:
        """Words for the columns of a table whose rows are points of a value; None where values have no points."""

    def family(self, columns: Sequence[str]) -> tuple[str, ...]:
        """The columns of a table whose names say that together they are one value; nothing where none do."""

    def title(self, columns: Sequence[str]) -> str:
        """Name of the joined column."""

    def reason(self, columns: Sequence[str], axis: SeriesAxis) -> Message:
        """The joined column in words: “100 columns are one spectrum, 850 to 1050 nm”. Raises BadInput."""

    def axis(self, columns: Sequence[str], stated: SeriesAxis) -> SeriesAxis:
        """The stated axis with the words that headings tell."""

    def joiner(self, columns: Sequence[str], axis: SeriesAxis) -> CellJoiner:
        """The function that joins the cells of these columns. Where it `replaces` them, cells are numbers with a point
        before decimals. Raises BadInput for an axis that does not fit them.
        """

    def axis_of_points(self, columns: SeriesColumns, stated: SeriesAxis) -> SeriesAxis:
        """The stated axis with the words that the headings of a long table tell."""

    def restated(self, axis: SeriesAxis) -> Callable[[str], str] | None:
        """The function that puts the value of a single cell on the axis, and gives other cells back as they are; None
        where values have no axis."""


class TextsJoined:
    """Texts of several columns, one after the other with a blank between; people say which."""

    replaces = False
    point_words: PointWords | None = None

    def family(self, columns: Sequence[str]) -> tuple[str, ...]:
        return ()

    def title(self, columns: Sequence[str]) -> str:
        return " + ".join(columns)

    def reason(self, columns: Sequence[str], axis: SeriesAxis) -> Message:
        return msg("one text of several columns")

    def axis(self, columns: Sequence[str], stated: SeriesAxis) -> SeriesAxis:
        return stated

    def joiner(self, columns: Sequence[str], axis: SeriesAxis) -> CellJoiner:
        return lambda cells: " ".join(filter(None, map(str.strip, cells)))

    def axis_of_points(self, columns: SeriesColumns, stated: SeriesAxis) -> SeriesAxis:
        return stated

    def restated(self, axis: SeriesAxis) -> None:
        return None


TEXTS = TextsJoined()
