"""An editor of column roles: input, targets and the rest."""

from collections.abc import Sequence

from PySide6.QtCore import QStringListModel, Signal
from PySide6.QtWidgets import QFormLayout, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from sciapp.i18n import msg
from sciapp.records.dataset.card import Roles
from sciapp.ui import theme
from sciapp.ui.data.importing.columns_dialog import ColumnsDialog
from sciapp.ui.data.importing.question import Question
from sciapp.ui.data.importing.targets import TargetsEditor
from sciapp.ui.forms.covariates_editor import CovariatesEditor
from sciapp.ui.widgets.layout import CollapsibleSection, ElidedComboBox
from sciapp.ui.words import tr

_INPUT_HELP = msg("The column that the model reads: SMILES, a sequence, a text or a series.")

_MASK_HELP = msg("For a label of every unit: the column that says 1 where a label counts and 0 where it does not.")
_SECOND_HELP = msg(
    "For rows that are pairs: the other molecule, sequence or text, which the model reads together with the input."
)
_WEIGHT_HELP = msg("The column that says how much a row counts while a model is trained: a number of 0 or more.")
_SEVERAL_HELP = msg(
    "Let several columns be read one after the other as a single input: a title and its abstract, two chains of a "
    "protein, a spectrum. Tick them in the order in which they are read; with none ticked one column is the input."
)
_NONE = msg("none")


class RolesEditor(QWidget):
    """value: Roles but for split, group and time; None while input or targets are missing."""

    valueChanged = Signal(object)  # Roles | None
    inputsChosen = Signal(object)  # tuple[str, ...]: columns that together are to be the input

    def __init__(self, parent: QWidget | None = None, *, below_targets: QWidget | None = None) -> None:
        """below_targets: a part of the form that belongs to the second question."""
        super().__init__(parent)
        self._input = ElidedComboBox("inputColumn", msg("Input column"), _INPUT_HELP, self)
        self._several = QPushButton(tr(msg("Several…")), self)
        self._several.setObjectName("inputSeveral")
        self._several.setAccessibleName(tr(msg("Several columns as one input")))
        self._several.setToolTip(tr(_SEVERAL_HELP))
        self._several.clicked.connect(self._choose_several)
        self._together: tuple[str, ...] = ()
        self._joined = ""
        self._second = ElidedComboBox("secondInputColumn", msg("Second input column"), _SECOND_HELP, self)
        self._mask = ElidedComboBox("maskColumn", msg("Mask column"), _MASK_HELP, self)
        self._weight = ElidedComboBox("weightColumn", msg("Weight column"), _WEIGHT_HELP, self)
        self._optional = (self._second, self._mask, self._weight)  # the first entry of each is “none”
        self._columns, self._or_none = QStringListModel(self), QStringListModel(self)  # one list of names for all boxes
        self._input.setModel(self._columns)
        for part in self._optional:
            part.setModel(self._or_none)
        self._targets = TargetsEditor(self._columns, self)
        self._numeric: tuple[str, ...] = ()
        self._targets_are_cut = False
        self._covariates = CovariatesEditor(self)
        self._covariates.setObjectName("importConditions")
        self.what_goes_in = Question(1, msg("What goes in?"), self)
        self.what_was_measured = Question(2, msg("What was measured?"), self)
        self._lay_out(below_targets)
        self._covariates.valueChanged.connect(self._announce)
        self._input.currentIndexChanged.connect(self._chosen)
        self._targets.valueChanged.connect(self._chosen)
        for part in self._optional:
            part.currentIndexChanged.connect(self._chosen)

    def value(self) -> Roles | None:
        roles = self.assigned()
        return roles if roles.input and (roles.targets or self._targets_are_cut) else None

    def assigned(self) -> Roles:
        """The roles that columns have so far; input and targets may be missing."""
        input_ = self._input.currentText()
        targets = () if self._targets_are_cut else self._targets.value()
        taken: set[str | None] = {input_, *targets, *self.parts()}
        proposed: list[str | None] = []
        for part in self._optional:  # a column that has a role already is passed over
            name = part.currentText() if part.currentIndex() > 0 else None
            proposed.append(None if name in taken else name)
            taken.add(name)
        second, mask, weight = proposed
        conditions = tuple(name for name in self._covariates.value() if name not in taken)
        return Roles(
            input=input_, targets=targets, mask=mask, weight=weight, covariates=conditions, second_input=second
        )

    def setTargetsAreCut(self, cut: bool) -> None:
        """True if the targets are cut off the input by the task, so that none is ticked."""
        if cut != self._targets_are_cut:
            self._targets_are_cut = cut
            self._targets.setCut(cut)
            self._announce()

    def setValue(self, value: Roles) -> None:
        """Choose the columns that are there; others are passed over."""
        before = self.value()
        parts = (self._input, self._targets, *self._optional)
        blocked = [part.blockSignals(True) for part in parts]
        self._input.setCurrentIndex(self._input.findText(value.input))
        self._targets.setValue(value.targets)
        columns = self._columns.stringList()
        for box, name in zip(self._optional, (value.second_input, value.mask, value.weight), strict=True):
            box.setCurrentIndex(columns.index(name) + 1 if name in columns else 0)
        self._covariates.setValue(value.covariates)
        for part, was in zip(parts, blocked, strict=True):
            part.blockSignals(was)
        self._bar_what_is_read()
        if self.value() != before:
            self._announce()

    def setColumns(self, columns: Sequence[str], numeric: Sequence[str] = ()) -> None:
        """The columns to choose from, and those that may be conditions; nothing is chosen after that."""
        self._numeric = tuple(numeric)
        self._covariates.setValue(())
        self._covariates.setColumns(numeric)
        parts = (self._input, self._targets, *self._optional)
        blocked = [part.blockSignals(True) for part in parts]
        self._columns.setStringList(list(columns))
        self._or_none.setStringList([tr(_NONE), *columns])
        self._input.setCurrentIndex(-1)
        for optional in self._optional:
            optional.setCurrentIndex(0)
        self._targets.setColumns(columns)
        for part, was in zip(parts, blocked, strict=True):
            part.blockSignals(was)
        self._chosen()

    def setTogether(self, columns: Sequence[str], joined: str, *, offered: bool) -> None:
        """The columns that make one, and what that one is called. offered: whether there may be such a column."""
        self._together, self._joined = tuple(columns), joined
        self._several.setVisible(offered and self._input.count() - bool(joined) + len(self._together) > 1)
        self._bar_what_is_read()

    def parts(self) -> dict[str, str]:
        """The columns that the input is made of → what they are, in a word."""
        read = bool(self._joined) and self._input.currentText() == self._joined
        return dict.fromkeys(self._together if read else (), msg("part of the input"))

    def _choose_several(self) -> None:
        listed = self._columns.stringList()
        own = [name for name in self._together if name not in listed]  # of columns that are nothing by themselves
        others = [part for name in listed for part in (own if name == self._joined else (name,))]
        dialog = ColumnsDialog(
            "inputSeveral", msg("Several columns as one input"), _SEVERAL_HELP, others, self._together, self
        )
        dialog.chosen.connect(self._several_chosen)
        dialog.open()

    def _several_chosen(self, columns: tuple[str, ...]) -> None:
        together = columns if len(columns) > 1 else ()
        if together != self._together:
            self.inputsChosen.emit(together)
        if len(columns) == 1:
            self._input.setCurrentIndex(self._input.findText(columns[0]))

    def _chosen(self, _: object = None) -> None:
        self._bar_what_is_read()
        self._announce()

    def _bar_what_is_read(self) -> None:
        """An input cannot be a target at the same time, and what has a role is no condition."""
        second = self._second.currentText() if self._second.currentIndex() > 0 else ""
        inputs = {self._input.currentText(), second, *self.parts()}
        blocked = self._targets.blockSignals(True)
        self._targets.bar(inputs)
        self._targets.blockSignals(blocked)
        single = {part.currentText() for part in self._optional if part.currentIndex() > 0}
        taken = inputs | single | set(self._targets.value())
        silent = self._covariates.blockSignals(True)
        self._covariates.setColumns([name for name in self._numeric if name not in taken])
        self._covariates.blockSignals(silent)

    def _lay_out(self, below_targets: QWidget | None) -> None:
        row = QHBoxLayout()
        row.addWidget(self._input, 1)
        row.addWidget(self._several)
        others = QWidget(self)
        form = QFormLayout(others)
        form.setContentsMargins(0, 0, 0, 0)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        named = (
            (msg("Se&cond input"), self._second),
            (msg("&Weight of a row"), self._weight),
            (msg("&Mask"), self._mask),
        )
        for text, control in named:
            label = QLabel(tr(text), self)
            label.setBuddy(control)
            label.setToolTip(control.toolTip())
            form.addRow(label, control)
        form.addRow(self._covariates)
        self._others = CollapsibleSection(msg("Second input, conditions, weights"), others, "importOtherRoles", self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SPACING)
        column.addWidget(self.what_goes_in)
        column.addLayout(row)
        column.addSpacing(theme.SPACING)
        column.addWidget(self.what_was_measured)
        column.addWidget(self._targets)
        if below_targets is not None:
            column.addWidget(below_targets)
        column.addWidget(self._others)

    def _announce(self) -> None:
        self.valueChanged.emit(self.value())
