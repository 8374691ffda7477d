"""Ridge or logistic regression on counts of 1- to 3-letter pieces."""

from sklearn.feature_extraction.text import CountVectorizer
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MaxAbsScaler

from sciapp.engine.tasks.baselines.recipes.base import Fit, Recipe
from sciapp.engine.tasks.baselines.sklearn_models import Linear
from sciapp.i18n import msg

MOST_PIECES = 100_000


def recipe(fit: Fit) -> Recipe:
    counts = CountVectorizer(analyzer="char", ngram_range=(1, 3), lowercase=False, max_features=MOST_PIECES)
    return Recipe(msg("1- to 3-mer counts"), Linear(fit.classifies, fit.seed), make_pipeline(counts, MaxAbsScaler()))
