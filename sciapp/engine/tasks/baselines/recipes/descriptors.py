"""Random forest on the domain's descriptors."""

from sciapp.engine.tasks.baselines.recipes.base import Fit, Recipe
from sciapp.engine.tasks.baselines.sklearn_models import Forest


def recipe(fit: Fit) -> Recipe:
    return Recipe(fit.called, Forest(fit.classifies, fit.seed, fit.threads))
