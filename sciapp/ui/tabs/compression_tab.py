"""The Compression tab: make a finished model smaller, and see what that costs."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QFormLayout,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from sciapp.records.events import Event, Progressed, StageBegan
from sciapp.records.report import Evaluation, Footprint, Score
from sciapp.records.run import Ending, Outcome, Run
from sciapp.records.summary import RunSummary
from sciapp.ui import theme
from sciapp.ui.messages import Messages
from sciapp.ui.session import Session
from sciapp.ui.tabs.project_tab import readable_size
from sciapp.ui.widgets.run_list import RunList
from sciapp.ui.widgets.run_progress import RunProgress
from sciapp.workers import verbs
from sciapp.workers.query import Query
from sciapp.workers.run_worker import RunWorker

_METHOD = (
    "The numbers of the model's large layers are stored with 8 bits instead of 32 and multiplied as whole numbers. "
    "It is done in seconds and needs no further training; on most processors the model also answers faster."
)


class CompressionTab(QWidget):
    """Choose a training, press Compress, compare before and after on the same test rows."""

    def __init__(self, session: Session, messages: Messages, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._messages = session, messages
        self._query: Query | None = None
        self._worker: RunWorker | None = None
        self._run: Run | None = None
        self._stage = ""
        self._choice = QComboBox(self)
        self._choice.setObjectName("compressionRun")
        self._choice.setAccessibleName("Run to compress")
        self._choice.setToolTip("A finished training of this project.")
        self._method = QComboBox(self)
        self._method.setObjectName("compressionMethod")
        self._method.setAccessibleName("Method")
        self._method.addItem("8-bit whole numbers (dynamic int8 quantisation)", "quantize")
        self._start = self._button(
            "Compress", "startCompression", "Make a smaller copy; the original stays.", self.start
        )
        self._cancel = self._button("Cancel", "cancelCompression", "End it and leave it as it stands.", self.cancel)
        self._progress = RunProgress(self)
        self._progress.setVisible(False)
        self._verdict = QLabel(self)
        self._verdict.setObjectName("compressionVerdict")
        self._verdict.setWordWrap(True)
        self._table = self._comparison()
        self._done = RunList(self)
        self._done.setObjectName("compressionRuns")
        self._done.setAccessibleName("Compressions so far")
        self._done.itemSelectionChanged.connect(self._chosen)
        self._lay_out()
        session.projectClosed.connect(self._closed)
        session.runsChanged.connect(self._show_runs)
        session.runSelected.connect(self._choose_training)
        self._show_readiness()

    def start(self) -> None:
        """Compress the chosen training."""
        project, id = self._session.project, self._choice.currentData()
        if project is None or not id:
            return
        self._start.setEnabled(False)
        self._ask(lambda _: verbs.compress_run(project=project, run_id=id), self._started)

    def cancel(self) -> None:
        """End the compression that is on."""
        if (run := self._run) is not None and self._busy():
            self._ask(lambda _: verbs.cancel_run(run=run), lambda _: self._messages.inform("Cancelling…"))

    def _started(self, run: Run) -> None:
        self._run = run
        self._progress.setVisible(True)
        self._worker = RunWorker(run, self)
        self._worker.eventsArrived.connect(self._play)
        self._worker.runEnded.connect(self._ended)
        self._worker.begin()
        self._session.refresh()
        self._show_readiness()

    def _play(self, events: list[Event]) -> None:
        for event in events:
            if isinstance(event, StageBegan):
                self._stage = event.title
                self._progress.show_share(0, 0, event.title)
            elif isinstance(event, Progressed):
                self._progress.show_share(event.done, event.total, self._stage)

    def _ended(self, outcome: Outcome) -> None:
        self._progress.setVisible(False)
        self._worker = None
        self._session.refresh()
        self._messages.inform(str(outcome))
        if outcome.ending is Ending.FAILED:
            self._verdict.setText(f"{outcome.message} {outcome.hint}")
        elif self._run is not None and outcome.ending.has_model:
            self._load(self._run)
        self._show_readiness()

    def _chosen(self) -> None:
        project, id = self._session.project, self._done.selected()
        if project is not None and id:
            self._load(project.run(id))

    def _load(self, run: Run) -> None:
        self._ask(lambda _: run.evaluation(), self._show)

    def _show(self, evaluation: Evaluation | None) -> None:
        if evaluation is None or len(evaluation.footprints) != 2:
            return
        self._verdict.setText(evaluation.verdict)
        before, after = evaluation.footprints
        rows = [
            ("Size on disk", readable_size(before.bytes), readable_size(after.bytes)),
            ("Time for a row", _pace(before), _pace(after)),
        ]
        for score in evaluation.model.scores:
            old = evaluation.before_compression.get(score.name, score.target) if evaluation.before_compression else None
            label = f"{score.name} {score.target}".strip()
            rows.append((f"{label} on {evaluation.model.rows:,} test rows", _scored(old), _scored(score)))
        self._table.setRowCount(len(rows))
        for row, cells in enumerate(rows):
            for column, text in enumerate(cells):
                item = QTableWidgetItem(text)
                if column:
                    item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
                self._table.setItem(row, column, item)

    def _show_runs(self, runs: list[RunSummary]) -> None:
        chosen = self._choice.currentData()
        self._choice.clear()
        for summary in reversed(runs):
            if summary.kind == "train" and summary.standing.has_model:
                score = (
                    f" · {summary.score.name} {summary.score.value:.3g}"
                    if summary.score and summary.score.value
                    else ""
                )
                self._choice.addItem(f"{summary.id} · {summary.subject} · {summary.model}{score}", summary.id)
        self._choose_training(chosen or "")
        self._done.setRuns([summary for summary in runs if summary.kind == "compress"])
        self._show_readiness()

    def _choose_training(self, id: str) -> None:
        index = self._choice.findData(id)
        if index >= 0:
            self._choice.setCurrentIndex(index)

    def _closed(self) -> None:
        if self._worker is not None:
            self._worker.stop_following()
            self._worker = None
        self._progress.setVisible(False)
        self._choice.clear()
        self._done.setRuns([])
        self._table.setRowCount(0)
        self._verdict.clear()
        self._show_readiness()

    def _busy(self) -> bool:
        return self._worker is not None and self._worker.isRunning()

    def _show_readiness(self) -> None:
        ready = self._choice.count() > 0
        self._start.setEnabled(ready and not self._busy() and not self._session.read_only)
        self._cancel.setEnabled(self._busy())
        if not ready:
            self._verdict.setText("Finish a training first; its model can then be made smaller here.")
        elif not self._table.rowCount() and not self._busy():
            self._verdict.setText("Nothing compressed yet. The comparison appears here.")

    def _ask(self, function: object, done: object) -> None:
        self._query = Query(function, self)  # type: ignore[arg-type]
        self._query.answered.connect(done)
        self._query.failed.connect(self._failed)
        self._query.begin()

    def _failed(self, error: BaseException) -> None:
        self._messages.error(error, self)
        self._show_readiness()

    def _button(self, text: str, name: str, help: str, pressed: object) -> QPushButton:
        button = QPushButton(text, self)
        button.setObjectName(name)
        button.setToolTip(help)
        button.clicked.connect(pressed)
        return button

    def _comparison(self) -> QTableWidget:
        table = QTableWidget(0, 3, self)
        table.setObjectName("compressionTable")
        table.setAccessibleName("Before and after compression")
        table.setHorizontalHeaderLabels(["", "before", "after"])
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setAlternatingRowColors(True)
        table.setShowGrid(False)
        table.verticalHeader().hide()
        table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        return table

    def _lay_out(self) -> None:
        about = QLabel(_METHOD, self)
        about.setWordWrap(True)
        form = QFormLayout()
        for text, box in (("&Run", self._choice), ("&Method", self._method)):
            label = QLabel(text)
            label.setBuddy(box)
            form.addRow(label, box)
        buttons = QHBoxLayout()
        for part in (self._start, self._cancel):
            buttons.addWidget(part)
        buttons.addWidget(self._progress, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(theme.MARGIN, theme.MARGIN, theme.MARGIN, theme.MARGIN)
        layout.setSpacing(theme.SPACING)
        layout.addLayout(form)
        layout.addWidget(about)
        layout.addLayout(buttons)
        layout.addWidget(self._verdict)
        layout.addWidget(self._table, 3)
        heading = QLabel("<b>Compressions so far</b>", self)
        heading.setBuddy(self._done)
        layout.addWidget(heading)
        layout.addWidget(self._done, 2)


def _pace(print_: Footprint) -> str:
    spread = f"{print_.milliseconds_low:.2f} to {print_.milliseconds_high:.2f}"
    return f"{print_.milliseconds_per_row:.2f} ms ({spread})"


def _scored(score: Score | None) -> str:
    if score is None or score.value is None:
        return "–"
    if score.low is None or score.high is None:
        return f"{score.value:.3g}"
    return f"{score.value:.3g} ({score.low:.3g} to {score.high:.3g})"
