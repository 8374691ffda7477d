"""Import a table: look at its first rows, agree on what the columns are for, go."""

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QGridLayout,
    QGroupBox,
    QLabel,
    QLineEdit,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from sciapp.records.dataset import DatasetCard, ImportRequest, Roles, SplitPlan
from sciapp.records.project import Project
from sciapp.records.reading import PACKED
from sciapp.ui.editors.reading_editor import ReadingEditor
from sciapp.ui.editors.roles_editor import RolesEditor
from sciapp.ui.editors.split_editor import SplitEditor
from sciapp.ui.messages import Messages
from sciapp.ui.widgets.busy_bar import BusyBar
from sciapp.ui.widgets.check_pane import CheckPane
from sciapp.ui.widgets.command_line import CommandLine
from sciapp.ui.widgets.table_view import TableView
from sciapp.workers import commands, verbs
from sciapp.workers.proposals import ImportOffer, offer_import, task_of
from sciapp.workers.query import Query

_TASKS = (
    ("auto", "Automatic"),
    ("classification", "Classification"),
    ("multilabel", "Several yes-or-no targets"),
    ("regression", "Regression"),
    ("tagging", "A label for each residue, base or word"),
)
_READ_AS = {
    "classification": "The target is read as a class.",
    "multilabel": "Every target is read as 0 or 1 (no or yes); an empty cell means not measured.",
    "regression": "Every target is read as a number.",
    "tagging": "The target is read as one label for each residue, base or word of the input.",
}
_ROLE_OF = {"column": "split", "group": "group", "time": "time"}
_WANTED = {
    "column": "Choose the column that names the split; it cannot be the input, a target or the mask.",
    "group": "Choose the column of the groups; it cannot be the input, a target or a condition.",
    "time": "Choose the column of dates or numbers; it cannot be the input, a target or a condition.",
}


class ImportDialog(QDialog):
    """Opened with `begin()`; tells by `imported` what came of it, and goes."""

    imported = Signal(object)  # DatasetCard

    def __init__(self, project: Project, path: Path, messages: Messages, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("importDialog")
        self.setWindowTitle(f"Import “{path.name}”")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._project, self._path, self._messages = project, path.absolute(), messages
        self._offer: ImportOffer | None = None
        self._query: Query | None = None
        self._marks: dict[str, str] | None = None
        self._make_parts()
        self._lay_out()
        self._connect()
        self.resize(900, 760)

    def begin(self) -> None:
        """Open the dialog and read the first rows."""
        self.open()
        self.busy.begin("Reading the first rows…")
        self._read(self._no_table)

    def request(self) -> ImportRequest | None:
        """What the form says; None while something is missing."""
        roles, split = self.roles.value(), self.split.value()
        if roles is None or self._split_lacks(split, roles):
            return None
        return ImportRequest(
            file=str(self._path),
            roles=roles.model_copy(update={_ROLE_OF.get(split.method, "split"): split.column}),
            task=self.task.currentData(),
            split=split,
            name=self.name.text().strip(),
            repairs=self.check.repairs.value(),
            reading=self.reading.value(),
            all_folds=self.split.repeats() > 0,
            repeats=max(1, self.split.repeats()),
        )

    def accept(self) -> None:
        """Import, if the form is complete and nothing goes on."""
        request, project = self.request(), self._project
        if request is None or self._query is not None:
            return
        self.check.stop()
        self._set_form_enabled(False)
        self.busy.begin("Importing…")
        query = Query(lambda reporter: verbs.import_table(project=project, request=request, reporter=reporter), self)
        query.progressed.connect(self.busy.show_progress)
        query.cancelled.connect(self._import_cancelled)
        self._ask(query, self._import_done, self._import_failed)

    def reject(self) -> None:
        """Close; an import that is on is cancelled and leaves nothing."""
        self.check.stop()
        if self._query is not None:
            self._query.cancel()
            self._query = None
        super().reject()

    # --- what comes back ------------------------------------------------------------------------------------------

    def _show_offer(self, offer: ImportOffer) -> None:
        self._query, self._offer = None, offer
        self.busy.end()
        self.reading.setFound(offer.found)
        self._good_reading, self._marks = self.reading.value(), None
        columns, proposal = offer.preview.columns, offer.proposal
        self.roles.setColumns(columns, offer.numeric)
        self.roles.setValue(
            Roles(
                input=proposal.input,
                targets=proposal.targets,
                mask=proposal.mask,
                weight=proposal.weight,
                second_input=proposal.second_input,
            )
        )
        self.split.setColumns(columns)
        self.split.setMethods(offer.split_methods)
        suggested = {"column": proposal.split_column, "group": proposal.group, "time": proposal.time}
        self.split.setSuggestions(suggested)
        self.split.setValue(SplitPlan(method=proposal.split, column=suggested.get(proposal.split)))
        self._set_form_enabled(True)
        self._form_changed()
        self._ok.setFocus()

    def _read(self, failed: object) -> None:
        """Read the first rows as the form says."""
        path, domain, reading = self._path, self._project.record.domain, self.reading.value()
        query = Query(lambda _: offer_import(path=path, domain=domain, reading=reading), self)
        self._ask(query, self._show_offer, failed)

    def _reading_changed(self) -> None:
        if self._query is not None:
            return
        self._set_form_enabled(False)
        self.busy.begin("Reading the first rows…")
        self._read(self._unreadable_so)

    def _unreadable_so(self, error: BaseException) -> None:
        """The file cannot be read as was asked: back to how it was."""
        self._import_cancelled()
        self.reading.setValue(self._good_reading)
        self._messages.error(error, self)

    def _no_table(self, error: BaseException) -> None:
        self._query = None
        self._messages.error(error, self.parentWidget())
        self.reject()

    def _import_done(self, card: DatasetCard) -> None:
        self._query = None
        self.imported.emit(card)
        super().accept()

    def _import_failed(self, error: BaseException) -> None:
        self._import_cancelled()
        self._messages.error(error, self)

    def _import_cancelled(self) -> None:
        self._query = None
        self.busy.end()
        self._set_form_enabled(True)

    def _cancel_import(self) -> None:
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
        self._explain()
        self._mark_columns()
        self._ok.setEnabled(request is not None and self._query is None)

    def _show_count(self, problems: int | None) -> None:
        """Beside the first rows stands how many problems the whole file has."""
        self.views.setTabText(1, "Check" if problems is None else f"Check ({problems})")

    def _explain(self) -> None:
        """Why the task is what it is, or what is still missing."""
        roles, split = self.roles.value(), self.split.value()
        if self._offer is None:
            text = ""
        elif roles is None:
            text = self._missing(self._offer)
        elif lacking := self._split_lacks(split, roles):
            text = lacking
        elif self.task.currentData() == "auto":
            preview, domain = self._offer.preview, self._project.record.domain
            pairs = roles.second_input is not None
            task, reason = task_of(preview, roles.targets, roles.input, domain, pairs=pairs)
            text = f"{task.capitalize()}: {reason}"
        else:
            text = _READ_AS[self.task.currentData()]
        self._why.setText(text)

    def _missing(self, offer: ImportOffer) -> str:
        if not offer.proposal.input or not offer.proposal.targets:
            return f"{offer.proposal.reason} Choose the input and tick at least one target."
        return "Choose the input and tick at least one target."

    def _mark_columns(self) -> None:
        if self._offer is None:
            return
        roles, split = self.roles.value(), self.split.value()
        marks = {split.column: _ROLE_OF[split.method]} if split.column else {}
        if roles is not None:
            marks |= dict.fromkeys(roles.targets, "target") | {roles.input: "input"}
            marks |= {roles.mask: "mask"} if roles.mask else {}
            marks |= {roles.weight: "weight"} if roles.weight else {}
            marks |= {roles.second_input: "second input"} if roles.second_input else {}
        if marks == self._marks:
            return  # showing the rows anew would scroll back to their beginning
        self._marks = marks
        columns = tuple(
            replace(c, title=f"{c.title}  [{marks[c.title]}]" if c.title in marks else c.title)
            for c in self._offer.rows.columns
        )
        self.preview.showSource(type(self._offer.rows)(self._offer.rows.table, columns))

    @staticmethod
    def _split_lacks(split: SplitPlan, roles: Roles) -> str:
        """What is still to be chosen; empty when nothing is."""
        if split.method == "file":
            return "" if split.file else "Choose the file that holds the split."
        single = (roles.input, roles.second_input, roles.mask, roles.weight)
        taken = {None, *single, *roles.targets, *roles.covariates}
        return _WANTED[split.method] if split.method in _WANTED and split.column in taken else ""

    def _set_form_enabled(self, enabled: bool) -> None:
        for part in (self.reading, self.roles, self.split, self.task, self.name, self.check):
            part.setEnabled(enabled)
        self._ok.setEnabled(enabled and self.request() is not None)

    # --- parts ----------------------------------------------------------------------------------------------------

    def _make_parts(self) -> None:
        self.preview = TableView("importPreview", "First rows of the file", "", self)
        self.preview.setSortingEnabled(False)
        self.check = CheckPane(self._project, self)
        self.views = QTabWidget(self)
        self.views.setObjectName("importViews")
        self.views.setAccessibleName("The file")
        self.views.setDocumentMode(True)
        self.views.addTab(self.preview, "First rows")
        self.views.addTab(self.check, "Check")
        self.reading = ReadingEditor(self)
        self._good_reading = self.reading.value()
        self.roles = RolesEditor(self)
        self.split = SplitEditor(self)
        self.task = QComboBox(self)
        self.task.setObjectName("importTask")
        self.task.setAccessibleName("Task")
        self.task.setToolTip(
            "What is learned: a number (regression), a class, several yes-or-no answers, or a label for each unit."
        )
        for word, shown in _TASKS:
            self.task.addItem(shown, word)
        self._why = QLabel(self)
        self._why.setObjectName("taskReason")
        self._why.setWordWrap(True)
        self.name = QLineEdit(self)
        self.name.setObjectName("datasetName")
        self.name.setAccessibleName("Name of the dataset")
        self.name.setToolTip("What the dataset is called in lists; empty: like the file.")
        packed = self._path.suffix.lower() in PACKED
        self.name.setPlaceholderText(Path(self._path.stem).stem if packed else self._path.stem)
        self.command_line = CommandLine(self)
        self.busy = BusyBar("import", self)
        self._buttons = QDialogButtonBox(self)
        self._ok = self._buttons.addButton("Import", QDialogButtonBox.ButtonRole.AcceptRole)
        self._ok.setObjectName("importAccept")
        self._ok.setAccessibleName("Import")
        self._ok.setToolTip("Read the whole file into the project.")
        close = self._buttons.addButton(QDialogButtonBox.StandardButton.Cancel)
        close.setObjectName("importClose")
        close.setToolTip("Close without importing.")
        self._set_form_enabled(False)

    def _connect(self) -> None:
        self._buttons.accepted.connect(self.accept)
        self._buttons.rejected.connect(self.reject)
        self.busy.cancelRequested.connect(self._cancel_import)
        self.reading.valueChanged.connect(self._reading_changed)
        self.roles.valueChanged.connect(self._form_changed)
        self.split.valueChanged.connect(self._form_changed)
        self.task.currentIndexChanged.connect(self._form_changed)
        self.name.textChanged.connect(self._form_changed)
        self.check.repairsChanged.connect(self._form_changed)
        self.check.countChanged.connect(self._show_count)
        self.command_line.copied.connect(lambda text: QGuiApplication.clipboard().setText(text))

    def _ask(self, query: Query, done: object, failed: object) -> None:
        query.answered.connect(done)  # type: ignore[arg-type]
        query.failed.connect(failed)  # type: ignore[arg-type]
        self._query = query
        query.begin()

    def _lay_out(self) -> None:
        columns = QGroupBox("Columns", self)
        left = QVBoxLayout(columns)
        left.addWidget(self.roles)
        division = QGroupBox("Task and split", self)
        form = QFormLayout()
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        for text, control in (("&Name", self.name), ("Tas&k", self.task)):
            label = QLabel(text, self)
            label.setBuddy(control)
            form.addRow(label, control)
        form.addRow("", self._why)
        right = QVBoxLayout(division)
        right.addLayout(form)
        right.addWidget(self.split)
        right.addStretch(1)
        grid = QGridLayout(self)
        grid.addWidget(self.reading, 0, 0, 1, 2)
        grid.addWidget(self.views, 1, 0, 1, 2)
        grid.addWidget(columns, 2, 0)
        grid.addWidget(division, 2, 1)
        grid.addWidget(self.command_line, 3, 0, 1, 2)
        grid.addWidget(self.busy, 4, 0, 1, 2)
        grid.addWidget(self._buttons, 5, 0, 1, 2)
        grid.setRowStretch(1, 1)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
