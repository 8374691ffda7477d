"""The Compression tab: make a finished model smaller, and see what that costs."""

from collections.abc import Iterator

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QFormLayout, QHBoxLayout, QLabel, QPushButton, QSplitter, QVBoxLayout, QWidget

from sciapp.actions import runs as runs_actions
from sciapp.i18n import joined, msg, term
from sciapp.records.plan.compression import COMPRESSIONS
from sciapp.records.run.evaluation import Evaluation
from sciapp.records.run.events import Event, Progressed, StageBegan
from sciapp.records.run.run import Outcome, Run, RunStatus
from sciapp.records.run.score_format import score_title, value_text
from sciapp.records.run.summary import RunSummary
from sciapp.ui import theme
from sciapp.ui.messages import Messages
from sciapp.ui.project.run_list import RunList
from sciapp.ui.results.compression_table import CompressionTable
from sciapp.ui.session import Session
from sciapp.ui.widgets.bars import RunProgress
from sciapp.ui.widgets.labels import PlainTextLabel
from sciapp.ui.words import tr
from sciapp.workers.query import LatestQuery
from sciapp.workers.run_worker import RunWorker

_METHOD = msg(
    "The weights of the model's large layers are stored with 8 bits instead of 32 and multiplied as whole numbers. "
    "This takes seconds and no further training. The copy is for processors (CPU); on most of them it also answers "
    "faster. How much is gained and lost is measured here, on the same test rows."
)
_INSIDE = "    "
_NO_RUN = msg("Finish a training first; its model can then be made smaller here.")
_NO_COMPARISON = msg("Press Compress: the comparison of before and after appears here.")


_Offer = tuple[str, str | None]  # words of the list of choices, and the run; of a study, whose runs follow, none
_ENABLED = Qt.ItemDataRole.UserRole - 1  # what QComboBox reads an entry's flags from


class CompressionTab(QWidget):
    """Choose a run with a model, press Compress, compare before and after on the same test rows."""

    def __init__(self, session: Session, messages: Messages, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._messages = session, messages
        self._asking, self._loading = LatestQuery(self), LatestQuery(self)
        self._worker: RunWorker | None = None
        self._stage = ""
        self._offered: list[_Offer] = []
        self._over: set[str] = set()  # runs whose end was told here; the list of runs may lag behind
        self._choice = QComboBox(self)
        self._choice.setObjectName("compressionRun")
        self._choice.setAccessibleName(tr(msg("Run to compress")))
        self._choice.setToolTip(
            tr(msg("A finished training of this project, or a compression: it can be compressed again."))
        )
        self._method = QComboBox(self)
        self._method.setObjectName("compressionMethod")
        self._method.setAccessibleName(tr(msg("Method")))
        self._method.setToolTip(tr(msg("How the model is made smaller.")))
        for facts in COMPRESSIONS:
            self._method.addItem(tr(facts.title), facts.name)
        self._start = self._button(
            msg("C&ompress"), "startCompression", msg("Make a smaller copy; the original stays."), self.start
        )
        self._cancel = self._button(
            msg("C&ancel"),
            "cancelCompression",
            msg("End the compression; the original model stays as it is."),
            self.cancel,
        )
        self._progress = RunProgress(self)
        self._progress.setVisible(False)
        self._verdict = PlainTextLabel("compressionVerdict", self)
        self._verdict.setText(tr(_NO_RUN))
        self._table = CompressionTable(self)
        self._done = RunList(self, subject=msg("Compressed run"), model=msg("Method"))
        self._done.setObjectName("compressionRuns")
        self._done.setAccessibleName(tr(msg("Compressions so far")))
        self._done.setToolTip(tr(msg("Choose a compression to see its comparison.")))
        self._lay_out()
        self._connect()
        self._show_readiness()

    # --- what a person does ---------------------------------------------------------------------------------------

    def start(self) -> None:
        """Compress the model of the chosen run."""
        project, id, method = self._session.project, self._choice.currentData(), self._method.currentData()
        if project is None or not id or not self._start.isEnabled():
            return
        self._asking.ask(lambda _: runs_actions.compress_run(project=project, run_id=id, method=method), self._started)
        self._show_readiness()

    def cancel(self) -> None:
        """End the compression that is on."""
        if self._worker is None or self._asking.busy:
            return
        run = self._worker.followed
        self._asking.ask(
            lambda _: runs_actions.cancel_run(run=run), lambda _: self._messages.inform(msg("Cancelling…"))
        )

    # --- a compression that is on ---------------------------------------------------------------------------------

    def _started(self, run: Run) -> None:
        self._follow(run)
        self._session.refresh()

    def _follow(self, run: Run) -> None:
        self._stage = msg("Starting")
        self._progress.show_share(0, 0, self._stage)
        self._progress.setVisible(True)
        self._loading.drop()
        self._table.clear_rows()
        self._verdict.clear()
        worker = RunWorker(run, self)
        worker.eventsArrived.connect(self._play)
        worker.runEnded.connect(self._ended)
        self._worker = worker
        worker.begin()
        self._show_readiness()

    def _leave(self) -> None:
        if self._worker is not None:
            self._worker.stop_following()
        self._worker = None
        self._progress.setVisible(False)

    def _play(self, events: list[Event]) -> None:
        if self.sender() is not self._worker:
            return  # a last word of a project that was closed meanwhile
        for event in events:
            if isinstance(event, StageBegan):
                self._stage = event.title
                self._progress.show_share(0, 0, event.title)
            elif isinstance(event, Progressed):
                self._progress.show_share(event.done, event.total, self._stage)

    def _ended(self, outcome: Outcome) -> None:
        if self._worker is None or self.sender() is not self._worker:
            return
        run = self._worker.followed
        self._over.add(run.id)
        self._leave()
        self._session.refresh()
        self._messages.inform(str(outcome))
        if outcome.ending.has_model:
            self._session.select_run(run.id)
        else:
            self._verdict.setText(tr(str(outcome)))
        self._show_readiness()

    # --- comparisons ----------------------------------------------------------------------------------------------

    def _chosen(self) -> None:
        if id := self._done.selected():
            self._load(id)

    def _run_selected(self, id: str) -> None:
        """Chosen in another tab, or just made: a training is offered, a compression is shown."""
        summary = next((summary for summary in self._session.runs if summary.id == id), None)
        if id in self._over or (summary is not None and summary.facts.compresses):
            self._load(id)
        elif (index := self._choice.findData(id)) >= 0:
            self._choice.setCurrentIndex(index)

    def _load(self, id: str) -> None:
        project = self._session.project
        if project is not None:
            self._loading.ask(lambda _: project.run(id).evaluation(), lambda evaluation: self._show(id, evaluation))

    def _show(self, id: str, evaluation: Evaluation | None) -> None:
        if evaluation is None:
            self._table.clear_rows()
            summary = next((summary for summary in self._session.runs if summary.id == id), None)
            if summary is not None:
                stands = msg("Run {run}: {standing}.", run=id, standing=term(summary.state))
                self._verdict.setText(tr(joined([stands, summary.message])))
            return
        self._verdict.setText(tr(joined([evaluation.verdict, *evaluation.remarks], "\n")))
        self._table.show_evaluation(evaluation)

    # --- the project ----------------------------------------------------------------------------------------------

    def _runs_changed(self, runs: list[RunSummary]) -> None:
        self._offer(list(_offers(runs)))
        made = [summary for summary in runs if summary.facts.compresses]
        self._done.setRuns(made)
        project = self._session.project
        live = [summary for summary in made if summary.standing is RunStatus.RUNNING and summary.id not in self._over]
        usable = [summary for summary in made if summary.standing.has_model]
        if project is not None and self._worker is None and not self._asking.busy:
            if live:
                self._follow(project.run(live[-1].id))  # started before this window, or from a command line
            elif usable and not self._has_verdict() and not self._loading.busy:
                self._load(usable[-1].id)
        self._show_readiness()

    def _offer(self, offered: list[_Offer]) -> None:
        """Refilled only when something changed: an open list would close under the pointer."""
        if offered == self._offered:
            return
        chosen, self._offered = self._choice.currentData(), offered
        self._choice.clear()
        for text, id in offered:
            self._choice.addItem(tr(text), id)
            if id is None:
                self._choice.setItemData(self._choice.count() - 1, 0, _ENABLED)  # a study is chosen by its runs
        index = self._choice.findData(chosen) if chosen else -1
        self._choice.setCurrentIndex(index if index >= 0 else self._choice.findData(self._usual()))

    def _usual(self) -> str:
        """The newest training; to compress what was compressed is the exception."""
        offered = {id for _, id in self._offered}
        usable = [summary for summary in reversed(self._session.runs) if summary.id in offered]
        return next((run.id for run in usable if run.facts.fits_labels), usable[0].id if usable else "")

    def _project_changed(self) -> None:
        self._leave()
        self._asking.drop()
        self._loading.drop()
        self._offer([])
        self._done.setRuns([])
        self._over.clear()
        self._table.clear_rows()
        self._verdict.clear()
        self._show_readiness()

    def _has_verdict(self) -> bool:
        return self._verdict.text() not in {"", tr(_NO_RUN), tr(_NO_COMPARISON)}

    def _show_readiness(self) -> None:
        offered, busy = self._choice.count() > 0, self._worker is not None or self._asking.busy
        self._start.setEnabled(offered and not busy and not self._session.read_only)
        self._cancel.setEnabled(self._worker is not None and not self._session.read_only)
        if not self._has_verdict():
            self._verdict.setText(tr("" if busy else _NO_COMPARISON if offered else _NO_RUN))

    def _failed(self, error: BaseException) -> None:
        self._messages.error(error, self)
        self._show_readiness()

    # --- plumbing -------------------------------------------------------------------------------------------------

    def _connect(self) -> None:
        self._done.itemSelectionChanged.connect(self._chosen)
        for query in (self._asking, self._loading):
            query.failed.connect(self._failed)
        self._session.projectOpened.connect(self._project_changed)
        self._session.projectClosed.connect(self._project_changed)
        self._session.runsChanged.connect(self._runs_changed)
        self._session.runSelected.connect(self._run_selected)

    def _button(self, text: str, name: str, help: str, pressed: object) -> QPushButton:
        button = QPushButton(tr(text), self)
        button.setObjectName(name)
        button.setAccessibleName(tr(text).replace("&", ""))
        button.setToolTip(tr(help))
        button.clicked.connect(pressed)
        return button

    def _lay_out(self) -> None:
        about = QLabel(tr(_METHOD), self)
        about.setWordWrap(True)
        form = QFormLayout()
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        for text, box in ((msg("Trainin&g"), self._choice), (msg("&Method"), self._method)):
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            box.setMinimumContentsLength(24)
            label = QLabel(tr(text))
            label.setBuddy(box)
            form.addRow(label, box)
        buttons = QHBoxLayout()
        for part in (self._start, self._cancel):
            buttons.addWidget(part)
        buttons.addWidget(self._progress, 1)
        buttons.addStretch()
        lower = QWidget(self)
        column = QVBoxLayout(lower)
        column.setContentsMargins(0, 0, 0, 0)
        heading = QLabel(tr(msg("Compressions &so far")), self)
        font = heading.font()
        font.setBold(True)
        heading.setFont(font)
        heading.setBuddy(self._done)
        column.addWidget(heading)
        column.addWidget(self._done)
        splitter = QSplitter(Qt.Orientation.Vertical, self)
        splitter.addWidget(self._table)
        splitter.addWidget(lower)
        splitter.setChildrenCollapsible(False)
        splitter.setSizes([320, 180])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(theme.MARGIN, theme.MARGIN, theme.MARGIN, theme.MARGIN)
        layout.setSpacing(theme.SPACING)
        layout.addLayout(form)
        layout.addWidget(about)
        layout.addLayout(buttons)
        layout.addWidget(self._verdict)
        layout.addWidget(splitter, 1)


def _offers(runs: list[RunSummary]) -> Iterator[_Offer]:
    """Every run whose model can be compressed, newest first; those of a study below a line of its own."""
    usable = [summary for summary in reversed(runs) if summary.facts.is_evaluated and summary.standing.has_model]
    listed: set[str] = set()
    for summary in usable:
        study = summary.study
        if study is None:
            yield _described(summary), summary.id
        elif study.id not in listed:
            listed.add(study.id)
            yield joined((study.title, study.score), "  ·  "), None
            members = (run for run in usable if run.study is not None and run.study.id == study.id)
            yield from ((joined([_INSIDE, _described(run)], ""), run.id) for run in members)


def _described(summary: RunSummary) -> str:
    parts = [summary.id, summary.subject, summary.model]
    if summary.score is not None and summary.score.value is not None:
        parts.append(joined([score_title(summary.score.name), value_text(summary.score)]))
    return joined(parts, "  ·  ")
