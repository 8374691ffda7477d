"""The timeline as cards one below the other: arrows move between them, F2 renames, Delete deletes, Enter opens."""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QMenu, QVBoxLayout, QWidget

from sciapp.i18n import msg, plural
from sciapp.ui.project.timeline import Entry, NextStep
from sciapp.ui.project.timeline_card import TimelineRow
from sciapp.ui.widgets.buttons import Button
from sciapp.ui.widgets.page import Skeleton
from sciapp.ui.words import tr

_MOST = 40  # cards; earlier ones on demand, so that a project of years opens at once


class TimelineView(QWidget):
    """Takes entries and the next step; tells what was chosen. Changes nothing itself."""

    opened = Signal(object)  # Entry
    stepTaken = Signal(object)  # NextStep
    renamed = Signal(object, str)  # Item, name
    deleteRequested = Signal(object)  # Item
    notesRequested = Signal(object)  # Entry
    settingsRequested = Signal(str)  # id of a run
    versionRequested = Signal(str)  # id of a dataset
    undoRequested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("timeline")
        self.setAccessibleName(tr(msg("What happened, and what comes next")))
        self._entries: list[Entry] = []
        self._rows: dict[str, TimelineRow] = {}
        self._open: set[str] = set()
        self._all = False
        self._read_only = False
        self._step: NextStep | None = None
        self._earlier = Button(msg("Show earlier"), self, kind="quiet", icon="history", name="showEarlier", dense=True)
        self._earlier.hide()
        self._skeleton = Skeleton(self, rows=3, row_height=_SKELETON_ROW)
        self._next = TimelineRow(self, dashed=True)
        self._next.setObjectName("nextStep")
        self._next.card.button.setObjectName("nextStepButton")
        self._next.card.button.set_kind("primary")
        self._next.icon.set_icon("pencil")
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addWidget(self._earlier, 0, Qt.AlignmentFlag.AlignLeft)
        self._column.addWidget(self._skeleton)
        self._column.addWidget(self._next)
        self._next.hide()
        self._earlier.clicked.connect(self._show_all)
        self._next.card.opened.connect(self._take_step)

    @property
    def entries(self) -> list[Entry]:
        return self._entries

    def set_loading(self) -> None:
        """Grey bars until the first entries come."""
        self.set_entries([], None)
        self._open, self._all = set(), False
        self._skeleton.show()

    def set_entries(self, entries: Sequence[Entry], step: NextStep | None) -> None:
        """Cards that stay keep their focus; those that are gone hand it to their neighbour."""
        self._entries = list(entries)
        self._skeleton.setVisible(False)
        shown = self._shown()
        self._drop_rows({entry.key for entry in shown})
        for index, entry in enumerate(shown):
            row = self._rows.get(entry.key) or self._made_row(entry.key)
            row.show_entry(entry)
            if self._column.indexOf(row) != index + 1:
                self._column.insertWidget(index + 1, row)
                row.show()  # at once, so that it can take the focus
        self._order_focus()
        self._show_step(step)

    def set_read_only(self, read_only: bool) -> None:
        self._read_only = read_only

    def row(self, key: str) -> TimelineRow | None:
        """The card of an entry, such as “run:001-train”."""
        return self._rows.get(key)

    @property
    def next_row(self) -> TimelineRow:
        return self._next

    def rename(self, key: str) -> None:
        """Edit the name of an entry in its card."""
        row = self._rows.get(key)
        if row is not None and row.entry is not None and row.entry.item is not None and not self._read_only:
            row.card.begin_rename(tr(row.entry.name))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        row = self._focused()
        moves = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}
        if event.matches(QKeySequence.StandardKey.Undo):
            self.undoRequested.emit()
        elif event.key() in moves:
            self._move(row, moves[Qt.Key(event.key())])
        elif event.key() in {Qt.Key.Key_Home, Qt.Key.Key_End}:
            rows = self._ordered()
            rows[0 if event.key() == Qt.Key.Key_Home else -1].card.setFocus(Qt.FocusReason.TabFocusReason)
        elif row is None or row.entry is None:
            super().keyPressEvent(event)
        elif event.key() == Qt.Key.Key_F2:
            self.rename(row.entry.key)
        elif event.key() in {Qt.Key.Key_Delete, Qt.Key.Key_Backspace}:
            self._ask_delete(row.entry)
        elif event.key() in {Qt.Key.Key_Right, Qt.Key.Key_Left} and row.entry.members:
            self._fold(row.entry, out=event.key() == Qt.Key.Key_Right)
        else:
            super().keyPressEvent(event)

    def menu(self, entry: Entry) -> QMenu:
        """What can be done with an entry."""
        menu = QMenu(self)
        menu.setObjectName("entryMenu")
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._add(menu, msg("&Open"), "entryOpen", partial(self._activate, entry), Qt.Key.Key_Return)
        if entry.is_run and entry.item is not None:
            run = entry.item.id
            self._add(menu, msg("&Use these settings"), "useSettings", lambda: self.settingsRequested.emit(run))
        if entry.item is not None and not self._read_only:
            item = entry.item
            menu.addSeparator()
            self._add(menu, msg("&Rename"), "entryRename", partial(self.rename, entry.key), Qt.Key.Key_F2)
            self._add(menu, msg("&Notes and tags…"), "entryNotes", lambda: self.notesRequested.emit(entry))
            if item.kind == "dataset" and entry.status != "bad":
                self._add(menu, msg("New &version…"), "entryVersion", lambda: self.versionRequested.emit(item.id))
            menu.addSeparator()
            self._add(menu, msg("&Delete"), "entryDelete", lambda: self._ask_delete(entry), Qt.Key.Key_Delete)
        return menu

    def _add(self, menu: QMenu, text: str, name: str, does: Callable[[], object], key: Qt.Key | None = None) -> None:
        action = QAction(tr(text), menu)
        action.setObjectName(name)
        if key is not None:
            action.setShortcut(QKeySequence(key))
            action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)  # shown here; the card itself listens
        action.triggered.connect(lambda _=False: does())
        menu.addAction(action)

    def _shown(self) -> list[Entry]:
        """The newest entries, and the runs of the studies that are folded out."""
        hidden = 0 if self._all else max(0, len(self._entries) - _MOST)
        self._earlier.setVisible(bool(hidden))
        self._earlier.set_text(plural("Show {n:,} earlier", "Show {n:,} earlier", hidden))
        shown: list[Entry] = []
        for entry in self._entries[hidden:]:
            shown.append(entry)
            if entry.key in self._open:
                shown += entry.members
        return shown

    def _made_row(self, key: str) -> TimelineRow:
        row = TimelineRow(self)
        row.card.opened.connect(lambda: self._activate(row.entry))
        row.card.renamed.connect(lambda name: self._take_name(row, name))
        row.card.menuRequested.connect(lambda point: self._show_menu(row, point))
        self._rows[key] = row
        return row

    def _drop_rows(self, keys: set[str]) -> None:
        focused = self._focused()
        lost = [row for key, row in self._rows.items() if key not in keys]
        if focused in lost and focused is not None:
            rows = [row for row in self._ordered() if row not in lost or row is focused]
            index = rows.index(focused)
            neighbour = rows[index + 1] if index + 1 < len(rows) else rows[max(0, index - 1)]
            neighbour.card.setFocus(Qt.FocusReason.OtherFocusReason)
        self._rows = {key: row for key, row in self._rows.items() if key in keys}
        for row in lost:
            self._column.removeWidget(row)
            row.hide()
            row.setParent(None)
            row.deleteLater()

    def _order_focus(self) -> None:
        before: QWidget = self._earlier
        for row in self._ordered():
            for part in (row.card, row.card.button):
                QWidget.setTabOrder(before, part)
                before = part

    def _ordered(self) -> list[TimelineRow]:
        """Rows from top to bottom, the next step last."""
        items = (self._column.itemAt(index) for index in range(self._column.count()))
        widgets = (item.widget() for item in items if item is not None)
        return [widget for widget in widgets if isinstance(widget, TimelineRow) and not widget.isHidden()]

    def _focused(self) -> TimelineRow | None:
        return next((row for row in self._ordered() if row.isAncestorOf(self.focusWidget() or self)), None)

    def _move(self, row: TimelineRow | None, by: int) -> None:
        rows = self._ordered()
        index = rows.index(row) + by if row in rows else 0
        if 0 <= index < len(rows):
            rows[index].card.setFocus(Qt.FocusReason.TabFocusReason)

    def _show_step(self, step: NextStep | None) -> None:
        self._step = step
        self._next.setVisible(step is not None)
        if step is not None:
            icon = {"import": "file-up", "train": "pencil", "results": "target", "watch": "activity"}[step.verb]
            entry = Entry(key="nextStep", title=step.title, sentence=step.sentence, button=step.button, icon=icon)
            self._next.show_entry(entry)
            self._next.moment.setText(tr(msg("next")))

    def _take_step(self) -> None:
        if self._step is not None:
            self.stepTaken.emit(self._step)

    def _activate(self, entry: Entry | None) -> None:
        if entry is None:
            return
        if entry.members:
            self._fold(entry, out=entry.key not in self._open)
        else:
            self.opened.emit(entry)

    def _fold(self, entry: Entry, *, out: bool) -> None:
        self._open = self._open | {entry.key} if out else self._open - {entry.key}
        self.set_entries(self._entries, self._step)

    def _show_all(self) -> None:
        self._all = True
        self.set_entries(self._entries, self._step)

    def _show_menu(self, row: TimelineRow, point: QPoint) -> None:
        if row.entry is not None:
            self.menu(row.entry).popup(point)

    def _ask_delete(self, entry: Entry) -> None:
        if entry.item is not None and not self._read_only:
            self.deleteRequested.emit(entry.item)

    def _take_name(self, row: TimelineRow, name: str) -> None:
        if row.entry is not None and row.entry.item is not None and name.strip() != tr(row.entry.name):
            self.renamed.emit(row.entry.item, name)


_SKELETON_ROW = 96  # px, about a card
