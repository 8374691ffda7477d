"""The judge of labels of single units (residues, bases, words)."""

from dataclasses import dataclass
from typing import ClassVar, Self

import numpy as np
import numpy.typing as npt

from sciapp.engine.data.targets.base import Targets
from sciapp.engine.data.targets.token_classification import TokenLabels, token_labels
from sciapp.engine.data.values.token_labels import NO_LABEL
from sciapp.engine.domains.registry import domain_named
from sciapp.engine.evaluation import bootstrap as redrawn
from sciapp.engine.evaluation.intervals import difference_interval, samples_for, scores_of
from sciapp.engine.evaluation.metrics import bounded_confusion
from sciapp.engine.tasks.base import Values
from sciapp.records.dataset.card import DatasetCard
from sciapp.records.dataset.tasks import TaskName
from sciapp.records.run.evaluation import Confusion, Curve, Scores

Floats = npt.NDArray[np.float64]

SCORES = ("unit_accuracy", "macro_f1")


@dataclass(frozen=True)
class TokenClassificationEvaluator:
    """Units whose label counts are judged, one like the other; rows are redrawn whole, for a row's units are alike."""

    card: DatasetCard
    seed: int
    task: ClassVar[TaskName] = "tagging"
    main_score = "unit_accuracy"

    @classmethod
    def of_training(cls, card: DatasetCard, train_targets: Targets, seed: int) -> Self:
        return cls(card, seed)

    def report(self, predictor: str, targets: Targets, values: Values) -> Scores:
        tables = self._tables(targets, values)
        rows = len(tables)
        whole = redrawn.units(tables, np.ones((1, rows))) if rows else {}
        blocks = redrawn.draws(rows, samples_for(rows), self.seed, tables[0].size if rows else 1)
        drawn = [redrawn.units(tables, counts) for counts in blocks]
        # The units of a row are alike, so it is rows that are counted.
        of_classes = (tables[:, 1] > 0).sum(axis=0)
        cases = {"unit_accuracy": [rows], "macro_f1": of_classes[of_classes > 0].tolist()}
        scores = scores_of({name: float(score[0]) for name, score in whole.items()}, drawn, SCORES, cases=cases)
        return Scores(predictor=predictor, rows=rows, scores=tuple(scores))

    def main(self, targets: Targets, values: Values) -> float:
        tables = self._tables(targets, values)
        return float(redrawn.units(tables, np.ones((1, len(tables))))["unit_accuracy"][0])

    def difference(self, targets: Targets, ours: Values, theirs: Values) -> tuple[float, float]:
        first, second = self._tables(targets, ours), self._tables(targets, theirs)
        rows, differences = len(first), [np.empty(0)]
        for counts in redrawn.draws(rows, samples_for(rows), self.seed, first[0].size if rows else 1):
            one, other = (redrawn.units(tables, counts)["unit_accuracy"] for tables in (first, second))
            differences.append(one - other)
        return difference_interval(np.concatenate(differences), [rows])

    def confusion(self, targets: Targets, values: Values) -> Confusion | None:
        """Units that got no label at all are left out of it."""
        truth, predicted = token_labels(targets), token_labels(values)
        answered = truth.counts & (predicted.codes != NO_LABEL)
        matrix = bounded_confusion(truth.codes[answered], predicted.codes[answered], self.card.class_names)
        return matrix.model_copy(update={"counted": domain_named(self.card.domain).unit})

    def roc(self, targets: Targets, values: Values) -> tuple[Curve, ...]:
        return ()

    def _tables(self, targets: Targets, values: Values) -> Floats:
        return unit_tables(token_labels(targets), token_labels(values), len(self.card.class_names))


def unit_tables(truth: TokenLabels, said: TokenLabels, classes: int) -> Floats:
    """tables[row, :, i] (rows, 3, classes): units of label i that were said to be i, all units of label i, and all
    that were said to be i."""
    counted = truth.counts
    rows, true, claimed = truth.rows[counted], truth.codes[counted], said.codes[counted]
    answered = claimed != NO_LABEL
    right = true == claimed
    parts = ((rows[right], true[right]), (rows, true), (rows[answered], claimed[answered]))
    counts = [np.bincount(row * classes + code, minlength=len(truth) * classes) for row, code in parts]
    return np.stack(counts).reshape(3, len(truth), classes).transpose(1, 0, 2).astype(np.float64)
