"""Cells of one target that hold no value in rows that have others: the row need not go with them."""

import numpy as np

from sciapp.engine.data.quality.base import Check, CheckResult, PolicyOffer, TableCheckup, choices, of_target
from sciapp.engine.data.values.rejections import RejectionReason
from sciapp.i18n import msg
from sciapp.records.dataset.findings import MOST_LINES, Finding

_OFFERS = (
    PolicyOffer("gap", msg("They are gaps; the rows keep their other targets")),
    PolicyOffer("set_aside", msg("Set these rows aside")),
)
_MOST_TARGETS = 8


def run(case: TableCheckup, policy: str) -> list[CheckResult]:
    """A finding for each target that has any; with a single target such rows are set aside already."""
    why = case.kind.odd_reason
    results: list[CheckResult] = []
    gone: list[tuple[int, list[int]]] = []
    for target, unread in enumerate(case.of.unread if len(case.chosen.targets) > 1 else ()):
        rows = [row for row in unread.odd if case.notes.why[row] == RejectionReason.KEPT]
        if not rows:
            continue
        gone.append((target, rows))
        if len(results) == _MOST_TARGETS:
            continue
        name, examples = case.chosen.targets[target], rows[:MOST_LINES]
        finding = Finding(
            kind="odd_cells",
            title=msg("“{name}” holds cells that are {odd_cell}", name=name, odd_cell=case.kind.odd_cell),
            count=len(rows),
            consequence=msg("What they mean is not guessed at; mend them in the file if their values are wanted."),
            choices=choices(_OFFERS),
            proposed="gap",
            applied=policy,
        )
        results.append(of_target(case, target, examples, finding))
    for target, rows in gone if policy == "set_aside" else ():
        case.notes.why[np.array(rows)], case.notes.detail[np.array(rows)] = why, target
    return results


CHECK = Check("odd_cells", run, _OFFERS, "gap")
