"""What a person can read in a window: every text of its widgets, and whether there is room for it."""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass

import pyqtgraph as pg
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QComboBox,
    QDoubleSpinBox,
    QGraphicsView,
    QGroupBox,
    QHeaderView,
    QLabel,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QSpinBox,
    QStyle,
    QStyleOptionComboBox,
    QTableView,
    QTabWidget,
    QTreeView,
    QWidget,
)

from sciapp.ui.data.importing.read_options import ReadingChoice
from sciapp.ui.widgets.labels import ElidedLabel
from sciapp.ui.widgets.layout import ElidedComboBox

_ROWS = 8  # of a list or table that are looked at
_DATA = frozenset(
    {"datasetRows", "setAsideRows", "datasetChanges", "importPreview", "predictionRows", "datasetColumns"}
)
"""Tables whose cells are those of files."""
_TIP, _SHOWN = Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.DisplayRole


@dataclass(frozen=True)
class SeenText:
    """A text, and what of which widget it is."""

    where: str
    text: str


def texts(root: QWidget) -> Iterator[SeenText]:
    """All texts of a widget and of what is in it, those of its menus, too."""
    for widget in (root, *root.findChildren(QWidget)):
        name = f"{type(widget).__name__} {widget.objectName()}"
        for part, text in _of(widget):
            if plain := _without_markup(text):
                yield SeenText(f"{name}, {part}", plain)
        for action in widget.actions():
            for part, text in (("text", action.text()), ("tip", action.toolTip())):
                if plain := _without_markup(text).replace("&", ""):
                    yield SeenText(f"{name}, action {action.objectName()}, {part}", plain)


def _without_markup(text: str) -> str:
    """Without the names of settings, which stand in the tooltips as plans call them."""
    if "<" not in text:
        return text
    return html.unescape(re.sub(r"<[^>]*>", " ", re.sub(r"<code>.*?</code>", "", text)))


def _of(widget: QWidget) -> Iterator[tuple[str, str]]:
    yield "title", widget.windowTitle()
    yield "tip", widget.toolTip()
    yield "name", widget.accessibleName()
    yield "description", widget.accessibleDescription()
    match widget:
        case QLabel() | QAbstractButton():
            yield "text", widget.text().replace("&", "")
        case QLineEdit():
            yield "placeholder", widget.placeholderText()
            yield "text", widget.text()
        case QPlainTextEdit():
            yield "placeholder", widget.placeholderText()
            yield "text", widget.toPlainText()
        case QComboBox():
            for row in range(min(widget.count(), 40)):
                yield "entry", widget.itemText(row)
        case QTabWidget():
            for index in range(widget.count()):
                yield "tab", widget.tabText(index).replace("&", "")
        case QGroupBox() | QMenu():
            yield "title", widget.title().replace("&", "")
        case QSpinBox() | QDoubleSpinBox():
            yield "parts", f"{widget.prefix()}{widget.suffix()} {widget.specialValueText()}"
        case QGraphicsView():
            yield from _of_plots(widget)
        case QAbstractItemView():
            yield from _of_items(widget)
        case _:
            pass


def _of_items(view: QAbstractItemView) -> Iterator[tuple[str, str]]:
    model = view.model()
    if model is None or isinstance(view, QHeaderView):
        return
    for column in range(_columns(view)):
        for role in (_SHOWN, _TIP):
            yield "head", str(model.headerData(column, Qt.Orientation.Horizontal, role) or "")
    if view.objectName() not in _DATA:
        yield from _of_rows(view, QModelIndex())


def _columns(view: QAbstractItemView) -> int:
    """Lists have one, whatever their models know of more."""
    return view.model().columnCount() if isinstance(view, QTableView | QTreeView) else 1


def _of_rows(view: QAbstractItemView, parent: QModelIndex) -> Iterator[tuple[str, str]]:
    model = view.model()
    for row in range(min(model.rowCount(parent), _ROWS)):
        for column in range(_columns(view)):
            index = model.index(row, column, parent)
            for role in (_SHOWN, _TIP):
                yield "cell", str(index.data(role) or "")
        if not parent.isValid():  # lists fold out once
            yield from _of_rows(view, model.index(row, 0, parent))


def _of_plots(view: QGraphicsView) -> Iterator[tuple[str, str]]:
    for item in view.scene().items():
        if not item.isVisible():
            continue
        if isinstance(item, pg.AxisItem):
            yield "axis", item.labelText if item.label.isVisible() else ""
        elif isinstance(item, pg.LabelItem):
            yield "label", item.text
        elif isinstance(item, pg.TextItem):
            yield "writing", item.toPlainText() if hasattr(item, "toPlainText") else item.textItem.toPlainText()


def cut(root: QWidget) -> Iterator[str]:
    """What stands in the window and has no room: texts of labels, buttons, tabs, headings, boxes and plots."""
    for widget in (root, *root.findChildren(QWidget)):
        if widget.isVisible():
            name = f"{type(widget).__name__} {widget.objectName()}"
            for text in _cut_of(widget):
                yield f"{name}: {text!r} in {widget.width()} × {widget.height()}"


def _cut_of(widget: QWidget) -> Iterator[str]:
    match widget:
        case ElidedLabel() | ElidedComboBox() | ReadingChoice():
            return  # names and paths of any length: the tooltip has them whole
        case QLabel() if widget.text():
            if widget.wordWrap() and widget.height() < widget.heightForWidth(widget.width()):
                yield widget.text()
            if not widget.wordWrap() and widget.width() < widget.sizeHint().width():
                yield widget.text()
        case QAbstractButton() if widget.text():
            if widget.width() < widget.sizeHint().width():
                yield widget.text()
        case QTabWidget():
            bar = widget.tabBar()
            for index in range(bar.count()):
                if bar.isTabVisible(index) and bar.tabRect(index).right() > bar.width():
                    yield bar.tabText(index)
        case QGroupBox():
            if widget.fontMetrics().horizontalAdvance(widget.title()) > widget.width():
                yield widget.title()
        case QComboBox():
            if not widget.isEditable() and not _is_whole(widget):
                yield widget.currentText()
        case QAbstractSpinBox():
            if widget.width() < widget.minimumSizeHint().width():
                yield widget.text()
        case QHeaderView():
            yield from _cut_heads(widget)
        case QGraphicsView():
            yield from _cut_plots(widget)
        case _:
            pass


def _is_whole(box: QComboBox) -> bool:
    option = QStyleOptionComboBox()
    box.initStyleOption(option)
    part = QStyle.SubControl.SC_ComboBoxEditField
    room = box.style().subControlRect(QStyle.ComplexControl.CC_ComboBox, option, part, box).width()
    return box.fontMetrics().horizontalAdvance(box.currentText()) <= room


def _cut_heads(header: QHeaderView) -> Iterator[str]:
    if header.orientation() is not Qt.Orientation.Horizontal:
        return
    for section in range(header.count()):
        text = str(header.model().headerData(section, Qt.Orientation.Horizontal, _SHOWN) or "")
        if (
            text
            and not header.isSectionHidden(section)
            and header.sectionSize(section) < header.fontMetrics().horizontalAdvance(text) + 6
        ):
            yield text


def _cut_plots(view: QGraphicsView) -> Iterator[str]:
    for item in view.scene().items():
        if isinstance(item, pg.AxisItem) and item.isVisible() and item.label.isVisible() and item.labelText:
            room = item.size().height() if item.orientation in {"left", "right"} else item.size().width()
            if item.label.boundingRect().width() > room:
                yield item.labelText
        if isinstance(item, pg.LabelItem) and item.isVisible() and item.text:
            box = view.mapFromScene(item.sceneBoundingRect()).boundingRect()
            inner = view.mapFromScene(item.item.sceneBoundingRect()).boundingRect()
            if inner.width() > view.width() or box.width() < 0:
                yield item.text
