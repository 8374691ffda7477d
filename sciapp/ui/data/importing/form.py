"""The form of an import: roles of columns, task, split and name."""

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from sciapp.actions.domains import domain_title
from sciapp.actions.import_preview import ImportOffer, Proposal, task_of
from sciapp.actions.tasks import all_tasks, options_of_task, task_facts
from sciapp.i18n import joined, msg, term
from sciapp.records.dataset.card import COLUMN_METHODS, DomainName, ImportRequest, Roles, SplitPlan
from sciapp.records.dataset.tasks import AUTOMATIC
from sciapp.ui import theme
from sciapp.ui.data.importing.role_header import ALSO_TARGET, SECOND_INPUT
from sciapp.ui.data.importing.roles import RolesEditor
from sciapp.ui.data.importing.split_question import SplitQuestion
from sciapp.ui.widgets.labels import TextLabel
from sciapp.ui.words import explained, tr

_NARROWEST = 424  # px
_METHOD_OF_ROLE = {"split": "column", "group": "group", "time": "time"}
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
        self.task, self.options = TaskEditor(self), TaskOptionsEditor(self)
        self._why = TextLabel("", self, type="caption", tone="secondary", wrap=True, name="taskReason")
        self.roles, self.split = RolesEditor(self, below_targets=self._answer()), SplitQuestion(self)
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

    def minimumSizeHint(self) -> QSize:
        """As wide as its widest part needs when it is unfolded, so that nothing moves then."""
        return super().minimumSizeHint().expandedTo(QSize(_NARROWEST, 0))

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
        suggested = {"column": proposal.split_column, "group": proposal.group, "time": proposal.time}
        self.split.offer(
            SplitPlan(method=proposal.split, column=suggested.get(proposal.split)),
            columns=columns,
            methods=offer.split_methods,
            suggested=suggested,
            alikeness=offer.alikeness,
            many_alike=offer.many_alike,
        )
        for part, was in zip((self.roles, self.split), blocked, strict=True):
            part.blockSignals(was)
        self._changed()

    def marks(self) -> dict[str, str]:
        """The role of each column, in a word."""
        roles, split = self.roles.value(), self.split.value()
        divided = {split.column: _ROLE_OF[split.method]} if split.column else {}
        return self.roles.parts() | divided | (roles.by_column if roles is not None else {})

    def offered_roles(self, column: str) -> tuple[str, ...]:
        """The roles that a column may be given, by their names; none for a part of the input."""
        if self._offer is None or column in self.roles.parts():
            return ()
        names = ["input", "target"]
        targets = self.roles.assigned().targets
        names += [ALSO_TARGET] if targets and column not in targets else []
        names += ["condition"] if column in self._offer.numeric else []
        names += [method for method in COLUMN_METHODS if method in self._offer.split_methods]
        return (*(str(_ROLE_OF.get(name, name)) for name in names), "weight", "mask", SECOND_INPUT, "")

    def setRole(self, column: str, role: str) -> None:
        """Give a column this role instead of the one it has."""
        before, plan = self.roles.assigned(), self.split.value()
        if role in _METHOD_OF_ROLE:
            roles, plan = _without(before, column), _divided(plan, _METHOD_OF_ROLE[role], column)
        else:
            roles = _with_role(_without(before, column), column, role)
            proposed = self._offer.proposal.split if self._offer is not None else "random"
            method = proposed if proposed not in COLUMN_METHODS else "random"
            plan = _divided(plan, method, None) if plan.column == column else plan
        blocked = [part.blockSignals(True) for part in (self.roles, self.split)]
        self.roles.setValue(roles)
        self.split.setValue(plan)
        for part, was in zip((self.roles, self.split), blocked, strict=True):
            part.blockSignals(was)
        self._changed()

    def _task_changed(self, task: str) -> None:
        self.options.setTask(task)
        self.roles.setTargetsAreCut(task != AUTOMATIC and task_facts(task).from_input)
        self._changed()

    def _changed(self) -> None:
        self._why.setText(tr(self._explained()))
        self.roles.what_goes_in.set_why(self._input_explained())
        self.valueChanged.emit(self.value())

    def _input_explained(self) -> str:
        proposal = self._offer.proposal if self._offer is not None else None
        if proposal is None or not proposal.input or self.roles.assigned().input != proposal.input:
            return ""
        return msg("Each cell is read as {title}.", title=domain_title(self._domain))

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

    def _answer(self) -> QWidget:
        """The kind of answer with the reason for it, which belong to the second question."""
        answer = QWidget(self)
        form = QFormLayout(answer)
        form.setContentsMargins(0, 0, 0, 0)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        label = QLabel(tr(msg("&Kind of answer")), self)
        label.setBuddy(self.task)
        form.addRow(label, self.task)
        form.addRow(self.options)
        form.addRow(self._why)
        return answer

    def _lay_out(self) -> None:
        named = QHBoxLayout()
        label = QLabel(tr(msg("&Name of the dataset")), self)
        label.setBuddy(self.name)
        named.addWidget(label)
        named.addWidget(self.name, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, theme.SPACING, 0)
        column.setSpacing(theme.MARGIN)
        column.addWidget(self.roles)
        column.addWidget(self.split)
        column.addLayout(named)
        column.addStretch(1)


def _divided(plan: SplitPlan, method: str, column: str | None) -> SplitPlan:
    """The plan with another way to split; shares and rounds stay."""
    return plan.model_copy(update={"method": method, "column": column, "threshold": None, "file": None})


def _without(roles: Roles, column: str) -> Roles:
    """The roles as they are when this column has none."""
    return Roles(
        input="" if roles.input == column else roles.input,
        targets=tuple(name for name in roles.targets if name != column),
        covariates=tuple(name for name in roles.covariates if name != column),
        mask=None if roles.mask == column else roles.mask,
        weight=None if roles.weight == column else roles.weight,
        second_input=None if roles.second_input == column else roles.second_input,
    )


def _with_role(roles: Roles, column: str, role: str) -> Roles:
    """The roles with one more; a column to predict takes the place of a single other one."""
    if role == ALSO_TARGET or (role == "target" and len(roles.targets) > 1):
        return roles.model_copy(update={"targets": (*roles.targets, column)})
    changes: dict[str, dict[str, object]] = {
        "input": {"input": column},
        "target": {"targets": (column,)},
        "condition": {"covariates": (*roles.covariates, column)},
        "weight": {"weight": column},
        "mask": {"mask": column},
        SECOND_INPUT: {"second_input": column},
    }
    return roles.model_copy(update=changes.get(role, {}))


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
