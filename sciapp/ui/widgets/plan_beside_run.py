"""Left a form with buttons below it, right a run."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from sciapp.ui import theme
from sciapp.ui.widgets.form_scroll import FormScroll

_LEFT, _RIGHT, _NARROWEST = 400, 800, 360


class PlanBesideRun(QSplitter):
    """The form scrolls when it is long; what is below it stays in view."""

    def __init__(
        self, form: Sequence[QWidget], below: Sequence[QWidget], run: QWidget, parent: QWidget | None = None
    ) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        scroll = FormScroll(self)
        scroll.setObjectName("trainingFormScroll")
        scroll.setWidget(_column(form))
        left = QWidget(self)
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, theme.SPACING, 0)
        column.addWidget(scroll, 1)
        for part in below:
            column.addWidget(part)
        left.setMinimumWidth(_NARROWEST)
        self.addWidget(left)
        self.addWidget(run)
        self.setStretchFactor(0, 0)
        self.setStretchFactor(1, 1)
        self.setChildrenCollapsible(False)
        self.setSizes([_LEFT, _RIGHT])


def _column(parts: Sequence[QWidget]) -> QWidget:
    made = QWidget()
    column = QVBoxLayout(made)
    column.setContentsMargins(0, 0, 0, 0)
    for part in parts:
        column.addWidget(part)
    column.addStretch(1)
    return made
