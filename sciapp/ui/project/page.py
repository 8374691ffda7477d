"""Page of an open project: where it stands, what happened, and what comes next."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from sciapp.i18n import msg, plural
from sciapp.ui import theme
from sciapp.ui.project.timeline import Tile
from sciapp.ui.project.timeline_view import TimelineView
from sciapp.ui.widgets.buttons import Button
from sciapp.ui.widgets.cards import Card
from sciapp.ui.widgets.labels import ElidedLabel, TextLabel
from sciapp.ui.widgets.page import PageHeader
from sciapp.ui.words import tr

_NOTES_HEIGHT = 112  # px
_NARROW = 760  # px; below it tiles stand two by two


class NotesEdit(QPlainTextEdit):
    """Free text that says when it was left."""

    left = Signal()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() is not Qt.FocusReason.PopupFocusReason:  # its own context menu is no leaving
            self.left.emit()


class NumberTile(Card):
    """A number, its unit, and a remark below."""

    def __init__(self, parent: QWidget | None = None, *, name: str) -> None:
        super().__init__("", parent, padding=theme.GAP, name=name)
        self.value = TextLabel("", self, type="question", name=f"{name}Value")
        self.unit = TextLabel("", self, type="caption", tone="secondary")
        self.detail = TextLabel("", self, type="caption", tone="caption", name=f"{name}Detail")
        line = QHBoxLayout()
        line.setSpacing(theme.SPACING)
        line.addWidget(self.value)
        self.unit.setContentsMargins(0, 0, 0, theme.HALF)  # on the line of the number's foot
        line.addWidget(self.unit, 1, Qt.AlignmentFlag.AlignBottom)
        self.foot = QHBoxLayout()
        self.foot.addStrut(theme.DENSE_HEIGHT)  # with a button or without
        self.foot.addWidget(self.detail, 1)
        self.body.setSpacing(theme.HALF)
        self.body.addLayout(line)
        self.body.addLayout(self.foot)

    def show_tile(self, tile: Tile) -> None:
        for label, text in ((self.value, tile.value), (self.unit, tile.unit), (self.detail, tile.detail)):
            label.setText(tr(text))
            label.setToolTip(tr(text))
        self.setAccessibleName(
            tr(msg("{value} {unit}, {detail}", value=tile.value, unit=tile.unit, detail=tile.detail))
        )


class ProjectPage(QWidget):
    """Takes what is to be shown; tells what was edited or chosen. Knows no project."""

    edited = Signal()  # a field was left
    folderRequested = Signal()
    cleanUpRequested = Signal()
    trashRequested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.header = PageHeader(msg("Where do I stand?"), "", self)
        self.trash = Button(
            "", self, kind="quiet", icon="trash-2", name="showTrash",
            help=msg("What was deleted and can be restored."),
        )  # fmt: skip
        self.show_folder = Button(
            msg("&Show folder"), self, icon="folder-open", name="showProjectFolder",
            help=msg("Open the project's folder in the file manager."),
        )  # fmt: skip
        self.show_folder.setAccessibleName(tr(msg("Show the project's folder")))
        self.header.add_action(self.trash)
        self.header.add_action(self.show_folder)
        names = ("bestTile", "dataTile", "runsTile", "diskTile")
        self.best, self.data, self.runs, self.disk = (NumberTile(self, name=name) for name in names)
        self.use = self.disk.value
        self.use.setObjectName("diskUse")
        self.clean_up = Button(
            msg("Free up s&pace…"), self, kind="quiet", name="freeUpSpace", dense=True,
            help=msg("See what takes how much of the disk, and remove what is not needed any more."),
        )  # fmt: skip
        self.timeline = TimelineView(self)
        self._make_fields()
        self._lay_out()
        self.show_trash_count(0)
        self.name.editingFinished.connect(self.edited)
        self.notes.left.connect(self.edited)
        self.show_folder.clicked.connect(self.folderRequested)
        self.clean_up.clicked.connect(self.cleanUpRequested)
        self.trash.clicked.connect(self.trashRequested)

    def show_tiles(self, best: Tile, data: Tile, runs: Tile) -> None:
        for widget, tile in ((self.best, best), (self.data, data), (self.runs, runs)):
            widget.show_tile(tile)

    def show_disk_use(self, text: str) -> None:
        self.disk.show_tile(Tile(text, "", msg("on disk")))

    def show_trash_count(self, count: int) -> None:
        self.trash.set_text(plural("Trash ({n})", "Trash ({n})", count) if count else msg("Trash"))

    def clear(self) -> None:
        """Show nothing: the project was closed."""
        self.timeline.set_loading()
        for part in (self.name, self.domain, self.notes):
            part.clear()
        self.folder.setText("")
        self.header.set_sentence("")
        self.show_disk_use("…")

    def set_read_only(self, read_only: bool) -> None:
        """Show everything, take no edits."""
        self.name.setReadOnly(read_only)
        self.notes.setReadOnly(read_only)
        self.clean_up.setEnabled(not read_only)
        self.trash.setEnabled(not read_only)
        self.timeline.set_read_only(read_only)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        narrow = event.size().width() < _NARROW
        way = QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight
        self._tiles.setDirection(way)

    def _make_fields(self) -> None:
        self.name = QLineEdit(self)
        self.name.setObjectName("projectName")
        self.name.setAccessibleName(tr(msg("Project name")))
        self.name.setToolTip(tr(msg("How the project is called in lists and reports; its folder keeps its name.")))
        self.domain = QLabel(self)
        self.domain.setObjectName("projectDomain")
        self.folder = ElidedLabel(self)
        self.folder.setObjectName("projectFolder")
        self.notes = NotesEdit(self)
        self.notes.setObjectName("projectNotes")
        self.notes.setAccessibleName(tr(msg("Notes")))
        self.notes.setToolTip(tr(msg("Saved with the project when you leave the field, or with Ctrl+S.")))
        self.notes.setPlaceholderText(tr(msg("What was measured, how, by whom. Saved with the project.")))
        self.notes.setTabChangesFocus(True)
        self.notes.setMinimumHeight(_NOTES_HEIGHT)
        self.notes.setMaximumHeight(_NOTES_HEIGHT)

    def _lay_out(self) -> None:
        self._tiles = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._tiles.setSpacing(theme.GAP)
        for tile in (self.best, self.data, self.runs, self.disk):
            self._tiles.addWidget(tile, 1)
        self.disk.foot.addWidget(self.clean_up)
        content = QWidget(self)
        content.setMaximumWidth(theme.CONTENT_WIDTH)
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.MARGIN)
        column.addWidget(self.header)
        column.addLayout(self._tiles)
        column.addSpacing(theme.SPACING)
        column.addWidget(TextLabel(msg("What happened, and what comes next"), self, type="section"))
        column.addWidget(self.timeline)
        column.addWidget(self._about())
        column.addStretch(1)
        inner = QWidget(self)
        row = QHBoxLayout(inner)
        row.setContentsMargins(theme.PAGE_MARGIN, theme.PAGE_TOP, theme.PAGE_MARGIN, theme.PAGE_TOP)
        row.addWidget(content, 1)
        row.addStretch(0)
        content.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.scroll_area = QScrollArea(self)
        self.scroll_area.setObjectName("projectScroll")
        self.scroll_area.setFrameShape(QScrollArea.Shape.NoFrame)
        self.scroll_area.setWidgetResizable(True)
        self.scroll_area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.scroll_area.setWidget(inner)
        self.scroll_area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self.scroll_area)
        QWidget.setTabOrder(self.trash, self.show_folder)
        QWidget.setTabOrder(self.show_folder, self.clean_up)

    def _about(self) -> Card:
        card = Card(msg("About this project"), self, name="aboutProject")
        form = QFormLayout()
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.setHorizontalSpacing(theme.GAP)
        form.addRow(tr(msg("&Name")), self.name)
        form.addRow(tr(msg("A row is")), self.domain)
        form.addRow(tr(msg("Folder")), self.folder)
        form.addRow(tr(msg("N&otes")), self.notes)
        card.body.addLayout(form)
        return card
