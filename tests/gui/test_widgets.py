"""The widgets that pages are made of: named, worked by keyboard, whole in both themes and at every text size."""

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QFontInfo
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from sciapp.ui import theme
from sciapp.ui.theme.fonts import FAMILY
from sciapp.ui.widgets.banner import Banner, UndoBar
from sciapp.ui.widgets.bar_rows import BarRow, BarRows
from sciapp.ui.widgets.buttons import Button, IconButton
from sciapp.ui.widgets.cards import Card, ChoiceCard
from sciapp.ui.widgets.choices import Choice, SegmentedChoice
from sciapp.ui.widgets.facts import NumberWithError, Property, PropertyList, Verdict
from sciapp.ui.widgets.glyphs import IconLabel, Pill, ProgressRing
from sciapp.ui.widgets.labels import TextLabel
from sciapp.ui.widgets.page import EmptyState, PageHeader, Skeleton
from sciapp.ui.widgets.searchable_list import Entry, SearchableList

OWNERS: list[QWidget] = []  # qtbot holds them weakly only
SENTENCE = "On 111 molecules it had never seen, 9 of 10 predictions were less than 1.1 log units off."


@pytest.fixture(autouse=True)
def theme_put_back() -> Iterator[None]:
    yield
    theme.apply("system")
    OWNERS.clear()


def banner() -> QWidget:
    made = Banner()
    made.say(SENTENCE, button="Use the mean")
    return made


def undo_bar() -> QWidget:
    made = UndoBar()
    made.offer("Run 3 was deleted.", lambda: None)
    return made


def card() -> QWidget:
    made = Card("Typical miss", note="log mol/L")
    made.body.addWidget(TextLabel(SENTENCE, wrap=True))
    return made


def number() -> QWidget:
    made = NumberWithError()
    made.set_number(0.6912, 0.0981, "log mol/L", name="Typical miss")
    return made


def verdict() -> QWidget:
    made = Verdict()
    made.set_verdict("caution", "Good predictions, but no better than the simple method", SENTENCE)
    return made


def properties() -> QWidget:
    made = PropertyList()
    made.set_properties([Property("Time", "48 min", "timed on 20 of your rows", "timer"), Property("Disk", "0.2 GB")])
    made.setAccessibleName("What it takes")
    return made


def bars() -> QWidget:
    made = BarRows("Compared with")
    made.set_rows([BarRow("Simple method", 0.74, "0.74", "second", 0.6, 0.9), BarRow("This model", 0.69, "0.69")])
    return made


def entries() -> QWidget:
    made = SearchableList("Runs", name="runs")
    made.set_entries([Entry(index, f"Run {index}", icon="activity") for index in range(3)])
    made.setAccessibleName("Runs")
    return made


WIDGETS: dict[str, Callable[[], QWidget]] = {
    "page header": lambda: PageHeader("How good is it?", SENTENCE),
    "card": card,
    "choice card": lambda: ChoiceCard("Normal", SENTENCE, icon="gauge", note="9 min", badge="recommended"),
    "button": lambda: Button("Start training", kind="primary", icon="play", main=True),
    "icon button": lambda: IconButton("x", "Close"),
    "banner": banner,
    "undo bar": undo_bar,
    "empty state": lambda: EmptyState("table-2", SENTENCE, title="No data yet", button="Import a table…"),
    "skeleton": Skeleton,
    "segmented choice": lambda: SegmentedChoice([Choice("q", "Quick"), Choice("n", "Normal", icon="gauge")], "Effort"),
    "searchable list": entries,
    "number": number,
    "verdict": verdict,
    "properties": properties,
    "bars": bars,
    "pill": lambda: Pill("fits, 1.1 GB", status="good"),
    "ring": lambda: ProgressRing("Progress of the run"),
}


def shown(qtbot: QtBot, widget: QWidget, width: int = 480) -> QWidget:
    owner = QWidget()
    OWNERS.append(owner)
    qtbot.addWidget(owner)
    QVBoxLayout(owner).addWidget(widget)
    owner.resize(width, owner.heightForWidth(width) if owner.hasHeightForWidth() else 200)
    with qtbot.waitActive(owner):
        owner.show()
        owner.activateWindow()
    return owner


def cut_labels(owner: QWidget) -> list[str]:
    """Texts of labels that need more room than they have."""
    return [
        label.text()
        for label in owner.findChildren(QLabel)
        if label.isVisible()
        and label.text()
        and (
            label.height() < (label.heightForWidth(label.width()) if label.wordWrap() else label.sizeHint().height())
            or (not label.wordWrap() and label.width() < label.sizeHint().width())
        )
    ]


@pytest.mark.parametrize("text_size", [100, 150])
@pytest.mark.parametrize("look", ["light", "dark"])
def test_widgets_are_named_painted_and_whole(qtbot: QtBot, look: str, text_size: int) -> None:
    theme.apply(look, text_size=text_size)
    for kind, make in WIDGETS.items():
        widget = make()
        owner = shown(qtbot, widget, width=760)
        assert widget.accessibleName(), kind
        assert cut_labels(owner) == [], kind
        picture = widget.grab().toImage()
        colours = {picture.pixel(x, y) for x in range(0, picture.width(), 2) for y in range(0, picture.height(), 2)}
        assert len(colours) > 1, f"{kind}: nothing is painted"
        owner.close()


def test_a_widget_takes_the_colours_of_a_theme_chosen_later(qtbot: QtBot) -> None:
    theme.apply("light")
    button, card = Button("Start", kind="primary"), Card("Title", dashed=True)
    for widget in (button, card):
        shown(qtbot, widget)
    theme.apply("dark")
    middle = button.grab().toImage().pixelColor(4, button.height() // 2)
    assert middle.name().upper() == theme.DARK.accent
    ground = card.grab().toImage().pixelColor(card.width() // 2, card.height() - 8)
    assert ground.name().upper() == theme.DARK.page


def test_the_text_size_scales_all_type(qtbot: QtBot) -> None:
    heights = []
    for text_size in (100, 150):
        theme.apply("light", text_size=text_size)
        labels = [TextLabel("Ag", type=type) for type in ("caption", "body", "section", "question", "answer")]
        owner = QWidget()
        qtbot.addWidget(owner)
        row = QHBoxLayout(owner)
        for label in labels:
            row.addWidget(label)
        owner.show()
        assert all(QFontInfo(label.font()).family() == FAMILY for label in labels)
        heights.append([label.fontMetrics().height() for label in labels])
    assert sorted(set(heights[0])) == heights[0]  # five sizes
    for small, large in zip(*heights, strict=True):
        assert 1.35 < large / small < 1.65


def test_a_card_is_a_group_named_by_its_title(qtbot: QtBot) -> None:
    widget = card()
    shown(qtbot, widget)
    interface = QAccessible.queryAccessibleInterface(widget)
    assert interface.role() is QAccessible.Role.Grouping
    assert interface.text(QAccessible.Text.Name) == "Typical miss"


def test_choice_cards_exclude_each_other_and_arrows_move_the_choice(qtbot: QtBot) -> None:
    group = QWidget()
    column = QVBoxLayout(group)
    cards = [ChoiceCard(name, SENTENCE, group) for name in ("Quick", "Normal", "Thorough")]
    for each in cards:
        column.addWidget(each)
    cards[0].setChecked(True)
    shown(qtbot, group)
    cards[0].setFocus()
    qtbot.keyClick(cards[0], Qt.Key.Key_Down)
    assert [each.isChecked() for each in cards] == [False, True, False]
    qtbot.mouseClick(cards[2], Qt.MouseButton.LeftButton, pos=cards[2].rect().bottomRight() / 2)
    assert cards[2].isChecked() and not cards[1].isChecked()
    assert QAccessible.queryAccessibleInterface(cards[2]).role() is QAccessible.Role.RadioButton


def test_a_segmented_choice_says_its_value_and_takes_arrows(qtbot: QtBot) -> None:
    choice = SegmentedChoice([Choice("q", "Quick"), Choice("n", "Normal"), Choice("t", "Thorough")], "Effort", name="e")
    shown(qtbot, choice)
    assert choice.value() == "q"
    first = choice.findChild(QWidget, "e_q")
    first.setFocus()
    with qtbot.waitSignal(choice.valueChanged) as changed:
        qtbot.keyClick(first, Qt.Key.Key_Right)
    assert changed.args == ["n"]
    choice.setValue("t")
    assert choice.value() == "t"
    with pytest.raises(ValueError):
        choice.setValue("nothing of the kind")


def test_typing_narrows_a_list_arrows_move_in_it_and_enter_activates(qtbot: QtBot) -> None:
    runs = SearchableList("Runs", name="runs")
    runs.set_entries([Entry(name, name) for name in ("alpha", "beta", "gamma", "alphabet")])
    shown(qtbot, runs)
    qtbot.keyClicks(runs.search, "alph")
    assert runs.value() == "alpha"
    qtbot.keyClick(runs.search, Qt.Key.Key_Down)
    with qtbot.waitSignal(runs.activated) as activated:
        qtbot.keyClick(runs.search, Qt.Key.Key_Return)
    assert activated.args == ["alphabet"]
    runs.search.setText("nothing of the kind")
    assert not runs.view.isVisible()


def test_a_second_click_within_a_second_does_nothing(qtbot: QtBot) -> None:
    clicks: list[None] = []
    button = Button("Start training", kind="primary", locks=True)
    button.clicked.connect(lambda: clicks.append(None))
    shown(qtbot, button)
    for _ in range(2):
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert len(clicks) == 1
    qtbot.waitUntil(lambda: not button.signalsBlocked(), timeout=3_000)
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert len(clicks) == 2


def test_what_was_done_can_be_undone_until_the_offer_expires(qtbot: QtBot) -> None:
    undone: list[str] = []
    bar, field = UndoBar(milliseconds=200), QLineEdit()
    owner = shown(qtbot, bar)
    owner.layout().addWidget(field)
    bar.offer("Run 3 was deleted.", lambda: undone.append("run 3"))
    qtbot.mouseClick(bar.findChild(Button, "undo"), Qt.MouseButton.LeftButton)
    assert undone == ["run 3"] and bar.isHidden()
    field.setFocus()  # while the bar has the focus its offer stands
    with qtbot.waitSignal(bar.expired, timeout=3_000):
        bar.offer("Run 4 was deleted.", lambda: undone.append("run 4"))
    assert undone == ["run 3"] and bar.isHidden()


def test_a_banner_without_words_takes_no_room(qtbot: QtBot) -> None:
    widget = Banner()
    shown(qtbot, widget)
    assert widget.isHidden()
    widget.say(SENTENCE, status="bad", button="Repair")
    assert widget.isVisible() and widget.status == "bad"
    with qtbot.waitSignal(widget.buttonClicked):
        qtbot.mouseClick(widget.findChild(Button), Qt.MouseButton.LeftButton)
    widget.say("")
    assert widget.isHidden()


def test_icons_are_tinted_and_sharp(qtbot: QtBot) -> None:
    for ratio in (1.0, 2.0):
        pixmap = theme.icon_pixmap("data", theme.LIGHT.bad, theme.ICON, ratio)
        assert pixmap.deviceIndependentSize().width() == theme.ICON and pixmap.width() == theme.ICON * ratio
        picture = pixmap.toImage()
        seen = {picture.pixelColor(x, y).name() for x in range(picture.width()) for y in range(picture.height())}
        assert theme.LIGHT.bad.lower() in seen
    assert theme.icon_pixmap("no such icon", theme.LIGHT.bad, theme.ICON).isNull()
    assert not IconLabel("info").grab().isNull()
