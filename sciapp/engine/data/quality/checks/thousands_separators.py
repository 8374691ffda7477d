"""Numbers that may be read in two ways: 1.237 is 1237 where a point parts thousands, and a little over 1 elsewhere."""

from sciapp.engine.data.quality.base import Check, CheckResult, PolicyOffer, TableCheckup, choices, numbered
from sciapp.engine.data.values.cells import read_number
from sciapp.engine.data.values.number_formats import THOUSANDS, ColumnNumbers
from sciapp.i18n import all_of, any_of, joined, msg
from sciapp.records.dataset.findings import Finding
from sciapp.records.dataset.number_format import NumberFormat

_OFFERS = (
    PolicyOffer("thousands", msg("The sign stands between thousands")),
    PolicyOffer("decimals", msg("The sign stands before decimals")),
)
_SIGNS = {".": msg("point"), ",": msg("comma")}
_SHOWN = 3


def run(case: TableCheckup, _: str) -> list[CheckResult]:
    """A finding for each column of numbers whose own cells do not settle it."""
    results = []
    for index, numbers in numbered(case):
        if numbers.signs.sign:
            results.append(CheckResult(_open(case, index, numbers), numbers.rows, index))
        elif numbers.signs.mixed:
            results.append(CheckResult(_mixed(case, index, numbers)))
    return results


def _open(case: TableCheckup, index: int, numbers: ColumnNumbers) -> Finding:
    signs = numbers.signs
    usual = "thousands" if signs.decimal == signs.thousands else "decimals"
    applied_policy = case.repairs.get(THOUSANDS, usual)
    offers = _OFFERS if usual == "thousands" else _OFFERS[::-1]
    cell = numbers.examples[0]
    either = any_of(
        f"{read_number(cell, NumberFormat(decimal=decimal)):.10g}" for decimal in (signs.thousands, signs.decimals)
    )
    sentences = [msg("“{cell}” may be {either}.", cell=cell, either=either)]
    if numbers.unambiguous:
        sentences.append(
            msg("Other cells of the column are {cells}.", cells=[f"“{cell}”" for cell in numbers.unambiguous[:_SHOWN]])
        )
    sentences.append(msg("Say which it is: the numbers differ by a factor of a thousand."))
    return Finding(
        kind=THOUSANDS,
        title=msg(
            "“{column}” has numbers whose {signs} may part thousands or decimals",
            column=case.columns[index],
            signs=_SIGNS[signs.sign],
        ),
        count=numbers.open,
        column=case.columns[index],
        lines=case.lines(numbers.rows),
        consequence=joined(sentences),
        weight="problem" if signs.weighty else "note",
        choices=choices(offers),
        proposed="thousands" if numbers.grouped_likely else usual,
        applied=applied_policy,
    )


def _mixed(case: TableCheckup, index: int, numbers: ColumnNumbers) -> Finding:
    return Finding(
        kind=THOUSANDS,
        title=msg(
            "“{column}” has points before decimals in some cells and commas in others", column=case.columns[index]
        ),
        count=numbers.open,
        column=case.columns[index],
        consequence=msg(
            "Both are read as decimals, for example {cells}.", cells=all_of(f"“{cell}”" for cell in numbers.unambiguous)
        ),
    )


CHECK = Check(THOUSANDS, run, _OFFERS)
