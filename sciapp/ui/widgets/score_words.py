"""Scores in people's words."""

from sciapp.records.report import Score

_TITLES = {
    "rmse": "RMSE",
    "mae": "MAE",
    "r2": "R²",
    "spearman": "Spearman",
    "accuracy": "Accuracy",
    "macro_f1": "Macro F1",
    "precision": "Precision",
    "recall": "Recall",
    "roc_auc": "ROC-AUC",
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
}


def score_title(name: str) -> str:
    return _TITLES.get(name, name.replace("_", " "))


def score_help(score: Score) -> str:
    """What the score says, and which way is better."""
    better = "Higher is better." if score.greater_is_better else "Lower is better."
    return f"{_HELP.get(score.name, '')} {better}".strip()


def value_text(score: Score | None) -> str:
    """“0.634”, or a dash where the score is not defined."""
    return "–" if score is None or score.value is None else f"{score.value:.3g}"


def interval_text(score: Score | None) -> str:
    """“0.55 to 0.72”, empty where there is none."""
    if score is None or score.low is None or score.high is None:
        return ""
    return f"{score.low:.3g} to {score.high:.3g}"


def with_interval(score: Score | None) -> str:
    """“0.634 (0.55 to 0.72)”."""
    interval = interval_text(score)
    return f"{value_text(score)} ({interval})" if interval else value_text(score)


def size_text(bytes: int) -> str:
    """“13.4 MB”."""
    value = float(bytes)
    for unit in ("bytes", "kB", "MB"):
        if value < 1000:
            return f"{value:.0f} {unit}" if unit == "bytes" else f"{value:.1f} {unit}"
        value /= 1000
    return f"{value:.1f} GB"
