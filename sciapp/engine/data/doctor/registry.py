"""All checks in the order in which they look and mend: numbers before columns, columns before rows of one input."""

from collections.abc import Mapping

from sciapp.engine.data.doctor import (
    cell_units,
    censored,
    conflicts,
    dates,
    duplicates,
    gap_words,
    ids,
    imbalance,
    leaking,
    long_rows,
    missing_codes,
    notations,
    odd_cells,
    outliers,
    partial,
    spellings,
    targets,
    thousands,
    turned_pairs,
    units,
    unreadable,
    unusable,
    weights,
)
from sciapp.engine.data.doctor.case import choices
from sciapp.engine.data.doctor.check import Check
from sciapp.engine.data.doctor.inputs import checks_of, policies_of
from sciapp.engine.domains.base import Domain
from sciapp.errors import BadInput, nearest
from sciapp.records.findings import Choice

CHECKS: tuple[Check, ...] = (
    unreadable.CHECK,
    unusable.CHECK,
    gap_words.CHECK,
    censored.CHECK,
    *notations.CHECKS,
    odd_cells.CHECK,
    thousands.CHECK,
    cell_units.CHECK,
    missing_codes.CHECK,
    spellings.CLASSES,
    spellings.GROUPS,
    dates.CHECK,
    ids.CHECK,
    units.CHECK,
    outliers.CHECK,
    leaking.CHECK,
    turned_pairs.CHECK,
    partial.CHECK,
    duplicates.CHECK,
    conflicts.CHECK,
    targets.CHECK,
    imbalance.CHECK,
    long_rows.CHECK,
    weights.CHECK,
)


def checks_for(domain: Domain) -> tuple[Check, ...]:
    """The domain's own, then those for every table."""
    return (*checks_of(domain), *CHECKS)


def offered(domain: Domain, task: str = "") -> dict[str, tuple[Choice, ...]]:
    """What can be chosen for each kind of finding; for one task only where it is known."""
    return policies_of(domain) | {check.kind: choices(check.offers, task) for check in CHECKS if check.offers}


def must_be_offered(repairs: Mapping[str, str], domain: Domain, task: str = "") -> None:
    """Raise BadInput for a kind or a policy that there is not."""
    known = offered(domain, task)
    for kind, policy in repairs.items():
        if kind not in known:
            raise BadInput(f"There is no repair “{kind}” for a {domain.name}.", hint=nearest(kind, known))
        policies = [choice.policy for choice in known[kind]]
        if policy not in policies:
            of = f" of a {task}" if task else ""
            raise BadInput(f"“{policy}” is no way to deal with {kind}{of}.", hint=nearest(policy, policies))
