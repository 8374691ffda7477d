"""Editor of the split into training, validation and test rows."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDoubleSpinBox, QFormLayout, QHBoxLayout, QLabel, QSpinBox, QWidget

from sciapp.actions.domains import domain_splits
from sciapp.i18n import msg
from sciapp.records.dataset.card import SplitPlan
from sciapp.ui.forms.controls import FileField
from sciapp.ui.forms.folds_editor import FoldsEditor
from sciapp.ui.widgets.layout import ElidedComboBox
from sciapp.ui.words import tr

_METHODS = {
    "random": (msg("On rows drawn by chance"), msg("Rows are dealt out by chance.")),
    "stratified": (
        msg("By chance, same mixture"),
        msg("By chance, but each part gets the same mixture of classes or values."),
    ),
    "cluster": (
        msg("On new families"),
        msg(
            "Molecules, sequences or texts that are alike stay in one part, so that the test asks about something new."
        ),
    ),
    "group": (
        msg("Keep groups together"),
        msg("Rows with the same cell stay in one part: a patient, a plate, a paper."),
    ),
    "time": (
        msg("On the newest rows"),
        msg("The oldest rows train, the newest are the test, as it will be when the model is used."),
    ),
    "column": (
        msg("As the file says"),
        msg("The file itself says which part a row belongs to (train, validation, test)."),
    ),
    "file": (
        msg("As a split file says"),
        msg("Each row gets the part that an exported split gave it; other rows are set aside."),
    ),
}
_COLUMNS = {"column": msg("Split &column"), "group": msg("Group &column"), "time": msg("Time &column")}
_FIXED = frozenset({"column", "file"})


class SplitEditor(QWidget):
    """value: a SplitPlan. Fractions are shown as per cent of the rows that are used."""

    valueChanged = Signal(object)  # SplitPlan

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._method = ElidedComboBox("splitMethod", msg("Split method"), msg("How rows are divided into parts."), self)
        self._column = ElidedComboBox(
            "splitColumn", msg("Split column"), msg("The column that names the part of each row."), self
        )
        self._validation = self._share(
            "validationShare", msg("Validation share"), msg("Chooses the best model while training.")
        )
        self._test = self._share(
            "testShare", msg("Test share"), msg("Looked at once, at the end: how good the model is.")
        )
        self._threshold = QDoubleSpinBox(self)
        self._threshold.setObjectName("splitThreshold")
        self._threshold.setAccessibleName(tr(msg("How alike the rows of a cluster are")))
        self._threshold.setToolTip(
            tr(
                msg(
                    "Tanimoto similarity of molecules, identity of sequences, or cosine of texts from which rows "
                    "stay together."
                )
            )
        )
        self._threshold.setRange(0.0, 1.0)
        self._threshold.setSingleStep(0.05)
        self._threshold.setSpecialValueText(tr(msg("automatic")))
        self._file = FileField(
            "splitFile",
            msg("Split file"),
            msg("A CSV file that “Export split…” or `sciapp split export` has written."),
            msg("Split files (*.csv);;All files (*)"),
            self,
        )
        self._folds = FoldsEditor(self)
        self._suggested: dict[str, str] = {}
        self._seed = QSpinBox(self)
        self._seed.setObjectName("splitSeed")
        self._seed.setAccessibleName(tr(msg("Seed of the split")))
        self._seed.setToolTip(tr(msg("Fixes the chance: the same seed gives the same split.")))
        self._seed.setRange(0, 2**31 - 1)
        self._train = QLabel(self)
        self._train.setObjectName("trainShare")
        self._why = QLabel(self)
        self._why.setObjectName("splitHelp")
        self._why.setWordWrap(True)
        self._lay_out()
        self.setMethods(("random", "stratified"))
        self._method.currentIndexChanged.connect(self._method_chosen)
        self._column.currentIndexChanged.connect(self._changed)
        for spin in (self._validation, self._test, self._seed, self._threshold, self._folds, self._file):
            spin.valueChanged.connect(self._changed)
        self.setValue(SplitPlan())

    def value(self) -> SplitPlan:
        method = self._method.currentData() or "random"
        column = self._column.currentText() if method in _COLUMNS else None
        folds, fold = self._folds.value() if method not in _FIXED else (None, 1)
        threshold = round(self._threshold.value(), 2) if method == "cluster" else 0
        validation, test = self._validation.value(), self._test.value()
        fractions = (100 - validation - test, validation, test)
        return SplitPlan(
            method=method,
            column=column or None,
            fractions=tuple(round(part / 100, 2) for part in fractions),
            seed=self._seed.value(),
            threshold=threshold or None,
            file=self._file.value() or None if method == "file" else None,
            folds=folds,
            fold=fold,
        )

    def repeats(self) -> int:
        """Number of repetitions of all folds, each a dataset of its own; 0: only the fold that `value` names."""
        return self._folds.repeats() if self._method.currentData() not in _FIXED else 0

    def setValue(self, value: SplitPlan) -> None:
        before = self.value()
        blocked = self.blockSignals(True)
        self._method.setCurrentIndex(max(0, self._method.findData(value.method)))
        if value.column is not None:
            self._column.setCurrentIndex(self._column.findText(value.column))
        self._validation.setValue(round(100 * value.fractions[1]))
        self._test.setValue(round(100 * value.fractions[2]))
        self._seed.setValue(value.seed)
        self._threshold.setValue(value.threshold or 0)
        self._file.setValue(value.file or "")
        self._folds.setValue(value.folds, value.fold)
        self.blockSignals(blocked)
        self._show()
        if self.value() != before:
            self.valueChanged.emit(self.value())

    def setMethods(self, methods: Sequence[str]) -> None:
        """The ways of splitting on offer; the choice stays if it is still among them."""
        chosen = self._method.currentData()
        blocked = self._method.blockSignals(True)
        self._method.clear()
        for method in methods:
            self._method.addItem(tr(split_words(method)[0]), method)
        self._method.setCurrentIndex(max(0, self._method.findData(chosen)))
        self._method.blockSignals(blocked)
        self._show()

    def choose(self, method: str) -> None:
        """Another way to split, with the column that is suggested for it; nothing where it is not on offer."""
        index = self._method.findData(method)
        if index >= 0:
            self._method.setCurrentIndex(index)

    def setSuggestions(self, columns: Mapping[str, str | None]) -> None:
        """The column to begin with, by method."""
        self._suggested = {method: name for method, name in columns.items() if name}

    def setColumns(self, columns: Sequence[str]) -> None:
        """The columns that could name the part of a row."""
        blocked = self._column.blockSignals(True)
        self._column.clear()
        self._column.addItems(list(columns))
        self._column.blockSignals(blocked)

    def _method_chosen(self) -> None:
        index = self._column.findText(self._suggested.get(self._method.currentData(), ""))
        if index >= 0:
            blocked = self._column.blockSignals(True)
            self._column.setCurrentIndex(index)
            self._column.blockSignals(blocked)
        self._changed()

    def _changed(self) -> None:
        self._show()
        if not self.signalsBlocked():
            self.valueChanged.emit(self.value())

    def _show(self) -> None:
        method = self._method.currentData()
        given, folded = method in _FIXED, self._folds.value()[0] is not None
        self._form.setRowVisible(self._column, method in _COLUMNS)
        if method in _COLUMNS and isinstance(label := self._form.labelForField(self._column), QLabel):
            label.setText(tr(_COLUMNS[method]))
        self._form.setRowVisible(self._threshold, method == "cluster")
        self._form.setRowVisible(self._file, method == "file")
        self._form.setRowVisible(self._folds, not given)
        self._form.setRowVisible(self._shares, not given and not folded)
        self._form.setRowVisible(self._seed, not given and method != "time")
        self._why.setText(tr(split_words(method)[1]))
        training = 100 - self._validation.value() - self._test.value()
        self._train.setText(tr(msg("{percent} % training", percent=training)))

    def _share(self, name: str, accessible: str, help: str) -> QSpinBox:
        spin = QSpinBox(self)
        spin.setObjectName(name)
        spin.setAccessibleName(tr(accessible))
        spin.setToolTip(tr(help))
        spin.setRange(1, 45)
        spin.setSuffix(" %")
        return spin

    def _lay_out(self) -> None:
        self._shares = QWidget(self)
        row = QHBoxLayout(self._shares)
        row.setContentsMargins(0, 0, 0, 0)
        for text, spin in ((msg("validation"), self._validation), (msg("test"), self._test)):
            row.addWidget(spin)
            row.addWidget(QLabel(tr(text), self._shares))
        row.addWidget(self._train, 1)
        self._form = QFormLayout(self)
        self._form.setContentsMargins(0, 0, 0, 0)
        self._form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        rows = (
            (msg("&Split"), self._method),
            (msg("Split &column"), self._column),
            (msg("Split &file"), self._file),
            (msg("Al&ike from"), self._threshold),
            (msg("S&eed"), self._seed),
            (msg("Fol&ds"), self._folds),
        )
        for text, control in rows:
            label = QLabel(tr(text), self)
            label.setBuddy(control)
            label.setToolTip(control.toolTip())
            self._form.addRow(label, control)
        self._form.insertRow(1, "", self._why)
        self._form.insertRow(5, tr(msg("Shares")), self._shares)


def split_words(method: str | None) -> tuple[str, str]:
    """Title and help of a way to split; a domain has its own."""
    if method is None:
        return "", ""
    title, help, _ = domain_splits().get(method, (method.capitalize(), "", ""))
    return _METHODS.get(method, (title, help))
