"""Rows of the same input of which one has what another lacks: no contradiction, they complete each other."""

from collections.abc import Mapping

import numpy as np

from sciapp.engine.data.quality.base import Check, CheckResult, PolicyOffer, TableCheckup, choices, side_by_side
from sciapp.engine.data.quality.checks.masked_tokens import agreeing
from sciapp.engine.data.staging.same_input import RowIndices, keep_none, keep_one
from sciapp.engine.data.targets.staged import staged_labels
from sciapp.engine.data.values.rejections import RejectionReason
from sciapp.engine.data.values.token_labels import MaskedLabels
from sciapp.i18n import msg
from sciapp.records.dataset.findings import Finding

_OFFERS = (
    PolicyOffer("merge", msg("Merge them into one row")),
    PolicyOffer("fullest", msg("Keep the row with most values")),
    PolicyOffer("set_aside", msg("Set all of them aside")),
)


def run(case: TableCheckup, policy: str) -> list[CheckResult]:
    """One finding; with a single target there is none, for a row without it is no use at all. But masked labels of
    units are completed by those of another row."""
    same = case.same
    whole = agreeing(case, same)
    agree = list(whole)
    same.clash[agree], same.gaps[agree] = False, True
    rows = same.rows(same.gaps)
    if not len(rows):
        return []
    examples = side_by_side(same, same.gaps)
    finding = Finding(
        kind="partial",
        title=msg("The same input in several rows that fill each other’s gaps"),
        count=len(rows),
        column=", ".join(case.chosen.targets[:3]),
        lines=case.lines(examples),
        consequence=_consequence(case, rows),
        weight="note" if policy == "merge" else "problem",
        choices=choices(_OFFERS),
        proposed="merge",
        applied=policy,
    )
    if whole:
        _mend_units(case, policy, whole)
    else:
        _mend(case, policy)
    changed = int(case.changed[rows].sum())
    return [CheckResult(finding.model_copy(update={"changed": changed}), examples, case.chosen.input_index)]


def _mend(case: TableCheckup, policy: str) -> None:
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
        keep_one(case.notes, rows, fullest, RejectionReason.MERGED)


def _consequence(case: TableCheckup, rows: RowIndices) -> str:
    if case.facts.per_unit:
        return msg(
            "They are masked in other places, and where both count they have the same labels: nothing contradicts."
        )
    known = (~np.isnan(case.of.values[rows])).sum(axis=1)
    return msg(
        "Each row has {mean:.1f} of {targets} targets on average; together they have more, and nothing contradicts.",
        mean=known.mean(),
        targets=len(case.chosen.targets),
    )


def _mend_units(case: TableCheckup, policy: str, whole: Mapping[int, MaskedLabels]) -> None:
    same, labels = case.same, staged_labels(case.of)
    if policy == "set_aside":
        keep_none(case.notes, same, same.gaps, case.of.values)
        return
    for index, merged in whole.items():
        rows = same.order[same.begins[index] : same.begins[index + 1]]
        fullest = int(rows[np.argmax(labels.table[rows].sum(axis=1))])
        if policy == "merge":
            case.changed[fullest] = merged.counted > labels.table[fullest].sum()
            labels.merge(fullest, merged)
        keep_one(case.notes, rows, fullest, RejectionReason.MERGED)


CHECK = Check("partial", run, _OFFERS, "merge")
