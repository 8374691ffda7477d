"""Dates that are two days: 03/04/2021 is the third of April or the fourth of March."""

import numpy as np

from sciapp.engine.data.quality.base import Check, CheckResult, PolicyOffer, TableCheckup, choices, first
from sciapp.engine.data.staging.staged_rows import staged_batches
from sciapp.engine.data.values.dates import (
    DATES,
    DAY_FIRST,
    EITHER,
    MONTH_FIRST,
    DateOrder,
    date_order,
    has_short_year,
    order_of,
    reader_for,
)
from sciapp.i18n import joined, msg
from sciapp.records.dataset.findings import Finding

_OFFERS = (
    PolicyOffer(DAY_FIRST, msg("The day is first: 3 April")),
    PolicyOffer(MONTH_FIRST, msg("The month is first: 4 March")),
)


def run(case: TableCheckup, _: str) -> list[CheckResult]:
    """Findings for the column that rows are ordered by; its dates were read as the policy says."""
    index = case.chosen.time_index
    if index is None:
        return []
    cells = [cell or "" for batch in staged_batches(case.staged) for cell in batch.cells(index).to_pylist()]
    order = date_order(cells)
    results = [_short_years(case, index, cells, order)] if order.short else []
    if not order.ambiguous and not order.mixed:
        return results
    applied = MONTH_FIRST if order.reads_month_first(case.repairs.get(DATES, "")) else DAY_FIRST
    target_order = EITHER if order.ambiguous else DAY_FIRST if applied == MONTH_FIRST else MONTH_FIRST
    rows = np.array(
        [row for row, cell in enumerate(cells) if order_of(cell, year_first=order.year_first) == target_order],
        dtype=np.int64,
    )
    examples = first(rows)
    finding = Finding(
        kind=DATES,
        title=msg("“{column}” has dates that can be read in two ways", column=case.columns[index])
        if order.ambiguous
        else msg(
            "“{column}” has dates that have the day first and dates that have the month first",
            column=case.columns[index],
        ),
        count=len(rows),
        column=case.columns[index],
        lines=case.lines(examples),
        consequence=_consequence(order, applied),
        weight="note" if DATES in case.repairs else "problem",
        choices=choices(_OFFERS[::-1] if order.reads_month_first("") else _OFFERS),
        proposed=MONTH_FIRST if order.reads_month_first("") else DAY_FIRST,
        applied=applied,
    )
    return [*results, CheckResult(finding, examples, index)]


def _short_years(case: TableCheckup, index: int, cells: list[str], order: DateOrder) -> CheckResult:
    """Tells how years of two digits are read."""
    rows = np.array([row for row, cell in enumerate(cells) if has_short_year(cell)], dtype=np.int64)
    examples = first(rows)
    reader = reader_for(cells, case.decimal, case.repairs.get(DATES, ""))
    moment = reader.moment(cells[examples[0]])
    message = (
        msg("“{cell}” is read as {shown}.", cell=cells[examples[0]].strip(), shown=reader.text(moment))
        if not np.isnan(moment)
        else ""
    )
    open_ = (
        "" if order.year_sure else msg("No cell shows whether the year stands in front or behind: they are not read.")
    )
    finding = Finding(
        kind="short_years",
        title=msg("“{column}” has years of two digits", column=case.columns[index]),
        count=len(rows),
        column=case.columns[index],
        lines=case.lines(examples),
        consequence=joined(
            [
                message,
                open_,
                msg(
                    "00 to 68 are taken for 2000 to 2068, 69 to 99 for 1969 to 1999; write four digits in the file "
                    "where that is wrong."
                ),
            ]
        ),
        weight="note" if order.year_sure else "problem",
    )
    return CheckResult(finding, examples, index)


def _consequence(order: DateOrder, applied: str) -> str:
    now = msg("the month first") if applied == MONTH_FIRST else msg("the day first")
    if order.ambiguous:
        return msg(
            "03/04/2021 is 3 April or 4 March, and no date of the column shows which; they are read with "
            "{now}. The other way, other rows are new and old.",
            now=now,
        )
    return msg(
        "{day_first:,} dates have the day first for sure, {month_first:,} the month; {either:,} could be "
        "either and are read with {now}. Those that cannot be read so are set aside; mend them in the file.",
        day_first=order.day_first,
        month_first=order.month_first,
        either=order.either,
        now=now,
    )


CHECK = Check(DATES, run, _OFFERS, DAY_FIRST, needs_targets=False)
