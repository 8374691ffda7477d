"""Models that generate augmentations, and whether they are here. No torch: a model that is not is told at once."""

from collections.abc import Mapping
from pathlib import Path

from sciapp.engine.domains.base import Domain, GeneratedAugmentation
from sciapp.engine.domains.registry import parts_of_domain
from sciapp.engine.hub.cache import is_cached
from sciapp.engine.hub.catalog import resolve, usual_model
from sciapp.errors import BadInput
from sciapp.i18n import msg
from sciapp.records.plan.plan import TrainPlan


def model_names(plan: TrainPlan, domain: Domain, variation: GeneratedAugmentation) -> dict[str, str]:
    """The models that a variation takes, by the setting that names each. Raises BadInput without a starter."""
    settings = plan.augmentation
    if variation.by == "back_translation":
        return {"translation_there": settings.translation_there, "translation_back": settings.translation_back}
    return {"substitution_model": settings.substitution_model or usual_model(parts_of_domain(domain)[0].name)}


def must_be_here(names: Mapping[str, str], project: Path) -> None:
    """Raise BadInput where one of the models would have to be downloaded first."""
    for name in names.values():
        reference = resolve(name, project)
        if reference.kind == "hub" and not is_cached(reference.name):
            raise BadInput(
                msg("The model “{name}” is not on this computer yet.", name=name),
                hint=msg(
                    "A training that uses it downloads it, and so does “sciapp augment … --download”; a "
                    "local folder does as well."
                ),
            )
