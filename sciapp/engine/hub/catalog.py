"""The catalogue of pre-trained models and the meaning of a model's name. No torch here: the window lists models too."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from sciapp import settings
from sciapp.engine.domains.about import domains
from sciapp.engine.domains.registry import domain_named
from sciapp.engine.hub.cache import cached_snapshot, is_cached
from sciapp.engine.hub.download import check_folder
from sciapp.engine.hub.model_info import folder_facts
from sciapp.errors import BadInput, nearest
from sciapp.i18n import joined, msg
from sciapp.records.model.info import ModelFacts
from sciapp.records.model.reference import (
    NETWORK_SIZES,
    NetworkSize,
    fresh_model,
    fresh_size,
    model_words,
    run_behind,
    run_folder_behind,
)
from sciapp.records.project.project import Project
from sciapp.records.regular import json_in
from sciapp.records.run.run import Run


@dataclass(frozen=True)
class ModelRef:
    """A model that can be loaded: `kind` says where from; `folder` is set for all but hub models and fresh ones."""

    name: str
    kind: Literal["starter", "folder", "hub", "run", "fresh"]
    folder: Path | None = None


_FRESH_SIZE: NetworkSize = "tiny"  # for tables of some hundred rows; more cost time and gain little


def starters_folder() -> Path:
    return settings.resources_folder() / "models"


def offers(domain: str = "") -> list[ModelFacts]:
    """Bundled starters first, then hub models known to work, then untrained networks of domains that have no starter;
    those of one domain when it is given."""
    models = [_starter(config.parent) for config in sorted(starters_folder().glob("*/config.json"))]
    models += [facts.model_copy(update={"here": is_cached(facts.name)}) for facts in _catalogue()]
    models += [_fresh(size, about.name) for about in domains().values() if not about.starter for size in NETWORK_SIZES]
    return [facts for facts in models if not domain or facts.domain == domain]


def describe(name: str, project: Path | None = None) -> ModelFacts:
    """Facts about the model that `name` means, without a look at the network.

    project: the folder of the project whose runs may be named. Raises BadInput for what is no model, or none that may
    be loaded, and what `resolve` raises.
    """
    reference = resolve(name, project)
    if (size := fresh_size(name)) is not None:
        return _fresh(size)
    if reference.kind == "starter" and reference.folder is not None:
        return _starter(reference.folder)
    if reference.folder is not None:
        check_folder(reference.folder, name)
        facts = folder_facts(reference.folder, name, "run" if reference.kind == "run" else "folder")
        return facts.model_copy(update={"title": model_words(name)}) if model_words(name) != name else facts
    listed = [facts for facts in _catalogue() if facts.name == reference.name]
    cached = cached_snapshot(reference.name)
    if listed:
        return listed[0].model_copy(update={"here": cached is not None})
    if cached is not None:
        check_folder(cached, name)
        return folder_facts(cached, reference.name, "hub")
    return ModelFacts(name=reference.name, origin="hub", here=False)


def usual_model(domain: str) -> str:
    """The default model of a domain: its starter, an untrained network where none is meant to ship. Raises BadInput for
    a starter that is not there."""
    name = _starters().get(domain, "")
    if not name and domain in domains():
        return fresh_model(_FRESH_SIZE)
    if not (starters_folder() / name / "config.json").is_file():
        raise BadInput(
            msg("No model for {domain} data ships with this SciApp.", domain=domain),
            hint=msg("Name a folder or a hub model."),
        )
    return name


def resolve(name: str, project: Path | None = None) -> ModelRef:
    """The model that `name` means: an untrained network, a run of the project, a bundled starter, else a folder that
    exists (of a run: its model), else a hub id.

    Raises BadInput, and NotFound for a run that the project does not have.

    A hub model of the list may be called without its organisation. Other single words are no hub ids: a misspelt
    starter must not send anybody to the network.
    """
    name = name.strip()
    if fresh_size(name) is not None:
        return ModelRef(name, "fresh")
    if run := run_behind(name):
        return ModelRef(name, "run", run_model_folder(run, project))
    starter = starters_folder() / name
    if name and "/" not in name and "\\" not in name and (starter / "config.json").is_file():
        return ModelRef(name, "starter", starter)
    if (left := run_folder_behind(name)) is not None:
        return ModelRef(name, "folder", model_left_by(Run(left.absolute())))
    folder = Path(name).expanduser()
    if name and folder.is_dir():
        return ModelRef(name, "folder", folder.absolute())
    if _is_hub_id(name):
        return ModelRef(name, "hub")
    if _is_path(name):
        raise BadInput(
            msg("There is no folder “{name}”.", name=name),
            hint=msg("Choose the folder that holds the model's config.json."),
        )
    known = [facts.name for facts in offers()]
    for hub_id in known:
        if name and hub_id.rpartition("/")[2] == name:
            return ModelRef(hub_id, "hub")
    raise BadInput(
        msg("There is no model “{name}”.", name=name),
        hint=joined([nearest(name, known), msg("Or give a folder, or a hub id such as organisation/name.")]),
    )


def _is_path(name: str) -> bool:
    return name.startswith((".", "~")) or "\\" in name or "/" in name


def _is_hub_id(name: str) -> bool:
    parts = name.split("/")
    plain = all(part and part[0] not in ".~" and all(c.isalnum() or c in "-_." for c in part) for part in parts)
    return len(parts) == 2 and plain


def _starter(folder: Path) -> ModelFacts:
    domains_of = {starter: domain for domain, starter in _starters().items()}
    return folder_facts(folder, folder.name, "starter", domain=domains_of.get(folder.name, ""))


def _fresh(size: NetworkSize, domain: str = "") -> ModelFacts:
    """An untrained network; what depends on the rows (its vocabulary) is not counted."""
    name, (width, layers) = fresh_model(size), NETWORK_SIZES[size]
    context = domain_named(domain).inputs.longest if domain else None
    facts = ModelFacts(name=name, origin="fresh", title=model_words(name), domain=domain, context=context)
    numbers = {"parameters": 12 * layers * width**2, "layers": layers, "width": width, "heads": width // 32}
    return facts.model_copy(update=numbers)


def _starters() -> dict[str, str]:
    """The bundled model of each domain that has one."""
    return {about.name: about.starter for about in domains().values() if about.starter}


def _catalogue() -> list[ModelFacts]:
    try:
        entries = json_in(starters_folder() / "catalogue.json")
        return [ModelFacts(name=entry.pop("id"), origin="hub", here=False, **_stated(entry)) for entry in entries]
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return []  # a broken list must not keep anybody from training with a starter


def _stated(entry: dict[str, Any]) -> dict[str, Any]:
    """The facts that the entry states; the others are null in the file."""
    return {name: value for name, value in entry.items() if value is not None}


# The model that a run left behind, as something to start from.


def run_model_folder(run_id: str, project: Path | None) -> Path:
    """`model/` of the run. Raises NotFound for an unknown run, BadInput for one that has no model."""
    if project is None:
        raise BadInput(
            msg("Run {run} can only be named inside its project.", run=run_id),
            hint=msg("Give the run's model folder instead."),
        )
    return model_left_by(Project.open(project).run(run_id))


def model_left_by(run: Run) -> Path:
    """`model/` of a run, of whatever project. Raises BadInput for a run that has none."""
    if not (run.model_folder / "config.json").is_file():
        raise BadInput(
            msg("Run {run} has no model to start from.", run=run.id),
            hint=msg("Choose a run that finished or was stopped, or resume this one."),
            context=str(run.model_folder),
        )
    return run.model_folder
