"""Rows that cannot be used for another reason than their input: wrong width, no label, no number, no split."""

import numpy as np
import numpy.typing as npt

from sciapp.engine.data.quality.base import REASON, Check, CheckResult, TableCheckup, first
from sciapp.engine.data.values.rejections import RejectionReason as Reason
from sciapp.i18n import msg
from sciapp.records.dataset.findings import Finding

_HINTS = {
    Reason.MISFIT: msg("A quotation mark or a delimiter inside a cell is the usual cause."),
    Reason.UNMATCHED: msg(
        "What belongs to the id is not known: is the second file complete, and are its ids spelt alike?"
    ),
    Reason.UNCLEAR: msg("Nobody knows which of them is right: keep one row for each id in the second file."),
    Reason.NO_ROW: msg("Mend the quotation marks in the file if these rows are wanted; a header once more is none."),
    Reason.SUMMARY: msg("They sum up the rows above them, and are none themselves."),
    Reason.EMPTY: msg("There is nothing to learn from."),
    Reason.EMPTY_SECOND: msg("Where one of two inputs is missing there is no pair."),
    Reason.MISSING: msg("Rows without a label can be learnt from first: pre-training takes them."),
    Reason.NO_NUMBER: msg("Such values are no numbers, “n.d.” for example; mend them in the file if they are wanted."),
    Reason.INFINITE: msg("An infinity, or a number such as 1e400, is the result of a calculation that went wrong."),
    Reason.NOT_BINARY: msg("Each target is 0 or 1 here; other words are not guessed at."),
    Reason.NO_WEIGHT: msg("A weight is a number of 0 or more; 0 means that training leaves the row out."),
    Reason.NO_SPLIT: msg("The split column names neither train, validation nor test."),
    Reason.NO_GROUP: msg("Without a group nobody knows which rows must stay together."),
    Reason.NO_TIME: msg("Without a date or number a row is neither old nor new."),
    Reason.NOT_IN_SPLIT_FILE: msg("The split file was written for other rows, or for another version of this table."),
    Reason.UNIT_LABELS: msg("A label is needed for every unit, no more and no less."),
}


def run(case: TableCheckup, _: str) -> list[CheckResult]:
    """One finding for each reason."""
    results = []
    bounds = _bounds(case)
    for why, hint in _HINTS.items():
        marked = case.notes.why == why
        rows = np.flatnonzero(marked & ~bounds if why is Reason.NO_NUMBER else marked)
        if len(rows):
            examples, index = first(rows), _example_column(case, why)
            finding = Finding(
                kind="unusable",
                title=msg("Set aside: {label}", label=why.label),
                count=len(rows),
                column="" if index == REASON else case.columns[index],
                lines=case.lines(examples),
                consequence=hint,
                weight="note" if why in {Reason.MISSING, Reason.SUMMARY} else "problem",
            )
            results.append(CheckResult(finding, examples, index))
    return results


def _bounds(case: TableCheckup) -> npt.NDArray[np.bool_]:
    """(rows,): whether a target holds a bound, a range and the like; those are findings of their own, with choices."""
    rows = np.zeros(len(case.notes.why), dtype=bool)
    for unread in case.targets.unread if case.targets is not None else ():
        rows[list(unread.censored)] = True
        rows[unread.named] = True
    return rows


def _example_column(case: TableCheckup, why: Reason) -> int:
    """The column whose cells tell the reason best; REASON where no cell does."""
    if why in {Reason.MISFIT, Reason.UNMATCHED, Reason.NO_ROW}:
        return REASON
    chosen = case.chosen
    own = {
        Reason.NO_SPLIT: chosen.split_index,
        Reason.NO_GROUP: chosen.group_index,
        Reason.NO_TIME: chosen.time_index,
        Reason.NO_WEIGHT: chosen.weight_index,
        Reason.EMPTY_SECOND: chosen.input_indices[-1],
    }
    if (index := own.get(why)) is not None:
        return index
    of_target = {
        Reason.NO_NUMBER,
        Reason.INFINITE,
        Reason.NOT_BINARY,
        Reason.UNIT_LABELS,
    }
    return case.chosen.target_indices[0] if why in of_target else case.chosen.input_index


CHECK = Check("unusable", run, needs_targets=False)
