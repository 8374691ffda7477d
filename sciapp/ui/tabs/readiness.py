"""What Start starts, and what is missing before it can."""

from sciapp.records.augmenting import lacking_models
from sciapp.records.plan import PretrainPlan, TrainPlan, before_training
from sciapp.records.project import Project
from sciapp.ui.editors.pretrain_editor import PretrainEditor
from sciapp.ui.editors.train_plan_editor import TrainPlanEditor


def plan_of(editor: TrainPlanEditor, pretraining: PretrainEditor) -> TrainPlan | PretrainPlan | None:
    """The training of the form, or the self-supervised run that it follows on; None while something is missing."""
    training, first = editor.value(), pretraining.value()
    if training is None or pretraining.lacks_file() or lacking_models(training.augmentation):
        return None
    return training if first is None else before_training(first, training)


def why_not(project: Project | None, editor: TrainPlanEditor, pretraining: PretrainEditor) -> str:
    """What a person has to do first; empty when nothing is missing."""
    if project is None:
        return "Open or create a project first."
    if project.read_only:
        return "The project is open elsewhere: this window can only read."
    if (plan := editor.value()) is None:
        return "Import a table in the Data tab and choose a model."
    if pretraining.lacks_file():
        return "Choose the file with the unlabelled rows."
    if lacking_models(plan.augmentation):
        return "Under Augmentation, name both models that translate, or untick back-translation."
    return ""
