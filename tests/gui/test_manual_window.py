"""The manual in the window: F1 opens the page of what has the focus, also in a dialog."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit, QVBoxLayout

from sciapp.ui.help.manual_window import ManualController, ManualWindow
from sciapp.ui.messages import Messages


@pytest.fixture
def manual(qtbot) -> ManualWindow:
    window = ManualWindow()
    qtbot.addWidget(window)
    return window


def test_words_in_any_order_leave_the_pages_that_have_them(qtbot, manual):
    rows = manual.pages.view.model().rowCount
    whole = rows()
    qtbot.keyClicks(manual.pages.search, "fragments tanimoto")
    assert 0 < rows() < whole
    assert "Tanimoto" in manual.text.toPlainText()
    qtbot.keyClicks(manual.pages.search, " xyzzy")
    assert rows() == 0
    manual.pages.search.clear()
    assert rows() == whole


def test_the_page_is_that_of_the_nearest_control_that_has_one(qtbot, manual):
    class SplitEditor(QDialog):
        pass

    editor = SplitEditor()
    qtbot.addWidget(editor)
    inner = QLineEdit(editor)
    manual.show_about(inner)
    assert manual.pages.value() == "split"
    manual.show_about(None)
    assert manual.pages.value() == "first-steps"


def test_a_dialog_that_blocks_the_window_hears_the_key_too(qtbot):
    parent = QDialog()
    qtbot.addWidget(parent)
    controller = ManualController(Messages(), parent)
    dialog = QDialog(parent)
    field = QLineEdit(dialog)
    QVBoxLayout(dialog).addWidget(field)
    with qtbot.waitExposed(parent):
        parent.show()
    dialog.open()
    qtbot.waitUntil(lambda: QApplication.activeModalWidget() is dialog and dialog.isActiveWindow())
    field.setFocus()
    qtbot.keyClick(field, Qt.Key.Key_F1)
    qtbot.waitUntil(lambda: controller.window is not None and controller.window.isVisible())
    controller.close()
    dialog.reject()


def test_escape_closes_it_also_from_the_search(qtbot, manual):
    with qtbot.waitExposed(manual):
        manual.show()
    manual.pages.search.setFocus()
    qtbot.keyClick(manual.pages.search, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not manual.isVisible())
