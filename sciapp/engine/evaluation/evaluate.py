"""The evaluation of a model on rows that it never saw, beside what it must beat."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sciapp.engine.evaluation.baselines import Baseline
from sciapp.engine.evaluation.intervals import (
    classification_report,
    paired_difference,
    regression_report,
    samples_for,
)
from sciapp.engine.evaluation.metrics import (
    confusion,
    macro_f1,
    roc_curves,
)
from sciapp.records.dataset import DatasetCard
from sciapp.records.report import Beside, Evaluation, Scores

Floats = npt.NDArray[np.float64]
Targets = npt.NDArray[np.float64] | npt.NDArray[np.int64]


@dataclass(frozen=True)
class Judge:
    """Scores predictions of one dataset; values as in `tasks.base.Predictions`. scale: see `regression_report`."""

    card: DatasetCard
    scale: Floats
    seed: int

    @property
    def main_score(self) -> str:
        return "macro_f1" if self.card.task == "classification" else "rmse"

    def report(self, predictor: str, targets: Targets, values: Floats) -> Scores:
        """Every score with its interval."""
        if self.card.task == "classification":
            truth = np.asarray(targets, dtype=np.int64)
            return classification_report(truth, values, predictor=predictor, seed=self.seed)
        truths = np.asarray(targets, dtype=np.float64)
        return regression_report(
            truths, values, self.card.target_names, predictor=predictor, scale=self.scale, seed=self.seed
        )

    def main(self, targets: Targets, values: Floats) -> float:
        """The score that selects the best model, without an interval; NaN where nothing was measured."""
        if not len(values):
            return float("nan")
        if self.card.task == "classification":
            return macro_f1(np.asarray(targets, dtype=np.int64), values.argmax(axis=1), values.shape[1])
        truth, scale = np.asarray(targets, dtype=np.float64), self.scale if values.shape[1] > 1 else 1.0
        known = ~np.isnan(truth)
        error = ((values - truth) / scale)[known]
        return float(np.sqrt(np.mean(error**2))) if error.size else float("nan")


def spread(train_targets: Targets) -> Floats:
    """The standard deviation of each target in the training rows, 1 where there is none."""
    values = np.asarray(train_targets, dtype=np.float64)
    if values.ndim == 1:
        return np.ones(1)
    scale = np.array([target[~np.isnan(target)].std() if (~np.isnan(target)).any() else 0.0 for target in values.T])
    return np.where(scale > 1e-12, scale, 1.0)


def evaluate(
    judge: Judge,
    targets: Targets,
    values: Floats,
    *,
    trivial: Baseline,
    simple: Baseline,
    before: Scores,
    after: Scores,
    beside: Beside | None = None,
    remarks: tuple[str, ...] = (),
) -> Evaluation:
    """Everything measured on the test rows: targets and values as in `Rows` and `Predictions`."""
    card = judge.card
    model = judge.report("Fine-tuned model", targets, values)
    beats, sentence = verdict(judge, targets, values, simple)
    classes = card.task == "classification"
    truth = np.asarray(targets, dtype=np.int64) if classes else np.empty(0, dtype=np.int64)
    return Evaluation(
        task=card.task,
        target_names=card.target_names,
        class_names=card.class_names,
        main_score=judge.main_score,
        model=model,
        trivial_baseline=judge.report(trivial.name, targets, trivial.values),
        simple_baseline=judge.report(simple.name, targets, simple.values),
        validation_before=before,
        validation_after=after,
        confusion=confusion(truth, values, card.class_names) if classes else None,
        roc=roc_curves(truth, values, card.class_names) if classes else (),
        verdict=sentence,
        beats_simple_baseline=beats,
        beside=beside,
        bootstrap_samples=samples_for(len(targets)),
        remarks=remarks,
    )


def verdict(judge: Judge, targets: Targets, values: Floats, simple: Baseline) -> tuple[bool | None, str]:
    """Whether the model beats the simple baseline, and the sentence that says so.

    It does, or does not, when the 95 % interval of the paired difference, on the same redrawn test rows, leaves out
    zero; otherwise the two cannot be told apart, which is no win either. None: nothing could be compared.
    """
    name = {"rmse": "RMSE", "macro_f1": "macro F1"}[judge.main_score]
    rival = f"the simple baseline ({simple.name[0].lower()}{simple.name[1:]})"
    ours, theirs = judge.main(targets, values), judge.main(targets, simple.values)
    low, high = paired_difference(
        lambda rows: (judge.main(targets[rows], values[rows]), judge.main(targets[rows], simple.values[rows])),
        len(targets),
        judge.seed,
    )
    if not np.isfinite([ours, theirs, low, high]).all():
        return None, f"The fine-tuned model cannot be compared with {rival}: too few test rows are measured."
    figures = (
        f"{name} {ours:.3g} against {theirs:.3g} on {_count(len(targets), 'test row')}, a difference of "
        f"{_signed(ours - theirs)} (95 % interval {_signed(low)} to {_signed(high)})"
    )
    if low <= 0 <= high:
        return False, f"The fine-tuned model cannot be told apart from {rival}: {figures}."
    if (high < 0) == (judge.main_score == "rmse"):
        return True, f"The fine-tuned model beats {rival}: {figures}."
    return False, (
        f"The fine-tuned model does not beat {rival}: {figures}; use the simple one, "
        "or try a larger pre-trained model or more data."
    )


def _signed(value: float) -> str:
    return f"{value:+.3g}".replace("-", "−")


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" + "s" * (number != 1)
