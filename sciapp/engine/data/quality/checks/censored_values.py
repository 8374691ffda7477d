"""Cells of which only a bound is known, such as “>10”: beyond what the instrument or the dilution could tell."""

from collections import Counter
from collections.abc import Mapping

from sciapp.engine.data.quality.base import Check, CheckResult, PolicyOffer, TableCheckup, choices, share
from sciapp.engine.data.values.censored_cells import ABOUT, LOWER, UPPER
from sciapp.i18n import joined, msg
from sciapp.records.dataset.findings import MOST_LINES, Finding

KIND, DROP, NUMBER, BOUND = "censored", "drop", "number", "bound"
_OFFERS = (
    PolicyOffer(DROP, msg("Leave these values out"), lambda task: task.is_quantity),
    PolicyOffer(NUMBER, msg("Read them as their number: >10 is 10"), lambda task: task.is_quantity),
    PolicyOffer(BOUND, msg("Learn them as bounds: above 10 nothing is an error"), lambda task: task.is_quantity),
)
WORDS = {LOWER: msg("above a bound"), UPPER: msg("below one"), ABOUT: msg("roughly known")}
"""Words for the signs of censored values."""


def read_as_numbers(repairs: Mapping[str, str]) -> bool:
    """True if such cells count as the number in them."""
    return repairs.get(KIND, DROP) == NUMBER


def keeps_bounds(repairs: Mapping[str, str]) -> bool:
    """True if such cells are kept as what they are: bounds."""
    return repairs.get(KIND, DROP) == BOUND


def run(case: TableCheckup, policy: str) -> list[CheckResult]:
    """A finding for each target that has any; they were read as the policy says."""
    results: list[CheckResult] = []
    for target, unread in enumerate(case.of.unread if case.facts.is_quantity else ()):
        if not unread.censored:
            continue
        name, examples = case.chosen.targets[target], list(unread.censored)[:MOST_LINES]
        counts = Counter(unread.censored.values())
        kinds = joined(
            (msg("{count:,} {what}", count=counts[s], what=what) for s, what in WORDS.items() if counts[s]), ", "
        )
        signs = {NUMBER: set(WORDS), BOUND: {ABOUT}}.get(policy, set())
        as_numbers = [row for row, sign in unread.censored.items() if sign in signs]
        finding = Finding(
            kind=KIND,
            title=msg("“{name}” holds censored values: {kinds}", name=name, kinds=kinds),
            count=len(unread.censored),
            column=name,
            lines=case.lines(examples),
            consequence=msg(
                "{share} rows. Left out, the range that the instrument could not tell is missing; read "
                "as their number, the model learns that it ends there, and is judged by it. Kept as "
                "bounds, training rows teach that the value lies beyond, and no score counts them.",
                share=share(len(unread.censored), len(case.notes.line)),
            ),
            weight="problem",
            choices=choices(_OFFERS, case.task),
            proposed=DROP,
            applied=policy,
            changed=len(as_numbers),
        )
        case.changed[as_numbers] = True
        results.append(CheckResult(finding, examples, case.chosen.target_indices[target]))
    return results


CHECK = Check(KIND, run, _OFFERS, DROP)
