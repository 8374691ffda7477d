"""One line about the queue above the Start button, there only while there is something to say."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from sciapp.i18n import msg
from sciapp.records.machine.queue_view import QueueView
from sciapp.ui.widgets.labels import ElidedLabel
from sciapp.ui.words import tr


class QueueStrip(QWidget):
    """“Queue: 1 running, 3 waiting.” and a button that shows all of it."""

    queueRequested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._label = ElidedLabel(self)
        self._label.setObjectName("queueStripSaid")
        show = QPushButton(tr(msg("Show queue…")), self)
        show.setObjectName("showQueue")
        show.setToolTip(tr(msg("Which runs of this computer wait for their turn; change their order, pause, go on.")))
        show.clicked.connect(self.queueRequested)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._label, 1)
        row.addWidget(show)
        self.setView(QueueView())

    def setView(self, view: QueueView) -> None:
        """Show it, or nothing."""
        self._label.setText(tr(view.summary))
        self.setVisible(bool(view.summary))
