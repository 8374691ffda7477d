"""A target that only numbers the rows: 1, 2, 3 … measures nothing."""

import numpy as np

from sciapp.engine.data.quality.base import Check, CheckResult, TableCheckup, first, of_target
from sciapp.i18n import msg
from sciapp.records.dataset.findings import Finding

_FEWEST = 20
_SHARE = 0.95  # of the steps from row to row


def run(case: TableCheckup, _: str) -> list[CheckResult]:
    """A finding for each target of numbers that counts up; text that is different in every row is refused earlier."""
    if not case.facts.is_quantity:
        return []
    results = []
    for target, name in enumerate(case.chosen.targets):
        rows = np.flatnonzero(case.notes.usable & ~np.isnan(case.of.values[:, target]))
        with np.errstate(over="ignore"):
            steps = np.diff(case.of.values[rows, target])
        if len(rows) < _FEWEST or (steps == 1).mean() < _SHARE:
            continue
        finding = Finding(
            kind="ids",
            title=msg("“{name}” counts the rows", name=name),
            count=len(rows),
            consequence=msg(
                "It says where a row stands in the file and nothing about what was measured. Choose another target."
            ),
        )
        results.append(of_target(case, target, first(rows), finding))
    return results


CHECK = Check("ids", run)
