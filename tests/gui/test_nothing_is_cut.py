"""Texts that stand in the forms at their usual size are shown to their last letter."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QLabel,
    QListWidget,
    QScrollArea,
    QStyle,
    QStyleOptionComboBox,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

from sciapp.actions.import_preview import FORMAT_TITLES, DetectedReading
from sciapp.records.read_options import ENCODINGS, Reading
from sciapp.ui import theme
from sciapp.ui.data.importing.read_options import ReadingChoice, ReadingEditor
from sciapp.ui.forms.covariates_editor import CovariatesEditor
from tests.helpers.import_dialogs import ImportDialogs

DATA = Path(__file__).parent.parent / "data"


def shown_whole(box: QComboBox) -> bool:
    option = QStyleOptionComboBox()
    box.initStyleOption(option)
    part = QStyle.SubControl.SC_ComboBoxEditField
    room = box.style().subControlRect(QStyle.ComplexControl.CC_ComboBox, option, part, box).width()
    return box.fontMetrics().horizontalAdvance(box.currentText()) <= room


@pytest.fixture
def editor(qtbot: QtBot) -> Iterator[ReadingEditor]:
    """As narrow as it can be."""
    made, owner = ReadingEditor(), QWidget()
    qtbot.addWidget(owner)
    QVBoxLayout(owner).addWidget(made)
    names = frozenset({"format", "encoding", "delimiter", "header", "decimal", "quote", "comment", "lines", "join"})
    made.setDetected(DetectedReading("table", Reading(), (), (), names, "table"))
    owner.show()
    owner.resize(owner.minimumSizeHint())
    yield made


@pytest.mark.parametrize("letters", [9, 13])
def test_what_was_detected_of_a_file_is_never_cut(qtbot: QtBot, editor: ReadingEditor, letters: int) -> None:
    font = editor.font()
    font.setPointSize(letters)
    editor.setFont(font)
    owner = editor.parentWidget()
    owner.resize(owner.minimumSizeHint())
    box = editor.findChild(ReadingChoice, "readEncoding")
    for word, _ in ENCODINGS:
        box.setDetected(word)
        assert shown_whole(box), box.currentText()
        box.setValue(word)
        assert shown_whole(box), box.currentText()
        box.setValue("auto")
    format = editor.findChild(ReadingChoice, "readFormat")
    for _, title in FORMAT_TITLES:
        format.setDetected(title)
        assert shown_whole(format), format.currentText()
    assert all(shown_whole(part) for part in editor.findChildren(ReadingChoice) if part.isVisible())


def test_a_very_long_name_of_a_sheet_does_not_widen_the_dialog(qtbot: QtBot, editor: ReadingEditor) -> None:
    box = ReadingChoice("s", "Sheet", "", ())
    qtbot.addWidget(box)
    before = box.sizeHint().width()
    box.setChoices([("x", "a sheet " * 40)])
    assert before < box.sizeHint().width() < 400


def test_the_form_stays_as_high_as_it_was_when_the_file_is_checked(qtbot: QtBot, imports: ImportDialogs) -> None:
    dialog = imports.ready(imports.project("molecule"), DATA / "freesolv.csv")
    form = dialog.findChild(QScrollArea, "importFormScroll")
    heights: list[int] = []  # the bar of the reading gives its room back, and the command wraps
    qtbot.waitUntil(lambda: heights.append(form.height()) or heights[-5:] == heights[-1:] * 5)
    before = form.height()
    assert before >= 240
    dialog.views.setCurrentIndex(1)
    qtbot.waitUntil(
        lambda: dialog.check.findChild(QLabel, "checkSummary").text().startswith("642 of 642"), timeout=60_000
    )
    assert form.height() >= before
    targets = dialog.findChild(QListWidget, "targetColumns")
    top = targets.mapTo(form.viewport(), targets.rect().topLeft()).y()
    assert form.viewport().height() - top >= 4 * targets.sizeHintForRow(0)


@pytest.mark.parametrize("letters", [9, 14, 20])
@pytest.mark.parametrize("count", [2, 3, 9])
def test_conditions_are_shown_in_whole_rows_whatever_the_letters(qtbot: QtBot, letters: int, count: int) -> None:
    editor = CovariatesEditor()
    qtbot.addWidget(editor)
    names = [f"condition {place}" for place in range(count)]
    editor.setColumns(names, {names[0]: "it is the answer"})
    editor.show()
    font = editor.font()
    font.setPointSize(letters)
    editor.setFont(font)
    entries = editor.findChild(QListWidget, "covariates")
    wanted = min(count, 5)
    qtbot.waitUntil(lambda: entries.visualItemRect(entries.item(wanted - 1)).bottom() <= entries.viewport().height())


@pytest.mark.parametrize("name", ["light", "dark"])
def test_what_is_selected_can_be_read(qtbot: QtBot, name: str) -> None:
    theme.apply(name)
    palette = QApplication.palette()
    ground, text = palette.color(QPalette.ColorRole.Highlight), palette.color(QPalette.ColorRole.HighlightedText)
    darker, lighter = sorted((luminance(ground), luminance(text)))
    assert (lighter + 0.05) / (darker + 0.05) >= 4.5


def luminance(colour: QColor) -> float:
    """WCAG 2, relative luminance."""
    parts = (colour.redF(), colour.greenF(), colour.blueF())
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
