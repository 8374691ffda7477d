"""Starting the program: what is imported, errors nobody caught, a project named on the command line."""

import subprocess
import sys
import threading
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from sciapp.app import SafetyNet
from sciapp.errors import BadInput
from sciapp.ui.messages import Messages

_OPEN_AND_LEAVE = """
import sys
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
import sciapp.app
from sciapp.ui.main_window import MainWindow

made = []
shown = MainWindow.show
def show(window):
    made.append(window)
    shown(window)
    def look():
        if window.session.runs:
            print(window.windowTitle())
            QApplication.quit()
    timer = QTimer(window)
    timer.timeout.connect(look)
    timer.start(20)
MainWindow.show = show
code = sciapp.app.main(sys.argv[1:])
print([name for name in ("torch", "transformers") if name in sys.modules])
sys.exit(code)
"""


def python(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments], capture_output=True, text=True, encoding="utf-8", timeout=120, check=False
    )


def test_the_window_s_module_needs_neither_torch_nor_pyqtgraph() -> None:
    said = python("-c", "import sciapp.app, sys; print('torch' in sys.modules, 'pyqtgraph' in sys.modules)")
    assert said.stdout.split() == ["False", "False"], said.stderr


def test_a_project_named_on_the_command_line_is_opened_without_torch(project_folder: Path) -> None:
    said = python("-c", _OPEN_AND_LEAVE, str(project_folder))
    assert said.returncode == 0, said.stderr
    title, loaded = said.stdout.splitlines()
    assert title == f"{project_folder.name} – SciApp"
    assert loaded == "[]"
    assert "Traceback" not in said.stderr


def test_two_projects_on_the_command_line_are_bad_usage() -> None:
    assert python("-m", "sciapp", "one", "two").returncode == 2


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_an_error_nobody_caught_is_told_on_whatever_thread(qtbot: QtBot, messages: Messages) -> None:
    net = SafetyNet(messages)
    net.spread()
    try:

        def fail() -> None:
            raise BadInput("Column 3 is empty.")

        thread = threading.Thread(target=fail)
        thread.start()
        thread.join()
        qtbot.waitUntil(lambda: messages.lastMessage == "Column 3 is empty.")
        sys.excepthook(ValueError, ValueError("inner words"), None)
        assert "unexpected" in messages.lastMessage
    finally:
        net.remove()
