"""A pane with the changes between two imported versions of a table."""

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from sciapp.actions.dataset_views import changes_between, export_changes
from sciapp.actions.tables import MemorySource
from sciapp.i18n import msg
from sciapp.records.dataset.card import DatasetCard, DatasetFolder
from sciapp.ui.widgets.file_dialogs import ask_where
from sciapp.ui.widgets.labels import PlainTextLabel
from sciapp.ui.widgets.tables.view import TableView
from sciapp.ui.words import tr
from sciapp.workers.query import LatestQuery

_ALONE = msg(
    "There is no other dataset to compare this one with. Import a newer version of the table to see what changed."
)
_SAME = msg("Nothing changed.")


class ChangesPane(QWidget):
    """`show_changes` offers the other datasets; the newest older one of the same file is compared first."""

    failed = Signal(object)  # SciAppError
    exported = Signal(object)  # Path

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._card: DatasetCard | None = None
        self._others: dict[str, DatasetCard] = {}
        self._folder_of: Callable[[str], DatasetFolder] | None = None
        self._source: MemorySource | None = None
        self._comparing, self._writing = LatestQuery(self), LatestQuery(self)
        self._other = QComboBox(self)
        self._other.setObjectName("comparedDataset")
        self._other.setAccessibleName(tr(msg("Compared with")))
        self._other.setToolTip(tr(msg("Which earlier version of the table this dataset is compared with.")))
        self._label = QLabel(tr(msg("Compared &with")), self)
        self._label.setBuddy(self._other)
        self._summary = PlainTextLabel("changesText", self)
        self.export_button = QPushButton(tr(msg("&Export…")), self)
        self.export_button.setObjectName("exportChanges")
        self.export_button.setAccessibleName(tr(msg("Export the rows that changed")))
        self.export_button.setToolTip(tr(msg("Save the rows that were added, removed or changed as a CSV file.")))
        self.table = TableView("datasetChanges", msg("Rows that changed"), _SAME, self)
        self._connect()
        self._lay_out()
        self.clear()

    def show_changes(
        self, card: DatasetCard, others: Sequence[DatasetCard], folder_of: Callable[[str], DatasetFolder]
    ) -> None:
        """others: all datasets of the project, oldest first."""
        offered = {other.id: other for other in others if other.id != card.id}
        if card == self._card and offered == self._others:
            return
        self.clear()
        self._card, self._others, self._folder_of = card, offered, folder_of
        blocked = self._other.blockSignals(True)
        for other in offered.values():
            self._other.addItem(f"{other.name} · {other.created.astimezone():%Y-%m-%d %H:%M}", other.id)
        self._other.setCurrentIndex(self._other.findData(_usual(card, list(offered.values()))))
        self._other.blockSignals(blocked)
        for part in (self._other, self._label):
            part.setVisible(bool(offered))
        self._compare()

    def clear(self) -> None:
        self._comparing.drop()
        self._card, self._others, self._source = None, {}, None
        blocked = self._other.blockSignals(True)
        self._other.clear()
        self._other.blockSignals(blocked)
        self._summary.clear()
        self.export_button.setEnabled(False)
        self.table.showSource(None)

    def export(self, out: Path) -> None:
        """Write the rows that changed to `out`."""
        source, card, folder_of = self._source, self._card, self._folder_of
        if source is not None and card is not None and folder_of is not None:
            folder = folder_of(card.id)
            self._writing.ask(lambda _: export_changes(table=source.table, folder=folder, out=out), self.exported.emit)

    def _compare(self) -> None:
        card, other, folder_of = self._card, self._others.get(self._other.currentData() or ""), self._folder_of
        self.table.placeholder = _SAME if other else _ALONE
        self.table.showSource(None)
        if card is None or other is None or folder_of is None:
            return
        self._summary.setText(tr(msg("Comparing…")))
        before, now = (other, folder_of(other.id)), (card, folder_of(card.id))
        self._comparing.ask(lambda _: changes_between(before, now), self._show)

    def _show(self, answer: tuple[object, MemorySource]) -> None:
        comparison, self._source = answer
        self._summary.setText(tr(str(comparison)))
        self.table.showSource(self._source)
        self.export_button.setEnabled(self._source.row_count > 0)

    def _failed(self, error: object) -> None:
        self._summary.clear()
        self.failed.emit(error)

    def _choose_file(self) -> None:
        proposed = Path(f"{tr(msg('{dataset} changes', dataset=self._card.name if self._card else 'dataset'))}.csv")
        ask_where(self, "exportChangesDialog", msg("Export the rows that changed"), proposed, self.export)

    def _connect(self) -> None:
        self._other.currentIndexChanged.connect(self._compare)
        self.export_button.clicked.connect(self._choose_file)
        self._comparing.failed.connect(self._failed)
        self._writing.failed.connect(self.failed)
        self.table.failed.connect(self.failed)

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.addWidget(self._label)
        top.addWidget(self._other)
        top.addWidget(self._summary, 1)
        top.addWidget(self.export_button)
        layout = QVBoxLayout(self)
        layout.addLayout(top)
        layout.addWidget(self.table, 1)


def _usual(card: DatasetCard, others: list[DatasetCard]) -> str:
    """The newest older import of the same file; else the newest other one."""
    older = [other for other in others if other.created <= card.created]
    like = [other for other in older if other.source.file_name == card.source.file_name]
    chosen = (like or older or others)[-1:]
    return chosen[0].id if chosen else ""
