"""Asks for how many more passes a training goes on."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QFormLayout, QLabel, QSpinBox, QVBoxLayout, QWidget

from sciapp.i18n import msg, plural
from sciapp.ui import theme
from sciapp.ui.words import tr


class ContinueDialog(QDialog):
    """`chosen` carries the number of passes. epochs_begun: passes of the run up to its last
    checkpoint, of so many planned.
    """

    chosen = Signal(int)

    def __init__(self, run: str, parent: QWidget | None = None, *, epochs_begun: int = 0, planned: int = 0) -> None:
        super().__init__(parent)
        self.setObjectName("trainOnDialog")
        self.setWindowTitle(tr(msg("Train on")))
        purpose = msg(
            "A new run goes on with the last weights, the optimiser and the order of the data of run {run}, which "
            "stays as it is. The learning rate follows the schedule of the longer training, so it may begin higher "
            "than it was at the end of the run.",
            run=run,
        )
        about = QLabel(tr(purpose), self)
        about.setWordWrap(True)
        about.setMinimumWidth(360)
        self._passes = QSpinBox(self)
        theme.pad_number_box(self._passes)
        self._passes.setObjectName("trainOnPasses")
        self._passes.setAccessibleName(tr(msg("More passes over the data")))
        self._passes.setToolTip(tr(msg("How often the model sees every training row again (epochs).")))
        self._passes.setRange(1, 10_000)
        self._passes.setGroupSeparatorShown(True)
        self._passes.setValue(10)
        self._sum = QLabel(self)
        self._sum.setObjectName("trainOnSum")
        self._sum.setVisible(epochs_begun > 0)
        self._epochs_begun, self._planned = epochs_begun, planned
        self._passes.valueChanged.connect(self._show_sum)
        self._show_sum(self._passes.value())
        label = QLabel(tr(msg("&More passes over the data")), self)
        label.setBuddy(self._passes)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel, self)
        start = buttons.addButton(tr(msg("&Train on")), QDialogButtonBox.ButtonRole.AcceptRole)
        start.setObjectName("startTrainingOn")
        start.setDefault(True)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        self.accepted.connect(lambda: self.chosen.emit(self._passes.value()))
        form = QFormLayout()
        form.addRow(label, self._passes)
        layout = QVBoxLayout(self)
        layout.setSpacing(theme.SPACING)
        layout.addWidget(about)
        layout.addLayout(form)
        layout.addWidget(self._sum)
        layout.addWidget(buttons)
        self._passes.selectAll()

    def _show_sum(self, more: int) -> None:
        ended = plural(
            "It ended after {begun:,} of {planned:,} passes; {n:,} more makes {sum:,}.",
            "It ended after {begun:,} of {planned:,} passes; {n:,} more make {sum:,}.",
            more,
            begun=self._epochs_begun,
            planned=self._planned,
            sum=self._epochs_begun + more,
        )
        self._sum.setText(tr(ended))
