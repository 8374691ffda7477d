"""Numbers that Qt and pyqtgraph write by themselves: by the language of the window, not by that of the system."""

import gettext
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QLocale
from pytestqt.qtbot import QtBot

from sciapp.i18n import ENGLISH, Translator
from sciapp.ui import words
from sciapp.ui.forms.controls import DecimalBox, RateBox, WholeBox
from sciapp.ui.forms.fields import DecimalField, WholeField
from sciapp.ui.widgets.plots.style import PlainAxis
from sciapp.ui.widgets.plots.training_curves import SparseLogAxis
from sciapp.ui.widgets.tables.model import one_line


class German(gettext.NullTranslations):
    """No text translated, and a comma before decimals."""

    language, decimal, thousands = "de", ",", "."


@pytest.fixture
def german(qtbot: QtBot) -> Iterator[None]:
    system = QLocale()
    QLocale.setDefault(QLocale("fr"))
    language: Translator = German()
    words.use(language)
    yield
    words.use(ENGLISH)
    QLocale.setDefault(system)


def test_boxes_for_numbers_write_them_in_the_language_of_the_window(german: None, qtbot: QtBot) -> None:
    boxes = (
        (WholeBox(WholeField(low=0, high=10**6)), 12_345, "12.345"),
        (DecimalBox(DecimalField(low=0, high=1, step=0.05, decimals=2)), 0.25, "0,25"),
        (RateBox(DecimalField(low=0, high=1, step=0.1)), 0.015, "0,015"),
    )
    for box, value, text in boxes:
        qtbot.addWidget(box)
        box.setValue(value)
        assert box.text() == text
        assert box.value() == pytest.approx(value)


def test_ticks_of_plots_and_cells_have_the_signs_of_the_language(german: None) -> None:
    assert PlainAxis("left").tickStrings([0.5, 1.0], 1.0, 0.5) == ["0,5", "1,0"]
    assert PlainAxis("left").tickStrings([1000000.5, 1000001.0], 1.0, 0.5) == ["1000000,5", "1000001"]
    log = SparseLogAxis("left")
    assert log.logTickStrings([-1.0], 1.0, None) == ["0,1"]
    assert one_line(0.25) == "0,25"


def test_english_numbers_have_a_point_whatever_the_system_writes(german: None, qtbot: QtBot) -> None:
    words.use(ENGLISH)
    box = DecimalBox(DecimalField(low=0, high=1, step=0.05, decimals=2))
    qtbot.addWidget(box)
    box.setValue(0.25)
    assert box.text() == "0.25"
