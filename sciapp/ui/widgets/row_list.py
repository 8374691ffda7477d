"""How a table looks whose rows are things to choose from: runs, results, the queue."""

from collections.abc import Collection

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView


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
