"""Designs of trainings from what a person wishes: a recipe, a dataset, a model, settings, a study."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from sciapp.actions.datasets import dataset_of, must_be_named, newest
from sciapp.engine.hub.catalog import usual_model
from sciapp.errors import BadInput
from sciapp.i18n import msg
from sciapp.records.plan.efforts import effort_settings
from sciapp.records.plan.plan import PretrainPlan, TrainPlan, read_plan_of, with_settings
from sciapp.records.project.project import Project
from sciapp.records.project.studies.ablation import Ablation
from sciapp.records.project.studies.cross_validation import CrossValidationStudy
from sciapp.records.project.studies.pretraining_first import PretrainingFirst
from sciapp.records.project.study import StudyDesign
from sciapp.records.read_options import Reading

STUDY_SETTINGS = {"all_folds": CrossValidationStudy.name, "compare_augmentation": Ablation.name}
"""Setting of a recipe or a command → the kind of study that it asks for."""

_YES = {"true", "1", "yes", "on"}


@dataclass(frozen=True)
class TrainingWishes:
    """None, or empty: left to the recipe, the newest dataset, the domain's starter.

    effort: name of one of EFFORTS; the recipe and settings go over it. settings: leaf settings by name, those of
    STUDY_SETTINGS among them. studies: kinds of study asked for besides.
    """

    recipe: Path | None = None
    dataset: str | None = None
    model: str | None = None
    effort: str | None = None
    settings: Mapping[str, Any] = field(default_factory=dict)
    studies: Collection[str] = ()


@dataclass(frozen=True)
class PretrainingWishes:
    """file: learn from its rows instead of those of a dataset, the newest where none is named. model: empty for a fresh
    network of `size`. then: leaf settings of the fine-tuning that follows, those of STUDY_SETTINGS among them; None:
    none follows.
    """

    dataset: str | None = None
    file: Path | None = None
    reading: Reading = field(default_factory=Reading)
    input: str = ""
    model: str = ""
    size: str = "small"
    settings: Mapping[str, Any] = field(default_factory=dict)
    then: Mapping[str, Any] | None = None


def training_design(*, project: Project, wishes: TrainingWishes) -> StudyDesign:
    """The training that is wished for, and the study that it begins. Raises BadInput, NotFound, UnknownSetting."""
    recipe = read_recipe(wishes.recipe) if wishes.recipe else {}
    settings, kinds = _without_studies(wishes.settings)
    plan = _training_plan(project, wishes, _without_studies(recipe)[0])
    return _design(with_settings(plan, settings), {*wishes.studies, *kinds, *_without_studies(recipe)[1]})


def pretraining_design(*, project: Project, wishes: PretrainingWishes) -> StudyDesign:
    """The self-supervised run that is wished for, with the training that follows on it. Raises what `training_design`
    raises.
    """
    must_be_named(wishes.dataset)
    dataset = dataset_of(project, wishes.dataset).id if wishes.then is not None or wishes.file is None else ""
    value: dict[str, Any] = {"model": _model(wishes.model), "size": wishes.size}
    if wishes.file is not None:
        value |= {"file": str(wishes.file), "input_column": wishes.input, "reading": wishes.reading}
    else:
        value["dataset"] = dataset
    plan = with_settings(read_plan_of(PretrainPlan, value), wishes.settings)
    if wishes.then is None:
        return StudyDesign(plan=plan)
    settings, kinds = _without_studies(wishes.then)
    then = _design(with_settings(TrainPlan(dataset=dataset), settings), kinds)
    return StudyDesign(plan=plan, kind=PretrainingFirst.name, then=then)


def _design(plan: TrainPlan, kinds: Collection[str]) -> StudyDesign:
    """`plan` with the kinds of study that it was asked for; of two the second comes after the first."""
    requested = [kind for kind in STUDY_SETTINGS.values() if kind in kinds]
    then = StudyDesign(plan=plan, kind=requested[1]) if len(requested) > 1 else None
    return StudyDesign(plan=plan, kind=requested[0] if requested else "", then=then)


def _without_studies(settings: Mapping[str, Any]) -> tuple[dict[str, Any], set[str]]:
    """The settings without those that ask for a study, and the kinds that are asked for."""
    kinds = {kind for name, kind in STUDY_SETTINGS.items() if str(settings.get(name, "")).strip().casefold() in _YES}
    return {name: value for name, value in settings.items() if name not in STUDY_SETTINGS}, kinds


def _training_plan(project: Project, wishes: TrainingWishes, recipe: dict[str, Any]) -> TrainPlan:
    """Recipe, then dataset and model over it; otherwise the newest dataset and the domain's starter."""
    value = dict(recipe)
    must_be_named(wishes.dataset)
    value["dataset"] = wishes.dataset or value.get("dataset") or newest(project).id
    if not wishes.dataset and value["dataset"] not in {card.id for card in project.datasets()}:
        value["dataset"] = newest(project).id  # a recipe from another project names that project's dataset
    card = project.dataset(value["dataset"])
    value = {"covariates": card.roles.covariates} | value | {"dataset": card.id}
    if wishes.model:
        value["model"] = _model(wishes.model)
    if not value.get("model"):
        value["model"] = usual_model(project.record.domain)
    plan = read_plan_of(TrainPlan, value)
    if not wishes.effort:
        return plan
    stated = _stated_settings(recipe)
    return with_settings(plan, {k: v for k, v in effort_settings(wishes.effort).items() if k not in stated})


def _stated_settings(recipe: Mapping[str, Any]) -> set[str]:
    """Names of the leaf settings that a recipe spells, those of its parts too."""
    inner = [_stated_settings(value) for value in recipe.values() if isinstance(value, Mapping)]
    return set(recipe).union(*inner)


def _model(word: str) -> str:
    """A folder by its absolute path, anything else as it was named."""
    folder = Path(word).expanduser()
    return str(folder.absolute()) if word and folder.is_dir() else word


def read_recipe(file: Path) -> dict[str, Any]:
    """The settings that a YAML file spells. Raises BadInput."""
    try:
        value = yaml.safe_load(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise BadInput(
            msg("The recipe “{file}” cannot be read: {reason}.", file=file, reason=error.strerror)
        ) from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise BadInput(msg("The recipe “{file}” is not valid YAML.", file=file), context=str(error)) from error
    if not isinstance(value, dict):
        raise BadInput(msg("The recipe “{file}” is empty or not a list of settings.", file=file))
    return value
