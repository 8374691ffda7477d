"""A long action in one line: what is done, how far it is, and a button that ends it."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QSizePolicy, QWidget

from sciapp.records.number_words import progress_text


class BusyBar(QWidget):
    """Hidden while nothing goes on."""

    cancelRequested = Signal()

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        """name begins the object names of the parts: nameText, nameProgress, nameCancel."""
        super().__init__(parent)
        self._said = QLabel(self)
        self._said.setObjectName(f"{name}Text")
        self._bar = QProgressBar(self)
        self._bar.setObjectName(f"{name}Progress")
        self._bar.setAccessibleName("Progress")
        self._bar.setTextVisible(False)
        self._bar.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._bar.setMinimumWidth(120)
        self._cancel = QPushButton("Cancel", self)
        self._cancel.setObjectName(f"{name}Cancel")
        self._cancel.setAccessibleName("Cancel this action")
        self._cancel.setToolTip("End this; nothing that was there before is changed.")
        self._cancel.clicked.connect(self._ask_to_cancel)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._said)
        layout.addWidget(self._bar, 1)
        layout.addWidget(self._cancel)
        self.setVisible(False)

    def begin(self, text: str) -> None:
        """Something has begun; how long it takes is not known yet."""
        self._cancel.setEnabled(True)
        self.show_progress(text, 0, 0)
        self.setVisible(True)

    def show_progress(self, text: str, done: int, total: int) -> None:
        """total 0: unknown, the bar only shows that something goes on."""
        self._bar.setRange(0, 1000 if total else 0)  # a share: QProgressBar cannot count beyond 2^31
        self._bar.setValue(round(1000 * min(done, total) / total) if total else 0)
        self._said.setText(f"{text}  {progress_text(done, total)}" if total else text)

    def end(self) -> None:
        self.setVisible(False)

    @property
    def busy(self) -> bool:
        return not self.isHidden()

    def _ask_to_cancel(self) -> None:
        self._cancel.setEnabled(False)
        self._said.setText("Cancelling…")
        self.cancelRequested.emit()
