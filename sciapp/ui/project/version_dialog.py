"""Dialog for a new version of a dataset: another target, split or repair, from the same file."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from sciapp.actions.dataset_versions import VersionWishes
from sciapp.actions.domains import domain_splits
from sciapp.i18n import msg, term
from sciapp.records.dataset.card import DatasetCard
from sciapp.ui import theme
from sciapp.ui.widgets.labels import TextLabel
from sciapp.ui.words import tr

_METHODS = {"random": msg("On rows drawn by chance"), "stratified": msg("By chance, same mixture")}
_SIZE = (520, 460)  # px


class VersionDialog(QDialog):
    """Everything stays as it is in the dataset until it is changed here."""

    chosen = Signal(object)  # VersionWishes

    def __init__(self, card: DatasetCard, targets: Sequence[str], parent: QWidget | None = None) -> None:
        """targets: columns that can be predicted."""
        super().__init__(parent)
        self.setObjectName("versionDialog")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr(msg("New version of {name}", name=card.name)))
        self._card = card
        about = msg("The dataset and its runs stay; the file is read once more with what you change.")
        self.targets = QListWidget(self)
        self.targets.setObjectName("versionTargets")
        self.targets.setAccessibleName(tr(msg("To predict")))
        for name in targets:
            item = QListWidgetItem(name, self.targets)
            on = name in card.roles.targets
            item.setCheckState(Qt.CheckState.Checked if on else Qt.CheckState.Unchecked)
        self.split = QComboBox(self)
        self.split.setObjectName("versionSplit")
        self.split.setAccessibleName(tr(msg("How it is tested")))
        domain = {name: title for name, (title, _, _) in domain_splits().items()}
        self.split.addItem(tr(_as_it_is(_METHODS | domain, card.split.method)), "")
        for method, title in (_METHODS | domain).items():
            if method != card.split.method:
                self.split.addItem(tr(title), method)
        form = QFormLayout()
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapAllRows)  # names of columns are long
        form.addRow(tr(msg("To &predict")), self.targets)
        form.addRow(tr(msg("How it is &tested")), self.split)
        self.repairs = self._add_repairs(form)
        make = QDialogButtonBox.StandardButton.Ok
        self.buttons = QDialogButtonBox(make | QDialogButtonBox.StandardButton.Cancel, self)
        self.make = self.buttons.button(make)
        self.make.setText(tr(msg("&Make the version")))
        self.make.setObjectName("makeVersion")
        self.buttons.accepted.connect(self._choose)
        self.buttons.rejected.connect(self.reject)
        self.targets.itemChanged.connect(lambda _: self._show_state())
        self.split.currentIndexChanged.connect(lambda _: self._show_state())
        column = QVBoxLayout(self)
        column.setSpacing(theme.MARGIN)
        column.addWidget(TextLabel(about, self, tone="secondary", wrap=True))
        column.addLayout(form)
        column.addWidget(self.buttons)
        self.resize(*_SIZE)
        self._show_state()

    def wishes(self) -> VersionWishes:
        """What was changed; all else is None."""
        targets = tuple(item.text() for item in self._items() if item.checkState() is Qt.CheckState.Checked)
        repairs = {kind: box.currentData() for kind, box in self.repairs.items() if box.currentData()}
        return VersionWishes(
            targets=targets if set(targets) != set(self._card.roles.targets) else None,
            split=self.split.currentData() or None,
            repairs=repairs,
        )

    def _add_repairs(self, form: QFormLayout) -> dict[str, QComboBox]:
        """A box for each finding of the import that can be dealt with in several ways."""
        boxes: dict[str, QComboBox] = {}
        for finding in self._card.findings:
            if len(finding.choices) < 2 or finding.kind in boxes:
                continue
            box = QComboBox(self)
            box.setObjectName(f"versionRepair_{finding.kind}")
            box.setAccessibleName(tr(finding.title))
            box.addItem(tr(msg("as it is ({current})", current=finding.done)), "")
            for choice in finding.choices:
                if choice.policy != finding.applied:
                    box.addItem(tr(choice.title), choice.policy)
            box.currentIndexChanged.connect(lambda _: self._show_state())
            form.addRow(tr(finding.title), box)
            boxes[finding.kind] = box
        return boxes

    def _items(self) -> list[QListWidgetItem]:
        items = (self.targets.item(row) for row in range(self.targets.count()))
        return [item for item in items if item is not None]

    def _show_state(self) -> None:
        wishes = self.wishes()
        changed = wishes.targets is not None or wishes.split is not None or bool(wishes.repairs)
        self.make.setEnabled(changed and wishes.targets != ())

    def _choose(self) -> None:
        wishes = self.wishes()
        self.accept()
        self.chosen.emit(wishes)


def _as_it_is(titles: dict[str, str], method: str) -> str:
    return msg("as it is ({current})", current=titles.get(method) or term(method))
