"""Another theme, chosen while the window is open: what is written and what is ticked stays readable."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QApplication, QCheckBox, QListWidget, QListWidgetItem, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from sciapp.ui import theme

SEEN = 30  # of 255: how much a frame differs at least from the ground around it


@pytest.fixture(autouse=True)
def theme_put_back() -> Iterator[None]:
    yield
    theme.apply("system")


def form(qtbot: QtBot) -> tuple[QWidget, QCheckBox, QListWidget]:
    made, box, entries = QWidget(), QCheckBox("Pictures"), QListWidget()
    for state in (Qt.CheckState.Checked, Qt.CheckState.Unchecked):
        item = QListWidgetItem("target")
        item.setCheckState(state)
        entries.addItem(item)
    column = QVBoxLayout(made)
    column.addWidget(box)
    column.addWidget(entries)
    qtbot.addWidget(made)
    made.show()
    return made, box, entries


def strongest_edge(widget: QWidget, y: int, wide: int) -> int:
    """How much the lightest and the darkest point of the first `wide` ones of a line differ."""
    picture = widget.grab().toImage()
    seen = [picture.pixelColor(x, y).lightness() for x in range(2, wide)]
    return max(seen) - min(seen)


@pytest.mark.parametrize("first", ["light", "dark"])
def test_check_boxes_take_the_colours_of_a_theme_that_is_chosen_later(qtbot: QtBot, first: str) -> None:
    theme.apply(first)
    made, box, entries = form(qtbot)  # qtbot holds `made` weakly only
    assert made.isVisible()
    for later in ("dark", "light", "dark"):
        theme.apply(later)
        text = QApplication.palette().color(QPalette.ColorRole.WindowText)
        assert (text.lightness() > 128) == (later == "dark")
        assert box.palette().color(QPalette.ColorRole.WindowText) == text
        assert theme.is_dark(entries.palette()) == (later == "dark")


@pytest.mark.parametrize("name", ["light", "dark"])
def test_entries_have_a_box_that_can_be_seen_whether_ticked_or_not(qtbot: QtBot, name: str) -> None:
    theme.apply(name)
    made, _, entries = form(qtbot)
    assert made.isVisible()
    for row in (0, 1):
        place = entries.visualItemRect(entries.item(row))
        # The line at the top of the box holds its frame and nothing of a tick.
        edges = [strongest_edge(entries.viewport(), place.top() + y, 12) for y in range(4)]
        assert max(edges) > SEEN, (row, edges)
