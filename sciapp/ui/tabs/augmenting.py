"""Keeps the preview of augmentation up to date with the training form."""

from PySide6.QtCore import QObject, QTimer

from sciapp.errors import SciAppError
from sciapp.records.augment_preview import AugmentationPreview
from sciapp.records.augmenting import Augmenting, lacking_models
from sciapp.records.plan import TrainPlan
from sciapp.ui.editors.train_plan_editor import TrainPlanEditor
from sciapp.ui.session import Session
from sciapp.workers import verbs
from sciapp.workers.latest import LatestQuery

_PAUSE_MS = 400  # after the last change
_NAME_MODELS = "Name both models that translate to see what back-translation makes of training rows."
_Asked = tuple[str, str, Augmenting, int, int]


class AugmentationDesk(QObject):
    """Works out a preview when the form's fold is open and something that shows in it has changed."""

    def __init__(self, session: Session, editor: TrainPlanEditor, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._editor = session, editor
        self._number = 1
        self._asked: _Asked | None = None
        self._only_choices = False
        self._asking = LatestQuery(self)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_PAUSE_MS)
        self._timer.timeout.connect(self._look)
        self._asking.failed.connect(self._failed)
        self._asking.progressed.connect(lambda stage, *_: editor.augment_view.say(f"{stage}…"))
        editor.valueChanged.connect(self._changed)
        editor.augmentation_fold.turned.connect(self._changed)
        editor.augment_view.anotherWanted.connect(self._next)
        session.projectClosed.connect(self.forget)

    def forget(self) -> None:
        """Nobody waits any longer."""
        self._timer.stop()
        self._asking.drop()
        self._asked, self._number = None, 1

    def _changed(self, _: object = None) -> None:
        if self._editor.augmentation_fold.isOpen() and self._wanted() not in {None, self._asked}:
            self._timer.start()

    def _next(self) -> None:
        self._number += 1
        self._look()

    def _wanted(self) -> _Asked | None:
        plan, project = self._editor.value(), self._session.project
        if plan is None or project is None:
            return None
        shown = plan.augmentation.model_copy(update={"test_time": 0})  # it has no say in how training rows look
        return str(project.folder), plan.dataset, shown, plan.seed, self._number

    def _look(self) -> None:
        plan, project, asked = self._editor.value(), self._session.project, self._wanted()
        if plan is None or project is None or asked is None:
            return
        self._asked = asked
        self._editor.augment_view.say("Looking…")
        lacking = bool(lacking_models(plan.augmentation))
        self._ask(_without_names(plan) if lacking else plan, _NAME_MODELS if lacking else "")

    def _ask(self, plan: TrainPlan, problem: str) -> None:
        """problem: what is said in place of rows."""
        project, number = self._session.project, self._number
        assert project is not None, "it was looked at before"
        self._only_choices = bool(problem)
        self._asking.ask(
            lambda reporter: verbs.preview_augmentation(project=project, plan=plan, number=number, reporter=reporter),
            lambda preview: self._show(preview, plan, problem),
        )

    def _show(self, preview: AugmentationPreview, plan: TrainPlan, problem: str) -> None:
        self._editor.augmentation.setChoices(preview.choices)
        if problem:
            self._editor.augment_view.show_problem(problem)
        else:
            self._editor.augment_view.show_preview(preview, chosen=bool(plan.augmentation.augmentations))

    def _failed(self, error: object) -> None:
        said = f"{error.message} {error.hint}".strip() if isinstance(error, SciAppError) else str(error)
        self._editor.augment_view.show_problem(said)
        plan, self._asked = self._editor.value(), None
        if plan is not None and self._editor.augmentation.lacksChoices() and not self._only_choices:
            self._ask(_without_names(plan), said)  # so that what fails can be unticked


def _without_names(plan: TrainPlan) -> TrainPlan:
    """A plan that finds out what can be ticked, whatever was ticked."""
    plain = plan.augmentation.model_copy(update={"augmentations": ()})
    return plan.model_copy(update={"augmentation": plain})
