"""The lines of a text table as csv takes them, with their numbers; comments and the row of units are left out."""

from collections.abc import Iterator

from sciapp.engine.data.formats.text.dialect import reader_of
from sciapp.engine.data.formats.text.preamble import surely_comments


class TableLines:
    """Lines for a csv reader. `begins`: the line on which the current row begins; `row`: its lines so far; `ended`:
    whether more were asked for than there are. `taken()` has to be called after every row.

    width: that of the table; a line that begins with the comment sign and has all its cells is a row, unless a blank
    follows on the sign. 0: it is none.
    """

    def __init__(
        self, *, begins: int, comment: str = "", width: int = 0, cut: tuple[str, str] = (",", '"'), units_line: int = 0
    ) -> None:
        self.begins = begins
        self.row: list[str] = []
        self.ended = False
        self._first = begins
        self._comment, self.width, self._cut, self._units_line = comment, width, cut, units_line

    def of(self, lines: Iterator[str]) -> Iterator[str]:
        """The lines that belong to rows; the first one always does."""
        passes = bool(self._comment or self._units_line)
        for number, line in enumerate(lines, start=self._first):
            if not self.row:
                if passes and number > self._first and self._is_no_row(number, line):
                    continue
                self.begins = number
            text = line if number > self._first else line.removeprefix("\ufeff")
            self.row.append(text)
            yield text
        self.ended = True

    def taken(self) -> None:
        """The next line begins a row."""
        self.row.clear()

    @property
    def text(self) -> str:
        """The row as it stands in the file."""
        return "".join(self.row).rstrip("\r\n")

    def _is_no_row(self, number: int, line: str) -> bool:
        if number == self._units_line:
            return True
        if not self._comment or not line.lstrip().startswith(self._comment):
            return False
        if self.width < 2 or surely_comments([line]):
            return True
        return len(next(reader_of(iter([line]), *self._cut), [])) != self.width
