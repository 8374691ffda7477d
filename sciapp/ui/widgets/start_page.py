"""What stands in the window while no project is open."""

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QListWidget, QListWidgetItem, QPushButton, QVBoxLayout, QWidget

_WELCOME = (
    "<h1>SciApp</h1><p>Fine-tune a pre-trained model on your own measurements: a table goes in; a model, its curves "
    "and a report come out. Everything stays on this computer.</p>"
)


class StartPage(QWidget):
    """New, open, the sample, and the projects opened lately."""

    newRequested = Signal()
    openRequested = Signal()
    sampleRequested = Signal()
    projectChosen = Signal(object)  # Path

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        welcome = QLabel(_WELCOME, self)
        welcome.setWordWrap(True)
        welcome.setTextFormat(Qt.TextFormat.RichText)
        self._recent = QListWidget(self)
        self._recent.setObjectName("recentProjects")
        self._recent.setAccessibleName("Recent projects")
        self._recent.setAlternatingRowColors(True)
        self._recent.itemActivated.connect(self._activated)
        self._none = QLabel("Projects that you open appear here.", self)
        heading = QLabel("<b>Recent projects</b>", self)
        heading.setBuddy(self._recent)
        buttons = QHBoxLayout()
        for text, name, help, signal in (
            ("New project…", "startNew", "Make a project for a table of yours.", self.newRequested),
            ("Open project…", "startOpen", "Open a project folder or a .sciproj file.", self.openRequested),
            ("Try the sample", "startSample", "Measured solubilities of 1,128 molecules.", self.sampleRequested),
        ):
            button = QPushButton(text, self)
            button.setObjectName(name)
            button.setToolTip(help)
            button.setMinimumHeight(40)
            button.clicked.connect(signal)
            buttons.addWidget(button)
        column = QVBoxLayout()
        for part in (welcome, heading, self._none):
            column.addWidget(part)
        column.insertLayout(1, buttons)
        column.addWidget(self._recent, 1)
        frame = QWidget(self)
        frame.setMaximumWidth(760)
        frame.setLayout(column)
        layout = QHBoxLayout(self)
        layout.addStretch(1)
        layout.addWidget(frame, 8)
        layout.addStretch(1)

    def setRecent(self, projects: tuple[str, ...]) -> None:
        """Newest first; those that have gone are shown as such, not hidden: a stick may just not be plugged in."""
        self._recent.clear()
        self._none.setVisible(not projects)
        self._recent.setVisible(bool(projects))
        for text in projects:
            path = Path(text)
            item = QListWidgetItem(f"{path.stem}\n{path.parent}")
            item.setData(Qt.ItemDataRole.UserRole, text)
            item.setToolTip(text)
            self._recent.addItem(item)

    def _activated(self, item: QListWidgetItem) -> None:
        self.projectChosen.emit(Path(item.data(Qt.ItemDataRole.UserRole)))
