"""The models that a project pre-trained itself, to be chosen for a training."""

from pathlib import Path

from sciapp.engine.models.folder_facts import folder_facts
from sciapp.jobs.summary import summarise
from sciapp.records.base_model import model_of_run, model_words
from sciapp.records.model_facts import ModelFacts
from sciapp.records.project import Project


def own_models(project: Project | None) -> list[ModelFacts]:
    """What the project's own pre-trainings left behind, the newest first."""
    found = []
    for run in reversed(project.runs()) if project else ():
        summary = summarise(run)
        if summary.kind == "pretrain" and summary.standing.has_model:
            reference = model_of_run(run.id)
            facts = folder_facts(run.model_folder, reference, "run", domain=project.record.domain if project else "")
            said = {"title": model_words(reference), "note": f"Learnt from {Path(summary.subject).name}."}
            found.append(facts.model_copy(update=said))
    return found
