"""Somebody who clicks, types and drops at random: the window stays, no error escapes, the project is as readable as
before. Ten minutes in `make prove`, some seconds otherwise; the seed and the last deeds are printed where it fails."""

import os
import random
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
import pytest
from PySide6.QtCore import QMimeData, QObject, QPoint, QPointF, Qt, QTimer, QUrl
from PySide6.QtGui import QDesktopServices, QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from sciapp.actions import runs as runs_actions
from sciapp.records.project.project import Project
from sciapp.ui.main_window import MainWindow
from sciapp.ui.messages import Messages
from sciapp.ui.session import Session

SEED = int(os.environ.get("SCIAPP_MONKEY_SEED", "1"))
_PAUSE_MS = 5
_KEYS = (
    Qt.Key.Key_Tab, Qt.Key.Key_Backtab, Qt.Key.Key_Return, Qt.Key.Key_Escape, Qt.Key.Key_Space, Qt.Key.Key_Up,
    Qt.Key.Key_Down, Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Home, Qt.Key.Key_End, Qt.Key.Key_PageDown,
    Qt.Key.Key_Delete, Qt.Key.Key_F1, Qt.Key.Key_F2, Qt.Key.Key_A, Qt.Key.Key_1, Qt.Key.Key_Period,
)  # fmt: skip
_WITH_CONTROL = (
    Qt.Key.Key_0, Qt.Key.Key_1, Qt.Key.Key_2, Qt.Key.Key_3, Qt.Key.Key_4, Qt.Key.Key_5, Qt.Key.Key_K, Qt.Key.Key_I,
    Qt.Key.Key_Z, Qt.Key.Key_D, Qt.Key.Key_J, Qt.Key.Key_C, Qt.Key.Key_V, Qt.Key.Key_R, Qt.Key.Key_E,
)  # fmt: skip


class Monkey(QObject):
    """One deed at a time, from a timer: a menu or a dialog that waits for an answer does not stop it."""

    def __init__(self, window: MainWindow, files: list[Path], seed: int, log: Any) -> None:
        """log: pytest-qt's; QTest complains of keys that nothing takes."""
        super().__init__()
        self._log = log
        self.window, self.files, self.random = window, files, random.Random(seed)
        self.deeds: deque[str] = deque(maxlen=30)
        self.count = 0
        self._timer = QTimer(self)
        self._timer.setInterval(_PAUSE_MS)
        self._timer.timeout.connect(self._act)

    def start(self) -> None:
        self._timer.start()

    def stop(self) -> None:
        self._timer.stop()

    def _act(self) -> None:
        self._timer.stop()  # a deed that opens a loop of its own is not repeated inside itself
        QTimer.singleShot(200, self, self._timer.start)
        deeds: list[Callable[[QWidget], None]] = [self._click, self._click, self._click, self._type, self._type]
        deed = self.random.choice([*deeds, self._double_click, self._press_control, self._drop, self._resize])
        target = self._target()
        if target is not None:
            self.count += 1
            self.deeds.append(f"{deed.__name__} {type(target).__name__} “{target.objectName()}”")
            deed(target)
        self._timer.start()

    def _target(self) -> QWidget | None:
        """A visible control of what is in front: a popup, the dialog that blocks the rest, or any window."""
        front = QApplication.activePopupWidget() or QApplication.activeModalWidget()
        windows = [front] if front else [w for w in QApplication.topLevelWidgets() if w.isVisible()]
        if not windows:
            return None
        top = self.random.choice(windows)
        inner = [w for w in top.findChildren(QWidget) if isValid(w) and w.isVisible() and w.isEnabled()]
        large = [w for w in [top, *inner] if w.width() > 2 and w.height() > 2]
        return self.random.choice(large) if large else None

    def _point(self, target: QWidget) -> QPoint:
        return QPoint(self.random.randrange(target.width()), self.random.randrange(target.height()))

    def _click(self, target: QWidget) -> None:
        button = Qt.MouseButton.RightButton if self.random.random() < 0.15 else Qt.MouseButton.LeftButton
        QTest.mouseClick(target, button, pos=self._point(target))

    def _double_click(self, target: QWidget) -> None:
        QTest.mouseDClick(target, Qt.MouseButton.LeftButton, pos=self._point(target))

    def _type(self, target: QWidget) -> None:
        with self._log.disabled():
            QTest.keyClick(QApplication.focusWidget() or target, self.random.choice(_KEYS))

    def _press_control(self, target: QWidget) -> None:
        with self._log.disabled():
            QTest.keyClick(target, self.random.choice(_WITH_CONTROL), Qt.KeyboardModifier.ControlModifier)

    def _drop(self, target: QWidget) -> None:
        if QApplication.activeModalWidget() or QApplication.activePopupWidget():
            return
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(self.random.choice(self.files)))])
        copy, left, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        enter = QDragEnterEvent(QPoint(50, 50), copy, data, left, none)
        QApplication.sendEvent(self.window, enter)
        if enter.isAccepted():
            QApplication.sendEvent(self.window, QDropEvent(QPointF(50, 50), copy, data, left, none))

    def _resize(self, target: QWidget) -> None:
        self.window.resize(self.random.randrange(800, 1700), self.random.randrange(600, 1000))


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    table, garbage, empty = (tmp_path / name for name in ("molecules.csv", "noise.bin", "empty.csv"))
    table.write_text("smiles,value\n" + "".join(f"{'C' * n}O,{n}\n" for n in range(1, 40)), encoding="utf-8")
    garbage.write_bytes(random.Random(0).randbytes(2000))
    empty.write_text("", encoding="utf-8")
    return [table, garbage, empty, tmp_path]


@pytest.mark.parametrize("seconds", [15, pytest.param(600, marks=pytest.mark.prove)])
def test_nothing_that_is_clicked_typed_or_dropped_at_random_breaks_the_window(
    qtbot: QtBot, qtlog: Any, project_folder: Path, files: list[Path], monkeypatch: pytest.MonkeyPatch, seconds: int
) -> None:
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: True)
    monkeypatch.setattr(QFileDialog, "exec", lambda self: 0)
    session = Session()
    window = MainWindow(session, Messages())
    qtbot.addWidget(window)
    window.resize(1280, 800)
    with qtbot.waitSignal(session.runsChanged):
        window.show()
        window.open_path(project_folder)
    window._may_close = True  # the question on closing is answered elsewhere; a closed window ends the round
    monkey = Monkey(window, files, SEED, qtlog)
    monkey.start()
    until = time.monotonic() + seconds
    try:
        while time.monotonic() < until:
            qtbot.wait(200)
            if not window.isVisible():
                window.show()
    finally:
        monkey.stop()
        print(f"seed {SEED}: {monkey.count} deeds, of which the last", *monkey.deeds, sep="\n")
        _end(session)
    assert monkey.count > 5 * seconds
    window.close()
    project = Project.open(project_folder, lock=False)
    assert {run.id for run in runs_actions.list_runs(project=project)} >= {"001-train"}


def _end(session: Session) -> None:
    """Close what was opened, and end the runs that were started."""
    for popup in QApplication.topLevelWidgets():
        if popup.isVisible() and not isinstance(popup, MainWindow):
            popup.close()
    for child in psutil.Process().children(recursive=True):
        child.kill()
    session.end()
