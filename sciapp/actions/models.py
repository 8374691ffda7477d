"""The models on offer, and facts about them: of one for the chosen dataset and batches, and of all in a table."""

import os
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import psutil
import pyarrow as pa

from sciapp.actions.domains import open_project
from sciapp.actions.tables import Column, MemorySource
from sciapp.engine.domains.about import rows_of
from sciapp.engine.hub.catalog import describe, offers
from sciapp.engine.hub.memory_estimate import training_memory
from sciapp.engine.hub.model_info import folder_facts
from sciapp.engine.hub.parameter_count import all_weights, method_weights
from sciapp.errors import BadInput, NotFound, OutOfSpace
from sciapp.i18n import msg, term
from sciapp.jobs.runs.summary import summarise
from sciapp.records.atomic import new_folder
from sciapp.records.model.info import NOT_STATED, ModelFacts, before_start_text, bytes_text, location_text, memory_text
from sciapp.records.model.reference import model_of_run, model_words
from sciapp.records.plan.plan import Batching, TrainPlan
from sciapp.records.project.project import Project
from sciapp.records.run.run import Run
from sciapp.records.run.score_format import score_title
from sciapp.records.run.summary import RunSummary


def models_for(*, domain: str, project: Project | None = None) -> list[ModelFacts]:
    """The models on offer: the project's own, then those of the domain, among them those that ship with SciApp."""
    return own_models(project) + sorted(offered_models(), key=lambda facts: facts.domain != domain)


def offered_models(*, domain: str = "") -> list[ModelFacts]:
    """The models that any project may begin from; of one domain where that is named."""
    return list(offers(domain))


def usual_memory(facts: ModelFacts) -> int | None:
    """Megabytes that a training with the usual batches takes; None where that cannot be told."""
    return training_memory(facts, Batching())


def check_copy(*, out: Path) -> None:
    """Raise BadInput where no model can be copied to the folder `out`; before anything is trained."""
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise BadInput(msg("“{out}” is there already.", out=out), hint=msg("Name a new or an empty folder with --out."))
    above = next(parent for parent in out.parents if parent.exists())
    if not above.is_dir() or not os.access(above, os.W_OK):
        raise BadInput(
            msg("Nothing can be written to “{above}”.", above=above), hint=msg("Name a folder elsewhere with --out.")
        )


def copy_model(*, run: Run, out: Path) -> None:
    """Copy the model of a run to the folder `out`, whole or not at all. Raises BadInput."""
    try:
        with new_folder(out) as draft:
            shutil.copytree(run.model_folder, draft, dirs_exist_ok=True)
    except (OSError, shutil.Error, OutOfSpace) as error:
        raise BadInput(
            msg("The model could not be copied to “{out}”.", out=out),
            hint=msg("It is safe in {model_folder}; copy it from there.", model_folder=run.model_folder),
            context=str(error),
        ) from error


def models_of_project(*, path: Path) -> list[ModelFacts]:
    """The models of the trainings of the project at `path`, the newest first; `name` is what a plan says.

    The project is only read: it may be open elsewhere. Raises NotFound where it has none, and what `open_project` does.
    """
    project = open_project(path=path)
    summaries = [summarise(run) for run in reversed(project.runs())]
    models = [_facts_of_run(project, run) for run in summaries if run.is_training and run.standing.has_model]
    if not models:
        raise NotFound(
            msg("No run of “{record}” has a model to begin from.", record=project.record.name),
            hint=msg("Choose a project with a training that finished or was stopped."),
        )
    return models


def describe_model(*, name: str, project: Project | None = None) -> ModelFacts:
    """Facts about a model that was typed: a folder's own files, or that the hub must be asked. project: whose runs may
    be named.

    Raises BadInput for what is no model, or none that may be loaded.
    """
    return describe(name, project.folder) if project is not None else describe(name)


def _facts_of_run(project: Project, run: RunSummary) -> ModelFacts:
    name = Path(run.subject).name
    if run.score is None:
        title = msg("{id}: {name}, from {model}", id=run.id, name=name, model=run.model)
    else:
        title = msg(
            "{id}: {name}, from {model}, {score} {value:.3g}",
            id=run.id,
            name=name,
            model=run.model,
            score=score_title(run.score.name),
            value=run.score.value,
        )
    return ModelFacts(name=str(project.run(run.id).folder), origin="folder", title=title, domain=project.record.domain)


def own_models(project: Project | None) -> list[ModelFacts]:
    """The models of the project's own pre-trainings, the newest first."""
    models = []
    for run in reversed(project.runs()) if project else ():
        summary = summarise(run)
        if summary.is_pretraining and summary.standing.has_model:
            reference = model_of_run(run.id)
            facts = folder_facts(run.model_folder, reference, "run", domain=project.record.domain if project else "")
            wording = {
                "title": model_words(reference),
                "note": msg("Learnt from {name}.", name=Path(summary.subject).name),
            }
            models.append(facts.model_copy(update=wording))
    return models


def memory_needed(facts: ModelFacts, plan: TrainPlan) -> str:
    """About how much memory a training takes, and how few of the weights learn; empty when it cannot be told."""
    needed, tuning = _memory(facts, plan), plan.tuning
    learning, weights = method_weights(facts, tuning), all_weights(facts, tuning)
    if needed is None or learning is None or weights is None:
        return ""
    return before_start_text(tuning, learning, weights, needed) if tuning.leaves_encoder else memory_text(needed)


def model_warnings(facts: ModelFacts, *, domain: str, plan: TrainPlan) -> list[str]:
    """Reasons against training this model on a dataset of `domain` on this computer."""
    warnings: list[str] = []
    if facts.domain and domain and facts.domain != domain:
        warnings.append(
            msg(
                "This model learnt from {learnt}, but the dataset holds {held}.",
                learnt=rows_of(facts.domain),
                held=rows_of(domain),
            )
        )
    needed, there = _memory(facts, plan), psutil.virtual_memory().total // 1_000_000
    if needed is not None and needed > there:
        warnings.append(
            msg(
                "Training may need more memory than this computer has ({memory}). Choose a smaller model, or "
                "fewer tokens per batch.",
                memory=bytes_text(there * 1_000_000),
            )
        )
    return warnings


@dataclass(frozen=True)
class MemoryFit:
    """Memory that a training takes by estimate, and that this computer has in all; bytes."""

    needed: int
    total: int

    @property
    def fits(self) -> bool:
        return self.needed <= self.total


def memory_fit(facts: ModelFacts, plan: TrainPlan) -> MemoryFit | None:
    """None where the memory of a training cannot be estimated."""
    needed = _memory(facts, plan)
    return None if needed is None else MemoryFit(needed * 1_000_000, psutil.virtual_memory().total)


def recommended_model(models: Sequence[ModelFacts], domain: str) -> ModelFacts | None:
    """The model that a training on rows of `domain` begins from unless another is chosen: the starter of the domain, an
    untrained network where none ships; None where neither is on offer."""
    suitable = [facts for facts in models if facts.domain == domain and facts.origin in {"starter", "fresh"}]
    return min(suitable, key=lambda facts: facts.origin != "starter", default=None)


def recommendation(facts: ModelFacts) -> str:
    """The reason why a model is recommended."""
    rows = rows_of(facts.domain)
    if facts.origin == "starter":
        return msg("Has read {rows} already, needs no download and little memory: a good first try.", rows=rows)
    return msg("No trained model for {rows} ships with SciApp: this one learns from your rows alone.", rows=rows)


def _memory(facts: ModelFacts, plan: TrainPlan) -> int | None:
    return training_memory(facts, plan.batching, plan.tuning, plan.optimization, plan.averaging)


def model_table(models: Sequence[ModelFacts], words: Callable[[str], str] = str) -> MemorySource:
    """One row a model; the first column is its name as people read it. Unknown numbers are null and sort last.

    words: puts the messages of its cells into a language.
    """
    memory = [usual_memory(facts) for facts in models]
    columns: list[tuple[str, pa.Array]] = [
        (msg("Model"), pa.array([words(facts.display_name) for facts in models], pa.string())),
        (
            msg("Learnt from"),
            pa.array([words(term(rows_of(facts.domain) or NOT_STATED)) for facts in models], pa.string()),
        ),
        (msg("Parameters (M)"), pa.array([_divided(facts.parameters, 1e6) for facts in models], pa.float64())),
        (msg("Longest row"), pa.array([facts.context for facts in models], pa.int64())),
        (msg("Memory (GB)"), pa.array([_divided(needed, 1e3) for needed in memory], pa.float64())),
        (msg("Where"), pa.array([words(location_text(facts)) for facts in models], pa.string())),
        (msg("Licence"), pa.array([words(facts.licence or NOT_STATED) for facts in models], pa.string())),
        (msg("Remark"), pa.array([words(facts.note) for facts in models], pa.string())),
        (msg("Publication"), pa.array([facts.publication for facts in models], pa.string())),
    ]
    described = tuple(
        Column(str(index), title, "", kind.type != pa.string()) for index, (title, kind) in enumerate(columns)
    )
    return MemorySource(pa.table({str(index): cells for index, (_, cells) in enumerate(columns)}), described)


def _divided(count: int | None, unit: float) -> float | None:
    return None if count is None else round(count / unit, 1)


# Which optional packages there are, found out without importing them: the window never loads torch.


def optional_packages() -> dict[str, object]:
    """Facts for the training form (see `ui.editors.fields.When`): name of a package → whether it is installed."""
    return {"bitsandbytes": find_spec("bitsandbytes") is not None}
