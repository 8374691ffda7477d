"""Runs with a result as rows of a tree, sortable by every column; those of a study lie inside its row."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from sciapp.i18n import joined, msg, plural, term
from sciapp.records.run.score_format import score_title, value_text, with_interval
from sciapp.records.run.summary import RunSummary, StudySummary
from sciapp.ui.words import tr

_KINDS = {
    "train": msg("training"),
    "pretrain": msg("pre-training"),
    "compress": msg("compression"),
    "predict": msg("prediction"),
}
SORT_ROLE = Qt.ItemDataRole.UserRole
ID_ROLE = Qt.ItemDataRole.UserRole + 1  # of a run; empty in the row of a study
STUDY_ROLE = Qt.ItemDataRole.UserRole + 2  # id of a study; empty in the row of a run

Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True)
class _Column:
    """study, study_key: the same of a row that stands for a study; without them its newest run speaks for it."""

    title: str
    text: Callable[[RunSummary], str]
    key: Callable[[RunSummary], object]
    help: str
    study: Callable[[StudySummary], str] | None = None
    study_key: Callable[[StudySummary], object] | None = None


@dataclass(frozen=True)
class _Row:
    """A run, or a study where `run` is the newest of its `members`."""

    run: RunSummary
    study: StudySummary | None = None
    members: tuple[RunSummary, ...] = ()


def _number(summary: RunSummary) -> int:
    head = summary.id.partition("-")[0]
    return int(head) if head.isdigit() else 0


def _subject(summary: RunSummary) -> str:
    return Path(summary.subject).name if summary.facts.predicts_file or summary.is_pretraining else summary.subject


def _score(summary: RunSummary) -> str:
    return joined([score_title(summary.score.name), with_interval(summary.score)]) if summary.score else ""


def _value(summary: RunSummary) -> float:
    return summary.score.value if summary.score is not None and summary.score.value is not None else float("inf")


def _baseline_value(summary: RunSummary) -> float:
    return summary.baseline.value if summary.baseline and summary.baseline.value is not None else float("inf")


def _when(summary: RunSummary) -> str:
    return f"{(summary.ended or summary.created).astimezone():%Y-%m-%d %H:%M}"


_DATA = msg("Data")
_COLUMNS = (
    _Column(
        msg("Run"),
        lambda s: s.display_name,
        _number,
        msg("Name of the run, in the order they began"),
        lambda study: study.title,
    ),
    _Column(
        msg("Kind"),
        lambda s: _KINDS.get(s.kind, s.kind),
        lambda s: s.kind,
        msg("What was done"),
        lambda study: plural("study of {n} run", "study of {n} runs", len(study.runs)),
        lambda study: "study",
    ),
    _Column(
        _DATA,
        _subject,
        lambda s: _subject(s).casefold(),
        msg("The dataset, the run compressed, or the file predicted"),
    ),
    _Column(
        msg("Model"),
        lambda s: s.model,
        lambda s: s.model.casefold(),
        msg("What was fine-tuned, pre-trained, compressed or applied"),
    ),
    _Column(
        msg("Score (95 %)"),
        _score,
        _value,
        msg(
            "The main score on rows that were not learnt from (pre-training: held out; else test), with its 95 % "
            "interval"
        ),
        lambda study: study.score,
        lambda study: study.value if study.value is not None else float("inf"),
    ),
    _Column(
        msg("Simple baseline"),
        lambda s: value_text(s.baseline) if s.baseline else "",
        _baseline_value,
        msg("The same score of a simple model without pre-training, on the same test rows"),
        lambda study: "",
        lambda study: float("inf"),
    ),
    _Column(
        msg("State"), lambda s: term(str(s.standing)), lambda s: str(s.standing), msg("Finished, or stopped by hand")
    ),
    _Column(msg("Date"), _when, lambda s: (s.ended or s.created).timestamp(), msg("When the run ended")),
    _Column(
        msg("Tags"), lambda s: ", ".join(s.tags), lambda s: ", ".join(s.tags).casefold(), msg("Tags given to the run")
    ),
    _Column(msg("Notes"), lambda s: s.notes, lambda s: s.notes.casefold(), msg("What was noted on the run")),
)


class RunItems(QAbstractItemModel):
    """Takes summaries; wrap it in a QSortFilterProxyModel with SORT_ROLE."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._runs: list[RunSummary] = []
        self._rows: list[_Row] = []

    def setRuns(self, runs: list[RunSummary]) -> None:
        self.beginResetModel()
        self._runs, self._rows = list(runs), list(_rows(runs))
        self.endResetModel()

    def runs(self) -> list[RunSummary]:
        return list(self._runs)

    def study(self, id: str) -> StudySummary | None:
        return next((row.study for row in self._rows if row.study is not None and row.study.id == id), None)

    def index(self, row: int, column: int, parent: Index = QModelIndex()) -> QModelIndex:  # noqa: B008
        if not self.hasIndex(row, column, parent):
            return QModelIndex()
        return self.createIndex(row, column, parent.row() + 1 if parent.isValid() else 0)

    def parent(self, index: Index = QModelIndex()) -> QModelIndex:  # type: ignore[override]  # noqa: B008
        """The row of the study that a run lies in: an index carries that row's number, from 1, as its id."""
        study = index.internalId() if index.isValid() else 0
        return self.createIndex(study - 1, 0, 0) if study else QModelIndex()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 (an invalid index is a value)
        if not parent.isValid():
            return len(self._rows)
        inside = parent.internalId() or parent.column() > 0
        return 0 if inside else len(self._rows[parent.row()].members)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return len(_COLUMNS)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        row, column = self._row(index), _COLUMNS[index.column()]
        summary, study = row.run, row.study
        if role == ID_ROLE:
            return "" if study is not None else summary.id
        if role == STUDY_ROLE:
            return study.id if study is not None else ""
        if role == SORT_ROLE:
            return column.study_key(study) if study is not None and column.study_key else column.key(summary)
        if role == Qt.ItemDataRole.DisplayRole:
            return tr(column.study(study) if study is not None and column.study else column.text(summary))
        if role == Qt.ItemDataRole.ToolTipRole:
            if study is not None:
                return tr(study.text or study.title)
            return tr(summary.message or (summary.subject if column.title == _DATA else column.text(summary)))
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if orientation is Qt.Orientation.Vertical:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return tr(_COLUMNS[section].title)
        return tr(_COLUMNS[section].help) if role == Qt.ItemDataRole.ToolTipRole else None

    def _row(self, index: Index) -> _Row:
        if study := index.internalId():
            return _Row(self._rows[study - 1].members[index.row()])
        return self._rows[index.row()]


def _rows(runs: list[RunSummary]) -> Iterator[_Row]:
    """A row for each run that is in no study, and one for each study with its runs."""
    members: dict[str, list[RunSummary]] = {}
    for run in runs:
        members.setdefault(run.study.id if run.study is not None else run.id, []).append(run)
    for group in members.values():
        newest = group[-1]
        yield _Row(newest, newest.study, tuple(group)) if newest.study is not None else _Row(newest)
