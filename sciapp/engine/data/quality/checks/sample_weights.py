"""Check of sample weights: rows of weight 0, weights that are all the same, few rows that outweigh the rest."""

import numpy as np

from sciapp.engine.data.quality.base import Check, CheckResult, TableCheckup, first, share
from sciapp.engine.data.staging.weights import effective_rows
from sciapp.i18n import msg
from sciapp.records.dataset.findings import Finding, Gravity

_FEW = 0.1  # of the rows: so few count like all of them


def run(case: TableCheckup, _: str) -> list[CheckResult]:
    usable = np.flatnonzero(case.notes.usable)
    if case.weights is None or not len(usable):
        return []
    weights, column = case.weights[usable], case.chosen.roles.weight or ""
    nothing = usable[weights == 0]
    results = []
    if len(nothing):
        title = msg("“{column}” is 0 in {share} rows", column=column, share=share(len(nothing), len(usable)))
        message = msg("Their labels are not learnt; as validation or test rows they count in scores like all others.")
        results.append(_result(case, title, len(nothing), message, first(nothing)))
    if weights.any() and (weights == weights[0]).all():
        title = msg("“{column}” is {weight:g} in every row", column=column, weight=weights[0])
        results.append(_result(case, title, len(usable), msg("Weights that are all the same change nothing.")))
    counted = effective_rows(weights)
    if 0 < counted < _FEW * len(usable):
        heaviest = usable[np.argsort(weights, kind="stable")[::-1]]
        title = msg(
            "A few rows outweigh all others: {usable:,} rows count like {counted:,.0f}",
            usable=len(usable),
            counted=counted,
        )
        message = msg("The model will hardly see the others; are these weights, or something that was measured?")
        results.append(
            _result(case, title, len(usable), message, [int(row) for row in heaviest[:20]], weight="problem")
        )
    return results


def _result(
    case: TableCheckup,
    title: str,
    count: int,
    consequence: str,
    rows: list[int] | None = None,
    weight: Gravity = "note",
) -> CheckResult:
    finding = Finding(
        kind="weights",
        title=title,
        count=count,
        column=case.chosen.roles.weight or "",
        lines=case.lines(rows or []),
        consequence=consequence,
        weight=weight,
    )
    return CheckResult(finding, rows or [], case.chosen.weight_index)


CHECK = Check("weights", run)
