"""One number from a run's evaluation, or from the predictions of a classical model."""

import numpy as np
import numpy.typing as npt
from sklearn.metrics import matthews_corrcoef

from sciapp.engine.data.dataset.table import Rows
from sciapp.engine.statistics.metrics import classification_scores, regression_scores
from sciapp.records.run.evaluation import Evaluation

Floats = npt.NDArray[np.float64]


def score_of_run(evaluation: Evaluation, name: str) -> float:
    """`name` as in `Row.score`, over all targets. MCC is read off the confusion of the test rows."""
    if name == "mcc":
        assert evaluation.confusion is not None, "MCC is a score of classes"
        counts = np.array(evaluation.confusion.counts)
        truth, said = (np.repeat(places.ravel(), counts.ravel()) for places in np.indices(counts.shape))
        return float(matthews_corrcoef(truth, said))
    found = evaluation.model.get(name)
    if found is None or found.value is None:
        raise SystemExit(f"The evaluation has no {name}: {evaluation.model}")
    return found.value


def score_of(task: str, name: str, test: Rows, values: Floats) -> float:
    """The same of predictions as the task decodes them."""
    if task == "multilabel":
        truth = np.asarray(test.targets, dtype=np.float64)
        return float(np.nanmean([_area(truth[:, i], values[:, i]) for i in range(truth.shape[1])]))
    if task == "classification":
        truths = np.asarray(test.targets, dtype=np.int64)
        if name == "mcc":
            return float(matthews_corrcoef(truths, values.argmax(axis=1)))
        return float(classification_scores(truths, values)[name])
    return float(regression_scores(np.asarray(test.targets, dtype=np.float64)[:, 0], values[:, 0])[name])


def _area(truth: Floats, value: Floats) -> float:
    known = ~np.isnan(truth)
    both = np.column_stack([1 - value[known], value[known]])
    return float(classification_scores(truth[known].astype(np.int64), both)["roc_auc"])
