"""“Use these settings”: the action that any list of runs offers for the run that is chosen in it."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QAbstractItemView

TEXT = "Use these settings"
HELP = "Fill the Training tab with the settings of this run, to change something and start again."


def offer_settings(view: QAbstractItemView, wanted: Callable[[], object]) -> QAction:
    """Put the action into the menu of the view (right click, or the menu key)."""
    action = QAction(TEXT, view)
    action.setObjectName("useSettings")
    action.setToolTip(HELP)
    action.triggered.connect(lambda _=False: wanted())
    view.addAction(action)
    view.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
    return action
