"""Distributions of targets over the splits: a test split unlike training explains many a bad score."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from sciapp.engine.data.targets.token_classification import TokenLabels
from sciapp.engine.data.values.damaged_files import UNREADABLE
from sciapp.engine.data.values.safe_float import most_bins
from sciapp.engine.domains.registry import domain_named
from sciapp.engine.reports.figures.base import BLUE, GREEN, ORANGE, ReportFigure, label, new_figure, picture
from sciapp.records.dataset.card import MASK, SPLIT, SPLITS, TARGET_PREFIX, DatasetCard, DatasetFolder
from sciapp.records.regular import regular

_COLOURS = dict(zip(SPLITS, (BLUE, ORANGE, GREEN), strict=True))
_BINS = 30
_MOST_CLASSES = 30

Parts = dict[str, npt.NDArray[Any]]


def target_pictures(folder: DatasetFolder, card: DatasetCard, names: Sequence[str]) -> list[ReportFigure]:
    """One figure a target; none when the dataset's table cannot be read any more."""
    try:
        masks = [MASK] if card.roles.mask is not None else []
        table = pq.read_table(
            regular(folder.table_file), columns=[SPLIT, *(TARGET_PREFIX + name for name in names), *masks]
        )
    except UNREADABLE:
        return []
    splits = table.column(SPLIT).to_numpy(zero_copy_only=False)
    pictures: list[ReportFigure | None] = []
    for name in names:
        if card.task == "tagging":
            pictures.append(_classes(name, _units(table, card), card.class_names, domain_named(card.domain).unit))
            continue
        values = table.column(TARGET_PREFIX + name).to_numpy(zero_copy_only=False)
        parts = {split: values[splits == split] for split in SPLITS}
        if card.task == "multilabel":
            words = {split: np.where(part == 1, "1", np.where(part == 0, "0", "")) for split, part in parts.items()}
            pictures.append(_classes(name, words, ("0", "1")))
        else:
            pictures.append(_classes(name, parts, card.class_names) if card.class_names else _numbers(name, parts))
    return [made for made in pictures if made is not None]


def _units(table: pa.Table, card: DatasetCard) -> Parts:
    """The labels of the units that count, in each split."""
    parts: Parts = {}
    for split in SPLITS:
        rows = table.filter(pc.equal(table.column(SPLIT), split))
        masks = rows.column(MASK).to_pylist() if MASK in rows.column_names else None
        strings = rows.column(TARGET_PREFIX + card.target_names[0]).to_pylist()
        separator = domain_named(card.domain).label_separator or ""
        labels = TokenLabels.read(strings, masks, card.class_names, separator)
        parts[split] = np.array(card.class_names, dtype=object)[labels.codes[labels.counts]]
    return parts


def _numbers(name: str, parts: Parts) -> ReportFigure | None:
    known = {split: _finite(values) for split, values in parts.items()}
    together = np.concatenate(list(known.values()))
    if not len(together):
        return None
    edges = np.histogram_bin_edges(together, bins=most_bins(together, _BINS))
    figure, (axis,) = new_figure(width=6.2, height=3.2)
    counts = {split: np.histogram(values, edges)[0] for split, values in known.items()}
    for split, count in counts.items():
        if count.sum():
            share = count / count.sum()
            first = split == "train"  # filled, the others as lines over it
            named = f"{split} ({count.sum():,})"
            alpha = 0.3 if first else 1.0
            axis.stairs(share, edges, color=_COLOURS[split], label=named, fill=first, alpha=alpha, linewidth=1.6)
    axis.set(xlabel=label(name, 60), ylabel="share of the split’s rows")
    axis.legend(frameon=False)
    rows = zip(edges[:-1].tolist(), edges[1:].tolist(), *(counts[split].tolist() for split in SPLITS), strict=True)
    caption = "Measured values in each split (number of values in brackets)."
    return picture(figure, f"distribution {name}", f"Distribution of {name}", caption, ("from", "to", *SPLITS), rows)


def _classes(name: str, parts: Parts, classes: Sequence[str], counted: str = "rows") -> ReportFigure:
    counts = {split: [int((values == one).sum()) for one in classes] for split, values in parts.items()}
    shown = sorted(range(len(classes)), key=lambda place: -counts["train"][place])[:_MOST_CLASSES]
    figure, (axis,) = new_figure(width=6.2, height=1.6 + 0.45 * len(shown))
    places = np.arange(len(shown))
    for offset, (split, count) in zip((-0.27, 0, 0.27), counts.items(), strict=True):
        share = np.array([count[place] for place in shown]) / max(1, sum(count))
        axis.barh(places + offset, share, height=0.25, color=_COLOURS[split], label=f"{split} ({sum(count):,})")
    axis.set_yticks(places, [label(classes[place], 24) for place in shown])
    axis.invert_yaxis()
    axis.set(xlabel=f"share of the split’s {counted}")
    axis.legend(frameon=False)
    rows = zip(classes, *(counts[split] for split in SPLITS), strict=True)
    caption = f"Classes in each split (number of {counted} in brackets)."
    if len(shown) < len(classes):
        caption += f" Drawn: the {len(shown)} most frequent of {len(classes)} classes."
    return picture(figure, f"distribution {name}", f"Distribution of {name}", caption, ("class", *SPLITS), rows)


def _finite(values: npt.NDArray[Any]) -> npt.NDArray[np.float64]:
    numbers = np.asarray(values, dtype=np.float64)
    return numbers[np.isfinite(numbers)]
