"""The form of an import: roles of columns, task, split and name."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QComboBox,
    QFormLayout,
    QGridLayout,
    QGroupBox,
    QLabel,
    QLineEdit,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from sciapp.actions.import_preview import ImportOffer, Proposal, task_of
from sciapp.actions.tasks import all_tasks, options_of_task, task_facts
from sciapp.i18n import joined, msg, term
from sciapp.records.dataset.card import DomainName, ImportRequest, Roles, SplitPlan
from sciapp.records.dataset.tasks import AUTOMATIC
from sciapp.ui.data.importing.roles import RolesEditor
from sciapp.ui.data.importing.split import SplitEditor
from sciapp.ui.widgets.labels import PlainTextLabel
from sciapp.ui.words import explained, tr

_ROLE_OF = {"column": msg("split"), "group": msg("group"), "time": msg("time")}
_WANTED = {
    "column": msg("Choose the column that names the split; it cannot be the input, a target or the mask."),
    "group": msg("Choose the column of the groups; it cannot be the input, a target or a condition."),
    "time": msg("Choose the column of dates or numbers; it cannot be the input, a target or a condition."),
}
_CHOOSE = msg("Choose the input and tick at least one target.")


class ImportForm(QWidget):
    """value: an ImportRequest with repairs and reading left open, or None while something is missing."""

    valueChanged = Signal(object)  # ImportRequest | None

    def __init__(self, file: str, domain: DomainName, usual_name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._file, self._domain = file, domain
        self._offer: ImportOffer | None = None
        self.roles, self.split, self.task = RolesEditor(self), SplitEditor(self), TaskEditor(self)
        self.options = TaskOptionsEditor(self)
        self._why = PlainTextLabel("taskReason", self)
        self.name = QLineEdit(self)
        self.name.setObjectName("datasetName")
        self.name.setAccessibleName(tr(msg("Name of the dataset")))
        self.name.setToolTip(tr(msg("What the dataset is called in lists; empty: like the file.")))
        self.name.setPlaceholderText(usual_name)
        self._lay_out()
        self.roles.valueChanged.connect(self._changed)
        self.split.valueChanged.connect(self._changed)
        self.task.valueChanged.connect(self._task_changed)
        self.options.valueChanged.connect(self._changed)
        self.name.textChanged.connect(self._changed)

    def value(self) -> ImportRequest | None:
        roles, split = self.roles.value(), self.split.value()
        if roles is None or _split_lacks(split, roles):
            return None
        return ImportRequest(
            file=self._file,
            roles=roles.model_copy(update={_ROLE_OF.get(split.method, "split"): split.column}),
            task=self.task.value(),
            split=split,
            name=self.name.text().strip(),
            all_folds=self.split.repeats() > 0,
            repeats=max(1, self.split.repeats()),
            notes=self._notes(roles, split),
            task_options=self.options.value(),
        )

    def _notes(self, roles: Roles, split: SplitPlan) -> tuple[str, ...]:
        """Sentences on why it is asked for so, as long as that is what was proposed."""
        proposal = self._offer.proposal if self._offer is not None else None
        as_proposed = proposal is not None and (roles.targets, split.method) == (proposal.targets, proposal.split)
        return proposal.notes if proposal is not None and as_proposed else ()

    def setOffer(self, offer: ImportOffer) -> None:
        """The columns of a file, and what is proposed for them."""
        self._offer = offer
        columns, proposal = offer.preview.columns, offer.proposal
        blocked = [part.blockSignals(True) for part in (self.roles, self.split)]  # of all these changes one is told
        self.roles.setColumns(columns, offer.numeric)
        self.roles.setTogether(offer.reading.together, offer.joined, offered=offer.joins_columns)
        self.roles.setValue(proposal.roles)
        self.split.setColumns(columns)
        self.split.setMethods(offer.split_methods)
        suggested = {"column": proposal.split_column, "group": proposal.group, "time": proposal.time}
        self.split.setSuggestions(suggested)
        self.split.setValue(SplitPlan(method=proposal.split, column=suggested.get(proposal.split)))
        for part, was in zip((self.roles, self.split), blocked, strict=True):
            part.blockSignals(was)
        self._changed()

    def marks(self) -> dict[str, str]:
        """The role of each column, in a word."""
        roles, split = self.roles.value(), self.split.value()
        divided = {split.column: _ROLE_OF[split.method]} if split.column else {}
        return self.roles.parts() | divided | (roles.by_column if roles is not None else {})

    def _task_changed(self, task: str) -> None:
        self.options.setTask(task)
        self.roles.setTargetsAreCut(task != AUTOMATIC and task_facts(task).from_input)
        self._changed()

    def _changed(self) -> None:
        self._why.setText(tr(self._explained()))
        self.valueChanged.emit(self.value())

    def _explained(self) -> str:
        """The reason for the task, or the choices that are missing."""
        offer, roles = self._offer, self.roles.value()
        if offer is None:
            return ""
        proposal = offer.proposal
        if roles is None:
            return _CHOOSE if proposal.input and proposal.targets else joined([proposal.explanation, _CHOOSE])
        if lacking := _split_lacks(self.split.value(), roles):
            return lacking
        if self.task.value() != AUTOMATIC:
            return task_facts(self.task.value()).read_as
        if _read_and_learned(roles) == _read_and_learned(proposal):
            return msg("{task:u}: {reason}", task=term(proposal.task), reason=proposal.explanation)
        pairs = roles.second_input is not None
        task, reason = task_of(offer.preview, roles.targets, roles.input, self._domain, pairs=pairs)
        return msg("{task:u}: {reason}", task=term(task), reason=reason)

    def _lay_out(self) -> None:
        columns = QGroupBox(tr(msg("Columns")), self)
        left = QVBoxLayout(columns)
        left.addWidget(self.roles)
        division = QGroupBox(tr(msg("Task and split")), self)
        form = QFormLayout()
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        for text, control in ((msg("&Name"), self.name), (msg("Tas&k"), self.task)):
            label = QLabel(tr(text), self)
            label.setBuddy(control)
            form.addRow(label, control)
        form.addRow(self.options)
        form.addRow("", self._why)
        right = QVBoxLayout(division)
        right.addLayout(form)
        right.addWidget(self.split)
        right.addStretch(1)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.addWidget(columns, 0, 0)
        grid.addWidget(division, 0, 1)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)


def _read_and_learned(roles: Roles | Proposal) -> tuple[object, ...]:
    return roles.input, roles.second_input, roles.targets, roles.covariates


def _split_lacks(split: SplitPlan, roles: Roles) -> str:
    """Choices that are still to be made; empty when nothing is."""
    if split.method == "file":
        return "" if split.file else msg("Choose the file that holds the split.")
    chosen = split.column is not None and split.column not in roles.by_column
    return _WANTED[split.method] if split.method in _WANTED and not chosen else ""


# What is learnt from the targets, and why, in a sentence.


class TaskEditor(QComboBox):
    """value: the name of a task, or “auto”."""

    valueChanged = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("importTask")
        self.setAccessibleName(tr(msg("Task")))
        self.setToolTip(
            tr(
                msg(
                    "What is learnt: a number (regression), a class, several yes-or-no answers, or a label for "
                    "each unit."
                )
            )
        )
        self.addItem(tr(msg("Automatic")), AUTOMATIC)
        for task in all_tasks():
            self.addItem(tr(task.title), task.name)
        self.currentIndexChanged.connect(lambda _: self.valueChanged.emit(self.value()))

    def value(self) -> str:
        return str(self.currentData())

    def setValue(self, task: str) -> None:
        self.setCurrentIndex(max(0, self.findData(task)))


class TaskOptionsEditor(QWidget):
    """value: what an import asks for, for its task, by name; empty and hidden for most tasks."""

    valueChanged = Signal(object)  # dict[str, int]

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._form = QFormLayout(self)
        self._form.setContentsMargins(0, 0, 0, 0)
        self._boxes: dict[str, QSpinBox] = {}
        self.hide()

    def value(self) -> dict[str, int]:
        return {name: box.value() for name, box in self._boxes.items()}

    def setTask(self, task: str) -> None:
        """Ask for the options of this task, each with its usual value."""
        while self._form.rowCount():
            self._form.removeRow(0)
        self._boxes = {}
        for option in options_of_task(task) if task != AUTOMATIC else ():
            self._boxes[option.name] = box = QSpinBox(self)
            box.setObjectName(f"taskOption-{option.name}")
            box.setAccessibleName(tr(option.title))
            box.setToolTip(explained(msg("{help:u}.", help=option.help), f"--{option.name}"))
            box.setRange(option.least, option.most)
            box.setValue(option.default)
            box.valueChanged.connect(lambda _: self.valueChanged.emit(self.value()))
            label = QLabel(tr(option.title), self)
            label.setBuddy(box)
            label.setToolTip(box.toolTip())
            self._form.addRow(label, box)
        self.setVisible(bool(self._boxes))
