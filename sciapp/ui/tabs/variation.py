"""A variation of a run: its settings back in the form, to change one and start again."""

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from sciapp.records.plan import PretrainPlan, TrainPlan
from sciapp.ui.editors.pretrain_editor import PretrainEditor
from sciapp.ui.editors.train_plan_editor import TrainPlanEditor
from sciapp.ui.messages import Messages
from sciapp.ui.session import Session
from sciapp.workers import verbs
from sciapp.workers.latest import LatestQuery


class VariationDesk(QObject):
    """Fills the two editors of the Training tab when the session asks for the settings of a run."""

    def __init__(
        self,
        session: Session,
        messages: Messages,
        editors: tuple[TrainPlanEditor, PretrainEditor],
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._session, self._messages, self._window = session, messages, window
        self._training, self._pretraining = editors
        self._asking = LatestQuery(self)
        self._asking.failed.connect(lambda error: messages.error(error, window))
        session.settingsRequested.connect(self.use_settings_of)

    def use_settings_of(self, id: str) -> None:
        """Read the plan of a run and show it."""
        if (project := self._session.project) is not None and id:
            self._asking.ask(lambda _: verbs.settings_of(project=project, run_id=id), lambda plan: self._show(id, plan))

    def _show(self, id: str, plan: TrainPlan | PretrainPlan) -> None:
        training = plan.then if isinstance(plan, PretrainPlan) else plan
        self._pretraining.setValue(plan if isinstance(plan, PretrainPlan) else None)
        note = ""
        if training is not None:
            self._training.select_dataset(training.dataset)  # first: a dataset brings its own covariates
            self._training.setValue(training)
            if training.dataset not in {card.id for card in self._session.datasets}:
                note = f" Its dataset “{training.dataset}” is gone; choose another."
        self._messages.inform(f"The form has the settings of run {id}; change what you like, then start.{note}")
