"""Actions that begin with a plan of a training: preview its augmentation, check it, start it, train on."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from sciapp.actions.runs import IN_TURN, Start, Started, start_run
from sciapp.engine.runtime.progress import Progress
from sciapp.errors import BadInput
from sciapp.i18n import msg
from sciapp.jobs.launch.helper import Executor, in_helper_process
from sciapp.jobs.runs import follow_up
from sciapp.records.plan.augmentation import check_models
from sciapp.records.plan.plan import TrainPlan
from sciapp.records.project.project import Project
from sciapp.records.project.requests import CheckTraining, PreviewAugmentation
from sciapp.records.project.studies.registry import check_design, design_of
from sciapp.records.project.study import StudyDesign
from sciapp.records.run.preflight import AugmentationPreview, Preflight
from sciapp.records.run.run import Run


def preview_augmentation(
    *,
    project: Project,
    plan: TrainPlan,
    number: int,
    rows: int = 3,
    download: bool = False,
    progress: Progress,
    execute: Executor = in_helper_process,
) -> AugmentationPreview:
    """Some training rows beside what the pass `number` (from 1) of `plan` makes of them. Raises BadInput.

    download: fetch the models that generate rows from the hub where they are not on this computer.
    """
    if rows < 1 or number < 1:
        raise BadInput(msg("--rows and --pass count from 1."))
    request = PreviewAugmentation(project=project.folder, plan=plan, rows=rows, number=number, download=download)
    return execute(request, AugmentationPreview, progress)


def check_training(
    *,
    project: Project,
    plan: TrainPlan,
    continues: str = "",
    progress: Progress,
    execute: Executor = in_helper_process,
) -> Preflight:
    """The needs of `plan` and the warnings about it, from some steps that are tried.

    continues: the run that the training is to go on from.
    """
    return execute(CheckTraining(project=project.folder, plan=plan, continues=continues), Preflight, progress)


def check_start(*, project: Project, design: StudyDesign, start: Start = IN_TURN) -> None:
    """Raise BadInput where what was designed cannot be carried out, or cannot begin so; before a run is made."""
    check_design(project, design)
    if design.training is not None:
        check_models(design.training.augmentation)
    start.check()


def start_study(*, project: Project, design: StudyDesign, start: Start = IN_TURN) -> Started:
    """The first run of what was designed, a plan alone or a study; what follows on it starts by itself.

    Raises BadInput where the study cannot be carried out, ProjectProblem.
    """
    check_start(project=project, design=design, start=start)
    return start_run(run=follow_up.begin(project, design), start=start)


def settings_of(*, project: Project, run_id: str) -> StudyDesign:
    """The plan of a training and the study that it began, to begin a variation of it; of a compression or prediction,
    that of its model's training.

    Raises NotFound for a run whose model's training is gone, RunProblem for a plan that cannot be read.
    """
    while source := project.run(run_id).plan().source_run:
        run_id = source
    return design_of(project, run_id)


def design_on(
    *, project: Project, run: Run, epochs: int, settings: Mapping[str, Any] = MappingProxyType({})
) -> StudyDesign:
    """The training that goes on where `run` ended, for so many more passes over the data. Raises RunProblem, BadInput.

    settings: leaf settings that it has otherwise.
    """
    return follow_up.continuation(project, run, epochs, settings)


def train_on(*, project: Project, run: Run, epochs: int, start: Start = IN_TURN) -> Started:
    """A new run that goes on where `run` ended; it may have to wait its turn. Raises what `design_on` raises."""
    return start_study(project=project, design=design_on(project=project, run=run, epochs=epochs), start=start)
