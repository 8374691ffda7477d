"""How far a run is, and how long it will still take."""

from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QWidget


class RunProgress(QWidget):
    """A bar with a sentence beside it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bar = QProgressBar(self)
        self._bar.setObjectName("runProgress")
        self._bar.setAccessibleName("Progress of the run")
        self._bar.setRange(0, 1)
        self._bar.setTextVisible(False)
        self._said = QLabel(self)
        self._said.setObjectName("runProgressText")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._bar, 1)
        layout.addWidget(self._said)

    def show_share(self, done: int, total: int, text: str) -> None:
        """total 0: unknown, the bar only shows that something goes on."""
        self._bar.setRange(0, total)
        self._bar.setValue(min(done, total))
        self._said.setText(text)

    def clear_progress(self) -> None:
        self._bar.setRange(0, 1)
        self._bar.setValue(0)
        self._said.clear()
