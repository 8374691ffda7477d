"""All checks in the order in which they look and mend: numbers before columns, columns before rows of one input."""

from collections.abc import Mapping, Sequence

from sciapp.engine.data.quality.base import REASON, Check, CheckResult, TableCheckup, choices
from sciapp.engine.data.quality.checks import (
    cell_units,
    conflicts,
    dates,
    duplicates,
    missing_codes,
    outliers,
    spellings,
)
from sciapp.engine.data.quality.checks import censored_values as censored
from sciapp.engine.data.quality.checks import class_imbalance as imbalance
from sciapp.engine.data.quality.checks import complementary_rows as partial
from sciapp.engine.data.quality.checks import degenerate_targets as targets
from sciapp.engine.data.quality.checks import identifier_targets as ids
from sciapp.engine.data.quality.checks import invalid_inputs as unreadable
from sciapp.engine.data.quality.checks import missing_value_words as gap_words
from sciapp.engine.data.quality.checks import mixed_columns as odd_cells
from sciapp.engine.data.quality.checks import number_notations as notations
from sciapp.engine.data.quality.checks import sample_weights as weights
from sciapp.engine.data.quality.checks import scale as units
from sciapp.engine.data.quality.checks import swapped_pairs as turned_pairs
from sciapp.engine.data.quality.checks import target_leakage as leaking
from sciapp.engine.data.quality.checks import thousands_separators as thousands
from sciapp.engine.data.quality.checks import truncation as long_rows
from sciapp.engine.data.quality.checks import unusable_rows as unusable
from sciapp.engine.data.quality.checks.input_repairs import checks_of, policies_of
from sciapp.engine.data.staging.staged_rows import staged_batches
from sciapp.engine.domains.about import summary_of
from sciapp.engine.domains.base import Domain
from sciapp.engine.runtime.progress import SILENT, Progress
from sciapp.errors import BadInput, nearest, short_quotes
from sciapp.i18n import Message, msg
from sciapp.records.dataset.findings import LONGEST_EXAMPLE, MOST_EXAMPLES, Finding, PolicyChoice

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


def offered(domain: Domain, task: str = "") -> dict[str, tuple[PolicyChoice, ...]]:
    """Policies by kind of finding; for one task only where it is known."""
    return policies_of(domain) | {check.kind: choices(check.offers, task) for check in CHECKS if check.offers}


def must_be_offered(repairs: Mapping[str, str], domain: Domain, task: str = "") -> None:
    """Raise BadInput for a kind or a policy that there is not."""
    known = offered(domain, task)
    for kind, policy in repairs.items():
        if kind not in known:
            raise BadInput(
                msg("There is no repair “{kind}” for a {domain}.", kind=kind, domain=domain.name),
                hint=nearest(kind, known),
            )
        policies = [choice.policy for choice in known[kind]]
        if policy not in policies:
            raise BadInput(
                msg("“{policy}” is no way to deal with {kind} of a {task}.", policy=policy, kind=kind, task=task)
                if task
                else msg("“{policy}” is no way to deal with {kind}.", policy=policy, kind=kind),
                hint=nearest(policy, policies),
            )


# The whole examination: every check in turn, then the examples from one walk through the rows.


_SAID = 60


def examine(case: TableCheckup, *, progress: Progress = SILENT) -> tuple[Finding, ...]:
    """Look and mend; `case` is changed as its policies say. Raises Cancelled."""
    checks = [check for check in checks_for(case.domain) if case.targets is not None or not check.needs_targets]
    steps = len(checks) + 1
    results: list[CheckResult] = []
    for done, check in enumerate(checks):
        progress.report(done, steps)
        results += check.run(case, check.policy(case))
    progress.report(len(checks), steps)
    findings = with_examples(case, results)
    progress.report(steps, steps)
    return tuple(sorted(findings, key=lambda finding: finding.weight != "problem"))


def with_examples(case: TableCheckup, results: Sequence[CheckResult]) -> list[Finding]:
    """The findings with cells of some of their rows."""
    columns_of_row: dict[int, set[int]] = {}
    for one in results:
        for row in one.rows[:MOST_EXAMPLES] if one.column is not None else ():
            columns_of_row.setdefault(row, set()).add(one.column)  # type: ignore[arg-type]
    cells = _cells(case, columns_of_row)
    return [
        one.finding.model_copy(
            update={
                "title": short_quotes(one.finding.title),
                "consequence": short_quotes(one.finding.consequence),
                "weight": "note" if one.finding.repaired else one.finding.weight,  # somebody has seen to it
                "examples": tuple(
                    _short(summary_of(cells[row, one.column])) + _behind(one, index)
                    for index, row in enumerate(one.rows[:MOST_EXAMPLES])
                    if one.column is not None
                ),
                "lines": one.finding.lines or case.lines(one.rows),
            }
        )
        for one in results
    ]


def _cells(case: TableCheckup, wanted: dict[int, set[int]]) -> dict[tuple[int, int], str]:
    cells_by_row: dict[tuple[int, int], str] = {}
    rows, at = sorted(wanted), 0
    for batch in staged_batches(case.staged) if rows else ():
        while at < len(rows) and rows[at] < batch.end:
            for index in wanted[rows[at]]:
                row = rows[at] - batch.begin
                text = batch.messages([row])[0] if index == REASON else batch.cells(index)[row].as_py()
                cells_by_row[rows[at], index] = text or ""
            at += 1
        if at == len(rows):
            break
    return cells_by_row


def _behind(one: CheckResult, index: int) -> str:
    remark = one.remarks[index] if index < len(one.remarks) else ""
    return remark if len(remark) <= _SAID else remark[:_SAID] + "…)"


def _short(cell: str) -> str:
    text = cell if isinstance(cell, Message) else " ".join(cell.split())
    return text if len(text) <= LONGEST_EXAMPLE else text[:LONGEST_EXAMPLE] + "…"
