"""Puts the window together: settings, session, theme, and what happens to errors nobody caught."""

import argparse
import logging
import logging.handlers
import sys
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QTimer
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication

from sciapp import __version__, settings
from sciapp.ui import theme
from sciapp.ui.messages import Messages
from sciapp.ui.session import Session


def main(arguments: list[str]) -> int:
    """Open the window, on a project if one is named; returns the exit code."""
    parser = argparse.ArgumentParser(prog="sciapp", description="Open the window.")
    parser.add_argument("project", nargs="?", metavar="PROJECT")
    options = parser.parse_args(arguments)
    _log_to_file()
    application = QApplication.instance() or QApplication(["sciapp"])
    assert isinstance(application, QApplication)
    application.setApplicationName("SciApp")
    application.setApplicationVersion(__version__)
    application.setDesktopFileName("sciapp")
    application.setWindowIcon(QIcon(str(settings.resources_folder() / "icons" / "sciapp.svg")))
    theme.apply(settings.load().theme)
    messages = Messages()
    _catch_everything(messages)
    session = Session()
    # pyqtgraph takes a quarter of a second; imported here rather than above, so that `--help` and errors need not wait.
    from sciapp.ui.main_window import MainWindow

    window = MainWindow(session, messages)
    window.show()
    if options.project:
        QTimer.singleShot(0, lambda: window.open_path(Path(options.project)))
    code = application.exec()
    _end_threads()
    return code


def _end_threads() -> None:
    from sciapp.workers.thread import end_all

    end_all()


def _catch_everything(messages: Messages) -> None:
    """An error that nobody caught is logged and told; the window goes on."""

    def hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
            return
        logging.getLogger("sciapp").error("uncaught", exc_info=(kind, error, trace))
        messages.error(error)

    sys.excepthook = hook


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
