"""Numbers that span powers of ten: mixed units, or a quantity that is better learnt as a logarithm."""

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from sciapp.engine.data.quality.base import Check, CheckResult, PolicyOffer, TableCheckup, choices, first
from sciapp.engine.data.values.rejections import RejectionReason
from sciapp.i18n import all_of, joined, msg
from sciapp.records.dataset.findings import Finding

Floats = npt.NDArray[np.float64]

_OFFERS = (
    PolicyOffer("keep", msg("Leave the numbers as they are")),
    PolicyOffer("log10", msg("Learn their decimal logarithm")),
)
_DECADES = 3.0
_FEWEST = 20  # values; below that a span means nothing
_MOSTLY = 0.99  # share of the values that are above zero
_BIN, _EMPTY, _MASS = 0.25, 2, 0.05  # decades a bin; bins between two clusters; least share of a cluster
_NEAR_WHOLE = 0.35  # decades


def run(case: TableCheckup, policy: str) -> list[CheckResult]:
    """A finding for each target that spans at least a factor of 1,000."""
    if not case.facts.is_quantity:
        return []
    results, wide = [], []
    for index, name in enumerate(case.chosen.targets):
        column = np.where(case.notes.usable, case.of.values[:, index], np.nan)
        known = column[~np.isnan(column)]
        if (span := decades(known)) < _DECADES:
            continue
        wide.append(index)
        examples = first(np.flatnonzero(np.isin(column, [np.nanmin(column[column > 0]), np.nanmax(column)])))
        positive = known > 0
        finding = Finding(
            kind="units",
            title=_title(name, span, clusters(np.log10(known[positive]))),
            count=len(known),
            column=name,
            lines=case.lines(examples),
            consequence=joined(
                [
                    msg(
                        "The mean squared error would care for the largest numbers only. As log10 all of them count, "
                        "and scores are in powers of ten."
                    ),
                    ""
                    if positive.all()
                    else msg("{values:,} values that are not above zero have none.", values=int((~positive).sum())),
                ]
            ),
            choices=choices(_OFFERS),
            proposed="log10",
            applied=policy,
            changed=int(positive.sum()) if policy == "log10" else 0,
        )
        results.append(CheckResult(finding, examples, case.chosen.target_indices[index]))
    if policy == "log10" and wide:
        _take_logarithms(case, wide)
    return results


def decades(known: Floats) -> float:
    """Powers of ten between the 1st and the 99th percentile of positive numbers; 0 where many are not positive."""
    positive = known[known > 0]
    if len(positive) < max(_FEWEST, _MOSTLY * len(known)):
        return 0.0
    low, high = np.percentile(np.log10(positive), [1, 99])
    return float(high - low)


def clusters(logs: Floats) -> Floats:
    """Means of the groups that logarithms fall into, where the distances are near whole powers of ten; else none.

    Groups are runs of quarter decades with at least 5 % of the values, with half a decade of nothing between them.
    """
    edges = np.arange(np.floor(logs.min()), logs.max() + 2 * _BIN, _BIN)
    counts, edges = np.histogram(logs, bins=edges)
    filled = np.flatnonzero(counts > 0.002 * len(logs))
    cuts = np.flatnonzero(np.diff(filled) > _EMPTY)
    groups = np.split(filled, cuts + 1)
    parts = [logs[(logs >= edges[g[0]]) & (logs < edges[g[-1] + 1])] for g in groups]
    means = np.array([part.mean() for part in parts if len(part) >= _MASS * len(logs)])
    distances = np.diff(means)
    whole = len(distances) > 0 and bool((np.abs(distances - np.round(distances)) < _NEAR_WHOLE).all())
    return means if whole and bool((np.round(distances) >= 1).all()) else np.empty(0)


def _title(name: str, span: float, groups: Floats) -> str:
    title = msg("“{name}” spans {span:.1f} powers of ten", name=name, span=span)
    if not len(groups):
        return title
    apart = all_of(f"10^{round(float(d))}" for d in dict.fromkeys(np.round(np.diff(groups)).tolist()))
    return msg(
        "{title} and falls into {groups} groups {apart} apart, as if units were mixed",
        title=title,
        groups=len(groups),
        apart=apart,
    )


def _take_logarithms(case: TableCheckup, targets: list[int]) -> None:
    """The targets become log10 of what they were, and are called so; a row left without any value is set aside."""
    values, notes = case.of.values, case.notes
    bounds = case.of.bounds
    before = ~np.isnan(values) if bounds is None else ~np.isnan(values) | bounds.known
    for index in targets:
        column = values[:, index]
        good = column > 0
        values[:, index] = np.where(good, np.log10(np.where(good, column, 1.0)), np.nan)
        if bounds is not None:
            bounds.take_logarithms(index)
        lost = notes.usable & before[:, index] & case.of.bare
        notes.why[lost], notes.detail[lost] = RejectionReason.NO_LOGARITHM, index
    case.changed |= notes.usable & before[:, targets].any(axis=1)
    names = list(case.chosen.targets)
    for index in targets:
        names[index] = f"log10({names[index]})"
    roles = case.chosen.roles.model_copy(update={"targets": tuple(names)})
    case.chosen = replace(case.chosen, roles=roles)


CHECK = Check("units", run, _OFFERS, "log10")
