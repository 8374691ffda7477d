"""Import a table: look at its first rows, answer three questions, go."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QHBoxLayout, QTabWidget, QVBoxLayout, QWidget

from sciapp.actions import command_line as commands
from sciapp.actions import datasets as datasets_actions
from sciapp.actions.domains import domain_rows
from sciapp.actions.import_preview import ImportOffer, offer_import
from sciapp.i18n import Message, joined, msg, plural
from sciapp.records.dataset.card import DatasetCard, ImportRequest
from sciapp.records.dataset.findings import QualityReport
from sciapp.records.project.project import Project
from sciapp.records.read_options import AUTO, NOT_JOINED, PACKED
from sciapp.ui import theme
from sciapp.ui.data.importing.finding_strip import FindingStrip
from sciapp.ui.data.importing.first_rows import FirstRows
from sciapp.ui.data.importing.form import ImportForm
from sciapp.ui.data.importing.quality import CheckPane
from sciapp.ui.data.importing.read_options import ReadingEditor, reading_in_words
from sciapp.ui.messages import Messages
from sciapp.ui.widgets.banner import Banner
from sciapp.ui.widgets.bars import BusyBar
from sciapp.ui.widgets.buttons import Button
from sciapp.ui.widgets.cards import Card
from sciapp.ui.widgets.command_line import CommandLine
from sciapp.ui.widgets.labels import TextLabel
from sciapp.ui.widgets.layout import CollapsibleSection, FormScroll
from sciapp.ui.widgets.page import PageHeader
from sciapp.ui.words import tr
from sciapp.workers.query import Query

_SIZE = (1240, 860)
_OF_SCREEN = 0.9
_FEWEST_ROWS_SHOWN = 160  # px that the first rows keep whatever is unfolded


class ImportDialog(QDialog):
    """Opened with `begin()`; tells by `imported` what came of it, and goes."""

    imported = Signal(object)  # DatasetCard
    projectWanted = Signal(str, object)  # domain, Path: the file belongs in a project of another kind

    def __init__(self, project: Project, path: Path, messages: Messages, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("importDialog")
        self.setWindowTitle(tr(msg("Import “{name}”", name=path.name)))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._project, self._path, self._messages = project, path.absolute(), messages
        self._offer: ImportOffer | None = None
        self._query: Query | None = None
        self._make_parts()
        self._connect()
        room = self.screen().availableGeometry().size() * _OF_SCREEN
        self.resize(min(_SIZE[0], room.width()), min(_SIZE[1], room.height()))

    def begin(self) -> None:
        """Open the dialog and read the first rows."""
        self.open()
        self._read(self._no_table)

    def request(self) -> ImportRequest | None:
        """The request that the form states; None while something is missing."""
        request = self.form.value()
        if request is None or self.reading.lacking:
            return None
        return request.model_copy(update={"repairs": self.check.repairs.value(), "reading": self.reading.value()})

    def accept(self) -> None:
        """Import, if the form is complete and nothing goes on."""
        request, project = self.request(), self._project
        if request is None or self._query is not None:
            return
        self.check.stop()
        self._set_form_enabled(False)
        self.busy.begin(msg("Importing…"))
        query = Query(
            lambda progress: datasets_actions.import_table(project=project, request=request, progress=progress), self
        )
        query.progressed.connect(self.busy.show_progress)
        query.cancelled.connect(self._ended)
        self._ask(query, self._import_done, self._import_failed)

    def reject(self) -> None:
        """Close; an import that is on is cancelled and leaves nothing."""
        self.check.stop()
        if self._query is not None:
            self._query.cancel()
            self._query = None
        super().reject()

    # --- what is asked, and what comes back -----------------------------------------------------------------------

    def _read(self, failed: Callable[[BaseException], None]) -> None:
        """Read the first rows as the form says."""
        self._set_form_enabled(False)
        self.busy.begin(msg("Reading the first rows…"))
        path, domain, reading = self._path, self._project.record.domain, self.reading.value()
        query = Query(lambda _: offer_import(path=path, domain=domain, reading=reading), self)
        self._ask(query, self._show_offer, failed)

    def _ask(
        self,
        query: Query,
        done: Callable[[ImportOffer], None] | Callable[[tuple[DatasetCard, ...]], None],
        failed: Callable[[BaseException], None],
    ) -> None:
        query.answered.connect(done)
        query.failed.connect(failed)
        self._query = query
        query.begin()

    def _ended(self) -> None:
        self._query = None
        self.busy.end()
        self._set_form_enabled(True)

    def _show_offer(self, offer: ImportOffer) -> None:
        self._offer = offer
        self.reading.setValue(offer.reading)
        self.reading.setDetected(offer.detected)
        self.reading.setNote(offer.note)
        self._good_reading = offer.reading
        self.preview.setRows(offer.rows, offer.preview.lines)
        self._show_file(offer)
        self._query = None
        self.busy.end()
        self.form.setOffer(offer)
        self._set_form_enabled(True)
        self._form_changed()
        self._ok.setFocus()

    def _reading_changed(self) -> None:
        if self._query is None:
            self._read(self._unreadable_so)

    def _inputs_changed(self, columns: tuple[str, ...]) -> None:
        """Several columns make the input from now on, or none do."""
        reading = self.reading.value()
        joined_as = AUTO if columns or reading.joined_as == AUTO else NOT_JOINED
        self.reading.setValue(reading.model_copy(update={"together": columns, "joined_as": joined_as}))
        self._reading_changed()

    def _unreadable_so(self, error: BaseException) -> None:
        """The file cannot be read as was asked: back to how it was."""
        self._ended()
        self.reading.setValue(self._good_reading)
        self._messages.error(error, self)

    def _no_table(self, error: BaseException) -> None:
        self._query = None
        self._messages.error(error, self.parentWidget())
        self.reject()

    def _import_done(self, cards: tuple[DatasetCard, ...]) -> None:
        self._query = None
        self.imported.emit(cards[0])
        super().accept()

    def _import_failed(self, error: BaseException) -> None:
        self._ended()
        self._messages.error(error, self)

    def _cancel(self) -> None:
        if self._offer is None:
            self.reject()
        elif self._query is not None:
            self._query.cancel()

    # --- the form -------------------------------------------------------------------------------------------------

    def _form_changed(self) -> None:
        request = self.request()
        self.command_line.setText(
            commands.as_text(commands.import_arguments(self._project, request)) if request is not None else ""
        )
        self.check.look(request)
        self.preview.mark(self.form.marks())
        self._ok.setEnabled(request is not None and self._query is None)

    def _show_file(self, offer: ImportOffer) -> None:
        """The file in a sentence, and how it is read; the details open by themselves where something was doubtful."""
        self._describe(len(offer.preview.sample) if offer.preview.complete else None)
        self.details.setTitle(joined([msg("How the file is read:"), _reading_summary(offer)]))
        gathered = offer.reading.series is not None and offer.reading.series.wanted
        if offer.note or self.reading.lacking or gathered:
            self.details.setOpen(True)
        kind = offer.other_domain
        self.banner.say(
            msg(
                "These look like {rows}, and this is a project for {own}.", rows=domain_rows(kind), own=self._own_rows()
            )
            if kind
            else "",
            button=msg("Make a project for {rows}", rows=domain_rows(kind)) if kind else "",
        )

    def _describe(self, rows: int | None) -> None:
        """File, rows and columns in a sentence; rows: None while they are not counted."""
        if self._offer is None:
            return
        counted = plural("{n:,} row", "{n:,} rows", rows) if rows is not None else ""
        columns = plural("{n} column", "{n:,} columns", len(self._offer.preview.columns))
        filled_in = msg("Three answers are filled in; correct what is wrong.") if self._offer.proposal.targets else ""
        self.header.set_sentence(joined([joined([self._path.name, counted, columns], " · ") + ".", filled_in]))

    def _own_rows(self) -> str:
        return domain_rows(self._project.record.domain)

    def _want_project(self) -> None:
        if self._offer is not None and self._offer.other_domain:
            self.projectWanted.emit(self._offer.other_domain, self._path)
            self.reject()

    def _show_count(self, checkup: QualityReport | None) -> None:
        """Counts of the whole file: findings on top, rows on the button."""
        problems = checkup.problems if checkup is not None else 0
        notes = len(checkup.findings) - problems if checkup is not None else 0
        title = msg("Check")
        if checkup is not None:
            title = plural("Check ({n} note)", "Check ({n} notes)", notes) if notes and not problems else title
            title = title if notes and not problems else msg("Check ({problems})", problems=problems)
        self.views.setTabText(1, tr(title))
        self.strip.setReport(checkup)
        self.preview.warn(_lines(checkup))
        if checkup is None:
            self._ok.set_text(msg("Import"))
            self._counts.setText("")
            return
        self._describe(checkup.rows_read)
        self._ok.set_text(plural("Import {n} row", "Import {n:,} rows", checkup.rows_usable))
        aside = checkup.rows_read - checkup.rows_usable
        self._counts.setText(
            tr(msg("{used:,} rows will be used, {aside:,} set aside.", used=checkup.rows_usable, aside=aside))
        )

    def _set_form_enabled(self, enabled: bool) -> None:
        for part in (self.reading, self.form, self.check, self.strip):
            part.setEnabled(enabled)
        self._ok.setEnabled(enabled and self.request() is not None)

    # --- parts ----------------------------------------------------------------------------------------------------

    def _make_parts(self) -> None:
        packed = self._path.suffix.lower() in PACKED
        usual_name = Path(self._path.stem).stem if packed else self._path.stem
        self.header = PageHeader(msg("What is in this table?"), self._path.name, self)
        self.banner = Banner(self, status="caution", name="importOtherKind")
        self.reading = ReadingEditor(self)
        self._good_reading = self.reading.value()
        self.details = CollapsibleSection(msg("How the file is read"), self.reading, "importReading", self)
        self.preview, self.check, self.strip = FirstRows(self), CheckPane(self._project, self), FindingStrip(self)
        self.form = ImportForm(str(self._path), self._project.record.domain, usual_name, self)
        self.command_line, self.busy = CommandLine(self), BusyBar("import", self)
        self._counts = TextLabel("", self, type="strong", wrap=True, name="importCounts")
        self._ok = Button(
            msg("Import"),
            self,
            kind="primary",
            name="importAccept",
            help=msg("Read the whole file into the project."),
            locks=True,
        )
        self._ok.setDefault(True)
        self._close = Button(msg("Cancel"), self, name="importClose", help=msg("Close without importing."))
        content = QHBoxLayout()
        content.setSpacing(theme.GAP)
        content.addLayout(self._file_column(), 1)
        content.addWidget(self._questions())
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.PAGE_TOP, theme.GAP, theme.PAGE_TOP, theme.GAP)
        column.setSpacing(theme.MARGIN)
        for part in (self.header, self.banner, self.details):
            column.addWidget(part)
        column.addLayout(content, 1)
        self._set_form_enabled(False)

    def _file_column(self) -> QVBoxLayout:
        """The first rows with the finding in sight, and below it what is needed rarely."""
        first = QWidget(self)
        rows = QVBoxLayout(first)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(0)
        rows.addWidget(self.preview, 1)
        rows.addWidget(self.strip)
        self.preview.setMinimumHeight(_FEWEST_ROWS_SHOWN)
        self.views = QTabWidget(self)
        self.views.setObjectName("importViews")
        self.views.setAccessibleName(tr(msg("The file")))
        self.views.setDocumentMode(True)
        self.views.addTab(first, tr(msg("First rows")))
        self.views.addTab(self.check, tr(msg("Check")))
        command = CollapsibleSection(msg("Command line"), self.command_line, "importCommandLine", self)
        column = QVBoxLayout()
        column.setSpacing(theme.SPACING)
        for part in (self.views, command, self.busy):
            column.addWidget(part, 1 if part is self.views else 0)
        return column

    def _questions(self) -> Card:
        """The card with the three questions, and below them what will come of it."""
        card = Card("", self, padding=theme.GAP, name="importQuestions")
        scroll = FormScroll(self)  # what is chosen in the form makes it higher, and the dialog must fit the screen
        scroll.setObjectName("importFormScroll")
        scroll.setWidget(self.form)
        buttons = QHBoxLayout()
        buttons.setSpacing(theme.SPACING)
        buttons.addWidget(self._close)
        buttons.addWidget(self._ok, 1)
        card.body.addWidget(scroll, 1)
        card.body.addWidget(self._counts)
        card.body.addLayout(buttons)
        return card

    def _connect(self) -> None:
        self._ok.clicked.connect(self.accept)
        self._close.clicked.connect(self.reject)
        self.busy.cancelRequested.connect(self._cancel)
        self.banner.buttonClicked.connect(self._want_project)
        self.reading.valueChanged.connect(self._reading_changed)
        self.form.valueChanged.connect(self._form_changed)
        self.form.roles.inputsChosen.connect(self._inputs_changed)
        self.preview.heads.offer(self.form.offered_roles)
        self.preview.roleChosen.connect(self.form.setRole)
        self.check.repairsChanged.connect(self._form_changed)
        self.check.countChanged.connect(self._show_count)
        self.strip.lineWanted.connect(self.preview.show_line)
        self.strip.repairChosen.connect(self.check.repairs.choose)
        self.strip.allWanted.connect(lambda: self.views.setCurrentWidget(self.check))
        self.command_line.copied.connect(lambda text: QGuiApplication.clipboard().setText(text))


def _lines(checkup: QualityReport | None) -> list[int]:
    """The lines of the file that problems are about, as far as they are listed."""
    findings = checkup.findings if checkup is not None else ()
    return [line for one in findings if one.weight == "problem" and not one.repaired for line in one.lines]


def _reading_summary(offer: ImportOffer) -> Message:
    """The settings by which a file is read, in a few words."""
    return joined([offer.detected.title, *reading_in_words(offer.detected.reading)], ", ")
