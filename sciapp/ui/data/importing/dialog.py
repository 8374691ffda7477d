"""Import a table: look at its first rows, agree on what the columns are for, go."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QSplitter, QTabWidget, QVBoxLayout, QWidget

from sciapp.actions import command_line as commands
from sciapp.actions import datasets as datasets_actions
from sciapp.actions.import_preview import ImportOffer, offer_import
from sciapp.i18n import msg, plural
from sciapp.records.dataset.card import DatasetCard, ImportRequest
from sciapp.records.dataset.findings import QualityReport
from sciapp.records.project.project import Project
from sciapp.records.read_options import AUTO, NOT_JOINED, PACKED
from sciapp.ui.data.importing.first_rows import MarkedRows
from sciapp.ui.data.importing.form import ImportForm
from sciapp.ui.data.importing.quality import CheckPane
from sciapp.ui.data.importing.read_options import ReadingEditor
from sciapp.ui.messages import Messages
from sciapp.ui.widgets.bars import BusyBar
from sciapp.ui.widgets.command_line import CommandLine
from sciapp.ui.widgets.layout import FormScroll
from sciapp.ui.words import tr
from sciapp.workers.query import Query

_SIZE = (960, 700)  # fits a screen of 768 lines with its bars
_HIGHEST, _OF_SCREEN = 860, 0.9  # where the screen has more room
_PARTS = (220, 300)  # of the height: the file, and the form; what is looked at in the one leaves the other as it is


class ImportDialog(QDialog):
    """Opened with `begin()`; tells by `imported` what came of it, and goes."""

    imported = Signal(object)  # DatasetCard

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
        width, height = _SIZE
        self.resize(width, max(height, min(_HIGHEST, int(self.screen().availableGeometry().height() * _OF_SCREEN))))

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
        self.preview.setRows(offer.rows)
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

    def _show_count(self, checkup: QualityReport | None) -> None:
        """Beside the first rows stands how many problems the whole file has, or how many notes where it has none."""
        title = msg("Check")
        if checkup is not None:
            notes = 0 if checkup.problems else len(checkup.findings)
            title = plural("Check ({n} note)", "Check ({n} notes)", notes) if notes else title
            title = title if notes else msg("Check ({problems})", problems=checkup.problems)
        self.views.setTabText(1, tr(title))

    def _set_form_enabled(self, enabled: bool) -> None:
        for part in (self.reading, self.form, self.check):
            part.setEnabled(enabled)
        self._ok.setEnabled(enabled and self.request() is not None)

    # --- parts ----------------------------------------------------------------------------------------------------

    def _make_parts(self) -> None:
        packed = self._path.suffix.lower() in PACKED
        usual_name = Path(self._path.stem).stem if packed else self._path.stem
        self.reading = ReadingEditor(self)
        self._good_reading = self.reading.value()
        self.preview, self.check = MarkedRows(self), CheckPane(self._project, self)
        self.views = QTabWidget(self)
        self.views.setObjectName("importViews")
        self.views.setAccessibleName(tr(msg("The file")))
        self.views.setDocumentMode(True)
        self.views.addTab(self.preview, tr(msg("First rows")))
        self.views.addTab(self.check, tr(msg("Check")))
        self.form = ImportForm(str(self._path), self._project.record.domain, usual_name, self)
        self.command_line, self.busy = CommandLine(self), BusyBar("import", self)
        self._buttons = QDialogButtonBox(self)
        self._ok = self._buttons.addButton(tr(msg("Import")), QDialogButtonBox.ButtonRole.AcceptRole)
        self._ok.setObjectName("importAccept")
        self._ok.setAccessibleName(tr(msg("Import")))
        self._ok.setToolTip(tr(msg("Read the whole file into the project.")))
        close = self._buttons.addButton(QDialogButtonBox.StandardButton.Cancel)
        close.setObjectName("importClose")
        close.setToolTip(tr(msg("Close without importing.")))
        column = QVBoxLayout(self)
        column.addWidget(self.reading)
        scroll = FormScroll(self)  # what is chosen in the form makes it higher, and the dialog must fit the screen
        scroll.setObjectName("importFormScroll")
        scroll.setWidget(self.form)
        parts = QSplitter(Qt.Orientation.Vertical, self)
        parts.setObjectName("importParts")
        parts.setChildrenCollapsible(False)
        for index, part in enumerate((self.views, scroll)):
            parts.addWidget(part)
            parts.setStretchFactor(index, index + 1)
        parts.setSizes(list(_PARTS))
        column.addWidget(parts, 1)
        for part in (self.command_line, self.busy, self._buttons):
            column.addWidget(part)
        self._set_form_enabled(False)

    def _connect(self) -> None:
        self._buttons.accepted.connect(self.accept)
        self._buttons.rejected.connect(self.reject)
        self.busy.cancelRequested.connect(self._cancel)
        self.reading.valueChanged.connect(self._reading_changed)
        self.form.valueChanged.connect(self._form_changed)
        self.form.roles.inputsChosen.connect(self._inputs_changed)
        self.check.repairsChanged.connect(self._form_changed)
        self.check.countChanged.connect(self._show_count)
        self.command_line.copied.connect(lambda text: QGuiApplication.clipboard().setText(text))
