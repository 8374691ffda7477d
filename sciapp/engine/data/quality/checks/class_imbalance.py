"""Classes of very different size: a model that ignores the rare ones looks good."""

import numpy as np

from sciapp.engine.data.quality.base import Check, CheckResult, TableCheckup, first
from sciapp.engine.data.targets.base import ClassCounts
from sciapp.i18n import joined, msg
from sciapp.records.dataset.findings import Finding
from sciapp.records.formatting import percent_text

_RATIO = 10.0  # of the largest class to the smallest
_OFFER = msg("Training with class_weights=balanced makes every class weigh the same in the loss.")
_MOST_TARGETS = 6
_MOSTLY = 0.5  # share of the largest class, from which on it passes for a good answer


def run(case: TableCheckup, _: str) -> list[CheckResult]:
    """One finding for classes or labels of units; for yes-or-no targets one for each of the most uneven."""
    sizes = case.kind.class_counts(case.chosen.targets, case.of, case.notes.usable)
    most_uneven = sorted(
        sizes, key=lambda target: target.counts.min(initial=target.counts.sum()) / max(1, target.counts.sum())
    )
    return [result for target in most_uneven[:_MOST_TARGETS] for result in _imbalance(case, target)]


def _imbalance(case: TableCheckup, target: ClassCounts) -> list[CheckResult]:
    name, classes, counts = target.name, target.classes, target.counts
    present = np.flatnonzero(counts)
    if len(present) < 2 or counts.max() < _RATIO * counts[present].min():
        return []
    rare, common = present[np.argmin(counts[present])], int(np.argmax(counts))
    rows: list[int] = []
    if target.target is not None:
        rows = first(np.flatnonzero(case.notes.usable & (case.of.values[:, target.target] == rare)))
    what = f"“{name}”" if name else msg("Labels")
    most = counts[common] / counts.sum()
    finding = Finding(
        kind="imbalance",
        title=msg(
            "{what}: for one “{rare}” there are {ratio:,.0f} “{common}”",
            what=what,
            rare=classes[rare],
            ratio=counts[common] / counts[rare],
            common=classes[common],
        ),
        count=int(counts[rare]),
        column=name,
        lines=case.lines(rows),
        consequence=joined([_consequence(classes[common], most), _OFFER]),
    )
    return [CheckResult(finding, rows, case.chosen.input_index)]


def _consequence(common: str, share: float) -> str:
    if share < _MOSTLY:
        return msg("Rare ones hardly count in the loss, and accuracy hides how they fare.")
    right = percent_text(share, sign=" %")
    return msg(
        "A model that always says “{common}” is right in {right} of all cases and useless; accuracy hides it.",
        common=common,
        right=right,
    )


CHECK = Check("imbalance", run)
