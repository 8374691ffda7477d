"""The same input with the same labels: one row is enough, and copies on both sides of a split would be a leak."""

from sciapp.engine.data.quality.base import Check, CheckResult, PolicyOffer, TableCheckup, choices, first, own_weight
from sciapp.engine.data.staging.same_input import keep_first
from sciapp.engine.data.values.rejections import RejectionReason
from sciapp.i18n import joined, msg
from sciapp.records.dataset.findings import Finding

_OFFERS = (PolicyOffer("first", msg("Keep the first row")),)


def run(case: TableCheckup, policy: str) -> list[CheckResult]:
    same = case.same
    if not same.alike.any():
        return []
    keep_first(case.notes, same, same.alike, RejectionReason.DUPLICATE)
    rows = same.rows(same.alike)
    copies = rows[case.notes.why[rows] == RejectionReason.DUPLICATE]
    examples = first(copies)
    finding = Finding(
        kind="duplicates",
        title=msg("Duplicates: the same input with the same labels"),
        count=len(copies),
        column=case.chosen.roles.input,
        lines=case.lines(examples),
        consequence=joined(
            [msg("Copies in training and test rows would make the scores look better than they are."), own_weight(case)]
        ),
        weight="note",
        choices=choices(_OFFERS),
        proposed="first",
        applied=policy,
    )
    remarks = ["  " + msg("(as line {line:,})", line=case.notes.detail[row]) for row in examples]
    return [CheckResult(finding, examples, case.chosen.input_index, remarks)]


CHECK = Check("duplicates", run, _OFFERS, "first")
