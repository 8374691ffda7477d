"""The models that a project pre-trained itself, to be chosen for a training."""

from pathlib import Path

from sciapp.jobs.summary import summarise
from sciapp.records.base_model import model_of_run, model_words
from sciapp.records.project import Project


def own_models(project: Project | None) -> list[tuple[str, str]]:
    """(reference, what people read), the newest first."""
    if project is None:
        return []
    summaries = [summarise(run) for run in reversed(project.runs())]
    return [
        (reference := model_of_run(one.id), f"{model_words(reference)}  ·  learnt from {Path(one.subject).name}")
        for one in summaries
        if one.kind == "pretrain" and one.standing.has_model
    ]
