"""Bars: a long action with its progress and a button that ends it, a file that was saved, how far a run is."""

from pathlib import Path

from PySide6.QtCore import QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QSizePolicy, QWidget

from sciapp.i18n import joined, msg
from sciapp.records.formatting import progress_text
from sciapp.ui.words import tr


class BusyBar(QWidget):
    """Hidden while nothing goes on."""

    cancelRequested = Signal()

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        """name begins the object names of the parts: nameText, nameProgress, nameCancel."""
        super().__init__(parent)
        self._label = QLabel(self)
        self._label.setObjectName(f"{name}Text")
        self._bar = QProgressBar(self)
        self._bar.setObjectName(f"{name}Progress")
        self._bar.setAccessibleName(tr(msg("Progress")))
        self._bar.setTextVisible(False)
        self._bar.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._bar.setMinimumWidth(120)
        self._cancel = QPushButton(tr(msg("Cancel")), self)
        self._cancel.setObjectName(f"{name}Cancel")
        self._cancel.setAccessibleName(tr(msg("Cancel this action")))
        self._cancel.setToolTip(tr(msg("End this; nothing that was there before is changed.")))
        self._cancel.clicked.connect(self._ask_to_cancel)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._label)
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
        self._label.setText(tr(joined([text, progress_text(done, total)], "  ") if total else text))

    def end(self) -> None:
        self.setVisible(False)
        self._label.clear()

    @property
    def busy(self) -> bool:
        return not self.isHidden()

    def _ask_to_cancel(self) -> None:
        self._cancel.setEnabled(False)
        self._label.setText(tr(msg("Cancelling…")))
        self.cancelRequested.emit()


# A file that was just saved, with ways to look at it.


class SavedBar(QWidget):
    """Hidden until something is saved."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.path: Path | None = None
        self._label = QLabel(self)
        self._label.setObjectName("savedFile")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._label, 1)
        for text, name, help, pressed in (
            (msg("&Open"), "openSaved", msg("Open the saved file."), self._open),
            (
                msg("Show &folder"),
                "showSavedFolder",
                msg("Show the folder that holds the saved file."),
                self._show_folder,
            ),
        ):
            button = QPushButton(tr(text), self)
            button.setObjectName(name)
            button.setAccessibleName(tr(text).replace("&", ""))
            button.setToolTip(tr(help))
            button.clicked.connect(pressed)
            layout.addWidget(button)
        self.setVisible(False)

    def clear(self) -> None:
        """Hide, and forget what was saved."""
        self.path = None
        self._label.clear()
        self._label.setToolTip("")
        self.setVisible(False)

    def show_saved(self, path: Path) -> None:
        self.path = path
        self._label.setText(tr(msg("Saved “{name}” in {folder}", name=path.name, folder=path.parent)))
        self._label.setToolTip(str(path))
        self.setVisible(True)

    def _open(self) -> None:
        if self.path is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self.path)))

    def _show_folder(self) -> None:
        if self.path is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self.path.parent)))


# How far a run is, and how long it will still take.


class RunProgress(QWidget):
    """A bar with a sentence beside it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bar = QProgressBar(self)
        self._bar.setObjectName("runProgress")
        self._bar.setAccessibleName(tr(msg("Progress of the run")))
        self._bar.setRange(0, 1)
        self._bar.setTextVisible(False)
        self._label = QLabel(self)
        self._label.setObjectName("runProgressText")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._bar, 1)
        layout.addWidget(self._label)
        self._label.hide()  # its distance from the bar goes with it

    def show_share(self, done: int, total: int, text: str) -> None:
        """total 0: unknown, the bar only shows that something goes on."""
        self._bar.setRange(0, total)
        self._bar.setValue(min(done, total))
        self._label.setText(tr(text))
        self._label.setVisible(bool(text))

    def clear_progress(self) -> None:
        self._bar.setRange(0, 1)
        self._bar.setValue(0)
        self._label.clear()
        self._label.hide()
