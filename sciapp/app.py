"""Puts the window together: settings, session, theme, and what happens to errors nobody caught."""

import argparse
import logging
import logging.handlers
import signal
import sys
import threading
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QMessageLogContext, QObject, QTimer, QtMsgType, Signal, qInstallMessageHandler
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication

from sciapp import __version__, settings
from sciapp.i18n import msg
from sciapp.ui import theme, words
from sciapp.ui.main_window import MainWindow
from sciapp.ui.messages import Messages
from sciapp.ui.session import Session
from sciapp.workers.standby_watch import StandbyWatch
from sciapp.workers.thread import end_all, share_interpreter

_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}


def main(arguments: list[str]) -> int:
    """Open the window, on a project if one is named; returns the exit code."""
    parser = argparse.ArgumentParser(prog="sciapp", description=msg("Open the window."))
    parser.add_argument("project", nargs="?", metavar="PROJECT", help=msg("a project's folder or .sciproj file"))
    options = parser.parse_args(arguments)
    _log_to_file()
    application = QApplication.instance() or QApplication(["sciapp"])
    assert isinstance(application, QApplication)
    application.setApplicationName("SciApp")
    application.setApplicationVersion(__version__)
    application.setDesktopFileName("sciapp")
    application.setWindowIcon(QIcon(str(settings.resources_folder() / "icons" / "sciapp.svg")))
    words.speak(settings.language())
    preferences = settings.load()
    theme.apply(preferences.theme, text_size=preferences.text_size)
    theme.follow_system()
    # Ctrl+C in the terminal ends the window at once; runs are processes of their own and go on.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    messages = Messages()
    net = SafetyNet(messages)
    net.spread()
    share_interpreter()
    standby = StandbyWatch()
    window = MainWindow(Session(), messages, standby)
    window.show()
    standby.begin()
    QTimer.singleShot(0, window, window.queue_controller.ask)
    if options.project:
        path = Path(options.project).absolute()
        QTimer.singleShot(0, window, lambda: window.open_path(path))
    try:
        return application.exec()
    finally:
        net.remove()
        standby.end()
        end_all()


class SafetyNet(QObject):
    """An error that nobody caught, on whatever thread, is logged and told; the window goes on."""

    _caught = Signal(object)  # crosses from any thread to the window's

    def __init__(self, messages: Messages) -> None:
        super().__init__()
        self._caught.connect(messages.error)
        self._before = (sys.excepthook, threading.excepthook)

    def spread(self) -> None:
        """From now on catch errors, and put what Qt says into the log."""
        sys.excepthook = self._uncaught
        threading.excepthook = lambda failure: self._uncaught(
            failure.exc_type, failure.exc_value or failure.exc_type(), failure.exc_traceback
        )
        qInstallMessageHandler(_log_qt_message)

    def remove(self) -> None:
        """Put back what was there before."""
        sys.excepthook, threading.excepthook = self._before
        qInstallMessageHandler(None)

    def _uncaught(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt | SystemExit):
            sys.__excepthook__(kind, error, trace)
            return
        logging.getLogger("sciapp").error("uncaught", exc_info=(kind, error, trace))
        self._caught.emit(error)


def _log_qt_message(kind: QtMsgType, _context: QMessageLogContext, text: str) -> None:
    logging.getLogger("qt").log(_LEVELS.get(kind, logging.WARNING), text)


def _log_to_file() -> None:
    """A log that helps to find out later; a folder that cannot be written is no reason not to start."""
    try:
        settings.log_folder().mkdir(parents=True, exist_ok=True)
        handler = logging.handlers.RotatingFileHandler(
            settings.log_folder() / "sciapp.log", maxBytes=1_000_000, backupCount=2, encoding="utf-8"
        )
    except OSError:
        return
    logging.basicConfig(
        level=logging.INFO, handlers=[handler], format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )
