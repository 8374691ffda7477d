"""Keep an eye on a project's folders: which runs and datasets there are, and how the runs stand."""

from PySide6.QtCore import QObject, Signal

from sciapp.engine.data.numeric_columns import numeric_columns
from sciapp.jobs.summary import summarise
from sciapp.records.damage import DamagedDataset
from sciapp.records.dataset import DatasetCard
from sciapp.records.project import Project
from sciapp.records.summary import RunSummary
from sciapp.workers.watch import Watch


class RunsWatch(Watch):
    """Announces the runs and the datasets once at the start, and again whenever something about them changed.

    Runs are also started from a command line or another window; the folder is the only place that knows them all.
    """

    runsChanged = Signal(list)  # list[RunSummary], oldest first
    datasetsChanged = Signal(list)  # list[DatasetCard], oldest first
    damageChanged = Signal(list)  # list[DamagedDataset]; told before the datasets

    def __init__(self, project: Project, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._project = project

    def run(self) -> None:
        """Qt calls this on the new thread."""
        runs: list[RunSummary] | None = None
        datasets: list[DatasetCard] | None = None
        damaged: list[DamagedDataset] = []
        while not self.halted:
            now_datasets = [_with_columns(self._project, card) for card in self._project.datasets()]
            if (now_damaged := self._project.damaged_datasets()) != damaged:
                damaged = now_damaged
                self.damageChanged.emit(damaged)
            if now_datasets != datasets:
                datasets = now_datasets
                self.datasetsChanged.emit(datasets)
            now_runs = [summarise(run) for run in self._project.runs()]
            if now_runs != runs:
                runs = now_runs
                self.runsChanged.emit(runs)
            self.pause()


def _with_columns(project: Project, card: DatasetCard) -> DatasetCard:
    """Cards from before columns of numbers were looked for get theirs."""
    found = numeric_columns(project.dataset_folder(card.id).table_file, card)
    return card if card.numeric_columns is not None else card.model_copy(update={"numeric_columns": found})
