"""Targets and rows that an import leaves out once rows are divided: what teaches nothing, and bounds to judge by."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from sciapp.engine.data.quality.base import TableCheckup
from sciapp.engine.data.quality.checks.degenerate_targets import is_dead
from sciapp.engine.data.values.rejections import RejectionReason
from sciapp.engine.data.values.split_names import TEST, TRAIN, VALIDATION, Division
from sciapp.errors import BadInput
from sciapp.i18n import msg, plural
from sciapp.records.dataset.card import SPLITS

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


# Bounds are learnt and never judged by: no error is known of a prediction beyond one, so training rows have them.

_BY_KEY = frozenset({"random", "stratified"})


def bounds_trained(case: TableCheckup, division: Division) -> Division:
    """The division in which no validation or test row has a bound.

    A row with nothing but bounds is trained on, unless that breaks what the split promises: the file or the time says
    otherwise, or its input under other conditions or its group is judged by. Then it is set aside. Raises BadInput
    where nothing is left to judge by.
    """
    bounds, notes = case.of.bounds, case.notes
    if bounds is None:
        return division
    measured = ~np.isnan(case.of.values)
    bounds.remove(measured)  # rows of one input were merged
    usable, codes = np.flatnonzero(notes.usable), division.codes.copy()
    only = ~measured[usable].any(axis=1)
    judged, method = ~only & (codes != TRAIN), case.chosen.plan.method
    by_group = {"group", *case.domain.splits}
    if method in _BY_KEY | by_group:
        names = [notes.digests[usable, 0], *([notes.groups[usable]] if method in by_group else [])]
        codes[only & ~np.any([np.isin(name, name[judged]) for name in names], axis=0)] = TRAIN
    gone = only & (codes != TRAIN)
    for row in usable[gone]:
        index = case.chosen.target_indices[int(np.argmax(bounds.known[row]))]
        notes.why[row], notes.detail[row] = RejectionReason.ONLY_BOUND, case.read_indices.index(index)
    usable, codes = usable[~gone], codes[~gone]
    learnt = np.zeros(len(measured), dtype=bool)
    learnt[usable[codes == TRAIN]] = True
    bounds.remove(np.broadcast_to(~learnt[:, None], measured.shape))
    for code in (VALIDATION, TEST):
        if not (codes == code).any():
            raise BadInput(
                msg("No {split} row has a measured value; of all of them only bounds are known.", split=SPLITS[code]),
                hint=msg(
                    "Choose another way to split, or deal with censored values otherwise (--repair censored=number)."
                ),
            )
    counts = bounds.known.sum(axis=0).tolist()
    remarks = [
        msg(
            "In {count:,} training rows of “{name}” only a bound is known: it is learnt one-sidedly, a "
            "prediction beyond it is no error. No score counts these rows; validation and test rows have "
            "measured values alone.",
            count=count,
            name=name,
        )
        for name, count in zip(case.chosen.targets, counts, strict=True)
        if count
    ]
    return Division(codes, (*division.remarks, *remarks))
