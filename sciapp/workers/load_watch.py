"""Once a second say what a run takes of this machine, while it is on."""

from PySide6.QtCore import QObject, Signal

from sciapp.errors import SciAppError
from sciapp.jobs.meter import Meter
from sciapp.records.run import Run
from sciapp.workers.watch import Watch


class LoadWatch(Watch):
    """Ends by itself when the run's process is gone, or at once where another machine executes it."""

    loadRead = Signal(object)  # MachineLoad

    def __init__(self, run: Run, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._run = run

    def run(self) -> None:
        """Qt calls this on the new thread."""
        meter = Meter()
        try:
            while not self.halted:
                load = meter.read(self._run.state())
                if load is None:
                    return
                self.loadRead.emit(load)
                self.pause()
        except SciAppError:
            return  # the run's folder was taken away
        finally:
            meter.close()
