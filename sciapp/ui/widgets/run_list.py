"""Runs in a table: number, what, how they stand, score."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem, QWidget

from sciapp.records.summary import RunSummary
from sciapp.ui import theme

_COLUMNS = ("Run", "Data", "Model", "State", "Score", "Started")


class RunList(QTableWidget):
    """Takes summaries of runs; tells which one was chosen."""

    runChosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(0, len(_COLUMNS), parent)
        self.setObjectName("runList")
        self.setAccessibleName("Runs")
        self.setHorizontalHeaderLabels(_COLUMNS)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setAlternatingRowColors(True)
        self.setShowGrid(False)
        self.verticalHeader().hide()
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.horizontalHeader().setStretchLastSection(True)
        self.horizontalHeader().setHighlightSections(False)
        self.setToolTip("Double-click a run to open it.")
        self.cellDoubleClicked.connect(lambda row, _: self.runChosen.emit(self.item(row, 0).text()))

    def setRuns(self, runs: list[RunSummary]) -> None:
        """Newest first; the selection stays on its run."""
        chosen = self.selected()
        self.setRowCount(len(runs))
        for row, summary in enumerate(reversed(runs)):
            for column, text in enumerate(_cells(summary)):
                item = QTableWidgetItem(text)
                item.setToolTip(summary.message or text)
                if column == 3:
                    item.setForeground(theme.standing_colour(str(summary.standing), self.palette()))
                self.setItem(row, column, item)
            if summary.id == chosen:
                self.selectRow(row)

    def selected(self) -> str:
        """The chosen run's id, or nothing."""
        rows = self.selectionModel().selectedRows()
        item = self.item(rows[0].row(), 0) if rows else None
        return item.text() if item is not None else ""

    def select(self, id: str) -> None:
        found = self.findItems(id, Qt.MatchFlag.MatchExactly)
        if found:
            self.selectRow(found[0].row())


def _cells(summary: RunSummary) -> tuple[str, ...]:
    score = summary.score
    started = summary.started or summary.created
    standing = str(summary.standing)
    if standing == "running" and summary.total_steps:
        standing += f", {summary.step / summary.total_steps:.0%}"
    return (
        summary.id,
        summary.subject,
        summary.model,
        standing,
        f"{score.name} {score.value:.3g}" if score is not None and score.value is not None else "",
        started.astimezone().strftime("%Y-%m-%d %H:%M"),
    )
