"""Runs in a table: number, what, how they stand, score. Those of a study lie inside one row that folds out."""

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QTableWidget, QTableWidgetItem, QWidget

from sciapp.i18n import joined, msg, term
from sciapp.records.formatting import progress_text
from sciapp.records.run.score_format import score_title, value_text, with_interval
from sciapp.records.run.summary import RunSummary, StudySummary
from sciapp.ui import theme
from sciapp.ui.widgets.tables.row_list import make_row_list, offer_settings
from sciapp.ui.words import tr

_DATA, _MODEL = msg("Data"), msg("Model")
_COLUMNS = (msg("Run"), _DATA, _MODEL, msg("State"), msg("Score"), msg("Started"))
_STATE, _SCORE = 3, 4
_GIVING_WAY = (1, 2)  # names of any length: cut where there is no room, whole in the tooltip
_ID = Qt.ItemDataRole.UserRole  # of a run; nothing in the row of a study
_INSIDE = "    "


@dataclass(frozen=True)
class _Row:
    """A run, or a study where `run` is the newest of it; `inside` a study that folds out."""

    run: RunSummary
    study: StudySummary | None = None
    inside: str = ""


class RunList(QTableWidget):
    """Takes summaries of runs; tells which one was chosen."""

    runChosen = Signal(str)  # double-click or Enter
    settingsWanted = Signal(str)

    def __init__(self, parent: QWidget | None = None, *, subject: str = _DATA, model: str = _MODEL) -> None:
        """subject, model: what the second and third column are called for the runs of this list."""
        super().__init__(0, len(_COLUMNS), parent)
        self._runs: list[RunSummary] = []
        self._rows: list[_Row] = []
        self._open: set[str] = set()
        self.setObjectName("runList")
        self.setAccessibleName(tr(msg("Runs")))
        self.setHorizontalHeaderLabels([tr(title) for title in (_COLUMNS[0], subject, model, *_COLUMNS[3:])])
        make_row_list(self, _GIVING_WAY)
        self.setToolTip(tr(msg("Double-click a run, or press Enter, to open it; a study folds out.")))
        self.cellActivated.connect(lambda row, _: self._activated(row))
        offer_settings(self, self._ask_for_settings)

    def setRuns(self, runs: list[RunSummary]) -> None:
        """Newest first; the selection stays on its run."""
        if runs == self._runs:
            return
        self._runs = list(runs)
        chosen = self.selected()
        self._rows = _rows(runs)
        self.setRowCount(len(self._rows))
        for row in range(len(self._rows)):
            self._show_row(row)
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
        return str(item.data(_ID)) if item is not None else ""

    def select(self, id: str) -> None:
        """Choose a run; the study that it lies in folds out."""
        runs = [row for row, entry in enumerate(self._rows) if entry.study is None and entry.run.id == id]
        if runs:
            if inside := self._rows[runs[0]].inside:
                self._fold(inside, out=True)
            self.setCurrentCell(runs[0], 0)
            self.selectRow(runs[0])

    def changeEvent(self, event: QEvent) -> None:
        if event.type() is QEvent.Type.PaletteChange:
            for row in range(len(self._rows)):
                self._show_row(row)
        super().changeEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Right and left fold the study of the chosen row out and in, as in a tree."""
        row = self.currentRow()
        study = self._rows[row].study if 0 <= row < len(self._rows) else None
        if study is not None and event.key() in {Qt.Key.Key_Right, Qt.Key.Key_Left}:
            self._fold(study.id, out=event.key() == Qt.Key.Key_Right)
            return
        super().keyPressEvent(event)

    def _ask_for_settings(self) -> None:
        if id := self.selected():
            self.settingsWanted.emit(id)

    def _activated(self, row: int) -> None:
        if (study := self._rows[row].study) is not None:
            self._fold(study.id, out=study.id not in self._open)
        else:
            self.runChosen.emit(self._rows[row].run.id)

    def _fold(self, study: str, *, out: bool) -> None:
        self._open = self._open | {study} if out else self._open - {study}
        for row, entry in enumerate(self._rows):
            if entry.inside == study or (entry.study is not None and entry.study.id == study):
                self._show_row(row)

    def _show_row(self, row: int) -> None:
        entry = self._rows[row]
        if entry.study is not None:
            cells, tips = self._study_cells(entry.study, entry.run)
        else:
            cells, tips = _cells(entry.run), _tips(entry.run)
        if entry.inside:
            cells = (f"{_INSIDE}{cells[0]}", *cells[1:])
        for column, text in enumerate(cells):
            item = self.item(row, column)
            if item is None:
                item = QTableWidgetItem()
                self.setItem(row, column, item)
            item.setText(tr(text))
            item.setToolTip(tr(tips.get(column) or text))
            if column == 0:
                item.setData(_ID, "" if entry.study is not None else entry.run.id)
            if column == _STATE:
                item.setForeground(theme.standing_colour(str(entry.run.standing), self.palette()))
        self.setRowHidden(row, bool(entry.inside) and entry.inside not in self._open)

    def _study_cells(self, study: StudySummary, newest: RunSummary) -> tuple[tuple[str, ...], dict[int, str]]:
        """The row of a study: its title and number of runs, what the newest run is about, and the sum."""
        _, subject, model, standing, _, _ = _cells(newest)
        arrow = "▾" if study.id in self._open else "▸"
        title = msg("{arrow} {title} ({runs})", arrow=arrow, title=study.title, runs=len(study.runs))
        cells = (title, subject, model, standing, study.score, "")
        return cells, {
            0: msg("{title}: {runs}", title=study.title, runs=study.runs),
            1: newest.subject,
            2: newest.model,
            4: study.text,
        }


def _rows(runs: list[RunSummary]) -> list[_Row]:
    """Newest first; the runs of a study behind its own row, where its newest run would be."""
    rows: list[_Row] = []
    seen: set[str] = set()
    for run in reversed(runs):
        if run.study is None:
            rows.append(_Row(run))
        elif run.study.id not in seen:
            seen.add(run.study.id)
            members = [other for other in reversed(runs) if other.study is not None and other.study.id == run.study.id]
            rows += [_Row(run, study=run.study), *(_Row(member, inside=run.study.id) for member in members)]
    return rows


def _tips(summary: RunSummary) -> dict[int, str]:
    return {
        0: joined([summary.id, summary.notes], "\n"),
        1: summary.subject,
        2: summary.model,
        _STATE: summary.message,
        _SCORE: joined([score_title(summary.score.name), with_interval(summary.score)]) if summary.score else "",
    }


def _cells(summary: RunSummary) -> tuple[str, ...]:
    score, started, standing = summary.score, summary.started, term(summary.state)
    if standing == "running" and summary.total_steps:
        standing = joined([standing, progress_text(summary.step, summary.total_steps)], ", ")
    # What was predicted is a file with a whole path, and a model may be a folder: the last part tells them apart.
    return (
        summary.display_name,
        Path(summary.subject).name or summary.subject,
        summary.model if len(summary.model) < 40 else Path(summary.model).name,
        standing,
        joined([score_title(score.name), value_text(score)]) if score is not None and score.value is not None else "",
        started.astimezone().strftime("%Y-%m-%d %H:%M") if started else "",
    )
