"""Ridge or logistic regression on TF-IDF of words and word pairs."""

from sklearn.feature_extraction.text import TfidfVectorizer

from sciapp.engine.tasks.baselines.recipes.base import Fit, Recipe
from sciapp.engine.tasks.baselines.sklearn_models import Linear

MOST_WORDS = 100_000


def recipe(fit: Fit) -> Recipe:
    weights = TfidfVectorizer(
        ngram_range=(1, 2),
        sublinear_tf=True,
        token_pattern=r"(?u)\b\w+\b",
        min_df=2 if fit.rows >= 100 else 1,  # what comes once is most of the words, and teaches nothing
        max_features=MOST_WORDS,
    )
    return Recipe("TF-IDF", Linear(fit.classifies, fit.seed), weights)
