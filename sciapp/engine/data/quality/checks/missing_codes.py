"""Numbers that stand for “not measured”, such as −999: learnt from, they would drown all others."""

from sciapp.engine.data.quality.base import Check, CheckResult, PolicyOffer, TableCheckup, choices, numbered
from sciapp.engine.data.values.missing_codes import MissingCode
from sciapp.engine.data.values.number_formats import CODES
from sciapp.i18n import msg, plural
from sciapp.records.dataset.findings import Finding

_OFFERS = (
    PolicyOffer("gap", msg("They are gaps: nothing was measured")),
    PolicyOffer("keep", msg("Keep them: they are numbers")),
)


def run(case: TableCheckup, _: str) -> list[CheckResult]:
    """A finding for each such number of a column; the numbers were read as the policies say."""
    return [
        CheckResult(_finding(case, index, code), code.rows, index)
        for index, numbers in numbered(case)
        for code in numbers.codes
    ]


def _finding(case: TableCheckup, index: int, code: MissingCode) -> Finding:
    name, usual = case.columns[index], "gap" if code.usual else "keep"
    if code.count == 1:
        looks = msg("it looks like a code for “not measured”, or like a slip of the pen")
    elif not code.usual:
        looks = msg("it looks like a code for “not measured”, or like the end of what the instrument can tell")
    else:
        looks = msg("it looks like a code for “not measured”")
    where = msg("the only one below zero") if code.near else msg("far from all others")
    harm = msg("it teaches a value that nobody measured") if code.near else msg("it would outweigh all others")
    often = msg("again and again") if code.count > 1 else msg("once")
    return Finding(
        kind=CODES,
        title=msg(
            "“{name}” has the value {code:.10g} {often}, {where}", name=name, code=code.value, often=often, where=where
        ),
        count=code.count,
        column=name,
        lines=case.lines(code.rows),
        consequence=plural(
            "It stands in {n:,} row, so {looks}. As a number {harm}.",
            "It stands in {n:,} rows, so {looks}. As a number {harm}.",
            code.count,
            looks=looks,
            harm=harm,
        ),
        choices=choices(_OFFERS if code.usual else _OFFERS[::-1]),
        proposed="gap",
        applied=case.repairs.get(CODES, usual),
    )


CHECK = Check(CODES, run, _OFFERS, "gap")
