"""What a training takes and what looks wrong about it, before it is started."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QVBoxLayout, QWidget

from sciapp.records.preflight import Preflight
from sciapp.ui import theme
from sciapp.ui.widgets.busy_bar import BusyBar
from sciapp.ui.widgets.form_scroll import FormScroll
from sciapp.ui.widgets.preflight_view import PreflightView


class PreflightDialog(QDialog):
    """Waits for the answer, shows it, and offers to start. Closing it gives the check up."""

    startRequested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("preflight")
        self.setWindowTitle("Check before training")
        self.busy = BusyBar("preflight", self)
        self.busy.cancelRequested.connect(self.reject)
        self.view = PreflightView(self)
        scroll = FormScroll(self)
        scroll.setObjectName("preflightScroll")
        scroll.setWidget(self.view)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        self._start = buttons.addButton("Start training", QDialogButtonBox.ButtonRole.AcceptRole)
        self._start.setObjectName("startChecked")
        self._start.setEnabled(False)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setSpacing(theme.SPACING)
        column.addWidget(self.busy)
        column.addWidget(scroll, 1)
        column.addWidget(buttons)
        self.resize(760, 560)
        self.busy.begin("Trying the training out…")

    def accept(self) -> None:
        super().accept()
        self.startRequested.emit()

    def show_preflight(self, seen: Preflight) -> None:
        """The answer has come."""
        self.busy.end()
        self.view.show_preflight(seen)
        self._start.setEnabled(True)

    def show_problem(self, text: str) -> None:
        """The training would end like this."""
        self.busy.end()
        self.view.show_problem(text)
