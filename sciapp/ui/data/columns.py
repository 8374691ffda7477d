"""The columns of a dataset, summed up."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from sciapp.actions.dataset_views import columns_summed_up
from sciapp.i18n import msg
from sciapp.records.dataset.card import DatasetCard, DatasetFolder
from sciapp.ui.widgets.tables.view import TableView
from sciapp.workers.query import LatestQuery


class ColumnsPane(QWidget):
    """One row a column: how full it is, its numbers, its commonest values."""

    failed = Signal(object)  # SciAppError

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._card: DatasetCard | None = None
        self._query = LatestQuery(self)
        self.table = TableView("datasetColumns", msg("Columns of the dataset, summed up"), msg("Summing up…"), self)
        self._query.failed.connect(self.failed)
        self.table.failed.connect(self.failed)
        layout = QVBoxLayout(self)
        layout.addWidget(self.table)

    def show_columns(self, card: DatasetCard, folder: DatasetFolder) -> None:
        if card == self._card:
            return
        self.clear()
        self._card = card
        self._query.ask(lambda progress: columns_summed_up(card, folder, progress), self.table.showSource)

    def clear(self) -> None:
        self._query.drop()
        self._card = None
        self.table.showSource(None)
