"""Keeps the strip with processor, memory, GPU and speed fed while the watched run is on."""

from PySide6.QtCore import QObject

from sciapp.records.machine_load import MachineLoad
from sciapp.records.run import Ending, Run
from sciapp.ui.widgets.load_strip import LoadStrip
from sciapp.workers.load_watch import LoadWatch


class LoadDesk(QObject):
    """One watch at a time; none for a run that is not on, or on another machine."""

    def __init__(self, strip: LoadStrip, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._strip = strip
        self._watch: LoadWatch | None = None

    def watch(self, run: Run | None, standing: Ending) -> None:
        """The watched run stands so from now on."""
        self.leave()
        if run is None or standing is not Ending.RUNNING:
            return
        self._watch = LoadWatch(run, self)
        self._watch.loadRead.connect(self._show)
        self._watch.begin()

    def leave(self) -> None:
        if self._watch is not None:
            self._watch.halt()
            self._watch = None

    def _show(self, load: MachineLoad) -> None:
        if self.sender() is self._watch:
            self._strip.show_load(load)
