"""Dialog with the runs of another project that a training may begin from."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from sciapp.i18n import msg
from sciapp.records.model.info import ModelFacts
from sciapp.ui import theme
from sciapp.ui.words import tr

_ABOUT = msg(
    "The training begins from what this run learnt: its encoder is taken over, the head starts anew. A run that was "
    "trained on rows which your dataset tests is refused when the training starts."
)


class OtherProjectRunsDialog(QDialog):
    """`chosen` carries what a plan calls the model of the run."""

    chosen = Signal(str)

    def __init__(self, models: Sequence[ModelFacts], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("otherProjectRuns")
        self.setWindowTitle(tr(msg("Begin from a run of another project")))
        about = QLabel(tr(_ABOUT), self)
        about.setWordWrap(True)
        self._list = QListWidget(self)
        self._list.setObjectName("otherProjectRunList")
        self._list.setAccessibleName(tr(msg("Runs of the other project")))
        for facts in models:
            item = QListWidgetItem(tr(facts.display_name), self._list)
            item.setData(Qt.ItemDataRole.UserRole, facts.name)
            item.setToolTip(facts.name)
        self._list.setCurrentRow(0)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel, self)
        choose = buttons.addButton(tr(msg("&Begin from it")), QDialogButtonBox.ButtonRole.AcceptRole)
        choose.setObjectName("chooseOtherRun")
        choose.setDefault(True)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        self._list.itemDoubleClicked.connect(lambda _: self.accept())
        layout = QVBoxLayout(self)
        layout.setSpacing(theme.SPACING)
        for part in (about, self._list, buttons):
            layout.addWidget(part)
        self.resize(560, 260)

    def accept(self) -> None:
        item = self._list.currentItem()
        if item is not None:
            super().accept()
            self.chosen.emit(str(item.data(Qt.ItemDataRole.UserRole)))
