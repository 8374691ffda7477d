"""Rows of the same input of which one has what another lacks: no contradiction, they complete each other."""

import numpy as np

from sciapp.engine.data.doctor.case import Case, Found, Offer, choices, side_by_side
from sciapp.engine.data.doctor.check import Check
from sciapp.engine.data.same_input import keep_none, keep_one
from sciapp.engine.data.set_aside import Why
from sciapp.records.findings import Finding

_OFFERS = (
    Offer("merge", "Merge them into one row"),
    Offer("fullest", "Keep the row with most values"),
    Offer("set_aside", "Set all of them aside"),
)


def run(case: Case, policy: str) -> list[Found]:
    """One finding; with a single target there is none, for a row without it is no use at all."""
    same = case.same
    rows = same.rows(same.gaps)
    if not len(rows):
        return []
    shown = side_by_side(case, same.gaps)
    known = (~np.isnan(case.of.values[rows])).sum(axis=1)
    finding = Finding(
        kind="partial",
        title="The same input in several rows that fill each other’s gaps",
        count=len(rows),
        column=", ".join(case.chosen.targets[:3]),
        lines=case.lines(shown),
        consequence=f"Each row has {known.mean():.1f} of {len(case.chosen.targets)} targets on average; together they "
        "have more, and nothing contradicts.",
        weight="note" if policy == "merge" else "problem",
        choices=choices(_OFFERS),
        proposed="merge",
        applied=policy,
    )
    _mend(case, policy)
    changed = int(case.changed[rows].sum())
    return [Found(finding.model_copy(update={"changed": changed}), shown, case.chosen.input_place)]


def _mend(case: Case, policy: str) -> None:
    same, values = case.same, case.of.values
    if policy == "set_aside":
        keep_none(case.notes, same, same.gaps, values)
        return
    for rows in same.groups(same.gaps):
        fullest = int(rows[np.argmin(np.isnan(values[rows]).sum(axis=1))])
        if policy == "merge":
            whole = np.fmax.reduce(values[rows])  # what is known is the same in every row
            case.changed[fullest] = bool(np.isnan(values[fullest]).sum() > np.isnan(whole).sum())
            values[fullest] = whole
        keep_one(case.notes, rows, fullest, Why.MERGED)


CHECK = Check("partial", run, _OFFERS, "merge")
