"""A model before and after compression, side by side."""

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem, QWidget

from sciapp.records.formatting import size_text
from sciapp.records.run.evaluation import Evaluation, Footprint, Score
from sciapp.records.run.score_format import score_help, score_title, value_text, with_interval
from sciapp.ui import theme

_COLUMNS = ("", "Before", "After", "Change")
_CHANGE = _COLUMNS.index("Change")

_WITHIN = ", within the spread"

Cells = tuple[str, str, str, str, str]  # label, before, after, change, help


class CompressionTable(QTableWidget):
    """Takes the evaluation of a compress run; shows size, pace and each score on the same test rows."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(0, len(_COLUMNS), parent)
        self.setObjectName("compressionTable")
        self.setAccessibleName("Before and after compression")
        self.setHorizontalHeaderLabels(_COLUMNS)
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

    def _fill(self, row: int, cells: Cells) -> None:
        *texts, help = cells
        for column, text in enumerate(texts):
            item = QTableWidgetItem(text)
            item.setToolTip(help)
            if column:
                item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            self.setItem(row, column, item)
        self._colour(row)

    def _colour(self, row: int) -> None:
        item = self.item(row, _CHANGE)
        assert item is not None, "rows are filled as soon as they are made"
        if item.text().endswith(_WITHIN):
            return  # a colour would promise what was not measured
        words = {"smaller": "finished", "faster": "finished", "better": "finished"}
        words |= {"larger": "interrupted", "slower": "interrupted", "worse": "interrupted"}
        for word, standing in words.items():
            if word in item.text():
                item.setForeground(theme.standing_colour(standing, self.palette()))


def _prints(before: Footprint, after: Footprint) -> list[Cells]:
    size = before.bytes / after.bytes if after.bytes else 1.0
    pace = before.milliseconds_per_row / after.milliseconds_per_row if after.milliseconds_per_row else 1.0
    overlap = before.milliseconds_low <= after.milliseconds_high and after.milliseconds_low <= before.milliseconds_high
    unsure = _WITHIN if overlap and not 0.95 < pace < 1.05 else ""
    timed = (
        f"Median, with quartiles in brackets, over {after.rows_timed:,} rows asked one by one on "
        f"{after.threads} processor threads, before and after by turns."
    )
    return [
        (
            "Size on disk",
            size_text(before.bytes),
            size_text(after.bytes),
            _times(size, "smaller", "larger"),
            "All files of the model's folder.",
        ),
        ("Time for a row", _pace(before), _pace(after), _times(pace, "faster", "slower") + unsure, timed),
    ]


def _score(old: Score | None, new: Score, rows: int) -> Cells:
    label = " ".join(part for part in (score_title(new.name), new.target) if part)
    help = f"{score_help(new)} On {rows:,} test rows, with the 95 % interval in brackets."
    return label, with_interval(old), with_interval(new), _difference(old, new), help


def _difference(old: Score | None, new: Score) -> str:
    if old is None or old.value is None or new.value is None:
        return ""
    gained = new.value - old.value if new.greater_is_better else old.value - new.value
    if value_text(old) == value_text(new):
        return "same"
    within = old.low is not None and old.high is not None and old.low <= new.value <= old.high
    return f"{abs(gained):.2g} {'better' if gained > 0 else 'worse'}{_WITHIN if within else ''}"


def _times(ratio: float, well: str, badly: str) -> str:
    if 0.95 < ratio < 1.05:
        return "same"
    return f"{ratio:.2g} times {well}" if ratio > 1 else f"{1 / ratio:.2g} times {badly}"


def _pace(print_: Footprint) -> str:
    spread = f"{print_.milliseconds_low:.2f} to {print_.milliseconds_high:.2f}"
    return f"{print_.milliseconds_per_row:.2f} ms ({spread})"
