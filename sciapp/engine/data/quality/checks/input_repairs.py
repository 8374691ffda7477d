"""Findings of the domain in inputs: salts, gaps of an alignment, stop codons, mixed case, ambiguity."""

import numpy as np

from sciapp.engine.data.quality.base import Check, CheckResult, TableCheckup, first
from sciapp.engine.data.staging.cleaning import MENDABLE
from sciapp.engine.domains.base import Domain, Repair
from sciapp.engine.domains.row_input import RowInput
from sciapp.records.dataset.findings import Finding, PolicyChoice


def checks_of(domain: Domain) -> tuple[Check, ...]:
    """One check for each of the domain's repairs; the mending itself was done while rows were read."""
    return tuple(_check(kind, repair, 1 << index) for index, (kind, repair) in enumerate(domain.repairs.items()))


def policies_of(domain: Domain) -> dict[str, tuple[PolicyChoice, ...]]:
    """Policies by kind of repair."""
    return {
        kind: tuple(PolicyChoice(policy=name, title=policy.title) for name, policy in repair.policies.items())
        for kind, repair in domain.repairs.items()
    }


def _check(kind: str, repair: Repair[RowInput], bit: int) -> Check:
    def run(case: TableCheckup, _: str) -> list[CheckResult]:
        notes = case.notes
        rows = np.flatnonzero((notes.detected & np.uint16(bit)) != 0)
        if not len(rows):
            return []
        lost = bool((notes.detected[rows] == (bit | MENDABLE)).any())  # rows that nothing else is wrong with
        applied = case.repairs.get(kind, next(iter(repair.policies)))
        finding = Finding(
            kind=kind,
            title=repair.title,
            count=len(rows),
            column=case.chosen.roles.input,
            lines=case.lines(first(rows)),
            consequence=repair.consequence,
            weight="problem" if lost or repair.proposed != applied else "note",
            choices=policies_of(case.domain)[kind],
            proposed=repair.proposed,
            applied=applied,
            changed=int(((notes.mended[rows] & np.uint16(bit)) != 0).sum()),
        )
        return [CheckResult(finding, first(rows), case.chosen.input_index)]

    return Check(kind, run, needs_targets=False)
