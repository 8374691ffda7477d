"""Forms and curves on a small screen: nothing is cut at the side, dialogs stay on it, axes tell of this run only."""

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtWidgets import QLabel, QPushButton, QScrollArea, QSpinBox, QToolButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from sciapp.ui.widgets.layout import FormScroll
from sciapp.ui.widgets.plots.training_curves import LossPlot
from tests.helpers.import_dialogs import ImportDialogs

DATA = Path(__file__).parent.parent / "data"


def test_a_form_is_never_narrower_than_what_is_shown_in_it(qtbot: QtBot) -> None:
    scroll, form = FormScroll(), QWidget()
    qtbot.addWidget(scroll)
    column = QVBoxLayout(form)
    column.addWidget(QLabel("short"))
    wide = QPushButton("Train on all of the many folds of this table, one after the other", form)
    wide.hide()
    column.addWidget(wide)
    scroll.setWidget(form)
    scroll.resize(100, 200)
    scroll.show()
    assert scroll.width() < wide.sizeHint().width()
    wide.show()
    qtbot.waitUntil(lambda: scroll.viewport().width() >= wide.sizeHint().width())
    assert form.width() <= scroll.viewport().width()


def test_the_import_dialog_fits_a_small_screen_whatever_is_chosen(qtbot: QtBot, imports: ImportDialogs) -> None:
    dialog = imports.ready(imports.project("molecule"), DATA / "freesolv.csv")
    assert dialog.height() <= 720
    dialog.resize(1100, 700)
    before = dialog.size()
    dialog.findChild(QToolButton, "importMoreSplits").click()
    dialog.findChild(QSpinBox, "splitFolds").setValue(5)
    dialog.views.setCurrentIndex(1)
    qtbot.waitUntil(
        lambda: dialog.check.findChild(QLabel, "checkSummary").text().startswith("642 of 642"), timeout=60_000
    )
    scroll = dialog.findChild(QScrollArea, "importFormScroll")
    why = dialog.findChild(QLabel, "splitHelp")
    qtbot.waitUntil(lambda: why.height() >= why.heightForWidth(why.width()))
    assert dialog.size() == before
    assert scroll.widget().width() <= scroll.viewport().width()


def test_a_plot_without_a_run_forgets_the_axes_of_the_run_before(qtbot: QtBot) -> None:
    plot = LossPlot()
    qtbot.addWidget(plot)
    plot.resize(600, 500)
    plot.show()
    steps = np.arange(1.0, 200.0)
    plot.append_steps(steps, 5 + steps, steps / 1e6)
    plot.append_validation(steps, steps, 0.735 + steps / 1e5)
    plot.set_score_name("validation RMSE")
    views = [part.getViewBox() for part in (plot.getItem(row, 0) for row in range(3))]
    qtbot.waitUntil(lambda: views[0].viewRange()[0][1] > 150)
    plot.clear_curves()
    qtbot.wait(150)  # a frame later nothing may have come back
    assert plot.getItem(1, 0).getAxis("left").labelText == "validation score"
    for view in views:
        assert view.viewRange() == [pytest.approx([0, 1]), pytest.approx([0, 1])]
    plot.append_steps(steps, 5 + steps, steps / 1e6)
    qtbot.waitUntil(lambda: views[0].viewRange()[0][1] > 150)
    qtbot.waitUntil(lambda: views[0].viewRange()[1][1] > 150)
