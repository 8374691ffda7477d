"""The used rows of a dataset, with a search."""

from pathlib import Path

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from sciapp.ui.widgets.table_view import TableView
from sciapp.workers.latest import LatestQuery
from sciapp.workers.tables import ParquetSource, TableSource, matching_source, open_table

_PAUSE_MS = 300  # after the last key


class RowsPane(QWidget):
    """`show_table` opens a parquet file; rows come in page by page as they are scrolled to."""

    failed = Signal(object)  # SciAppError

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._file: Path | None = None
        self._source: ParquetSource | None = None
        self._opening, self._searching = LatestQuery(self), LatestQuery(self)
        self.search = QLineEdit(self)
        self.search.setObjectName("rowSearch")
        self.search.setAccessibleName("Search rows")
        self.search.setPlaceholderText("Search in the rows")
        self.search.setToolTip("Show only rows in which some cell contains this, letter case included.")
        self.search.setClearButtonEnabled(True)
        self._said = QLabel(self)
        self._said.setObjectName("rowCount")
        self.table = TableView("datasetRows", "Rows of the dataset", "No rows.", self)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_PAUSE_MS)
        self._connect()
        top = QHBoxLayout()
        top.addWidget(self.search, 1)
        top.addWidget(self._said)
        layout = QVBoxLayout(self)
        layout.addLayout(top)
        layout.addWidget(self.table, 1)

    def show_table(self, file: Path) -> None:
        """Open the file's footer; the rows follow when they are looked at."""
        if file == self._file:
            return
        self.clear()
        self._file = file
        self._opening.ask(lambda _: open_table(file), self._show)

    def clear(self) -> None:
        self._opening.drop()
        self._searching.drop()
        self._timer.stop()
        self._file, self._source = None, None
        blocked = self.search.blockSignals(True)
        self.search.clear()
        self.search.blockSignals(blocked)
        self.table.showSource(None)
        self._said.clear()

    def _show(self, source: ParquetSource) -> None:
        self._source = source
        self.table.showSource(source)
        self._said.setText(f"{source.row_count:,} rows")

    def _search(self) -> None:
        source, text = self._source, self.search.text()
        if source is None:
            return
        if not text:
            self._searching.drop()
            self._show(source)
            return
        self._said.setText("Searching…")
        self._searching.ask(lambda reporter: matching_source(source, text, reporter), self._found)

    def _found(self, found: TableSource) -> None:
        self.table.showSource(found)
        whole = self._source.row_count if self._source else 0
        self._said.setText(f"{found.row_count:,} of {whole:,} rows")

    def _busy(self, text: str) -> None:
        source = self.table.items.source()
        self._said.setText(text or (f"{source.row_count:,} rows" if source else ""))

    def _connect(self) -> None:
        self.search.textChanged.connect(lambda _: self._timer.start())
        self._timer.timeout.connect(self._search)
        self.table.failed.connect(self.failed)
        self.table.busyChanged.connect(self._busy)
        for query in (self._opening, self._searching):
            query.failed.connect(self.failed)
