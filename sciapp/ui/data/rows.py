"""The used rows of a dataset: filtered, and drawn where their domain has pictures."""

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from sciapp.actions.dataset_views import export_rejected, naming_columns, open_rejected
from sciapp.actions.depictions import Depictability, look_of
from sciapp.actions.filters import Condition, filtered_source
from sciapp.actions.tables import MemorySource, ParquetSource, TableSource, open_table
from sciapp.actions.tasks import task_facts
from sciapp.i18n import joined, msg
from sciapp.records.dataset.card import INPUT, INPUT2, MASK, TARGET_PREFIX, DatasetCard
from sciapp.ui import theme
from sciapp.ui.widgets.file_dialogs import ask_where
from sciapp.ui.widgets.labels import PlainTextLabel
from sciapp.ui.widgets.tables.depiction_delegate import SIZE, PictureDelegate
from sciapp.ui.widgets.tables.filter_bar import FilterBar
from sciapp.ui.widgets.tables.view import TableView
from sciapp.ui.words import tr
from sciapp.workers.query import LatestQuery

_DRAWN_HEIGHT = theme.ROW_HEIGHT_DRAWN + theme.SECTION_GAP


class RowsPane(QWidget):
    """`show_rows` opens a dataset's table; rows come in page by page as they are scrolled to."""

    failed = Signal(object)  # SciAppError

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._file: Path | None = None
        self._domain = ""
        self._source: ParquetSource | None = None
        self._pictured = False
        self._opening, self._searching, self._looking = LatestQuery(self), LatestQuery(self), LatestQuery(self)
        self.filter = FilterBar(self)
        self.draw = QCheckBox(tr(msg("Pictures")), self)
        self.draw.setObjectName("drawRows")
        self.draw.setToolTip(tr(msg("Show inputs as pictures instead of as text.")))
        self._summary = QLabel(self)
        self._summary.setObjectName("rowCount")
        self.table = TableView("datasetRows", msg("Rows of the dataset"), msg("No rows."), self)
        self._connect()
        top = QHBoxLayout()
        top.addWidget(self.filter, 1)
        top.addWidget(self.draw)
        top.addWidget(self._summary)
        layout = QVBoxLayout(self)
        layout.addLayout(top)
        layout.addWidget(self.table, 1)

    def show_rows(self, card: DatasetCard, file: Path) -> None:
        """Open the file's footer; the rows follow when they are looked at."""
        if file == self._file:
            return
        self.clear()
        self._file, self._domain = file, card.domain
        self._opening.ask(lambda _: open_table(file), self._show)
        self._looking.ask(lambda _: look_of(card.domain), lambda look: self._take_look(look, card))

    def clear(self) -> None:
        for query in (self._opening, self._searching, self._looking):
            query.drop()
        self._file, self._source, self._pictured = None, None, False
        self.filter.clear()
        self.draw.setChecked(False)
        self.draw.hide()
        self.table.showSource(None)
        self._summary.clear()

    def _show(self, source: ParquetSource) -> None:
        self._source = source
        self.filter.setColumns(source.columns)
        self.table.showSource(source)
        self._summary.setText(tr(_row_count_text(source)))
        self._names_beside_inputs()
        self._draw_if_there_are_rows()

    def _names_beside_inputs(self) -> None:
        """Columns that name rows stand behind the input; the order of the file is left otherwise."""
        columns, heads = self.table.items.columns(), self.table.horizontalHeader()
        inputs = [index for index, column in enumerate(columns) if column.key in {INPUT, INPUT2}]
        place = heads.visualIndex(inputs[-1]) + 1 if inputs else 0
        for offset, index in enumerate(naming_columns(columns)):
            heads.moveSection(heads.visualIndex(index), place + offset)

    def _draw_if_there_are_rows(self) -> None:
        """Drawings are on from the beginning; which columns have some is known with the rows."""
        if self._pictured and self._source is not None:
            self._pictured = False  # whoever turns them off has them off
            self.draw.setChecked(True)

    def _take_look(self, look: Depictability, card: DatasetCard) -> None:
        self.draw.setVisible(look.pictures)
        self._pictured = look.pictures
        self._draw_if_there_are_rows()
        labels = (
            {TARGET_PREFIX + name for name in card.target_names} | {MASK} if task_facts(card.task).per_unit else set()
        )
        self.table.items.setFixedWidth({INPUT, INPUT2} | labels if look.letters else set())

    def _search(self, condition: Condition) -> None:
        source = self._source
        if source is None:
            return
        if condition.says_nothing:
            self._searching.drop()
            if self.table.items.natural() is not source:
                self._show(source)
            return
        self._summary.setText(tr(msg("Searching…")))
        self._searching.ask(lambda progress: filtered_source(source, condition, progress), self._show_matches)

    def _show_matches(self, matches: TableSource) -> None:
        self.table.showSource(matches)
        whole = self._source.row_count if self._source else 0
        self._summary.setText(tr(msg("{rows:,} of {whole:,} rows", rows=matches.row_count, whole=whole)))

    def _search_failed(self, error: object) -> None:
        self._summary.setText(tr(getattr(error, "message", msg("The search failed."))))

    def _draw(self, wanted: bool) -> None:
        drawn = [n for n, column in enumerate(self.table.items.columns()) if column.key in {INPUT, INPUT2}]
        for index in drawn or [1]:
            self._draw_column(index, wanted)
        self.table.setHeightOfRows(_DRAWN_HEIGHT if wanted else None)

    def _draw_column(self, index: int, wanted: bool) -> None:
        before = self.table.itemDelegateForColumn(index)
        if wanted:
            delegate = PictureDelegate(self._domain, self.table)
            delegate.arrived.connect(self.table.viewport().update)
            self.table.setItemDelegateForColumn(index, delegate)
            self.table.setColumnWidth(index, SIZE.width() + 8)
        else:
            # Qt takes None for “the table's own delegate again”, which the stub leaves out.
            self.table.setItemDelegateForColumn(index, None)  # type: ignore[arg-type]
            self.table.measureAgain()
        if isinstance(before, PictureDelegate):
            before.deleteLater()  # with its pictures, which are megabytes

    def _busy(self, text: str) -> None:
        source = self.table.items.source()
        self._summary.setText(tr(text or (_row_count_text(source) if source else "")))

    def _connect(self) -> None:
        self.filter.valueChanged.connect(self._search)
        self.draw.toggled.connect(self._draw)
        self.table.failed.connect(self.failed)
        self.table.busyChanged.connect(self._busy)
        self._opening.failed.connect(self.failed)
        self._looking.failed.connect(self.failed)
        self._searching.failed.connect(self._search_failed)


def _row_count_text(source: TableSource) -> str:
    return msg("{rows:,} rows", rows=source.row_count)


# The rows that were not used, each with its reason.


_ALL_USED = msg("Every row of the file is used.")


class SetAsidePane(QWidget):
    """Counts by reason, the rows as they were read, export."""

    failed = Signal(object)  # SciAppError
    exported = Signal(object)  # Path

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._file: Path | None = None
        self._name = ""
        self._reading, self._writing = LatestQuery(self), LatestQuery(self)
        self._summary = PlainTextLabel("setAsideReasons", self)
        self.export_button = QPushButton(tr(msg("&Export…")), self)
        self.export_button.setObjectName("exportSetAside")
        self.export_button.setAccessibleName(tr(msg("Export the rows that were set aside")))
        self.export_button.setToolTip(
            tr(msg("Save these rows with their reasons as a CSV file, to mend them and import again."))
        )
        self.table = TableView("setAsideRows", msg("Rows that were set aside"), _ALL_USED, self)
        self.export_button.clicked.connect(self._choose_file)
        self.table.failed.connect(self.failed)
        self._reading.failed.connect(self.failed)
        self._writing.failed.connect(self.failed)
        top = QHBoxLayout()
        top.addWidget(self._summary, 1)
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
        self._summary.setText(tr(joined(card.set_aside_texts(), " · ") if card.rows_set_aside else _ALL_USED))
        self.export_button.setEnabled(card.rows_set_aside > 0)
        if card.rows_set_aside:
            self._reading.ask(lambda progress: open_rejected(file, progress), self._show)

    def clear(self) -> None:
        self._reading.drop()
        self._file = None
        self.table.showSource(None)
        self._summary.clear()
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
        proposed = Path(f"{tr(msg('{dataset} set aside', dataset=self._name))}.csv")
        ask_where(self, "exportSetAsideDialog", msg("Export the rows that were set aside"), proposed, self.export)
