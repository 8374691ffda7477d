"""What the model that a training begins from has seen already: a test row among it would make the test score a lie."""

from collections.abc import Iterator

from sciapp.engine.data.tables import read_inputs
from sciapp.errors import BadInput
from sciapp.records.base_model import model_of_run, run_behind
from sciapp.records.dataset import DatasetFolder
from sciapp.records.plan import CompressPlan, PretrainPlan, TrainPlan
from sciapp.records.project import Project
from sciapp.records.run import Run


def must_not_know(run: Run, plan: TrainPlan, test_inputs: list[str]) -> None:
    """Raises BadInput when a run that the plan's model comes from was trained on the labels of some test inputs.

    Rows that were read without labels are no harm of this kind; NotFound when one of those runs is gone.
    """
    project, asked = Project.open(run.project_folder), set(test_inputs)
    for trained, folder in _trainings_behind(project, plan.model):
        if folder.folder.name == plan.dataset:
            continue  # the same split: its test rows were nobody's training rows
        known = asked.intersection(read_inputs(folder, "train", "validation"))
        if known:
            raise BadInput(
                f"The model of run {trained} was trained on {len(known):,} of the {len(asked):,} test inputs of this "
                "dataset: its test score would be too good to be true.",
                hint="Begin from a starter, or import the data with the split of that run’s dataset.",
            )


def _trainings_behind(project: Project, model: str) -> Iterator[tuple[str, DatasetFolder]]:
    """Fine-tunings that `model` comes from, the last one first, each with its dataset's folder."""
    while name := run_behind(model):
        plan = project.run(name).plan()
        if isinstance(plan, TrainPlan):
            yield name, project.dataset_folder(plan.dataset)
        if isinstance(plan, TrainPlan | PretrainPlan):
            model = plan.model
        elif isinstance(plan, CompressPlan):
            model = model_of_run(plan.run)
        else:
            return
