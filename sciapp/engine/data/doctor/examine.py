"""The whole examination: every check in turn, then the examples from one walk through the rows."""

from collections.abc import Generator, Sequence

from sciapp.engine.data.doctor.case import REASON, Case, Found
from sciapp.engine.data.doctor.registry import checks_for
from sciapp.engine.data.staging import staged_batches
from sciapp.errors import short_quotes
from sciapp.records.findings import LONGEST_EXAMPLE, MOST_EXAMPLES, Finding

_SAID = 60


def examine(case: Case) -> Generator[tuple[int, int], None, tuple[Finding, ...]]:
    """Look and mend; `case` is changed as its policies say. Yields (steps done, steps in all)."""
    checks = [check for check in checks_for(case.domain) if case.targets is not None or not check.needs_targets]
    steps = len(checks) + 1
    found: list[Found] = []
    for done, check in enumerate(checks):
        yield done, steps
        found += check.run(case, check.policy(case))
    yield len(checks), steps
    findings = with_examples(case, found)
    return tuple(sorted(findings, key=lambda finding: finding.weight != "problem"))


def with_examples(case: Case, found: Sequence[Found]) -> list[Finding]:
    """The findings with cells of some of their rows."""
    wanted: dict[int, set[int]] = {}
    for one in found:
        for row in one.rows[:MOST_EXAMPLES] if one.place is not None else ():
            wanted.setdefault(row, set()).add(one.place)  # type: ignore[arg-type]
    cells = _cells(case, wanted)
    return [
        one.finding.model_copy(
            update={
                "title": short_quotes(one.finding.title),
                "consequence": short_quotes(one.finding.consequence),
                "weight": "note" if one.finding.repaired else one.finding.weight,  # somebody has seen to it
                "examples": tuple(
                    _short(cells[row, one.place]) + _behind(one, place)
                    for place, row in enumerate(one.rows[:MOST_EXAMPLES])
                    if one.place is not None
                ),
                "lines": one.finding.lines or case.lines(one.rows),
            }
        )
        for one in found
    ]


def _cells(case: Case, wanted: dict[int, set[int]]) -> dict[tuple[int, int], str]:
    found: dict[tuple[int, int], str] = {}
    rows, at = sorted(wanted), 0
    for batch in staged_batches(case.staged) if rows else ():
        while at < len(rows) and rows[at] < batch.end:
            for place in wanted[rows[at]]:
                cells = batch.told if place == REASON else batch.cells(place)
                found[rows[at], place] = cells[rows[at] - batch.begin].as_py() or ""
            at += 1
        if at == len(rows):
            break
    return found


def _behind(one: Found, place: int) -> str:
    said = one.said[place] if place < len(one.said) else ""
    return said if len(said) <= _SAID else said[:_SAID] + "…)"


def _short(cell: str) -> str:
    text = " ".join(cell.split())
    return text if len(text) <= LONGEST_EXAMPLE else text[:LONGEST_EXAMPLE] + "…"
