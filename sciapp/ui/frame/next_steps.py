"""What has just ended in the open project, and the one step that follows: offered, never taken by itself."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from sciapp.i18n import joined, msg
from sciapp.records.dataset.card import DatasetCard
from sciapp.records.run.score_format import short_score
from sciapp.records.run.summary import RunSummary
from sciapp.ui.frame.commands import open_run
from sciapp.ui.session import Session


class NextSteps(QObject):
    """Tells apart what came while the project was open from what it held when it was opened."""

    offered = Signal(object, object, object)  # what has ended, the button's text, what it does
    withdrawn = Signal()

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._datasets: set[str] | None = None
        self._trained: set[str] | None = None
        session.projectOpened.connect(self._forget)
        session.projectClosed.connect(self._forget)
        session.datasetsChanged.connect(self._compare_datasets)
        session.runsChanged.connect(self._compare_runs)

    def _forget(self, *_: object) -> None:
        self._datasets, self._trained = None, None
        self.withdrawn.emit()

    def _compare_datasets(self, cards: list[DatasetCard]) -> None:
        known, self._datasets = self._datasets, {card.id for card in cards}
        new = [card for card in cards if known is not None and card.id not in known]
        if new and not self._session.read_only:
            card = new[-1]
            text = msg("“{name}” is imported: {rows:,} rows.", name=card.name, rows=card.rows_kept)
            self._offer(text, msg("Train on this"), lambda: self._train_on(card.id))

    def _compare_runs(self, runs: list[RunSummary]) -> None:
        trained = [run for run in runs if run.is_training and run.standing.has_model and not run.is_pretraining]
        known, self._trained = self._trained, {run.id for run in trained}
        ended = [run for run in trained if known is not None and run.id not in known]
        if ended:
            run = ended[-1]
            score = short_score(run.score) if run.score is not None else ""
            text = msg("{run} is {state}.", run=run.display_name, state=joined([run.state, score], ", "))
            self._offer(text, msg("See the results"), lambda: open_run(self._session, run.id))

    def _offer(self, text: str, button: str, does: Callable[[], object]) -> None:
        self.offered.emit(text, button, does)

    def _train_on(self, dataset: str) -> None:
        self._session.select_dataset(dataset)
        self._session.request_tab("training")
