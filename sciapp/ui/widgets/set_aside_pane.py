"""The rows that were not used, each with its reason."""

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from sciapp.records.dataset import DatasetCard
from sciapp.ui.widgets.file_dialogs import ask_where
from sciapp.ui.widgets.said_label import SaidLabel
from sciapp.ui.widgets.table_view import TableView
from sciapp.workers.latest import LatestQuery
from sciapp.workers.set_aside import export_rejected, open_rejected
from sciapp.workers.tables import MemorySource

_ALL_USED = "Every row of the file is used."


class SetAsidePane(QWidget):
    """Counts by reason, the rows as they were read, export."""

    failed = Signal(object)  # SciAppError
    exported = Signal(object)  # Path

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._file: Path | None = None
        self._name = ""
        self._reading, self._writing = LatestQuery(self), LatestQuery(self)
        self._said = SaidLabel("setAsideReasons", self)
        self.export_button = QPushButton("&Export…", self)
        self.export_button.setObjectName("exportSetAside")
        self.export_button.setAccessibleName("Export the rows that were set aside")
        self.export_button.setToolTip(
            "Save these rows with their reasons as a CSV file, to mend them and import again."
        )
        self.table = TableView("setAsideRows", "Rows that were set aside", _ALL_USED, self)
        self.export_button.clicked.connect(self._choose_file)
        self.table.failed.connect(self.failed)
        self._reading.failed.connect(self.failed)
        self._writing.failed.connect(self.failed)
        top = QHBoxLayout()
        top.addWidget(self._said, 1)
        top.addWidget(self.export_button)
        layout = QVBoxLayout(self)
        layout.addLayout(top)
        layout.addWidget(self.table, 1)

    def show_rows(self, card: DatasetCard, file: Path) -> None:
        """file: the dataset's rejected.csv."""
        if file == self._file:
            return
        self.clear()
        self._file, self._name = file, card.name
        reasons = [f"{count:,} × {reason}" for reason, count in card.set_aside_reasons.items()]
        self._said.setText(" · ".join(reasons) if reasons else _ALL_USED)
        self.export_button.setEnabled(card.rows_set_aside > 0)
        if card.rows_set_aside:
            self._reading.ask(lambda reporter: open_rejected(file, reporter), self._show)

    def clear(self) -> None:
        self._reading.drop()
        self._file = None
        self.table.showSource(None)
        self._said.clear()
        self.export_button.setEnabled(False)

    def export(self, out: Path) -> None:
        """Copy the list to `out`."""
        file = self._file
        if file is not None:
            self._writing.ask(lambda _: export_rejected(path=file, out=out), self.exported.emit)

    def _show(self, source: MemorySource) -> None:
        self.table.showSource(source)
        self.table.setColumnWidth(1, max(self.table.columnWidth(1), 260))

    def _choose_file(self) -> None:
        proposed = Path(f"{self._name} set aside.csv")
        ask_where(self, "exportSetAsideDialog", "Export the rows that were set aside", proposed, self.export)
