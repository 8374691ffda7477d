"""Distributions of targets over the splits: a test split unlike training explains many a bad score."""

from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow.compute as pc
import pyarrow.parquet as pq

from sciapp.engine.data.targets.registry import target_kind
from sciapp.engine.data.values.damaged_files import UNREADABLE
from sciapp.engine.data.values.safe_float import most_bins
from sciapp.engine.domains.registry import domain_named
from sciapp.engine.reports.figures.base import BLUE, GREEN, ORANGE, ReportFigure, label, new_figure, picture
from sciapp.i18n import ENGLISH, Translator, joined, msg, render, term
from sciapp.records.dataset.card import MASK, SPLIT, SPLITS, TARGET_PREFIX, DatasetCard, DatasetFolder
from sciapp.records.regular import regular

_COLOURS = dict(zip(SPLITS, (BLUE, ORANGE, GREEN), strict=True))
_BINS = 30
_MOST_CLASSES = 30

Parts = dict[str, npt.NDArray[Any]]


def target_pictures(
    folder: DatasetFolder, card: DatasetCard, names: Sequence[str], translator: Translator = ENGLISH
) -> list[ReportFigure]:
    """One figure a target; none when the dataset's table cannot be read any more."""
    try:
        masks = [MASK] if card.roles.mask is not None else []
        table = pq.read_table(
            regular(folder.table_file), columns=[SPLIT, *(TARGET_PREFIX + name for name in names), *masks]
        )
    except UNREADABLE:
        return []
    kind = target_kind(card.task)
    facts = kind.facts
    rows = {split: table.filter(pc.equal(table.column(SPLIT), split)) for split in SPLITS}
    pictures: list[ReportFigure | None] = []
    for name in names:
        target = card.target_names.index(name)
        parts = {split: kind.labels_by_class(part, card, target) for split, part in rows.items()}
        if facts.is_quantity:
            pictures.append(_numbers(name, parts, translator))
        else:
            counted = domain_named(card.domain).unit if facts.per_unit else msg("rows")
            pictures.append(_classes(name, parts, card.targets[target].classes, counted, translator))
    return [made for made in pictures if made is not None]


def _numbers(name: str, parts: Parts, translator: Translator) -> ReportFigure | None:
    say = partial(render, translator=translator)
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
            named = say(msg("{split} ({count:,})", split=term(split), count=int(count.sum())))
            alpha = 0.3 if first else 1.0
            axis.stairs(share, edges, color=_COLOURS[split], label=named, fill=first, alpha=alpha, linewidth=1.6)
    axis.set(xlabel=label(name, 60), ylabel=say(msg("share of the split’s rows")))
    axis.legend(frameon=False)
    rows = zip(edges[:-1].tolist(), edges[1:].tolist(), *(counts[split].tolist() for split in SPLITS), strict=True)
    caption = msg("Measured values in each split (number of values in brackets).")
    return picture(
        figure,
        f"distribution {name}",
        say(msg("Distribution of {name}", name=name)),
        caption,
        (say(msg("from")), say(msg("to")), *map(say, map(term, SPLITS))),
        rows,
    )


def _classes(name: str, parts: Parts, classes: Sequence[str], counted: str, translator: Translator) -> ReportFigure:
    say = partial(render, translator=translator)
    counts = {split: [int((values == one).sum()) for one in classes] for split, values in parts.items()}
    drawn = sorted(range(len(classes)), key=lambda index: -counts["train"][index])[:_MOST_CLASSES]
    figure, (axis,) = new_figure(width=6.2, height=1.6 + 0.45 * len(drawn))
    positions = np.arange(len(drawn))
    for offset, (split, count) in zip((-0.27, 0, 0.27), counts.items(), strict=True):
        share = np.array([count[index] for index in drawn]) / max(1, sum(count))
        axis.barh(
            positions + offset,
            share,
            height=0.25,
            color=_COLOURS[split],
            label=say(msg("{split} ({count:,})", split=term(split), count=sum(count))),
        )
    axis.set_yticks(positions, [label(classes[index], 24) for index in drawn])
    axis.invert_yaxis()
    axis.set(xlabel=say(msg("share of the split’s {counted}", counted=counted)))
    axis.legend(frameon=False)
    rows = zip(classes, *(counts[split] for split in SPLITS), strict=True)
    caption: str = msg("Classes in each split (number of {counted} in brackets).", counted=counted)
    if len(drawn) < len(classes):
        drawn_classes = msg(
            "Drawn: the {drawn} most frequent of {classes} classes.", drawn=len(drawn), classes=len(classes)
        )
        caption = joined([caption, drawn_classes])
    return picture(
        figure,
        f"distribution {name}",
        say(msg("Distribution of {name}", name=name)),
        caption,
        (say(msg("class")), *map(say, map(term, SPLITS))),
        rows,
    )


def _finite(values: npt.NDArray[Any]) -> npt.NDArray[np.float64]:
    numbers = np.asarray(values, dtype=np.float64)
    return numbers[np.isfinite(numbers)]
