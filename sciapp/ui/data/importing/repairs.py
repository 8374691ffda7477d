"""Editor of repairs: one finding after the other, with the choices for each."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QFormLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QSplitter,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from sciapp.i18n import joined, msg
from sciapp.records.dataset.findings import Finding
from sciapp.ui import theme
from sciapp.ui.widgets.labels import PlainTextLabel
from sciapp.ui.words import tr

_MARKS = {"problem": "failed", "note": "waiting"}


class RepairsEditor(QWidget):
    """value: kind → policy, only where it is not what is done without being asked.

    `editable=False` shows what was done instead of asking.
    """

    valueChanged = Signal(dict)  # {kind: policy}

    def __init__(self, parent: QWidget | None = None, *, editable: bool = True) -> None:
        super().__init__(parent)
        self._editable = editable
        self._findings: tuple[Finding, ...] = ()
        self._value: dict[str, str] = {}
        self._list = QListWidget(self)
        self._list.setObjectName("findings")
        self._list.setAccessibleName(tr(msg("What was found in the table")))
        self._list.setWordWrap(True)
        self._list.setAlternatingRowColors(True)
        self._title = PlainTextLabel("findingTitle", self)
        self._consequence = PlainTextLabel("findingConsequence", self)
        self._done = PlainTextLabel("findingDone", self)
        self._policy = QComboBox(self)
        self._policy.setObjectName("repairPolicy")
        self._policy.setAccessibleName(tr(msg("What to do about it")))
        self._policy.setToolTip(
            tr(msg("Nothing is changed or left out unless it is said here; everything is listed afterwards."))
        )
        self._policy.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self._policy.setMinimumContentsLength(24)
        self._rows = QTreeWidget(self)
        self._rows.setObjectName("findingRows")
        self._rows.setAccessibleName(tr(msg("Some of the rows")))
        self._rows.setHeaderLabels([tr(msg("Line")), tr(msg("Cell"))])
        self._rows.setRootIsDecorated(False)
        self._rows.setAlternatingRowColors(True)
        self._rows.setTextElideMode(Qt.TextElideMode.ElideRight)
        self._lay_out()
        self._list.currentRowChanged.connect(self._show)
        self._policy.activated.connect(self._choose)
        self._show(-1)

    def value(self) -> dict[str, str]:
        return dict(self._value)

    def setValue(self, value: Mapping[str, str]) -> None:
        if dict(value) == self._value:
            return
        self._value = dict(value)
        self._show(self._list.currentRow())
        self.valueChanged.emit(self.value())

    def setFindings(self, findings: Sequence[Finding]) -> None:
        """Show these; the one that was looked at stays in view if it is still there."""
        before = self._current()
        self._findings = tuple(findings)
        blocked = self._list.blockSignals(True)
        self._list.clear()
        for finding in findings:
            self._list.addItem(self._item(finding))
        keys = [(finding.kind, finding.title) for finding in findings]
        kinds = [finding.kind for finding in findings]
        row = 0 if findings else -1
        if before is not None and before.kind in kinds:
            same = (before.kind, before.title)
            row = keys.index(same) if same in keys else kinds.index(before.kind)
        self._list.setCurrentRow(row)
        self._list.blockSignals(blocked)
        self._show(row)

    # --- what is shown --------------------------------------------------------------------------------------------

    def _current(self) -> Finding | None:
        row = self._list.currentRow()
        return self._findings[row] if 0 <= row < len(self._findings) else None

    def _item(self, finding: Finding) -> QListWidgetItem:
        done = f"\n→ {tr(finding.done)}" if finding.repaired else ""
        item = QListWidgetItem(tr(_counted(finding)) + done)
        item.setToolTip(tr(finding.consequence))
        self._colour(item, finding)
        return item

    def _colour(self, item: QListWidgetItem, finding: Finding) -> None:
        item.setForeground(theme.standing_colour(_MARKS[finding.weight], self.palette()))

    def changeEvent(self, event: QEvent) -> None:
        """Qt calls this; on another palette the old colours could not be read."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange:
            for row, finding in enumerate(self._findings):
                self._colour(self._list.item(row), finding)

    def _show(self, row: int) -> None:
        finding = self._findings[row] if 0 <= row < len(self._findings) else None
        self._detail.setVisible(finding is not None)
        if finding is None:
            return
        self._title.setText(tr(_counted(finding)))
        self._consequence.setText(tr(finding.consequence))
        self._show_choices(finding)
        self._rows.clear()
        examples = list(zip(finding.lines, finding.examples, strict=False)) or [(line, "") for line in finding.lines]
        for line, example in examples:
            item = QTreeWidgetItem([tr(msg("{line:,}", line=line)), tr(example)])
            item.setTextAlignment(0, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            item.setToolTip(1, tr(example))
            self._rows.addTopLevelItem(item)
        self._rows.resizeColumnToContents(0)
        self._rows.setVisible(bool(examples))

    def _show_choices(self, finding: Finding) -> None:
        choosing = self._editable and len(finding.choices) > 1
        self._form.setRowVisible(self._policy, choosing)
        changed = msg("{changed:,} values were changed.", changed=finding.changed) if finding.changed else ""
        self._done.setText(tr(joined([msg("{done}.", done=finding.done), changed])) if finding.done else "")
        self._form.setRowVisible(self._done, bool(finding.done) and not choosing)
        self._policy.clear()
        for choice in finding.choices:
            proposed = choice.policy == finding.proposed
            title = msg("{choice}  (proposed)", choice=choice.title) if proposed else choice.title
            self._policy.addItem(tr(title), choice.policy)
        chosen = self._value.get(finding.kind, finding.choices[0].policy if finding.choices else "")
        self._policy.setCurrentIndex(self._policy.findData(chosen))

    def choose(self, kind: str, policy: str) -> None:
        """Deal with a kind of finding in this way."""
        finding = next((finding for finding in self._findings if finding.kind == kind), None)
        if finding is None or not finding.choices:
            return
        value = {other: chosen for other, chosen in self._value.items() if other != kind}
        if policy != finding.choices[0].policy:
            value[kind] = policy
        self.setValue(value)

    def _choose(self, index: int) -> None:
        finding = self._current()
        if finding is not None:
            self.choose(finding.kind, self._policy.itemData(index))

    # --- parts ----------------------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        font = self._title.font()
        font.setBold(True)
        self._title.setFont(font)
        self._detail = QWidget(self)
        self._form = QFormLayout()
        self._form.setContentsMargins(0, 0, 0, 0)
        self._form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        label = QLabel(tr(msg("&What to do")), self)
        label.setBuddy(self._policy)
        self._form.addRow(label, self._policy)
        self._form.addRow(tr(msg("Chosen") if not self._editable else msg("What is done")), self._done)
        column = QVBoxLayout(self._detail)
        column.setContentsMargins(theme.SPACING, 0, 0, 0)
        column.addWidget(self._title)
        column.addWidget(self._consequence)
        column.addLayout(self._form)
        column.addWidget(self._rows, 1)
        column.addStretch()
        splitter = QSplitter(Qt.Orientation.Horizontal, self)
        splitter.setChildrenCollapsible(False)
        splitter.addWidget(self._list)
        splitter.addWidget(self._detail)
        splitter.setStretchFactor(0, 2)
        splitter.setStretchFactor(1, 3)
        splitter.setSizes([320, 480])
        layout = QVBoxLayout(self)
        if self._editable:  # inside a panel with margins of its own
            layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(splitter)


def _counted(finding: Finding) -> str:
    """The title of a finding, and how often it was found, which stays with the last word."""
    if not finding.count:
        return finding.title
    return msg("{title}\u00a0\u00a0·\u00a0\u00a0{count:,}", title=finding.title, count=finding.count)
