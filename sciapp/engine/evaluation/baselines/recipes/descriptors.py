"""Random forest on the domain's descriptors."""

from sciapp.engine.evaluation.baselines.recipes.base import Fit, Recipe
from sciapp.engine.evaluation.baselines.sklearn_models import Forest


def recipe(fit: Fit) -> Recipe:
    return Recipe(fit.called, Forest(fit.classifies, fit.seed, fit.threads))
