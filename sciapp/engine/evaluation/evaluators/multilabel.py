"""The judge of several targets that are each 0 or 1, with gaps."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar, Self

import numpy as np
import numpy.typing as npt

from sciapp.engine.data.targets.base import Targets
from sciapp.engine.evaluation import bootstrap as redrawn
from sciapp.engine.evaluation.intervals import difference_interval, samples_for, scores_of
from sciapp.engine.evaluation.metrics import roc_points
from sciapp.engine.tasks.base import Values
from sciapp.records.dataset.card import DatasetCard
from sciapp.records.dataset.tasks import TaskName
from sciapp.records.run.evaluation import Confusion, Curve, Scores

Floats = npt.NDArray[np.float64]

SCORES = ("roc_auc", "average_precision", "balanced_accuracy")


@dataclass(frozen=True)
class MultilabelEvaluator:
    """Scores of each target on the rows where it was measured, and their means over the targets.

    Where a target has no 0 or no 1 its scores are undefined, and the means leave it out. Whole rows are redrawn: the
    targets of one molecule come and go together.
    """

    card: DatasetCard
    seed: int
    task: ClassVar[TaskName] = "multilabel"
    main_score = "roc_auc"

    @classmethod
    def of_training(cls, card: DatasetCard, train_targets: Targets, seed: int) -> Self:
        return cls(card, seed)

    def report(self, predictor: str, targets: Targets, values: Values) -> Scores:
        truth, probabilities = np.asarray(targets, dtype=np.float64), np.asarray(values)
        names = self.card.target_names
        whole = _each_target(truth, probabilities, np.ones((1, len(truth)))) if len(truth) else []
        blocks = [_each_target(truth, probabilities, counts) for counts in self._draws(len(truth))]
        scores = []
        if len(names) > 1:
            every = [count for column in truth.T for count in _rarer(column)]
            together = [_mean(block) for block in blocks]
            scores += scores_of(_first(_mean(whole)), together, SCORES, cases=dict.fromkeys(SCORES, every))
        for index, name in enumerate(names):
            drawn, target = [block[index] for block in blocks], name if len(names) > 1 else ""
            cases = dict.fromkeys(SCORES, _rarer(truth[:, index])) if len(truth) else None
            scores += scores_of(_first(whole[index]) if whole else {}, drawn, SCORES, target, cases)
        return Scores(predictor=predictor, rows=len(truth), scores=tuple(scores))

    def main(self, targets: Targets, values: Values) -> float:
        truth = np.asarray(targets, dtype=np.float64)
        if not len(truth):
            return float("nan")
        return float(_mean(_each_target(truth, np.asarray(values), np.ones((1, len(truth)))))["roc_auc"][0])

    def difference(self, targets: Targets, ours: Values, theirs: Values) -> tuple[float, float]:
        truth, first, second = np.asarray(targets, dtype=np.float64), np.asarray(ours), np.asarray(theirs)
        differences = [np.empty(0)]
        for counts in self._draws(len(truth)):
            one, other = (
                _mean(_each_target(truth, probabilities, counts))["roc_auc"] for probabilities in (first, second)
            )
            differences.append(one - other)
        return difference_interval(np.concatenate(differences), [n for column in truth.T for n in _rarer(column)])

    def confusion(self, targets: Targets, values: Values) -> Confusion | None:
        return None

    def roc(self, targets: Targets, values: Values) -> tuple[Curve, ...]:
        truth, probabilities = np.asarray(targets, dtype=np.float64), np.asarray(values)
        curves = []
        for index, name in enumerate(self.card.target_names):
            known = ~np.isnan(truth[:, index])
            curve = roc_points(truth[known, index] == 1, probabilities[known, index], name)
            curves += [curve] if curve is not None else []
        return tuple(curves)

    def _draws(self, rows: int) -> Iterator[Floats]:
        return redrawn.draws(rows, samples_for(rows), self.seed)


def _rarer(truth: Floats) -> list[int]:
    """The number of rows of a target (rows,) with the rarer answer; empty where it has but one."""
    fewest = min(int((truth == answer).sum()) for answer in (0, 1))
    return [fewest] if fewest else []


def _each_target(truth: Floats, said: Floats, counts: Floats) -> list[Mapping[str, Floats]]:
    """The scores (sets,) of each target; truth, said (rows, targets), counts (sets, rows)."""
    known = ~np.isnan(truth)
    return [
        redrawn.yes_or_no(truth[rows, index] == 1, said[rows, index], counts[:, rows])
        for index, rows in enumerate(known.T)
    ]


def _mean(targets: list[Mapping[str, Floats]]) -> dict[str, Floats]:
    """Means over the targets that have the score, set by set; NaN where none has."""
    means = {}
    for name in SCORES if targets else ():
        table = np.stack([scores[name] for scores in targets])
        defined = np.isfinite(table)
        with np.errstate(invalid="ignore"):
            means[name] = np.where(defined, table, 0.0).sum(axis=0) / defined.sum(axis=0)
    return means


def _first(scores: Mapping[str, Floats]) -> dict[str, float]:
    return {name: float(values[0]) for name, values in scores.items()}
