"""Inputs that are no members of the domain, by reason: RDKit's own words, or the letter and its position."""

from sciapp.engine.data.quality.base import Check, CheckResult, TableCheckup
from sciapp.engine.domains.pair import part_named
from sciapp.i18n import msg
from sciapp.records.dataset.findings import Finding

_MOST = 8


def run(case: TableCheckup, _: str) -> list[CheckResult]:
    """One finding for each of the most common reasons, one for all others."""
    ranked = sorted(case.reasons.by_wording.items(), key=lambda item: -item[1].count)
    results = [
        CheckResult(
            Finding(
                kind="unreadable",
                title=msg("Unreadable input: {wording}", wording=wording),
                count=reason.count,
                column=case.columns[_input_index(case, wording)],
                lines=case.lines(reason.rows),
                consequence=msg("These rows are set aside; rejected.csv has them as they stand in the file."),
            ),
            reason.rows,
            _input_index(case, wording),
            [msg("  ({message})", message=message) for message in reason.messages],
        )
        for wording, reason in ranked[:_MOST]
    ]
    if others := ranked[_MOST:]:
        count = sum(reason.count for _, reason in others)
        title = msg("Unreadable input: {others} rarer reasons", others=len(others))
        results.append(
            CheckResult(Finding(kind="unreadable", title=title, count=count, column=case.chosen.roles.input))
        )
    return results


def _input_index(case: TableCheckup, wording: str) -> int:
    """The column that is meant; where a row has several inputs the reason names which."""
    indices = case.chosen.input_indices
    return indices[part_named(wording)] if len(indices) > 1 else indices[0]


CHECK = Check("unreadable", run, needs_targets=False)
