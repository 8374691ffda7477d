"""Runs in a table: number, what, how they stand, score."""

from pathlib import Path

from PySide6.QtCore import QEvent, Signal
from PySide6.QtWidgets import QTableWidget, QTableWidgetItem, QWidget

from sciapp.records.formatting import progress_text
from sciapp.records.run.score_format import score_title, value_text, with_interval
from sciapp.records.run.summary import RunSummary
from sciapp.ui import theme
from sciapp.ui.widgets.tables.row_list import make_row_list, offer_settings

_COLUMNS = ("Run", "Data", "Model", "State", "Score", "Started")
_STATE = _COLUMNS.index("State")
_SCORE = _COLUMNS.index("Score")
_GIVING_WAY = (1, 2)  # names of any length: cut where there is no room, whole in the tooltip


class RunList(QTableWidget):
    """Takes summaries of runs; tells which one was chosen."""

    runChosen = Signal(str)  # double-click or Enter
    settingsWanted = Signal(str)

    def __init__(self, parent: QWidget | None = None, *, subject: str = "Data", model: str = "Model") -> None:
        """subject, model: what the second and third column are called for the runs of this list."""
        super().__init__(0, len(_COLUMNS), parent)
        self._runs: list[RunSummary] = []
        self.setObjectName("runList")
        self.setAccessibleName("Runs")
        self.setHorizontalHeaderLabels([_COLUMNS[0], subject, model, *_COLUMNS[3:]])
        make_row_list(self, _GIVING_WAY)
        self.setToolTip("Double-click a run, or press Enter, to open it.")
        self.cellActivated.connect(lambda row, _: self.runChosen.emit(self.item(row, 0).text()))
        offer_settings(self, lambda: self.selected() and self.settingsWanted.emit(self.selected()))

    def setRuns(self, runs: list[RunSummary]) -> None:
        """Newest first; the selection stays on its run."""
        if runs == self._runs:
            return
        self._runs = list(runs)
        chosen = self.selected()
        self.setRowCount(len(runs))
        for row, summary in enumerate(reversed(runs)):
            self._show_run(row, summary)
        if self.selected() == chosen:
            return
        # The chosen run moved to another row (or is gone): nobody chose anything, so nothing is announced.
        blocked = self.blockSignals(True)
        self.clearSelection()
        self.select(chosen)
        self.blockSignals(blocked)

    def selected(self) -> str:
        """The chosen run's id, or nothing."""
        rows = self.selectionModel().selectedRows()
        item = self.item(rows[0].row(), 0) if rows else None
        return item.text() if item is not None else ""

    def select(self, id: str) -> None:
        found = [row for row in range(self.rowCount()) if self.item(row, 0).text() == id]
        if found:
            self.setCurrentCell(found[0], 0)
            self.selectRow(found[0])

    def changeEvent(self, event: QEvent) -> None:
        if event.type() is QEvent.Type.PaletteChange:
            for row, summary in enumerate(reversed(self._runs)):
                self._show_run(row, summary)
        super().changeEvent(event)

    def _show_run(self, row: int, summary: RunSummary) -> None:
        tips = {
            1: summary.subject,
            2: summary.model,
            _STATE: summary.message,
            _SCORE: f"{score_title(summary.score.name)} {with_interval(summary.score)}" if summary.score else "",
        }
        for column, text in enumerate(_cells(summary)):
            item = self.item(row, column)
            if item is None:
                item = QTableWidgetItem()
                self.setItem(row, column, item)
            item.setText(text)
            item.setToolTip(tips.get(column) or text)
            if column == _STATE:
                item.setForeground(theme.standing_colour(str(summary.standing), self.palette()))


def _cells(summary: RunSummary) -> tuple[str, ...]:
    score, started, standing = summary.score, summary.started, summary.state
    if standing == "running" and summary.total_steps:
        standing += f", {progress_text(summary.step, summary.total_steps)}"
    # What was predicted is a file with a whole path, and a model may be a folder: the last part tells them apart.
    return (
        summary.id,
        Path(summary.subject).name or summary.subject,
        summary.model if len(summary.model) < 40 else Path(summary.model).name,
        standing,
        f"{score_title(score.name)} {value_text(score)}" if score is not None and score.value is not None else "",
        started.astimezone().strftime("%Y-%m-%d %H:%M") if started else "",
    )
