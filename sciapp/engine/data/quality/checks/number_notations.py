"""Cells that say more, or less, than one number: with an error, a range, in parentheses, below a limit."""

from functools import partial

import numpy as np

from sciapp.engine.data.quality.base import (
    Check,
    CheckResult,
    PolicyOffer,
    TableCheckup,
    choices,
    first,
    numbered,
    share,
)
from sciapp.engine.data.values.number_notations import ERRORS, LIMITS, PARENTHESES, RANGES, Notation
from sciapp.i18n import msg
from sciapp.records.dataset.findings import Finding

_ASIDE = "set_aside"
_TITLES = {
    ERRORS: msg("holds values with their error, such as “7.9 ± 0.6”"),
    RANGES: msg("holds ranges where a number is wanted"),
    PARENTHESES: msg("holds numbers in parentheses"),
    LIMITS: msg("has cells that say “beyond the limit” and no number"),
}
_CONSEQUENCES = {
    ERRORS: msg("The value is read as the number; what stands behind it, the error, is not learnt."),
    RANGES: msg("A range is not one number. Its middle may stand for it, or these cells are not used."),
    PARENTHESES: msg(
        "Accountants write −9.08 as (9.08); others mean a remark. Say which it is; till then they are not used."
    ),
    LIMITS: msg(
        "BLQ, <LOQ and the like say that the value lies beyond what the method can tell, and not where that is: "
        "these cells are not used, which leaves out one end of the range. Write the limit in their place, such "
        "as <0.5, and they can be learnt as bounds."
    ),
}
_OFFERS: dict[Notation, tuple[PolicyOffer, ...]] = {
    ERRORS: (
        PolicyOffer("value", msg("Read the value: 7.9 ± 0.6 is 7.9")),
        PolicyOffer(_ASIDE, msg("Leave these values out")),
    ),
    RANGES: (
        PolicyOffer(_ASIDE, msg("Leave these values out")),
        PolicyOffer("middle", msg("Read the middle of the range: 199–201 is 200")),
    ),
    PARENTHESES: (
        PolicyOffer(_ASIDE, msg("Leave these values out")),
        PolicyOffer("negative", msg("They are negative numbers: (9.08) is −9.08")),
    ),
    LIMITS: (),
}


def _run(case: TableCheckup, policy: str, *, notation: Notation) -> list[CheckResult]:
    """A finding for each column of numbers with such cells; they were read as the policy says."""
    results = []
    for index, numbers in numbered(case):
        rows = np.array(numbers.notations.get(notation, ()), dtype=np.int64)
        if not len(rows):
            continue
        examples, name = first(rows), case.columns[index]
        finding = Finding(
            kind=notation,
            title=msg("“{name}” {what}", name=name, what=_TITLES[notation]),
            count=len(rows),
            column=name,
            lines=case.lines(examples),
            consequence=msg(
                "{share} rows. {consequence}",
                share=share(len(rows), len(case.notes.line)),
                consequence=_CONSEQUENCES[notation],
            ),
            weight="note" if notation == ERRORS else "problem",
            choices=choices(_OFFERS[notation]),
            proposed=_OFFERS[notation][-1 if notation == RANGES else 0].policy if _OFFERS[notation] else "",
            applied=policy,
        )
        results.append(CheckResult(finding, examples, index))
    return results


CHECKS = tuple(
    Check(kind, partial(_run, notation=kind), offers, "" if not offers else offers[0].policy)
    for kind, offers in _OFFERS.items()
)
