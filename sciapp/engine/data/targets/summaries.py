"""Summaries of targets, as a dataset's card has them."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from sciapp.engine.data.values.safe_float import grown, most_bins, tamed
from sciapp.engine.data.values.split_names import TEST, VALIDATION
from sciapp.i18n import msg
from sciapp.records.dataset.card import SPLITS, TargetSummary

_MOST_BINS = 40

Floats = npt.NDArray[np.float64]


def histogram(values: Floats) -> tuple[tuple[float, ...], tuple[int, ...]]:
    """Edges (n + 1) and counts (n), n between 1 and 40 by the Freedman-Diaconis rule (1981, Z. Wahrsch. 57:453)."""
    values, scale = tamed(values)
    spread = float(np.subtract(*np.percentile(values, [75, 25])))
    whole = float(np.ptp(values))
    width = 2 * spread / len(values) ** (1 / 3)
    bins = int(np.clip(np.ceil(whole / width), 1, _MOST_BINS)) if width > 0 and np.isfinite(whole / width) else 10
    counts, edges = np.histogram(values, bins=most_bins(values, bins))
    return tuple(grown(edge, scale) for edge in edges.tolist()), tuple(counts.tolist())


def number_summary(name: str, values: Floats, bounds: int) -> TargetSummary:
    """The summary of a target of numbers (rows,), NaN for gaps; bounds: rows of which only a bound is known."""
    known = values[~np.isnan(values)]
    if not len(known):
        return TargetSummary(name=name, measured=0, bounds=bounds)
    edges, counts = histogram(known)
    small, scale = tamed(known)
    return TargetSummary(
        name=name,
        measured=len(known),
        bounds=bounds,
        mean=grown(float(small.mean()), scale),
        standard_deviation=grown(float(small.std(ddof=1)), scale) if len(known) > 1 else 0.0,
        minimum=float(known.min()),
        maximum=float(known.max()),
        bin_edges=edges,
        bin_counts=counts,
    )


def class_summary(name: str, classes: tuple[str, ...], counts: npt.NDArray[np.int64]) -> TargetSummary:
    """The summary of a target of classes; counts (classes,): rows, or units, of each."""
    numbers = tuple(int(count) for count in counts)
    return TargetSummary(name=name, measured=sum(numbers), classes=classes, class_counts=numbers)


def gap_remarks(names: Sequence[str], values: Floats, split: npt.NDArray[np.int8]) -> tuple[str, ...]:
    """Sentences on targets (rows, targets) that were not measured everywhere, NaN for gaps."""
    remarks = []
    for i, name in enumerate(names):
        known = ~np.isnan(values[:, i])
        if not known.all():
            remarks.append(
                msg(
                    "“{name}” was measured in {sum:,} of {known:,} rows.",
                    name=name,
                    sum=int(known.sum()),
                    known=len(known),
                )
            )
        remarks += [
            msg("“{name}” was measured in no {split} row; it cannot be judged there.", name=name, split=SPLITS[code])
            for code in (VALIDATION, TEST)
            if not known[split == code].any()
        ]
    return tuple(remarks)
