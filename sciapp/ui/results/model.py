"""Runs with a result as rows of a table, sortable by every column."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from sciapp.records.run.score_format import score_title, value_text, with_interval
from sciapp.records.run.summary import RunSummary

_KINDS = {"train": "training", "pretrain": "pre-training", "compress": "compression", "predict": "prediction"}
SORT_ROLE = Qt.ItemDataRole.UserRole
ID_ROLE = Qt.ItemDataRole.UserRole + 1

Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True)
class _Column:
    title: str
    text: Callable[[RunSummary], str]
    key: Callable[[RunSummary], object]
    help: str
    numeric: bool = False


def _number(summary: RunSummary) -> int:
    head = summary.id.partition("-")[0]
    return int(head) if head.isdigit() else 0


def _subject(summary: RunSummary) -> str:
    return Path(summary.subject).name if summary.facts.predicts_file or summary.is_pretraining else summary.subject


def _score(summary: RunSummary) -> str:
    return f"{score_title(summary.score.name)} {with_interval(summary.score)}" if summary.score else ""


def _value(summary: RunSummary) -> float:
    return summary.score.value if summary.score is not None and summary.score.value is not None else float("inf")


def _baseline_value(summary: RunSummary) -> float:
    return summary.baseline.value if summary.baseline and summary.baseline.value is not None else float("inf")


def _when(summary: RunSummary) -> str:
    return f"{(summary.ended or summary.created).astimezone():%Y-%m-%d %H:%M}"


_COLUMNS = (
    _Column("Run", lambda s: s.id, _number, "Number and kind of the run"),
    _Column("Kind", lambda s: _KINDS.get(s.kind, s.kind), lambda s: s.kind, "What was done"),
    _Column(
        "Data", _subject, lambda s: _subject(s).casefold(), "The dataset, the run compressed, or the file predicted"
    ),
    _Column(
        "Model",
        lambda s: s.model,
        lambda s: s.model.casefold(),
        "What was fine-tuned, pre-trained, compressed or applied",
    ),
    _Column(
        "Score (95 %)",
        _score,
        _value,
        "The main score on rows that were not learnt from (pre-training: held out; else test), with its 95 % interval",
        True,
    ),
    _Column(
        "Simple baseline",
        lambda s: value_text(s.baseline) if s.baseline else "",
        _baseline_value,
        "The same score of a simple model without pre-training, on the same test rows",
        True,
    ),
    _Column("State", lambda s: str(s.standing), lambda s: str(s.standing), "Finished, or stopped by hand"),
    _Column("Date", _when, lambda s: (s.ended or s.created).timestamp(), "When the run ended"),
)


class RunItems(QAbstractTableModel):
    """Takes summaries; wrap it in a QSortFilterProxyModel with SORT_ROLE."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._runs: list[RunSummary] = []

    def setRuns(self, runs: list[RunSummary]) -> None:
        self.beginResetModel()
        self._runs = list(runs)
        self.endResetModel()

    def runs(self) -> list[RunSummary]:
        return list(self._runs)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 (an invalid index is a value)
        return 0 if parent.isValid() else len(self._runs)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(_COLUMNS)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        summary, column = self._runs[index.row()], _COLUMNS[index.column()]
        if role == Qt.ItemDataRole.DisplayRole:
            return column.text(summary)
        if role == Qt.ItemDataRole.ToolTipRole:
            return summary.message or (summary.subject if column.title == "Data" else column.text(summary))
        if role == SORT_ROLE:
            return column.key(summary)
        if role == ID_ROLE:
            return summary.id
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if orientation is Qt.Orientation.Vertical:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return _COLUMNS[section].title
        return _COLUMNS[section].help if role == Qt.ItemDataRole.ToolTipRole else None
