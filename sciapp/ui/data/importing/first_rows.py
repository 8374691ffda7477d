"""The first rows of a file, with what each column is for beside its name."""

from collections.abc import Mapping
from dataclasses import replace

from PySide6.QtWidgets import QWidget

from sciapp.actions.tables import MemorySource
from sciapp.i18n import msg, term
from sciapp.ui.widgets.tables.view import TableView
from sciapp.ui.words import tr


class MarkedRows(TableView):
    """Takes the rows, then marks: column → word."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("importPreview", msg("First rows of the file"), "", parent)
        self.setSortingEnabled(False)
        self._rows: MemorySource | None = None
        self._marks: Mapping[str, str] | None = None

    def setRows(self, rows: MemorySource) -> None:
        self._rows, self._marks = rows, None

    def mark(self, marks: Mapping[str, str]) -> None:
        """Nothing happens where they are as before: showing the rows anew would scroll back to their beginning."""
        if self._rows is None or marks == self._marks:
            return
        before, self._marks = self._marks, dict(marks)
        columns = tuple(
            replace(c, title=f"{c.title}  [{tr(term(marks[c.title]))}]") if c.title in marks else c
            for c in self._rows.columns
        )
        marked = MemorySource(self._rows.table, columns)
        if before is None:
            self.showSource(marked)
        else:
            named = enumerate(column.title for column in self._rows.columns)
            self.showHeadings(marked, [index for index, name in named if before.get(name) != marks.get(name)])
