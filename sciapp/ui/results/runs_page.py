"""The list of all runs with a result, its filter and its columns; and the choice of the run that is looked at."""

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QMenu, QVBoxLayout, QWidget

from sciapp.i18n import joined, msg
from sciapp.records.run.score_format import score_title, with_margin
from sciapp.records.run.summary import RunSummary
from sciapp.ui import theme
from sciapp.ui.results.result_list import ResultList
from sciapp.ui.widgets.cards import Card
from sciapp.ui.words import tr

_PICKER_WIDTH = 380  # px, at most


class RunPicker(QComboBox):
    """The run whose result is shown; announces what a person chose."""

    runChosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("resultRun")
        self.setAccessibleName(tr(msg("Run")))
        self.setToolTip(tr(msg("The run whose result is shown.")))
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.setMaximumWidth(_PICKER_WIDTH)
        self._offered: list[tuple[str, str]] = []
        self.activated.connect(lambda _: self.runChosen.emit(str(self.currentData() or "")))
        self.setEnabled(False)

    def setRuns(self, runs: list[RunSummary]) -> None:
        """Refilled only when something changed: an open list would close under the pointer."""
        offered = [(summary.id, tr(_described(summary))) for summary in runs]
        if offered == self._offered:
            return
        chosen, self._offered = self.currentData(), offered
        blocked = self.blockSignals(True)
        self.clear()
        for id, text in offered:
            self.addItem(text, id)
        self.setCurrentIndex(self.findData(chosen))
        self.blockSignals(blocked)
        self.setEnabled(bool(offered))

    def select(self, id: str) -> None:
        """Show a run as chosen without announcing it."""
        blocked = self.blockSignals(True)
        self.setCurrentIndex(self.findData(id))
        self.blockSignals(blocked)


class RunsPage(QWidget):
    """Runs as a table: filtered by any of their words, with the columns that a person wants."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.list = ResultList(self)
        self.search = QLineEdit(self)
        self.search.setObjectName("findRun")
        self.search.setAccessibleName(tr(msg("Find a run")))
        self.search.setPlaceholderText(tr(msg("Find: name, dataset, model, note…")))
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self.list.setFilter)
        header = self.list.header()
        header.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        header.customContextMenuRequested.connect(self._ask_for_columns)
        card = Card("", self, padding=theme.GAP)
        card.setAccessibleName(tr(msg("Runs with results")))
        top = QHBoxLayout()
        top.addWidget(self.search, 1)
        card.body.addLayout(top)
        card.body.addWidget(self.list, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(card)

    def columns_menu(self) -> QMenu:
        """An entry for each column but the first, ticked where it is shown."""
        menu, model = QMenu(self), self.list.model()
        for column in range(1, model.columnCount()):
            action = menu.addAction(str(model.headerData(column, Qt.Orientation.Horizontal)))
            action.setCheckable(True)
            action.setChecked(not self.list.isColumnHidden(column))
            action.toggled.connect(lambda shown, column=column: self.list.setColumnHidden(column, not shown))
        return menu

    def _ask_for_columns(self, at: QPoint) -> None:
        menu = self.columns_menu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self.list.header().mapToGlobal(at))


def _described(summary: RunSummary) -> str:
    score = summary.score
    measured = (
        joined([score_title(score.name), with_margin(score)]) if score is not None and score.value is not None else ""
    )
    return joined([summary.display_name, measured], " · ")
