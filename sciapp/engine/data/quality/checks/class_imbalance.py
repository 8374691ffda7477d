"""Classes of very different size: a model that ignores the rare ones looks good."""

import numpy as np

from sciapp.engine.data.quality.base import Check, CheckResult, TableCheckup, first
from sciapp.records.dataset.findings import Finding
from sciapp.records.formatting import percent_text

_RATIO = 10.0  # of the largest class to the smallest
_OFFER = "Training with class_weights=balanced makes every class weigh the same in the loss."
_MOST_TOLD = 6
_MOSTLY = 0.5  # share of the largest class, from which on it passes for a good answer


def run(case: TableCheckup, _: str) -> list[CheckResult]:
    """One finding for classes or labels of units; for yes-or-no targets one for each of the most uneven."""
    kept, values = case.notes.kept, case.of.values
    if case.of.units is not None:
        return _told(case, "", case.of.units.table[kept].sum(axis=0), case.of.classes, None)
    if case.task == "classification":
        codes = values[kept, 0].astype(np.int64)
        counts = np.bincount(codes, minlength=len(case.of.classes))
        return _told(case, case.chosen.targets[0], counts, case.of.classes, 0)
    if case.task != "multilabel":
        return []
    sizes = [np.array([(column == 0).sum(), (column == 1).sum()]) for column in values[kept].T]
    order = sorted(range(len(sizes)), key=lambda place: sizes[place].min() / max(1, sizes[place].sum()))
    found = [_told(case, case.chosen.targets[i], sizes[i], ("0", "1"), i) for i in order[:_MOST_TOLD]]
    return [one for part in found for one in part]


def _told(
    case: TableCheckup,
    name: str,
    counts: "np.ndarray[tuple[int], np.dtype[np.int64]]",
    classes: tuple[str, ...],
    place: int | None,
) -> list[CheckResult]:
    """counts (classes,): rows or units of each."""
    present = np.flatnonzero(counts)
    if len(present) < 2 or counts.max() < _RATIO * counts[present].min():
        return []
    rare, common = present[np.argmin(counts[present])], int(np.argmax(counts))
    rows: list[int] = []
    if place is not None:
        rows = first(np.flatnonzero(case.notes.kept & (case.of.values[:, place] == rare)))
    what = f"“{name}”: " if name else "Labels: "
    most = counts[common] / counts.sum()
    finding = Finding(
        kind="imbalance",
        title=f"{what}for one “{classes[rare]}” there are {counts[common] / counts[rare]:,.0f} “{classes[common]}”",
        count=int(counts[rare]),
        column=name,
        lines=case.lines(rows),
        consequence=f"{_consequence(classes[common], most)} {_OFFER}",
    )
    return [CheckResult(finding, rows, case.chosen.input_place)]


def _consequence(common: str, share: float) -> str:
    if share < _MOSTLY:
        return "Rare ones hardly count in the loss, and accuracy hides how they fare."
    right = percent_text(share, sign=" %")
    return f"A model that always says “{common}” is right in {right} of all cases and useless; accuracy hides it."


CHECK = Check("imbalance", run)
