"""Scores of predictions, each a function of rows that can be drawn again and again by the bootstrap."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
from scipy.stats import rankdata
from sklearn.metrics import roc_curve

from sciapp.engine.data.values.safe_float import grown, mean_and_spread, tamed
from sciapp.i18n import msg
from sciapp.records.run.evaluation import Confusion, Curve

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

REGRESSION_SCORES = ("rmse", "mae", "r2", "spearman")
CLASSIFICATION_SCORES = ("accuracy", "macro_f1", "precision", "recall", "roc_auc")
SMALLER_IS_BETTER = frozenset({"rmse", "mae", "mase"})
_CURVE_POINTS = 200
_MOST_CLASSES = 40  # lines of a confusion matrix: more cannot be read, and a thousand would be a million cells
_MOST_CURVES = 12


def regression_scores(truth: Floats, predicted: Floats) -> Mapping[str, float]:
    """RMSE, MAE, R² (1 - residual / total sum of squares) and Spearman's rho of (rows,) each, without gaps.

    NaN where a score is not defined (fewer than two rows, or no spread).
    """
    error, size = tamed(predicted - truth)
    spread = float(mean_and_spread(truth[:, None])[1][0]) / size
    rmse = float(np.sqrt(np.mean(error**2)))
    return {
        "rmse": grown(rmse, size),
        "mae": grown(float(np.abs(error).mean()), size),
        "r2": 1 - (rmse / spread) ** 2 if spread > 0 else float("nan"),
        "spearman": _correlation(rankdata(truth), rankdata(predicted)),
    }


def classification_scores(truth: Ints, probabilities: Floats) -> Mapping[str, float]:
    """Accuracy, macro F1, macro precision, macro recall, and ROC-AUC (binary: of the second class; else macro, one
    class against the rest) of truth (rows,) and probabilities (rows, classes).

    Macro means run over the classes that occur in the truth or the predictions; a class never predicted has
    precision 0. ROC-AUC is NaN when a class is missing from the truth.
    """
    return {
        **_macro(truth, probabilities.argmax(axis=1), probabilities.shape[1]),
        "roc_auc": _roc_auc(truth, probabilities),
    }


def macro_f1(truth: Ints, chosen: Ints, classes: int) -> float:
    """Macro F1 alone, of truth and chosen classes (rows,) each."""
    return _macro(truth, chosen, classes)["macro_f1"]


def _macro(truth: Ints, chosen: Ints, classes: int) -> dict[str, float]:
    right = np.bincount(truth[truth == chosen], minlength=classes).astype(float)
    true, claimed = np.bincount(truth, minlength=classes), np.bincount(chosen, minlength=classes)
    occurs = (true + claimed) > 0
    with np.errstate(invalid="ignore", divide="ignore"):
        precision = np.where(claimed > 0, right / claimed, 0.0)
        recall = np.where(true > 0, right / true, 0.0)
        f1 = np.where(true + claimed > 0, 2 * right / (true + claimed), 0.0)
    return {
        "accuracy": float(right.sum() / max(1, len(truth))),
        "macro_f1": float(f1[occurs].mean()),
        "precision": float(precision[occurs].mean()),
        "recall": float(recall[occurs].mean()),
    }


def confusion_counts(truth: Ints, predicted: Ints, classes: int) -> Ints:
    """counts[i, j]: rows of class i predicted as class j."""
    flat = np.bincount(truth * classes + predicted, minlength=classes * classes)
    return flat.reshape(classes, classes).astype(np.int64)


def confusion(truth: Ints, probabilities: Floats, class_names: tuple[str, ...]) -> Confusion:
    return bounded_confusion(truth, probabilities.argmax(axis=1), class_names)


def bounded_confusion(truth: Ints, chosen: Ints, class_names: tuple[str, ...]) -> Confusion:
    """At most 40 lines: of many classes those that are confused most, then the most frequent; the rest as one.

    truth, chosen: (rows,). Never more than 40 × 40 numbers, however many classes.
    """
    classes = len(class_names)
    if classes > _MOST_CLASSES:
        wrong = truth != chosen
        confused = np.bincount(truth[wrong], minlength=classes) + np.bincount(chosen[wrong], minlength=classes)
        order = np.lexsort((-np.bincount(truth, minlength=classes), -confused))
        largest = np.sort(order[: _MOST_CLASSES - 1])
        lookup = np.full(classes, len(largest))
        lookup[largest] = np.arange(len(largest))
        class_names = (
            *(class_names[index] for index in largest),
            msg("{classes:,} other classes", classes=classes - len(largest)),
        )
        truth, chosen = lookup[truth], lookup[chosen]
    counts = confusion_counts(truth, chosen, len(class_names))
    return Confusion(classes=class_names, counts=tuple(tuple(row) for row in counts.tolist()))


def roc_curves(truth: Ints, probabilities: Floats, class_names: tuple[str, ...]) -> tuple[Curve, ...]:
    """One curve per class against the rest (binary: of the second class only), thinned to 200 points; of many classes
    for the 12 most frequent."""
    scored = [1] if len(class_names) == 2 else _most_frequent(truth, len(class_names))
    curves = [roc_points(truth == index, probabilities[:, index], class_names[index]) for index in scored]
    return tuple(curve for curve in curves if curve is not None)


def _most_frequent(truth: Ints, classes: int) -> list[int]:
    """The classes that get a curve, in their order."""
    counts = np.bincount(truth, minlength=classes)
    return sorted(np.argsort(-counts, kind="stable")[:_MOST_CURVES].tolist())


def roc_points(positive: npt.NDArray[np.bool_], score: Floats, label: str) -> Curve | None:
    """One curve, thinned to 200 points; None where all rows are alike."""
    if positive.all() or not positive.any():
        return None
    x, y, _ = roc_curve(positive, score)
    indices = np.unique(np.linspace(0, len(x) - 1, min(len(x), _CURVE_POINTS)).astype(int))
    return Curve(label=label, x=tuple(x[indices].tolist()), y=tuple(y[indices].tolist()))


def _roc_auc(truth: Ints, probabilities: Floats) -> float:
    classes = probabilities.shape[1]
    scored = [1] if classes == 2 else range(classes)
    areas = [_area(truth == index, probabilities[:, index]) for index in scored]
    return float(np.mean(areas))


def _area(positive: npt.NDArray[np.bool_], score: Floats) -> float:
    """Area under the ROC curve by ranks (Mann-Whitney), ties counted half."""
    wins = int(positive.sum())
    losses = len(positive) - wins
    if not wins or not losses:
        return float("nan")
    ranks = rankdata(score)
    return float((ranks[positive].sum() - wins * (wins + 1) / 2) / (wins * losses))


def _correlation(a: Floats, b: Floats) -> float:
    a, b = a - a.mean(), b - b.mean()
    size = float(np.sqrt((a**2).sum() * (b**2).sum()))
    return float((a * b).sum()) / size if size > 0 else float("nan")
