"""Scores and numbers as a reader expects them."""

from math import floor, log10

from sciapp.records.report import Score

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
}


def score_title(name: str) -> str:
    """“Macro F1” for macro_f1."""
    return _TITLES.get(name, name.replace("_", " "))


def with_interval(score: Score | None) -> str:
    """“0.63 (0.55 to 0.72)”, a dash where the score is not defined; all three with as many decimals."""
    if score is None or score.value is None:
        return "–"
    if score.low is None or score.high is None:
        return _plain(score.value, [score.value])
    value, low, high = (
        _plain(part, [score.value, score.low, score.high]) for part in (score.value, score.low, score.high)
    )
    return f"{value} ({low} to {high})"


def one_line(text: str, most: int = 10_000) -> str:
    """Other people's names, which may hold line breaks, on one line of at most `most` signs."""
    text = " ".join(text.split())
    return text if len(text) <= most else text[: most - 1] + "…"


def model_name(model: str) -> str:
    """The starter's or the hub's name; of a folder only its last part: where it lay is nobody's business."""
    if model.startswith(("/", "~", ".")) or "\\" in model or model.count("/") > 1:
        return f"{model.replace(chr(92), '/').rstrip('/').rpartition('/')[2]} (a local folder)"
    return model


def is_public(model: str) -> bool:
    """Whether other people can find the model by its name."""
    return model_name(model) == model


def lower_first(text: str) -> str:
    """For the middle of a sentence; abbreviations such as RDKit stay."""
    return text[:1].lower() + text[1:]


def _plain(value: float, together: list[float]) -> str:
    """Three figures of the largest number that stands beside it; no exponents but for the very small and large."""
    largest = max(abs(part) for part in together)
    if largest and not 1e-4 <= largest < 1e6:
        return f"{value:.3g}".replace("-", "−")
    decimals = max(0, 2 - floor(log10(largest))) if largest else 2
    text = f"{value:.{min(decimals, 6)}f}"
    return text.lstrip("-") if not float(text) else text.replace("-", "−")
