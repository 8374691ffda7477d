"""The models that runs of another project left behind, to be chosen for a training."""

from pathlib import Path

from sciapp.errors import NotFound
from sciapp.jobs.summary import summarise
from sciapp.records.model_facts import ModelFacts
from sciapp.records.project import Project
from sciapp.records.score_words import score_title
from sciapp.records.summary import RunSummary


def models_of_project(path: Path) -> list[ModelFacts]:
    """What the trainings of the project at `path` left behind, the newest first; `name` is what a plan says.

    The project is only read: it may be open elsewhere. Raises NotFound where it has none, and what `Project.open` does.
    """
    project = Project.open(path)
    summaries = [summarise(run) for run in reversed(project.runs())]
    found = [_facts(project, one) for one in summaries if one.is_training and one.standing.has_model]
    if not found:
        raise NotFound(
            f"No run of “{project.record.name}” has a model to begin from.",
            hint="Choose a project with a training that finished or was stopped.",
        )
    return found


def _facts(project: Project, run: RunSummary) -> ModelFacts:
    score = f", {score_title(run.score.name)} {run.score.value:.3g}" if run.score else ""
    title = f"{run.id}: {Path(run.subject).name}, from {run.model}{score}"
    return ModelFacts(name=str(project.run(run.id).folder), origin="folder", title=title, domain=project.record.domain)
