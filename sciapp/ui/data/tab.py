"""The Data tab: import tables, look at what became of them."""

from pathlib import Path

from PySide6.QtCore import QMimeData, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from sciapp.actions import datasets as datasets_actions
from sciapp.errors import SciAppError
from sciapp.i18n import joined, msg, term
from sciapp.records.dataset.card import DatasetCard
from sciapp.records.dataset.damage import DamagedDataset
from sciapp.records.read_options import PACKED, SUFFIXES, file_filter
from sciapp.ui import theme
from sciapp.ui.data.dataset_panel import DatasetPanel
from sciapp.ui.data.importing.dialog import ImportDialog
from sciapp.ui.messages import Messages
from sciapp.ui.session import Session
from sciapp.ui.widgets.buttons import Button
from sciapp.ui.widgets.drop_highlight import DropHighlight, accept_copy
from sciapp.ui.widgets.file_dialogs import ask_for_file
from sciapp.ui.widgets.glyphs import IconLabel
from sciapp.ui.widgets.labels import PlainTextLabel
from sciapp.ui.words import tr

_NO_PROJECT = msg("Open or create a project in the Project tab; then tables can be imported here.")
_ALL_DAMAGED = msg("No dataset of this project can be read: choose one on the left to see what is wrong with it.")
_NO_DATASET = msg("No data yet.\n\nPress “Import…”, or drag a file or a folder of texts onto this page.")


_HINT_WIDTH = 420


class DataTab(QWidget):
    """Left the project's datasets, right the one that is selected."""

    trainWanted = Signal()  # on the dataset that is selected
    projectWanted = Signal(str, object)  # domain, Path: a file that belongs in a project of another kind

    def __init__(self, session: Session, messages: Messages, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._messages = session, messages
        self.dialog: ImportDialog | None = None
        self._awaited = ""
        self.list = QListWidget(self)
        self.list.setObjectName("datasetList")
        self.list.setAccessibleName(tr(msg("Datasets of the project")))
        self.list.setToolTip(tr(msg("Tables that were imported; they never change afterwards.")))
        self.list.setWordWrap(True)
        self.import_button = QPushButton(tr(msg("&Import…")), self)
        self.import_button.setObjectName("importTable")
        self.import_button.setAccessibleName(tr(msg("Import a table")))
        self.import_button.setToolTip(
            tr(
                msg(
                    "Read a table, sequences or molecules into the project: CSV, Excel, FASTA, SDF, JSON, Parquet "
                    "and others."
                )
            )
        )
        self.panel = DatasetPanel(self)
        self._drop = DropHighlight(msg("Drop the file to import it; it stays where it is."), self)
        self._empty = PlainTextLabel("dataHint", self)
        self._empty.setText(tr(_NO_PROJECT))
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._stack = QStackedWidget(self)
        self._first_button = Button(
            msg("Import a table…"),
            self,
            kind="primary",
            icon="file-up",
            name="importFirst",
            help=msg("Choose a file; what is in it is shown before anything is imported."),
        )
        self._first_button.clicked.connect(self.choose_file)
        self._nothing = QWidget(self)
        self._stack.addWidget(self._nothing)
        self._stack.addWidget(self.panel)
        self.setAcceptDrops(True)
        self._lay_out()
        self._connect()
        self._project_changed()

    # --- what the menus call as well ------------------------------------------------------------------------------

    def choose_file(self) -> None:
        """Ask which file to import."""
        if not self.import_button.isEnabled():
            return
        kinds = file_filter(msg("Tables, sequences, molecules"))
        ask_for_file(self, "importFileDialog", msg("Import a table"), kinds, self.import_file)

    def paste(self) -> None:
        """Import what was copied: cells of a spreadsheet, or a file."""
        if not self.import_button.isEnabled():
            return
        clipboard = QGuiApplication.clipboard()
        if (file := _table_in(clipboard.mimeData())) is not None:
            self.import_file(file)
            return
        try:
            self.import_file(datasets_actions.pasted_table(text=clipboard.text()))
        except SciAppError as error:
            self._messages.error(error, self)

    def import_file(self, path: Path | None) -> None:
        """Open the import dialog for a file, one at a time; None: ask which file."""
        project = self._session.project
        if path is None:
            self.choose_file()
            return
        if project is None or self._session.read_only or self.dialog is not None:
            return
        self.dialog = ImportDialog(project, path, self._messages, self)
        self.dialog.imported.connect(self._imported)
        self.dialog.projectWanted.connect(self.projectWanted)
        self.dialog.finished.connect(self._dialog_closed)
        self.dialog.begin()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+V, where no field takes it."""
        if event.matches(QKeySequence.StandardKey.Paste):
            self.paste()
            return
        super().keyPressEvent(event)

    # --- drag and drop --------------------------------------------------------------------------------------------

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if self.import_button.isEnabled() and _dropped_table(event) is not None:
            accept_copy(event)
            self._drop.begin()
        else:
            event.ignore()  # a project file belongs to the window

    def dropEvent(self, event: QDropEvent) -> None:
        path = _dropped_table(event)
        self._drop.hide()
        if path is not None:
            accept_copy(event)
            self.import_file(path)

    # --- what happens ---------------------------------------------------------------------------------------------

    def _imported(self, card: DatasetCard) -> None:
        if any(known.id == card.id for known in self._session.datasets):  # the watch saw it first
            self._session.select_dataset(card.id)
        else:
            self._awaited = card.id
            self._session.refresh()
        name, used, aside = card.name, card.rows_kept, card.rows_set_aside
        imported = msg("Imported “{name}”: {used:,} rows used.", name=name, used=used)
        if aside:
            imported = msg(
                "Imported “{name}”: {used:,} rows used, {aside:,} set aside.", name=name, used=used, aside=aside
            )
        self._messages.inform(imported)

    def _dialog_closed(self) -> None:
        self.dialog = None

    def _project_changed(self) -> None:
        project = self._session.project
        self._awaited = ""
        self.panel.clear()
        self.list.clear()
        self.import_button.setEnabled(project is not None and not self._session.read_only)
        self._empty.setText(tr(_NO_PROJECT if project is None else _NO_DATASET))
        self._first_button.setVisible(self.import_button.isEnabled())
        self._stack.setCurrentWidget(self._nothing)
        if self.dialog is not None:
            self.dialog.reject()

    def _datasets_changed(self, cards: list[DatasetCard]) -> None:
        blocked = self.list.blockSignals(True)
        self.list.clear()
        for card in cards:
            item = QListWidgetItem(
                tr(msg("{name}\n{rows:,} rows · {task}", name=card.name, rows=card.rows_kept, task=term(card.task)))
            )
            item.setData(Qt.ItemDataRole.UserRole, card.id)
            date = f"{card.created.astimezone():%Y-%m-%d %H:%M}"
            item.setToolTip(tr(msg("{id}, imported {date}", id=card.id, date=date)))
            self.list.addItem(item)
        for damage in self._session.damaged:
            item = QListWidgetItem(tr(msg("{id}\ndamaged", id=damage.id)))
            item.setData(Qt.ItemDataRole.UserRole, damage.id)
            item.setToolTip(tr(joined([damage.message, damage.hint])))
            self.list.addItem(item)
        self.list.blockSignals(blocked)
        known = {card.id for card in cards}
        if self._awaited in known:
            awaited, self._awaited = self._awaited, ""
            self._session.select_dataset(awaited)
        else:
            self._show(self._session.selected_dataset)

    def _row_chosen(self, row: int) -> None:
        item = self.list.item(row)
        damage = self._damage(item.data(Qt.ItemDataRole.UserRole)) if item is not None else None
        if damage is not None:
            self._empty.setText(tr(joined([damage.message, damage.hint], "\n\n")))
            self._stack.setCurrentWidget(self._nothing)
            return
        if item is not None and self._stack.currentWidget() is self._nothing:  # back from a damaged one
            self._show(item.data(Qt.ItemDataRole.UserRole))
        if item is not None and (id := item.data(Qt.ItemDataRole.UserRole)) != self._session.selected_dataset:
            self._session.select_dataset(id)

    def _damage(self, id: str) -> DamagedDataset | None:
        return next((one for one in self._session.damaged if one.id == id), None)

    def _show(self, id: str) -> None:
        project = self._session.project
        card = next((card for card in self._session.datasets if card.id == id), None)
        if project is None or card is None:
            if project is not None:
                only_damaged = self._session.damaged and not self._session.datasets
                self._empty.setText(tr(_ALL_DAMAGED if only_damaged else _NO_DATASET))
            self._stack.setCurrentWidget(self._nothing)
            return
        for row in range(self.list.count()):
            if self.list.item(row).data(Qt.ItemDataRole.UserRole) == id and row != self.list.currentRow():
                self.list.setCurrentRow(row)
        self.panel.show_dataset(card, project, self._session.datasets)
        self._stack.setCurrentWidget(self.panel)

    def _connect(self) -> None:
        self.import_button.clicked.connect(self.choose_file)
        self.list.currentRowChanged.connect(self._row_chosen)
        self.panel.trainWanted.connect(self.trainWanted)
        self.panel.failed.connect(lambda error: self._messages.error(error, self))
        for pane in (self.panel.set_aside, self.panel.changes, self.panel.leaks):
            pane.exported.connect(lambda out: self._messages.inform(msg("Saved {file}", file=out)))
        self._session.projectOpened.connect(self._project_changed)
        self._session.projectClosed.connect(self._project_changed)
        self._session.datasetsChanged.connect(self._datasets_changed)
        self._session.damageChanged.connect(lambda _: self._datasets_changed(self._session.datasets))
        self._session.datasetSelected.connect(self._show)

    def _lay_out(self) -> None:
        middle = QVBoxLayout(self._nothing)
        middle.setSpacing(theme.GAP)
        middle.addStretch(1)
        sign = IconLabel("data", self, tone="accent_text", size=24, ground="accent_tint", ground_size=48)
        for part in (sign, self._empty, self._first_button):
            middle.addWidget(part, 0, Qt.AlignmentFlag.AlignHCenter)
        middle.addStretch(1)
        self._empty.setMinimumWidth(_HINT_WIDTH)
        left = QWidget(self)
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.import_button)
        column.addWidget(self.list, 1)
        left.setMinimumWidth(170)
        splitter = QSplitter(Qt.Orientation.Horizontal, self)
        splitter.addWidget(left)
        splitter.addWidget(self._stack)
        splitter.setStretchFactor(1, 1)
        splitter.setChildrenCollapsible(False)
        splitter.setSizes([220, 900])
        layout = QHBoxLayout(self)
        layout.addWidget(splitter)


def _dropped_table(event: QDropEvent) -> Path | None:
    """The one table file that is dragged, if it is one."""
    return _table_in(event.mimeData())


def _table_in(data: QMimeData) -> Path | None:
    """The one table file, or folder of texts, that is dragged or was copied."""
    urls = data.urls()
    if len(urls) != 1 or not urls[0].isLocalFile():
        return None
    path = Path(urls[0].toLocalFile())
    if path.is_dir():
        return path if not any(path.glob("*.sciproj")) else None
    return path if path.suffix.lower() in (*SUFFIXES, *PACKED) and path.is_file() else None
