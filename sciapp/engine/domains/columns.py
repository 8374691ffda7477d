"""Values that a table spreads over several columns: texts that are read one after the other, or a number for each
wavelength or time.
"""

from collections.abc import Callable, Sequence
from typing import Protocol

from sciapp.i18n import Message, msg
from sciapp.records.dataset.number_format import DecimalSign

CellJoiner = Callable[[Sequence[str]], str]
"""From the cells of a row in the columns that are joined, in their order, to the cell that they make. Never raises:
what makes no value is left to the domain's `clean`."""


class ColumnJoiner(Protocol):
    """A way to make one value of the cells of several columns."""

    @property
    def replaces(self) -> bool:
        """True if the columns mean nothing by themselves, so that the joined one takes their place."""

    def family(self, columns: Sequence[str]) -> tuple[str, ...]:
        """The columns of a table whose names say that together they are one value; nothing where none do."""

    def title(self, columns: Sequence[str]) -> str:
        """Name of the joined column."""

    def reason(self, columns: Sequence[str]) -> Message:
        """The joined column in words: “100 columns are one spectrum”."""

    def joiner(self, columns: Sequence[str], decimal: DecimalSign) -> CellJoiner:
        """The function that joins the cells of these columns; decimal: sign before the decimals of numbers."""


class TextsJoined:
    """Texts of several columns, one after the other with a blank between; people say which."""

    replaces = False

    def family(self, columns: Sequence[str]) -> tuple[str, ...]:
        return ()

    def title(self, columns: Sequence[str]) -> str:
        return " + ".join(columns)

    def reason(self, columns: Sequence[str]) -> Message:
        return msg("one text of several columns")

    def joiner(self, columns: Sequence[str], decimal: DecimalSign) -> CellJoiner:
        return lambda cells: " ".join(filter(None, map(str.strip, cells)))


TEXTS = TextsJoined()
