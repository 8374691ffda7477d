"""The plot of a result and the table of the same rows, side by side: what is chosen in one is chosen in the other."""

from collections.abc import Collection

import numpy as np
from PySide6.QtCore import QItemSelection, QItemSelectionModel, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QBoxLayout, QCheckBox, QWidget

from sciapp.actions.depictions import Depictability, look_of
from sciapp.actions.filters import Condition, filtered_source
from sciapp.actions.prediction_rows import lines_of_cell
from sciapp.actions.results import RunResults
from sciapp.actions.tables import MemorySource, lines_of
from sciapp.i18n import msg
from sciapp.records.dataset.card import COLUMN_PREFIX, INPUT, INPUT2
from sciapp.ui import theme
from sciapp.ui.results.plots import PlotPane
from sciapp.ui.widgets.cards import Card
from sciapp.ui.widgets.labels import TextLabel
from sciapp.ui.widgets.tables.depiction_delegate import PictureDelegate
from sciapp.ui.widgets.tables.filter_bar import FilterBar
from sciapp.ui.widgets.tables.view import TableView
from sciapp.ui.words import tr
from sciapp.workers.query import LatestQuery

_DRAWN_WIDTH = 96  # px, of a column of drawings
_NARROW = 700  # px: below, the table stands under the plot
_NAME_WIDTH, _NUMBER_WIDTH = 130, 78  # px, at most
_MOST_CHOSEN = 2_000  # rows of the table that are marked at once


class RowsPage(QWidget):
    """Takes RunResults. The picture is drawn when the page is first looked at."""

    failed = Signal(object)  # SciAppError

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._results: RunResults | None = None
        self._source: MemorySource | None = None
        self._undrawn, self._linking = False, False
        self._looking, self._searching = LatestQuery(self), LatestQuery(self)
        self.plot = PlotPane(self)
        self.filter = FilterBar(self)
        self.draw = QCheckBox(tr(msg("Drawings")), self)
        self.draw.setObjectName("drawPredictions")
        self.draw.setToolTip(tr(msg("Show inputs as drawings instead of as text.")))
        self.table = TableView("predictionRows", msg("Predictions, row by row"), msg("No predictions were kept."), self)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self._counted = TextLabel("", self, type="caption", tone="caption", name="predictionCount")
        self._lay_out()
        self._connect()

    def show_results(self, results: RunResults) -> None:
        self.clear()
        self._results, self._source, self._undrawn = results, results.predictions, True
        judged = results.evaluation is not None
        self._plot_card.setVisible(judged)
        title = msg("The same rows, furthest off first") if judged else msg("Predictions, row by row")
        self._table_card.set_title(title)
        if self._source is not None:
            self.filter.setColumns(self._source.columns)
        self.table.showSource(self._source)
        self._count("")
        domain = results.domain
        if domain and self._source is not None:
            self._looking.ask(lambda _: look_of(domain), self._take_look)
        if self.isVisible():
            self.draw_plot()

    def clear(self) -> None:
        self._looking.drop()
        self._searching.drop()
        self._results, self._source, self._undrawn = None, None, False
        self.filter.clear()
        self.draw.setChecked(False)
        self.draw.hide()
        self.plot.clear()
        self.table.showSource(None)
        self._counted.clear()

    def draw_plot(self) -> None:
        """Draw what has not been drawn yet; the plot library is loaded for it."""
        results = self._results
        if not self._undrawn or results is None:
            return
        self._undrawn = False
        evaluation = results.evaluation
        if evaluation is not None and evaluation.confusion is not None:
            self.plot.show_confusion(evaluation.confusion)
        elif any(len(parity.measured) for parity in results.parities):
            far_off = results.overview.far_off if results.overview is not None else ()
            self.plot.show_parities(
                results.parities, results.points, details=results.details, far_off=far_off, domain=results.domain
            )
        elif evaluation is not None and evaluation.roc:
            self.plot.show_roc(evaluation.roc)

    def choose(self, lines: Collection[int]) -> None:
        """Choose these rows in the table and in the plot; the first of them comes into sight."""
        self._mark_rows(lines)
        self.plot.choose(lines)

    def chosen(self) -> list[int]:
        """Lines of the rows that are chosen in the table."""
        source = self.table.items.source()
        rows = sorted({index.row() for index in self.table.selectionModel().selectedRows()})
        return lines_of(source)[rows].tolist() if isinstance(source, MemorySource) and rows else []

    def _mark_rows(self, lines: Collection[int]) -> None:
        source, selection = self.table.items.source(), QItemSelection()
        if not isinstance(source, MemorySource):
            return
        rows = np.flatnonzero(np.isin(lines_of(source), list(lines)))[:_MOST_CHOSEN].tolist()
        last = self.table.items.columnCount() - 1
        for row in rows:
            selection.select(self.table.items.index(row, 0), self.table.items.index(row, last))
        self._linking = True
        self.table.selectionModel().select(selection, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        if rows:
            self.table.scrollTo(self.table.items.index(rows[0], 0))
        self._linking = False
        self._count("")

    def _table_selected(self) -> None:
        if not self._linking:
            self.plot.choose(self.chosen())
            self._count("")

    def _cell_chosen(self, measured: str, predicted: str) -> None:
        if self._source is not None:
            self._mark_rows(lines_of_cell(self._source, measured, predicted))

    def _search(self, condition: Condition) -> None:
        source = self._source
        if source is None:
            return
        if condition.says_nothing:
            self._searching.drop()
            if self.table.items.natural() is not source:
                self._show_matches(source)
            return
        self._searching.ask(lambda progress: filtered_source(source, condition, progress), self._show_matches)

    def _show_matches(self, source: MemorySource) -> None:
        self.table.showSource(source)
        self._count("")

    def _count(self, busy: str) -> None:
        shown, whole = self.table.items.rowCount(), self._source.row_count if self._source is not None else 0
        chosen = len(self.table.selectionModel().selectedRows())
        text = (
            msg("{rows:,} rows", rows=whole)
            if shown == whole
            else msg("{shown:,} of {rows:,} rows", shown=shown, rows=whole)
        )
        if chosen:
            text = msg("{chosen:,} of {rows:,} rows chosen", chosen=chosen, rows=shown)
        self._counted.setText(tr(busy or text))

    def _take_look(self, look: Depictability) -> None:
        """Drawings are on where there are any."""
        self.draw.setVisible(look.pictures)
        self.draw.setChecked(look.pictures)

    def _draw_inputs(self, wanted: bool) -> None:
        columns = [n for n, column in enumerate(self.table.items.columns()) if column.key in {INPUT, INPUT2}]
        domain = self._results.domain if self._results is not None else ""
        for column in columns:
            before = self.table.itemDelegateForColumn(column)
            if wanted:
                delegate = PictureDelegate(domain, self.table)
                delegate.arrived.connect(self.table.viewport().update)
                self.table.setItemDelegateForColumn(column, delegate)
                self.table.setColumnWidth(column, _DRAWN_WIDTH)
            else:
                # Qt takes None for “the table's own delegate again”, which the stub leaves out.
                self.table.setItemDelegateForColumn(column, None)  # type: ignore[arg-type]
            if isinstance(before, PictureDelegate):
                before.deleteLater()
        if wanted:
            for column, kind in enumerate(self.table.items.columns()):
                widest = _NUMBER_WIDTH if kind.numeric else _NAME_WIDTH
                if kind.numeric or kind.key.startswith(COLUMN_PREFIX):
                    heading = self.table.horizontalHeader().sectionSizeFromContents(column).width()
                    self.table.setColumnWidth(column, max(heading, min(widest, self.table.columnWidth(column))))
        else:
            self.table.measureAgain()
        self.table.setHeightOfRows(theme.ROW_HEIGHT_DRAWN if wanted else None)

    def _connect(self) -> None:
        self.draw.toggled.connect(self._draw_inputs)
        self.plot.chosen.connect(self._mark_rows)
        self.plot.cellChosen.connect(self._cell_chosen)
        self.filter.valueChanged.connect(self._search)
        self.table.failed.connect(self.failed)
        self.table.busyChanged.connect(self._count)
        self.table.selectionModel().selectionChanged.connect(lambda *_: self._table_selected())
        self._searching.failed.connect(lambda error: self._counted.setText(tr(getattr(error, "message", ""))))

    def _lay_out(self) -> None:
        self._plot_card = Card(msg("Predicted against measured"), self, padding=theme.GAP)
        self._plot_card.body.addWidget(self.plot, 1)
        self._table_card = Card(msg("The same rows"), self, padding=theme.GAP)
        self._table_card.add_action(self._counted)
        self._table_card.add_action(self.draw)
        self._table_card.body.addWidget(self.filter)
        self._table_card.body.addWidget(self.table, 1)
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(theme.GAP)
        self._row.addWidget(self._plot_card, 1)
        self._row.addWidget(self._table_card, 1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        direction = QBoxLayout.Direction
        self._row.setDirection(direction.TopToBottom if self.width() < _NARROW else direction.LeftToRight)
