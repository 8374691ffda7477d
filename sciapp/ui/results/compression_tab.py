"""The Compression tab: make a finished model smaller, and see what that costs."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QFormLayout, QHBoxLayout, QLabel, QStackedWidget, QVBoxLayout, QWidget

from sciapp.actions import runs as runs_actions
from sciapp.actions.compression import CompressionChoice, compression_choice
from sciapp.i18n import joined, msg, term
from sciapp.records.formatting import size_text
from sciapp.records.plan.compression import COMPRESSIONS
from sciapp.records.run.evaluation import Evaluation
from sciapp.records.run.events import Event, Progressed, StageBegan
from sciapp.records.run.run import Outcome, Run, RunStatus
from sciapp.records.run.score_format import score_title, value_text, with_margin
from sciapp.records.run.summary import RunSummary
from sciapp.ui import theme
from sciapp.ui.messages import Messages
from sciapp.ui.project.run_list import RunList
from sciapp.ui.results.compression_table import CompressionTable
from sciapp.ui.session import Session
from sciapp.ui.widgets.bars import RunProgress
from sciapp.ui.widgets.buttons import Button
from sciapp.ui.widgets.cards import Card
from sciapp.ui.widgets.facts import Verdict
from sciapp.ui.widgets.labels import PlainTextLabel
from sciapp.ui.widgets.page import EmptyState, PageHeader
from sciapp.ui.words import tr
from sciapp.workers.query import LatestQuery
from sciapp.workers.run_worker import RunWorker

if TYPE_CHECKING:
    from sciapp.ui.widgets.plots.bubbles import Bubble, BubblePlot

_METHOD = msg(
    "The weights are stored with 8 bits instead of 32: seconds, no further training, for processors (CPU). What is "
    "gained and lost is measured on the same test rows."
)
_INSIDE = "    "
_TABLE_WIDTH = 380  # px, at least: below, its headings are cut
_NO_RUN = msg("Finish a training first; its model can then be made smaller here.")
_NO_COMPARISON = msg("Make it smaller: the comparison of before and after appears here.")


_Offer = tuple[str, str | None]  # words of the list of choices, and the run; of a study, whose runs follow, none
_ENABLED = Qt.ItemDataRole.UserRole - 1  # what QComboBox reads an entry's flags from


class CompressionTab(QWidget):
    """Choose a run with a model, press Compress, compare before and after on the same test rows."""

    def __init__(self, session: Session, messages: Messages, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._messages = session, messages
        self._asking, self._loading, self._picturing = LatestQuery(self), LatestQuery(self), LatestQuery(self)
        self._plot: BubblePlot | None = None
        self._worker: RunWorker | None = None
        self._stage = ""
        self._offered: list[_Offer] = []
        self._made: list[RunSummary] = []
        self._touched = False  # a person chose the model
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
        self._start = Button(
            msg("&Make it smaller"),
            self,
            kind="primary",
            icon="package",
            name="startCompression",
            help=msg("Make a smaller copy and measure it; the original stays."),
        )
        self._cancel = Button(
            msg("C&ancel"),
            self,
            name="cancelCompression",
            help=msg("End the compression; the original model stays as it is."),
        )
        self._start.clicked.connect(self.start)
        self._cancel.clicked.connect(self.cancel)
        self._progress = RunProgress(self)
        self._progress.setVisible(False)
        self._verdict = PlainTextLabel("compressionVerdict", self)
        self._verdict.setText(tr(_NO_RUN))
        self._table = CompressionTable(self)
        self._advice = Verdict(self)
        self._empty = EmptyState(
            "package",
            msg("The model and its smaller copies come here: size, speed and score, measured on the same test rows."),
            self,
            title=msg("Nothing made smaller yet"),
        )
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
        """Show the comparison of a compression, with the picture of the model that it was made from."""
        project = self._session.project
        source = next((summary.subject for summary in self._session.runs if summary.id == id), "")
        if (index := self._choice.findData(source)) >= 0:
            self._choice.setCurrentIndex(index)
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
        if self._touched:  # what a person chose stays chosen
            usable = [summary for summary in usable if summary.subject == self._choice.currentData()]
        if project is not None and self._worker is None and not self._asking.busy:
            if live:
                self._follow(project.run(live[-1].id))  # started before this window, or from a command line
            elif usable and not self._has_verdict() and not self._loading.busy:
                self._load(usable[-1].id)
        if made != self._made:
            self._made = made
            self._read_picture()
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
        self._read_picture()

    def _usual(self) -> str:
        """The newest training; to compress what was compressed is the exception."""
        offered = {id for _, id in self._offered}
        usable = [summary for summary in reversed(self._session.runs) if summary.id in offered]
        return next((run.id for run in usable if run.facts.fits_labels), usable[0].id if usable else "")

    def _project_changed(self) -> None:
        self._leave()
        self._asking.drop()
        self._loading.drop()
        self._picturing.drop()
        self._touched = False
        self._offer([])
        self._done.setRuns([])
        self._over.clear()
        self._table.clear_rows()
        self._verdict.clear()
        self._show_readiness()

    def _model_chosen(self) -> None:
        """A person chose a model: its newest comparison is shown, or none."""
        self._touched, chosen = True, self._choice.currentData()
        usable = [run for run in self._session.runs if run.facts.compresses and run.standing.has_model]
        made = [summary.id for summary in usable if summary.subject == chosen]
        if made:
            self._load(made[-1])
        elif self._worker is None:
            self._loading.drop()
            self._table.clear_rows()
            self._verdict.clear()
            self._show_readiness()

    # --- the picture ----------------------------------------------------------------------------------------------

    def _read_picture(self) -> None:
        """Read what was measured of the chosen run's models."""
        project, id = self._session.project, self._choice.currentData()
        if project is None or not id:
            self._picturing.drop()
            self._show_picture(None)
            return
        self._picturing.ask(lambda _: compression_choice(project=project, run_id=id), self._show_picture)

    def _show_picture(self, choice: CompressionChoice | None) -> None:
        self._pictures.setCurrentWidget(self._empty if choice is None else self._plot_page)
        recommended = choice is not None and choice.recommended is not None
        self._advice.set_verdict("good" if recommended else "info", *_advice(choice))
        if choice is None:
            return
        if self._plot is None:
            from sciapp.ui.widgets.plots.bubbles import BubblePlot  # the plot library, when there is something to draw

            self._plot = BubblePlot(self)
            self._plot_column.addWidget(self._plot, 1)
        better = msg("higher is better") if choice.original.score.greater_is_better else msg("lower is better")
        axis = msg("{score}, {better}", score=score_title(choice.original.score.name), better=better)
        self._plot.show_bubbles(_bubbles(choice), axis, choice.simple)

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
        self._choice.currentIndexChanged.connect(lambda _: self._read_picture())
        self._choice.activated.connect(lambda _: self._model_chosen())
        for query in (self._asking, self._loading, self._picturing):
            query.failed.connect(self._failed)
        self._session.projectOpened.connect(self._project_changed)
        self._session.projectClosed.connect(self._project_changed)
        self._session.runsChanged.connect(self._runs_changed)
        self._session.runSelected.connect(self._run_selected)

    def _lay_out(self) -> None:
        header = PageHeader(msg("Can it be smaller and still as good?"), _METHOD, self)
        header.add_action(self._cancel)
        header.add_action(self._start)
        self._pictures = QStackedWidget(self)
        self._plot_page = QWidget(self)
        self._plot_column = QVBoxLayout(self._plot_page)
        self._plot_column.setContentsMargins(0, 0, 0, 0)
        for page in (self._empty, self._plot_page):
            self._pictures.addWidget(page)
        picture = Card(msg("Smaller to the left"), self, note=msg("the larger the dot, the slower"))
        picture.body.addWidget(self._pictures, 1)
        side = Card(msg("What it costs and saves"), self)
        form = QFormLayout()
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        for text, box in ((msg("Mo&del"), self._choice), (msg("Me&thod"), self._method)):
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            box.setMinimumContentsLength(16)
            label = QLabel(tr(text))
            label.setBuddy(box)
            form.addRow(label, box)
        side.body.addWidget(self._advice)
        for part in (self._progress, self._verdict):
            side.body.addWidget(part)
        side.body.addWidget(self._table, 1)
        made = Card(msg("Compressions so far"), self, padding=theme.GAP)
        made.body.addWidget(self._done)
        upper = QHBoxLayout()
        upper.setSpacing(theme.GAP)
        upper.addWidget(picture, 1)
        upper.addWidget(side, 1)
        self._table.setMinimumWidth(_TABLE_WIDTH)
        theme.set_ground(self, "page")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(theme.PAGE_MARGIN, theme.PAGE_TOP, theme.PAGE_MARGIN, theme.GAP)
        layout.setSpacing(theme.GAP)
        layout.addWidget(header)
        layout.addLayout(form)
        layout.addLayout(upper, 3)
        layout.addWidget(made, 1)


def _advice(choice: CompressionChoice | None) -> tuple[str, str]:
    """The recommendation and its reason."""
    if choice is None:
        return msg("Not tried yet"), msg("Size, speed and score of the smaller model are measured, then compared here.")
    best = choice.recommended
    if best is None:
        return msg("Keep the original"), choice.sentence
    return msg("Recommended: {title}", title=best.title), choice.sentence


def _bubbles(choice: CompressionChoice) -> "list[Bubble]":
    from sciapp.ui.widgets.plots.bubbles import Bubble

    models = (choice.original, *choice.compressed)
    return [
        Bubble(
            msg("original") if not model.method else tr(model.title).partition(" (")[0],
            model.footprint.bytes / 1e6,
            model.score.value or 0.0,
            model.footprint.milliseconds_per_row,
            msg(
                "{title}: {size}, {pace:.3g} ms for a row, {score} {value}",
                title=model.title,
                size=size_text(model.footprint.bytes),
                pace=model.footprint.milliseconds_per_row,
                score=score_title(model.score.name),
                value=with_margin(model.score),
            ),
            ringed=model is choice.recommended,
            original=not model.method,
        )
        for model in models
    ]


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
    parts = [summary.display_name, summary.subject, summary.model]
    if summary.score is not None and summary.score.value is not None:
        parts.append(joined([score_title(summary.score.name), value_text(summary.score)]))
    return joined(parts, "  ·  ")
