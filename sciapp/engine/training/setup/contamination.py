"""Check that a model has not seen test rows before: a score would be a lie."""

from collections.abc import Iterator, Sequence

from sciapp.engine.data.dataset.table import read_inputs
from sciapp.engine.domains.row_input import RowInput
from sciapp.errors import BadInput, SciAppError
from sciapp.i18n import msg
from sciapp.records.dataset.card import DatasetFolder
from sciapp.records.model.reference import run_behind, run_folder_behind
from sciapp.records.plan.plan import TrainPlan
from sciapp.records.project.project import Project
from sciapp.records.run.run import Run


def must_not_know(run: Run, plan: TrainPlan, test_inputs: Sequence[RowInput]) -> tuple[str, ...]:
    """Raises BadInput when a run, of this or another project, that the plan's model comes from was trained on the
    labels of some test inputs.

    Rows that were read without labels are no harm of this kind. Returns what is to be told where a run of another
    project does not let itself be asked; NotFound when one of this project is gone.
    """
    project, held_out = Project.open(run.project_folder), set(test_inputs)
    own = project.dataset_folder(plan.dataset).folder.resolve()
    try:
        for trained, folder in _trainings_behind(project, plan.model):
            if folder.folder.resolve() == own:
                continue  # the same split: its test rows were nobody's training rows
            known = held_out.intersection(read_inputs(folder, "train", "validation"))
            if known:
                raise KnowsTestRows(
                    msg(
                        "The model of {named} was trained on {known:,} of the {asked:,} test inputs of this "
                        "dataset: its test score would be too good to be true.",
                        named=_named(trained, run),
                        known=len(known),
                        asked=len(held_out),
                    ),
                    hint=msg("Begin from a starter, or import the data with the split of that run’s dataset."),
                )
    except (SciAppError, OSError, ValueError) as error:
        if isinstance(error, KnowsTestRows) or run_folder_behind(plan.model) is None:
            raise
        return (
            msg(
                "The model comes from a run of another project, whose rows cannot be read any more: whether it "
                "was trained on test rows of this dataset cannot be told ({error}).",
                error=str(error),
            ),
        )
    return ()


class KnowsTestRows(BadInput):
    """A contamination that nobody may pass over."""


def _trainings_behind(project: Project, model: str) -> Iterator[tuple[Run, DatasetFolder]]:
    """Fine-tunings that `model` comes from, the last one first, each with its dataset's folder."""
    while (run := _run_behind(project, model)) is not None:
        if run.project_folder.resolve() != project.folder.resolve():
            project = Project.open(run.project_folder)
        plan = run.plan()
        if plan.fits_labels:
            yield run, project.dataset_folder(plan.dataset_read)
        if plan.predicts_file:
            return
        model = plan.origin


def _run_behind(project: Project, model: str) -> Run | None:
    if name := run_behind(model):
        return project.run(name)
    folder = run_folder_behind(model)
    return None if folder is None else Run(folder.resolve())


def _named(trained: Run, run: Run) -> str:
    elsewhere = trained.project_folder.resolve() != run.project_folder.resolve()
    if elsewhere:
        return msg("run {id} of project {project}", id=trained.id, project=trained.project_folder.name)
    return msg("run {id}", id=trained.id)
