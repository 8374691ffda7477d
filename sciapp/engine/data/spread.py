"""How a target is spread in each split: the bars of its histogram, split by split."""

from dataclasses import dataclass

import numpy as np

from sciapp.engine.data.tables import read_split
from sciapp.engine.data.unit_labels import UnitLabels
from sciapp.records.dataset import SPLITS, DatasetCard, DatasetFolder, TargetSummary


@dataclass(frozen=True)
class Spread:
    """counts[split]: rows (tagging: units) in each bin or class of the target's summary on the card."""

    target: TargetSummary
    counts: dict[str, tuple[int, ...]]


def spreads(card: DatasetCard, folder: DatasetFolder) -> tuple[Spread, ...]:
    """One for each target, in the card's order. Raises BadInput for a damaged table."""
    counts: list[dict[str, tuple[int, ...]]] = [{} for _ in card.targets]
    for split in SPLITS:
        targets = read_split(folder, card, split).targets
        for place, summary in enumerate(card.targets):
            if isinstance(targets, UnitLabels):
                found = np.bincount(targets.codes[targets.counts], minlength=len(summary.classes))
            elif targets.ndim == 1:
                found = np.bincount(targets, minlength=len(summary.classes))
            else:
                values = targets[:, place]
                values = values[~np.isnan(values)]
                edges = np.array([-0.5, 0.5, 1.5]) if summary.classes else np.array(summary.bin_edges)
                found = np.histogram(values, edges)[0] if len(edges) > 1 else np.zeros(0, dtype=np.int64)
            counts[place][split] = tuple(int(count) for count in found)
    return tuple(Spread(summary, found) for summary, found in zip(card.targets, counts, strict=True))
