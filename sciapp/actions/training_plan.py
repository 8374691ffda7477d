"""The plan of a training from what a person wishes: a recipe, a dataset, a model, settings."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from sciapp.actions.datasets import must_be_named, newest
from sciapp.engine.hub.catalog import usual_model
from sciapp.errors import BadInput
from sciapp.i18n import msg
from sciapp.records.plan.plan import TrainPlan, read_plan_of, with_settings
from sciapp.records.project.project import Project


@dataclass(frozen=True)
class TrainingWishes:
    """None, or empty: left to the recipe, the newest dataset, the domain's starter. settings: leaf settings by name."""

    recipe: Path | None = None
    dataset: str | None = None
    model: str | None = None
    settings: Mapping[str, Any] = field(default_factory=dict)


def training_plan(*, project: Project, wishes: TrainingWishes) -> TrainPlan:
    """Recipe, then dataset and model, then settings, each over the one before; otherwise the domain's starter.

    Raises BadInput, NotFound, UnknownSetting.
    """
    value: dict[str, Any] = read_recipe(wishes.recipe) if wishes.recipe else {}
    must_be_named(wishes.dataset)
    value["dataset"] = wishes.dataset or value.get("dataset") or newest(project).id
    if not wishes.dataset and value["dataset"] not in {card.id for card in project.datasets()}:
        value["dataset"] = newest(project).id  # a recipe from another project names that project's dataset
    card = project.dataset(value["dataset"])
    value = {"covariates": card.roles.covariates} | value | {"dataset": card.id}
    if wishes.model:
        folder = Path(wishes.model).expanduser()
        value["model"] = str(folder.absolute()) if folder.is_dir() else wishes.model
    if not value.get("model"):
        value["model"] = usual_model(project.record.domain)
    plan = read_plan_of(TrainPlan, value)
    return with_settings(plan, wishes.settings)


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
