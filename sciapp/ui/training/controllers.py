"""Controllers of the training tab: preview of augmentation, load, settings taken from a run, preflight check."""

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from sciapp.actions import training as training_actions
from sciapp.i18n import joined, msg
from sciapp.records.machine.load import MachineLoad
from sciapp.records.plan.augmentation import Augmentations, lacking_models
from sciapp.records.plan.plan import TrainPlan, before_training, is_pretraining
from sciapp.records.project.project import Project
from sciapp.records.project.studies.pretraining_first import PretrainingFirst
from sciapp.records.project.study import StudyDesign
from sciapp.records.run.preflight import AugmentationPreview, Preflight
from sciapp.records.run.run import Run, RunStatus
from sciapp.ui.messages import Messages, in_one_text
from sciapp.ui.session import Session
from sciapp.ui.training.monitor.load import LoadStrip
from sciapp.ui.training.plan_editor import TrainPlanEditor
from sciapp.ui.training.preflight import PreflightDialog
from sciapp.ui.training.pretrain_editor import PretrainEditor
from sciapp.workers.query import LatestQuery
from sciapp.workers.watches import LoadWatch

_PAUSE_MS = 400  # after the last change
_NAME_MODELS = msg("Name both models that translate to see what back-translation makes of training rows.")
_Asked = tuple[str, str, Augmentations, int, int]


class AugmentationController(QObject):
    """Works out a preview when the form's fold is open and something that shows in it has changed."""

    def __init__(self, session: Session, editor: TrainPlanEditor, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._editor = session, editor
        self._number = 1
        self._requested: _Asked | None = None
        self._only_choices = False
        self._asking = LatestQuery(self)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_PAUSE_MS)
        self._timer.timeout.connect(self._look)
        self._asking.failed.connect(self._failed)
        self._asking.progressed.connect(lambda stage, *_: editor.augment_view.say(msg("{stage}…", stage=stage)))
        editor.valueChanged.connect(self._changed)
        editor.augmentation_fold.turned.connect(self._changed)
        editor.augment_view.anotherWanted.connect(self._next)
        session.projectClosed.connect(self.forget)

    def forget(self) -> None:
        """Nobody waits any longer."""
        self._timer.stop()
        self._asking.drop()
        self._requested, self._number = None, 1

    def _changed(self, _: object = None) -> None:
        if self._editor.augmentation_fold.isOpen() and self._wanted() not in {None, self._requested}:
            self._timer.start()

    def _next(self) -> None:
        self._number += 1
        self._look()

    def _wanted(self) -> _Asked | None:
        plan, project = self._editor.value(), self._session.project
        if plan is None or project is None:
            return None
        augmentation = plan.augmentation.model_copy(update={"test_time": 0})  # it has no say in how training rows look
        return str(project.folder), plan.dataset, augmentation, plan.seed, self._number

    def _look(self) -> None:
        plan, project, request = self._editor.value(), self._session.project, self._wanted()
        if plan is None or project is None or request is None:
            return
        self._requested = request
        self._editor.augment_view.say(msg("Looking…"))
        lacking = bool(lacking_models(plan.augmentation))
        self._ask(_without_names(plan) if lacking else plan, _NAME_MODELS if lacking else "")

    def _ask(self, plan: TrainPlan, problem: str) -> None:
        """problem: what is said in place of rows."""
        project, number = self._session.project, self._number
        assert project is not None, "it was looked at before"
        self._only_choices = bool(problem)
        self._asking.ask(
            lambda progress: training_actions.preview_augmentation(
                project=project, plan=plan, number=number, progress=progress
            ),
            lambda preview: self._show(preview, plan, problem),
        )

    def _show(self, preview: AugmentationPreview, plan: TrainPlan, problem: str) -> None:
        self._editor.augmentation.setChoices(preview.choices)
        if problem:
            self._editor.augment_view.show_problem(problem)
        else:
            self._editor.augment_view.show_preview(preview, chosen=bool(plan.augmentation.augmentations))

    def _failed(self, error: object) -> None:
        problem = in_one_text(error)
        self._editor.augment_view.show_problem(problem)
        plan, self._requested = self._editor.value(), None
        if plan is not None and self._editor.augmentation.lacksChoices() and not self._only_choices:
            self._ask(_without_names(plan), problem)  # so that what fails can be unticked


def _without_names(plan: TrainPlan) -> TrainPlan:
    """A plan that finds out what can be ticked, whatever was ticked."""
    plain = plan.augmentation.model_copy(update={"augmentations": ()})
    return plan.model_copy(update={"augmentation": plain})


# What Start starts, and what is missing before it can.


def design_of(editor: TrainPlanEditor, pretraining: PretrainEditor) -> StudyDesign | None:
    """The training of the form, with the self-supervised run before it; None while something is missing."""
    design, training, first = editor.design(), editor.value(), pretraining.value()
    if design is None or training is None or pretraining.lacks_file() or lacking_models(training.augmentation):
        return None
    if first is None:
        return design
    return StudyDesign(plan=before_training(first, training), kind=PretrainingFirst.name, then=design)


def why_not(project: Project | None, editor: TrainPlanEditor, pretraining: PretrainEditor) -> str:
    """The step that a person has to take first; empty when nothing is missing."""
    if project is None:
        return msg("Open or create a project first.")
    if project.read_only:
        return msg("The project is open elsewhere: this window can only read.")
    if (plan := editor.value()) is None:
        return msg("Import a table in the Data tab and choose a model.")
    if pretraining.lacks_file():
        return msg("Choose the file with the unlabelled rows.")
    if lacking_models(plan.augmentation):
        return msg("Under Augmentation, name both models that translate, or untick back-translation.")
    return ""


# Keeps the strip with processor, memory, GPU and speed fed while the watched run is on.


class LoadController(QObject):
    """One watch at a time; none for a run that is not on, or on another machine."""

    def __init__(self, strip: LoadStrip, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._strip = strip
        self._watch: LoadWatch | None = None

    def watch(self, run: Run | None, standing: RunStatus) -> None:
        """The watched run stands so from now on."""
        self.leave()
        if run is None or standing is not RunStatus.RUNNING:
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


# A variation of a run: its settings back in the form, to change one and start again.


class VariationController(QObject):
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
            self._asking.ask(
                lambda _: training_actions.settings_of(project=project, run_id=id),
                lambda design: self._show(id, design),
            )

    def _show(self, id: str, design: StudyDesign) -> None:
        training, plan = design.training, design.plan
        self._pretraining.setValue(plan if is_pretraining(plan) else None)
        note = ""
        if training is not None:
            self._training.select_dataset(training.dataset)  # first: a dataset brings its own covariates
            self._training.setDesign(design if design.plan is training or design.then is None else design.then)
            if training.dataset not in {card.id for card in self._session.datasets}:
                note = msg("Its dataset “{dataset}” is gone; choose another.", dataset=training.dataset)
        filled = msg("The form has the settings of run {run}; change what you like, then start.", run=id)
        self._messages.inform(joined([filled, note]))


# Looks at a training before it is started, when somebody asks for it.


class PreflightController(QObject):
    """Owns the question and the dialog that waits for its answer."""

    startRequested = Signal()
    checked = Signal(object, object)  # Preflight, and the TrainPlan that was tried

    def __init__(self, session: Session, editor: TrainPlanEditor, parent: QWidget) -> None:
        super().__init__(parent)
        self._session, self._editor, self._window = session, editor, parent
        self.dialog: PreflightDialog | None = None
        self._asking = LatestQuery(self)
        self._asking.progressed.connect(self._progressed)
        self._asking.failed.connect(self._failed)
        session.projectClosed.connect(self.forget)

    def check(self) -> None:
        """Try the plan in the form out, and show what that says."""
        plan, project = self._editor.value(), self._session.project
        if plan is None or project is None:
            return
        self.forget()
        self.dialog = PreflightDialog(self._window)
        self.dialog.finished.connect(self._asking.drop)
        self.dialog.startRequested.connect(self.startRequested)
        self.dialog.open()
        self._asking.ask(
            lambda progress: training_actions.check_training(project=project, plan=plan, progress=progress),
            lambda seen: self._answered(seen, plan),
        )

    def forget(self) -> None:
        """Nobody waits any longer."""
        self._asking.drop()
        if self.dialog is not None:
            self.dialog.close()
            self.dialog.deleteLater()
            self.dialog = None

    def _answered(self, seen: Preflight, plan: TrainPlan) -> None:
        self.checked.emit(seen, plan)
        if self.dialog is not None:
            self.dialog.show_preflight(seen)

    def _progressed(self, stage: str, done: int, total: int) -> None:
        if self.dialog is not None:
            self.dialog.busy.show_progress(stage, done, total)

    def _failed(self, error: object) -> None:
        if self.dialog is not None:
            self.dialog.show_problem(in_one_text(error))
