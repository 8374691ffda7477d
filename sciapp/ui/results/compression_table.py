"""A model before and after compression, side by side."""

from dataclasses import dataclass

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem, QWidget

from sciapp.i18n import joined, msg
from sciapp.records.formatting import size_text
from sciapp.records.run.evaluation import Evaluation, Footprint, Score
from sciapp.records.run.score_format import score_help, score_title, value_text, with_interval
from sciapp.ui import theme
from sciapp.ui.words import tr

_COLUMNS = ("", msg("Before"), msg("After"), msg("Change"))
_CHANGE = 3
_SAME = msg("same")
_STANDING = Qt.ItemDataRole.UserRole  # whose colour a change has: of what went well, or badly


@dataclass(frozen=True)
class _Change:
    """Difference of after from before. gain: above 0 for the better, 0 where it is within the spread, or nothing."""

    text: str
    gain: int = 0


@dataclass(frozen=True)
class _Line:
    """One row: the quantity, its values before and after, their ratio or difference, and an explanation."""

    label: str
    before: str
    after: str
    change: _Change
    help: str


class CompressionTable(QTableWidget):
    """Takes the evaluation of a compress run; shows size, pace and each score on the same test rows."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(0, len(_COLUMNS), parent)
        self.setObjectName("compressionTable")
        self.setAccessibleName(tr(msg("Before and after compression")))
        self.setHorizontalHeaderLabels([tr(title) for title in _COLUMNS])
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setAlternatingRowColors(True)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.verticalHeader().hide()
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        for column in range(1, len(_COLUMNS)):
            title = self.horizontalHeaderItem(column)
            assert title is not None, "every column was given a title above"
            title.setTextAlignment(Qt.AlignmentFlag.AlignRight)

    def show_evaluation(self, evaluation: Evaluation) -> None:
        """Raises nothing: an evaluation without footprints shows the scores that there are."""
        rows = []
        if len(evaluation.footprints) == 2:
            rows += _prints(*evaluation.footprints)
        for score in evaluation.model.scores:
            old = evaluation.before_compression.get(score.name, score.target) if evaluation.before_compression else None
            rows.append(_score(old, score, evaluation.model.rows))
        self.setRowCount(len(rows))
        for row, cells in enumerate(rows):
            self._fill(row, cells)

    def clear_rows(self) -> None:
        self.setRowCount(0)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() is QEvent.Type.PaletteChange:
            for row in range(self.rowCount()):
                self._colour(row)
        super().changeEvent(event)

    def _fill(self, row: int, line: _Line) -> None:
        for column, text in enumerate((line.label, line.before, line.after, line.change.text)):
            item = QTableWidgetItem(tr(text))
            item.setToolTip(tr(line.help))
            if column:
                item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            if column == _CHANGE and line.change.gain:
                item.setData(_STANDING, "finished" if line.change.gain > 0 else "interrupted")
            self.setItem(row, column, item)
        self._colour(row)

    def _colour(self, row: int) -> None:
        item = self.item(row, _CHANGE)
        assert item is not None, "rows are filled as soon as they are made"
        if standing := item.data(_STANDING):
            item.setForeground(theme.standing_colour(standing, self.palette()))


def _prints(before: Footprint, after: Footprint) -> list[_Line]:
    timed = msg(
        "Median, with quartiles in brackets, over {rows:,} rows asked one by one on {threads} processor threads, "
        "before and after by turns.",
        rows=after.rows_timed,
        threads=after.threads,
    )
    sizes, files = (size_text(before.bytes), size_text(after.bytes)), msg("All files of the model's folder.")
    return [
        _Line(msg("Size on disk"), *sizes, _size_change(before, after), files),
        _Line(msg("Time for a row"), _pace(before), _pace(after), _pace_change(before, after), timed),
    ]


def _size_change(before: Footprint, after: Footprint) -> _Change:
    ratio = before.bytes / after.bytes if after.bytes else 1.0
    if 0.95 < ratio < 1.05:
        return _Change(_SAME)
    if ratio > 1:
        return _Change(msg("{factor:.2g} times smaller", factor=ratio), 1)
    return _Change(msg("{factor:.2g} times larger", factor=1 / ratio), -1)


def _pace_change(before: Footprint, after: Footprint) -> _Change:
    ratio = before.milliseconds_per_row / after.milliseconds_per_row if after.milliseconds_per_row else 1.0
    if 0.95 < ratio < 1.05:
        return _Change(_SAME)
    faster = msg("{factor:.2g} times faster", factor=ratio) if ratio > 1 else ""
    change = faster or msg("{factor:.2g} times slower", factor=1 / ratio)
    overlap = before.milliseconds_low <= after.milliseconds_high and after.milliseconds_low <= before.milliseconds_high
    return _within_spread(change) if overlap else _Change(change, 1 if faster else -1)


def _within_spread(change: str) -> _Change:
    """A colour would promise what was not measured."""
    return _Change(msg("{change}, within the spread", change=change))


def _score(old: Score | None, new: Score, rows: int) -> _Line:
    label = joined([score_title(new.name), new.target])
    help = msg("{help} On {rows:,} test rows, with the 95 % interval in brackets.", help=score_help(new), rows=rows)
    return _Line(label, with_interval(old), with_interval(new), _difference(old, new), help)


def _difference(old: Score | None, new: Score) -> _Change:
    if old is None or old.value is None or new.value is None:
        return _Change("")
    gained = new.value - old.value if new.greater_is_better else old.value - new.value
    if value_text(old) == value_text(new):
        return _Change(_SAME)
    better = msg("{difference:.2g} better", difference=gained) if gained > 0 else ""
    change = better or msg("{difference:.2g} worse", difference=-gained)
    within = old.low is not None and old.high is not None and old.low <= new.value <= old.high
    return _within_spread(change) if within else _Change(change, 1 if better else -1)


def _pace(print_: Footprint) -> str:
    return msg(
        "{median:.2f} ms ({low:.2f} to {high:.2f})",
        median=print_.milliseconds_per_row,
        low=print_.milliseconds_low,
        high=print_.milliseconds_high,
    )
