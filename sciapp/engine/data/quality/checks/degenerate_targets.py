"""Targets from which there is nothing to learn: the same value everywhere, or hardly any value at all."""

import numpy as np
import numpy.typing as npt

from sciapp.engine.data.quality.base import (
    Check,
    CheckResult,
    PolicyOffer,
    TableCheckup,
    choices,
    first,
    of_target,
    share,
)
from sciapp.engine.data.values.dead_targets import nothing_in
from sciapp.engine.data.values.rejections import FEWEST_ROWS
from sciapp.i18n import msg
from sciapp.records.dataset.findings import Finding

_OFFERS = (PolicyOffer("keep", msg("Keep them")), PolicyOffer("drop", msg("Leave these targets out")))
_SHARE = 0.01  # of the rows that a target must be measured in, and as many as a dataset must have
_MOST_TOLD = 8


def run(case: TableCheckup, policy: str) -> list[CheckResult]:
    """A finding for each such target. Where others are left, those of a single value go, with `drop` all of them."""
    if case.facts.per_unit:
        return []
    poor = {index: problem for index in range(len(case.chosen.targets)) if (problem := _poor(case, index))}
    others = len(poor) < len(case.chosen.targets)
    dead = {index for index in poor if others and is_dead(case.of.values[case.notes.usable, index])}
    gone = set(poor) if policy == "drop" and others else dead
    results = []
    for index, (title, consequence) in list(poor.items())[:_MOST_TOLD]:
        known = first(np.flatnonzero(case.notes.usable & ~np.isnan(case.of.values[:, index])))
        finding = Finding(
            kind="targets",
            title=title,
            count=int((case.notes.usable & ~np.isnan(case.of.values[:, index])).sum()),
            consequence=consequence,
            choices=choices(_OFFERS[1:] if index in dead else _OFFERS if others else _OFFERS[:1]),
            proposed="drop" if others else "keep",
            applied="drop" if index in gone else "keep",
        )
        results.append(of_target(case, index, known, finding))
    if gone:
        case.without_targets([case.chosen.targets[index] for index in gone])
    return results


def is_dead(values: npt.NDArray[np.float64]) -> bool:
    """True if measured values (rows,), NaN where there is none, leave nothing to learn: none, or all the same."""
    return len(np.unique(values[~np.isnan(values)])) < 2


def _poor(case: TableCheckup, target: int) -> tuple[str, str] | None:
    """Title and consequence; None for a target that can be learnt."""
    name, usable = case.chosen.targets[target], case.notes.usable
    column = case.of.values[usable, target]
    known = column[~np.isnan(column)]
    if len(column) < FEWEST_ROWS:  # what is wrong is told by whatever took the other rows
        return None
    different = np.unique(known)[:2]
    values = [case.of.classes[int(value)] if case.of.classes else f"{value:g}" for value in different]
    if message := nothing_in(name, values, gaps=len(known) < len(column)):
        if not values:
            return message, msg("There is nothing to learn.")
        return message, msg("There is nothing to learn: a model that always says so is right.")
    if len(known) < max(FEWEST_ROWS, _SHARE * len(column)):
        message = msg(
            "It was measured in {share} rows: too few to learn from and to judge by.",
            share=share(len(known), len(column)),
        )
        return msg("“{name}” is nearly empty", name=name), message
    return None


CHECK = Check("targets", run, _OFFERS)
