"""Look of tables whose rows are things to choose from: runs, results, the queue."""

from collections.abc import Callable, Collection

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from sciapp.i18n import msg
from sciapp.ui.words import tr


def make_row_list(table: QTableView, giving_way: Collection[int] = ()) -> None:
    """One whole row is chosen. giving_way: columns that share what is left by the others, which are as wide as their
    cells; without any the widths are left to the caller."""
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setAlternatingRowColors(True)
    table.setShowGrid(False)
    table.setWordWrap(False)
    table.setTabKeyNavigation(False)  # Tab leaves the table; the arrows move in it
    table.verticalHeader().hide()
    header = table.horizontalHeader()
    if giving_way:
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
    for column in giving_way:
        header.setSectionResizeMode(column, QHeaderView.ResizeMode.Stretch)
    header.setHighlightSections(False)
    header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)


# “Use these settings”: the action that any list of runs offers for the run that is chosen in it.


TEXT = msg("Use these settings")
HELP = msg("Fill the Training tab with the settings of this run, to change something and start again.")


def offer_settings(view: QAbstractItemView, wanted: Callable[[], object]) -> QAction:
    """Put the action into the menu of the view (right click, or the menu key)."""
    action = QAction(tr(TEXT), view)
    action.setObjectName("useSettings")
    action.setToolTip(tr(HELP))
    action.triggered.connect(lambda _=False: wanted())
    view.addAction(action)
    view.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
    return action
