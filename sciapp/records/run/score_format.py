"""Scores in people's words: the same in the window, on the command line and in reports."""

from math import floor, log10

from sciapp.records.formatting import with_minus
from sciapp.records.run.evaluation import Score

_TITLES = {
    "rmse": "RMSE",
    "mae": "MAE",
    "r2": "R²",
    "spearman": "Spearman ρ",
    "accuracy": "Accuracy",
    "macro_f1": "Macro F1",
    "precision": "Precision (macro)",
    "recall": "Recall (macro)",
    "roc_auc": "ROC-AUC",
    "masked_loss": "Masked loss",
    "masked_accuracy": "Hidden tokens guessed",
    "masked_r2": "Hidden values explained",
    "average_precision": "Average precision",
    "balanced_accuracy": "Balanced accuracy",
    "unit_accuracy": "Accuracy per residue/base",
}
_HELP = {
    "rmse": "Root mean squared error: how far predictions are off, large misses weighing more; in the target's unit.",
    "mae": "Mean absolute error: how far predictions are off on average; in the target's unit.",
    "r2": "Share of the target's variance that is explained: 1 is perfect, 0 no better than the mean.",
    "spearman": "Rank correlation: whether rows come in the right order; 1 is perfect, 0 chance.",
    "accuracy": "Share of rows with the right class.",
    "macro_f1": "F1 (precision and recall together), averaged over classes so that rare ones count as much.",
    "precision": "Of the rows said to be of a class, the share that is; averaged over classes.",
    "recall": "Of the rows of a class, the share that is found; averaged over classes.",
    "roc_auc": "How well probabilities put rows of a class before others: 1 is perfect, 0.5 chance.",
    "masked_loss": "How surprising hidden tokens are to the model, in nats a token (cross-entropy); of hidden values "
    "their squared error in variances.",
    "masked_accuracy": "Share of hidden tokens whose first guess is right.",
    "masked_r2": "Share of the variance of hidden values that the model explains from the others.",
    "average_precision": "Precision averaged over how many of the positive rows are found; chance is their share.",
    "balanced_accuracy": "Mean of the shares of positive and of negative rows that are told right; 0.5 is chance.",
    "unit_accuracy": "Share of residues, bases or words with the right label; of three states this is Q3.",
}


def score_title(name: str) -> str:
    """“Macro F1” for macro_f1."""
    return _TITLES.get(name, name.replace("_", " "))


def in_sentence(name: str) -> str:
    """“macro F1”, “ROC-AUC”: the title within a sentence."""
    title = score_title(name)
    return title if title[1:2].isupper() else title[:1].lower() + title[1:]


def score_help(score: Score) -> str:
    """Meaning of the score, and the direction that is better."""
    better = "Higher is better." if score.greater_is_better else "Lower is better."
    return f"{_HELP.get(score.name, '')} {better}".strip()


def value_text(score: Score | None) -> str:
    """“0.63”, a dash where the score is not defined; as many decimals as beside its interval."""
    return "–" if score is None or score.value is None else _plain(score.value, _together(score))


def interval_text(score: Score | None) -> str:
    """“0.55 to 0.72”, empty where there is none."""
    if score is None or score.value is None or score.low is None or score.high is None:
        return ""
    return f"{_plain(score.low, _together(score))} to {_plain(score.high, _together(score))}"


def with_interval(score: Score | None) -> str:
    """“0.63 (0.55 to 0.72)”; all three with as many decimals."""
    interval = interval_text(score)
    return f"{value_text(score)} ({interval})" if interval else value_text(score)


def _together(score: Score) -> list[float]:
    return [part for part in (score.value, score.low, score.high) if part is not None]


def _plain(value: float, together: list[float]) -> str:
    """Three figures of the largest number that stands beside it; no exponents but for the very small and large."""
    largest = max(abs(part) for part in together)
    if largest and not 1e-4 <= largest < 1e6:
        return with_minus(f"{value:.3g}")
    decimals = max(0, 2 - floor(log10(largest))) if largest else 2
    text = f"{value:.{min(decimals, 6)}f}"
    return text.lstrip("-") if not float(text) else with_minus(text)
