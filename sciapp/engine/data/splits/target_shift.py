"""Comparison of the targets of validation and test rows with those of the training rows."""

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from sciapp.engine.data.dataset.table import by_split
from sciapp.engine.data.targets.registry import task_facts
from sciapp.records.dataset.card import SPLIT, TARGET_PREFIX
from sciapp.records.dataset.leakage import TargetShift
from sciapp.records.dataset.tasks import TaskName

_P, _MATTERS = 0.01, 0.1
_FEWEST = 5  # values in each of the two splits

Values = npt.NDArray[np.float64] | npt.NDArray[np.object_]


def drifts(table: pa.Table, task: TaskName, targets: Sequence[str]) -> tuple[TargetShift, ...]:
    """One for each target and split that has values enough. table: with the columns `split` and the targets.

    Kolmogorov-Smirnov for numbers, chi-squared for classes. Labels of units get none: those of one sequence are not
    independent of each other, and both tests would find a difference in everything. A difference is notable when its p
    is below 0.01 even after Bonferroni, and its statistic above 0.1.
    """
    facts = task_facts(task)
    if facts.per_unit:
        return ()
    splits = by_split(table.column(SPLIT))
    shifts: list[TargetShift] = []
    for name in targets:
        column = table.column(TARGET_PREFIX + name)
        values = column.to_numpy(zero_copy_only=False)
        known = column.is_valid().to_numpy(zero_copy_only=False)
        parts = {split: values[known & rows] for split, rows in splits.items()}
        shifts += _of_target(name, parts, is_quantity=facts.is_quantity)
    return tuple(
        one.model_copy(update={"notable": one.p_value * len(shifts) < _P and one.statistic > _MATTERS})
        for one in shifts
    )


def _of_target(name: str, parts: dict[str, Values], *, is_quantity: bool) -> Iterator[TargetShift]:
    for split in ("validation", "test"):
        ours, theirs = parts["train"], parts[split]
        if min(len(ours), len(theirs)) < _FEWEST:
            continue
        if is_quantity:
            statistic, p = _kolmogorov_smirnov(ours.astype(np.float64), theirs.astype(np.float64))
            yield TargetShift(
                target=name, split=split, test="Kolmogorov–Smirnov", statistic=statistic, p_value=p, notable=False
            )
        else:
            statistic, p = _chi_squared(ours, theirs)
            yield TargetShift(
                target=name, split=split, test="chi-squared", statistic=statistic, p_value=p, notable=False
            )


def _kolmogorov_smirnov(ours: npt.NDArray[np.float64], theirs: npt.NDArray[np.float64]) -> tuple[float, float]:
    from scipy.stats import ks_2samp  # takes half a second to load

    test = ks_2samp(ours, theirs)
    return float(test.statistic), float(test.pvalue)


def _chi_squared(ours: Values, theirs: Values) -> tuple[float, float]:
    """(Cramér's V, p) of the two rows of counts; (0, 1) where there is one class only."""
    from scipy.stats import chi2_contingency

    classes, codes = np.unique(np.concatenate([ours, theirs]), return_inverse=True)
    if len(classes) < 2:
        return 0.0, 1.0
    counts = [np.bincount(part, minlength=len(classes)) for part in (codes[: len(ours)], codes[len(ours) :])]
    test = chi2_contingency(np.array(counts), correction=False)
    return float(np.sqrt(test.statistic / len(codes))), float(test.pvalue)
