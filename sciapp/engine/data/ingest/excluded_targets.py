"""Targets that are left out of an import because there is nothing to learn from them, while others are."""

from collections.abc import Sequence
from dataclasses import replace

from sciapp.engine.data.quality.base import TableCheckup
from sciapp.engine.data.quality.checks.degenerate_targets import is_dead
from sciapp.engine.data.values.split_names import TRAIN, Division
from sciapp.i18n import plural

_SHOWN = 8


def learnable_targets(case: TableCheckup, division: Division) -> Division:
    """Leaves out targets whose training rows hold a single value, where others are left; their rows too, if these
    have no other value. Returns the division of the rows that stay.
    """
    usable, names = case.notes.usable, case.chosen.targets
    learnt = division.codes == TRAIN
    if case.weights is not None:
        learnt &= case.weights[usable] > 0
    dead = [name for index, name in enumerate(names) if is_dead(case.of.values[usable, index][learnt])]
    if not dead or len(dead) == len(names) or case.facts.per_unit:
        return division
    case.without_targets(dead)
    return replace(division, codes=division.codes[case.notes.usable[usable]])


def left_out(requested: Sequence[str], case: TableCheckup) -> tuple[str, ...]:
    """A sentence for the card on the targets that were asked for and are not learnt."""
    gone = [name for name in requested if name not in case.target_columns]
    if not gone:
        return ()
    listed = ", ".join(f"“{name}”" for name in gone[:_SHOWN]) + (" …" if len(gone) > _SHOWN else "")
    return (
        plural(
            "{names} was left out: it has too few different values in the training rows to learn from.",
            "{names} were left out: they have too few different values in the training rows to learn from.",
            len(gone),
            names=listed,
        ),
    )
