"""Scores in people's words: the same in the window, on the command line and in reports."""

from math import floor, isfinite, log10

from sciapp.i18n import joined, msg, number
from sciapp.records.formatting import error_decimals
from sciapp.records.run.evaluation import Score

_TITLES = {
    "rmse": msg("RMSE"),
    "mae": msg("MAE"),
    "mase": msg("MASE"),
    "r2": msg("R²"),
    "spearman": msg("Spearman ρ"),
    "accuracy": msg("Accuracy"),
    "macro_f1": msg("Macro F1"),
    "precision": msg("Precision (macro)"),
    "recall": msg("Recall (macro)"),
    "roc_auc": msg("ROC-AUC"),
    "masked_loss": msg("Masked loss"),
    "masked_accuracy": msg("Hidden tokens guessed"),
    "masked_r2": msg("Hidden values explained"),
    "average_precision": msg("Average precision"),
    "balanced_accuracy": msg("Balanced accuracy"),
    "unit_accuracy": msg("Accuracy per residue/base"),
}
_HELP = {
    "rmse": msg(
        "Root mean squared error: how far predictions are off, large misses weighing more; in the target's unit."
    ),
    "mae": msg("Mean absolute error: how far predictions are off on average; in the target's unit."),
    "mase": msg("Mean absolute scaled error: in units of the usual step of each series; 1 is to miss by one step."),
    "r2": msg("Share of the target's variance that is explained: 1 is perfect, 0 no better than the mean."),
    "spearman": msg("Rank correlation: whether rows come in the right order; 1 is perfect, 0 chance."),
    "accuracy": msg("Share of rows with the right class."),
    "macro_f1": msg("F1 (precision and recall together), averaged over classes so that rare ones count as much."),
    "precision": msg("Of the rows said to be of a class, the share that is; averaged over classes."),
    "recall": msg("Of the rows of a class, the share that is found; averaged over classes."),
    "roc_auc": msg("How well probabilities put rows of a class before others: 1 is perfect, 0.5 chance."),
    "masked_loss": msg(
        "How surprising hidden tokens are to the model, in nats a token (cross-entropy); of hidden values their "
        "squared error in variances."
    ),
    "masked_accuracy": msg("Share of hidden tokens whose first guess is right."),
    "masked_r2": msg("Share of the variance of hidden values that the model explains from the others."),
    "average_precision": msg("Precision averaged over how many of the positive rows are found; chance is their share."),
    "balanced_accuracy": msg("Mean of the shares of positive and of negative rows that are told right; 0.5 is chance."),
    "unit_accuracy": msg("Share of residues, bases or words with the right label; of three states this is Q3."),
}


def score_title(name: str) -> str:
    """“Macro F1” for macro_f1."""
    return _TITLES.get(name, name.replace("_", " "))


def in_sentence(name: str) -> str:
    """“macro F1”, “ROC-AUC”: the title within a sentence."""
    title = score_title(name)
    return title if title[1:2].isupper() else msg("{title:l}", title=title)


def score_help(score: Score) -> str:
    """Meaning of the score, and the direction that is better."""
    better = msg("Higher is better.") if score.greater_is_better else msg("Lower is better.")
    return joined([_HELP.get(score.name, ""), better])


def value_text(score: Score | None) -> str:
    """“0.63”, a dash where the score is not defined; as many decimals as beside its interval."""
    return "–" if score is None or score.value is None else _plain(score.value, _together(score))


def interval_text(score: Score | None) -> str:
    """“0.55 to 0.72”, empty where there is none."""
    if score is None or score.value is None or score.low is None or score.high is None:
        return ""
    return msg("{low} to {high}", low=_plain(score.low, _together(score)), high=_plain(score.high, _together(score)))


def with_interval(score: Score | None) -> str:
    """“0.63 (0.55 to 0.72)”; all three with as many decimals."""
    interval = interval_text(score)
    if not interval:
        return value_text(score)
    return msg("{value} ({interval})", value=value_text(score), interval=interval)


def _together(score: Score) -> list[float]:
    return [part for part in (score.value, score.low, score.high) if part is not None]


def _plain(value: float, together: list[float]) -> str:
    """Three figures of the largest number that stands beside it; no exponents but for the very small and large."""
    largest = max(abs(part) for part in together)
    if largest and not 1e-4 <= largest < 1e6:
        return number(value, "−.3g")
    decimals = max(0, 2 - floor(log10(largest))) if largest else 2
    form = f".{min(decimals, 6)}f"
    return number(value, f"−{form}") if float(f"{value:{form}}") else number(0.0, form)


# Scores rounded to what their interval allows: half of it is the ± of a score.


def margin(score: Score | None) -> float | None:
    """Half the 95 % interval; None where there is none."""
    if score is None or score.low is None or score.high is None:
        return None
    return (score.high - score.low) / 2


def rounded(value: float, spread: float | None) -> str:
    """A value with the decimals that its ± allows; three figures where there is none."""
    if not spread or not isfinite(spread):
        return _plain(value, [value])
    decimals = error_decimals(spread, value)
    if decimals > 6:
        return number(value, "−.3g")
    return number(round(value, decimals) or 0.0, f"−.{max(0, decimals)}f")


def with_margin(score: Score | None) -> str:
    """“0.50 ± 0.07”; the value alone where there is no interval."""
    spread = margin(score)
    if score is None or score.value is None or not spread:
        return value_text(score)
    return msg("{value} ± {spread}", value=rounded(score.value, spread), spread=rounded(spread, spread))


def value_beside(score: Score | None, other: Score | None) -> str:
    """The value alone, with as many decimals as the ± of `other` allows."""
    if score is None or score.value is None:
        return value_text(score)
    return rounded(score.value, margin(other) or margin(score))


def range_text(score: Score | None) -> str:
    """“0.43 to 0.57” with as many decimals as the ± allows; empty where there is no interval."""
    if score is None or score.low is None or score.high is None:
        return ""
    spread = margin(score)
    return msg("{low} to {high}", low=rounded(score.low, spread), high=rounded(score.high, spread))


_PLAIN = {
    "rmse": msg("Typical miss"),
    "mae": msg("Average miss"),
    "r2": msg("Share explained"),
    "spearman": msg("Order right"),
    "accuracy": msg("Share right"),
    "unit_accuracy": msg("Share right"),
    "macro_f1": msg("Hits and finds"),
    "roc_auc": msg("Tells apart"),
}


def plain_title(name: str) -> str:
    """“Typical miss (RMSE)”: the plain word, with the technical term that goes into a paper."""
    plain = _PLAIN.get(name)
    return msg("{plain} ({term})", plain=plain, term=score_title(name)) if plain else score_title(name)


def short_score(score: Score) -> str:
    """“off by 0.69”, “accuracy 0.83”: one number, as lists and one-line states have it."""
    return named_score(score.name, value_beside(score, score))


def score_with_error(score: Score) -> str:
    """“off by 0.69 ± 0.10”; the error is half of the 95 % interval, left out where there is none."""
    return named_score(score.name, with_margin(score))


def named_score(name: str, value: str) -> str:
    """A written value behind what it is a value of, in the middle of a sentence."""
    if name == "rmse":
        return msg("off by {value}", value=value)
    return msg("{name} {value}", name=in_sentence(name), value=value)
