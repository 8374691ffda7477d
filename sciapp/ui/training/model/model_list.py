"""Dialog with all models in one table, to be sorted and chosen from."""

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, Signal
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QVBoxLayout, QWidget

from sciapp.actions.models import model_table
from sciapp.i18n import msg
from sciapp.records.model.info import ModelFacts
from sciapp.ui import theme
from sciapp.ui.widgets.tables.view import TableView
from sciapp.ui.words import tr

_ABOUT = msg(
    "Models that SciApp can load; a click on a column's head sorts. Parameters are in millions, the longest row in "
    "tokens. Memory is an estimate for the usual batches without a GPU. Larger models often learn more from the same "
    "rows, and always take longer."
)


class ModelListDialog(QDialog):
    """`chosen` carries the name of the model that was picked."""

    chosen = Signal(str)

    def __init__(self, models: Sequence[ModelFacts], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("modelList")
        self.setWindowTitle(tr(msg("Compare models")))
        self._names = {tr(facts.display_name): facts.name for facts in models}
        about = QLabel(tr(_ABOUT), self)
        about.setWordWrap(True)
        self.table = TableView("modelTable", msg("Models"), msg("There are no models to compare."), self)
        self.table.setSelectionMode(TableView.SelectionMode.SingleSelection)
        self.table.showSource(model_table(models, tr))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel, self)
        self._choose = buttons.addButton(tr(msg("Choose")), QDialogButtonBox.ButtonRole.AcceptRole)
        self._choose.setObjectName("chooseModel")
        self._choose.setEnabled(False)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        self.table.selectionModel().selectionChanged.connect(lambda *_: self._show_readiness())
        self.table.items.modelReset.connect(self._show_readiness)  # sorting forgets the selection
        self.table.doubleClicked.connect(self._take)
        column = QVBoxLayout(self)
        column.setSpacing(theme.SPACING)
        for part in (about, self.table, buttons):
            column.addWidget(part)
        self.resize(1200, 560)

    def accept(self) -> None:
        if name := self._selected():
            super().accept()
            self.chosen.emit(name)

    def _take(self, _: QModelIndex) -> None:
        self.accept()

    def _selected(self) -> str:
        rows = self.table.selectionModel().selectedRows()
        return self._names.get(self.table.items.row_text(rows[0].row())[0], "") if rows else ""

    def _show_readiness(self) -> None:
        self._choose.setEnabled(bool(self._selected()))
