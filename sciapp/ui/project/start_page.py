"""Page that stands in the window while no project is open."""

from itertools import pairwise
from pathlib import Path

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QListWidget, QListWidgetItem, QPushButton, QVBoxLayout, QWidget

from sciapp.i18n import msg
from sciapp.ui import theme
from sciapp.ui.words import tr

_WELCOME = msg(
    "Fine-tune a pre-trained model on your own measurements: a table goes in; a model, its curves and a report come "
    "out. Everything stays on this computer."
)
_BUTTONS = (
    (msg("&New project…"), "startNew", "new", msg("Make a project for a table of yours.")),
    (
        msg("&Open project…"),
        "startOpen",
        "open",
        msg("Open a project file (.sciproj); its folder can be dragged here as well."),
    ),
    (
        msg("&Try the sample"),
        "startSample",
        "sample",
        msg("A ready project: measured solubilities of 1,128 molecules (ESOL)."),
    ),
)


class StartPage(QWidget):
    """New, open, the sample, and the projects opened lately."""

    newRequested = Signal()
    openRequested = Signal()
    sampleRequested = Signal()
    projectChosen = Signal(object)  # Path

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._recent = QListWidget(self)
        self._recent.setObjectName("recentProjects")
        self._recent.setAccessibleName(tr(msg("Recent projects")))
        self._recent.setToolTip(tr(msg("Double-click a project, or press Enter, to open it.")))
        self._recent.setAlternatingRowColors(True)
        self._recent.setSpacing(2)
        self._recent.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self._recent.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._recent.itemActivated.connect(lambda item: self._chosen(item))
        self._none = QLabel(tr(msg("Projects that you open appear here.")), self)
        self._none.setAlignment(Qt.AlignmentFlag.AlignTop)
        signals = (self.newRequested, self.openRequested, self.sampleRequested)
        self._buttons: dict[str, QPushButton] = {}
        for (text, name, icon, help), signal in zip(_BUTTONS, signals, strict=True):
            button = QPushButton(tr(text), self)
            button.setObjectName(name)
            button.setAccessibleName(tr(text).replace("&", "").replace("…", ""))
            button.setToolTip(tr(help))
            button.setMinimumHeight(44)
            button.setIconSize(QSize(24, 24))
            button.clicked.connect(signal)
            self._buttons[icon] = button
        self._lay_out()
        self._draw_icons()

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
        self._recent.setCurrentRow(0)

    def set_busy(self, busy: bool) -> None:
        """A project is being made or opened: no second one meanwhile."""
        for part in (*self._buttons.values(), self._recent):
            part.setEnabled(not busy)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() is QEvent.Type.PaletteChange:
            self._draw_icons()
        super().changeEvent(event)

    def _chosen(self, item: QListWidgetItem) -> None:
        self.projectChosen.emit(Path(item.data(Qt.ItemDataRole.UserRole)))

    def _draw_icons(self) -> None:
        for name, button in self._buttons.items():
            button.setIcon(theme.icon(name, self.palette()))

    def _lay_out(self) -> None:
        title, welcome, heading = (
            QLabel("SciApp", self),
            QLabel(tr(_WELCOME), self),
            QLabel(tr(msg("Re&cent projects")), self),
        )
        for label, bigger in ((title, 2.2), (heading, 1.0)):
            font = label.font()
            font.setBold(True)
            font.setPointSizeF(font.pointSizeF() * bigger)
            label.setFont(font)
        welcome.setWordWrap(True)
        heading.setBuddy(self._recent)
        row = QHBoxLayout()
        row.setSpacing(theme.SPACING)
        for button in self._buttons.values():
            row.addWidget(button, 1)
        column = QVBoxLayout()
        column.setSpacing(theme.MARGIN)
        column.addSpacing(2 * theme.MARGIN)
        column.addWidget(title)
        column.addWidget(welcome)
        column.addLayout(row)
        column.addSpacing(theme.MARGIN)
        column.addWidget(heading)
        column.addWidget(self._none, 1)
        column.addWidget(self._recent, 1)
        frame = QWidget(self)
        frame.setMaximumWidth(760)
        frame.setLayout(column)
        layout = QHBoxLayout(self)
        layout.addStretch(1)
        layout.addWidget(frame, 8)
        layout.addStretch(1)
        order = (*self._buttons.values(), self._recent)
        for before, after in pairwise(order):
            QWidget.setTabOrder(before, after)
