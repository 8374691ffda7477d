"""The same pair both ways round, (A, B) and (B, A): one measurement told twice, or a relation that has a direction."""

import numpy as np

from sciapp.engine.data.quality.base import Check, CheckResult, PolicyOffer, TableCheckup, choices, side_by_side
from sciapp.engine.data.staging.same_input import Bools, SameInput
from sciapp.i18n import msg, plural
from sciapp.records.dataset.findings import Finding

_OFFERS = (
    PolicyOffer("equal", msg("One row where both ways say the same, both rows where they differ")),
    PolicyOffer("same", msg("Take both ways for the same pair, also where they contradict each other")),
    PolicyOffer("apart", msg("Keep both rows of all")),
)


def run(case: TableCheckup, policy: str) -> list[CheckResult]:
    """One finding. Whatever is done, both ways of a pair come into the same split."""
    if not case.turned.any():
        return []
    same = SameInput.of(case.identity, case.of.values, case.notes)
    both = _both_ways(case, same)
    if not both.any():
        return []
    differ = both & same.clash
    pairs, different = int(both.sum()), int(differ.sum())
    examples = side_by_side(same, differ if different else both)
    apart = {"equal": differ, "same": np.zeros_like(both), "apart": both}[policy]
    rows = same.rows(apart)
    case.tell_turned_apart(rows[case.turned[rows]])
    finding = Finding(
        kind="turned_pairs",
        title=plural(
            "The same pair both ways round, (A, B) and (B, A) ({n:,} pair)",
            "The same pair both ways round, (A, B) and (B, A) ({n:,} pairs)",
            pairs,
        ),
        count=len(same.rows(both)),
        column=case.chosen.roles.input,
        lines=case.lines(examples),
        consequence=msg(
            "Both ways say the same in {pairs:,} of them and differ in {different:,}. Where the "
            "order has no meaning (who binds whom) two rows are one too many, and other values a "
            "contradiction; where it has one (premise and hypothesis), both rows are needed. Both "
            "ways always come into the same split.",
            pairs=pairs - different,
            different=different,
        ),
        weight="note",
        choices=choices(_OFFERS),
        proposed="equal",
        applied=policy,
    )
    return [CheckResult(finding, examples, case.chosen.input_index)]


def _both_ways(case: TableCheckup, same: SameInput) -> Bools:
    """(inputs,): those with rows of either way."""
    turned, begins = case.turned[same.order], same.begins[:-1]
    return np.asarray(np.logical_or.reduceat(turned, begins) & ~np.logical_and.reduceat(turned, begins))


CHECK = Check("turned_pairs", run, _OFFERS)
