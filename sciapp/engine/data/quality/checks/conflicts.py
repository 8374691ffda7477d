"""The same input with contradicting labels: set all aside, keep one, or take their middle."""

import numpy as np
import numpy.typing as npt

from sciapp.engine.data.quality.base import (
    Check,
    CheckResult,
    PolicyOffer,
    TableCheckup,
    choices,
    own_weight,
    side_by_side,
)
from sciapp.engine.data.staging.same_input import RowIndices, keep_first, keep_none, keep_one
from sciapp.engine.data.values.rejections import RejectionReason
from sciapp.engine.data.values.safe_float import grown, tamed
from sciapp.i18n import joined, msg, plural
from sciapp.records.dataset.findings import Finding

Floats = npt.NDArray[np.float64]

_MOSTLY = 0.5  # of the rows: so many contradictions are rather a question of what was measured
_OFFERS = (
    PolicyOffer("set_aside", msg("Set all of them aside")),
    PolicyOffer("first", msg("Keep the first row")),
    PolicyOffer("mean", msg("Keep one row with their mean"), lambda task: task.is_quantity),
    PolicyOffer("median", msg("Keep one row with their median"), lambda task: task.is_quantity),
    PolicyOffer("majority", msg("Keep the most common label; set ties aside"), lambda task: not task.is_quantity),
)


def run(case: TableCheckup, policy: str) -> list[CheckResult]:
    """One finding for all targets."""
    same = case.same
    rows, inputs = same.rows(same.clash), int(same.clash.sum())
    if not inputs:
        return []
    examples = side_by_side(same, same.clash)
    finding = Finding(
        kind="conflicts",
        title=plural(
            "The same input with other labels ({n:,} input)", "The same input with other labels ({n:,} inputs)", inputs
        ),
        count=len(rows),
        column=", ".join(case.chosen.targets[:3]),
        lines=case.lines(examples),
        consequence=_consequence(case),
        choices=choices(_OFFERS, case.task),
        proposed="mean" if case.facts.is_quantity else "majority",
        applied=policy,
    )
    remarks = [f"  = {case.of.describe(row)}" for row in examples]
    _mend(case, policy)
    changed = int(case.changed[rows].sum())
    return [CheckResult(finding.model_copy(update={"changed": changed}), examples, case.chosen.input_index, remarks)]


def _consequence(case: TableCheckup) -> str:
    sentences = [msg("Nobody can say which of them is right; a model cannot learn both."), own_weight(case)]
    if len(case.same.rows(case.same.clash)) > _MOSTLY * len(case.same.order):
        sentences.append(
            msg("Nearly every row is among them: is there a condition that tells them apart, or another input?")
        )
    if case.facts.is_quantity and case.of.values.shape[1] == 1:
        spread = _typical_spread(case)
        sentences.append(
            msg(
                "They differ by {spread:.3g} at the median: no model can be better than the measurement.", spread=spread
            )
        )
    return joined(sentences)


def _typical_spread(case: TableCheckup) -> float:
    same, column = case.same, case.of.values[:, 0]
    rows, sizes = same.rows(same.clash), np.diff(same.begins)[same.clash]
    starts = np.cumsum(sizes) - sizes
    column, scale = tamed(column[rows])
    return grown(float(np.median(np.fmax.reduceat(column, starts) - np.fmin.reduceat(column, starts))), scale)


def _mend(case: TableCheckup, policy: str) -> None:
    same, notes = case.same, case.notes
    match policy:
        case "set_aside":
            keep_none(notes, same, same.clash, case.of.values)
        case "first":
            keep_first(notes, same, same.clash, RejectionReason.MERGED)
        case "majority":
            for rows in same.groups(same.clash):
                _vote(case, rows)
        case "mean":
            _take(case, _means(case))
        case "median":
            groups = (case.of.values[rows] for rows in same.groups(same.clash))
            _take(case, np.array([[_median(column) for column in group.T] for group in groups]))


def _take(case: TableCheckup, middles: Floats) -> None:
    """The first row of each contradicting input gets its values and stays. middles: (inputs, targets)."""
    first = case.same.order[case.same.begins[:-1][case.same.clash]]
    case.of.values[first] = middles
    case.changed[first] = True
    keep_first(case.notes, case.same, case.same.clash, RejectionReason.MERGED)


def _means(case: TableCheckup) -> Floats:
    """Of what was measured; NaN where nothing was. (inputs, targets)."""
    rows, sizes = case.same.rows(case.same.clash), np.diff(case.same.begins)[case.same.clash]
    starts = np.cumsum(sizes) - sizes
    values, scale = tamed(case.of.values[rows])
    counts = np.add.reduceat(~np.isnan(values), starts, axis=0, dtype=np.int64)
    sums = np.add.reduceat(np.nan_to_num(values), starts, axis=0)
    return np.where(counts > 0, sums / np.maximum(counts, 1) * scale, np.nan)


def _median(column: Floats) -> float:
    known = column[~np.isnan(column)]
    small, scale = tamed(known)
    return grown(float(np.median(small)), scale) if len(known) else float("nan")


def _vote(case: TableCheckup, rows: RowIndices) -> None:
    """One target: the first row that has the most common label stays. Several: each is voted on; a tie is a gap."""
    values = case.of.values[rows]
    winners = np.array([_most_common(column) for column in values.T])
    if np.isnan(winners).all():
        case.notes.why[rows], case.notes.detail[rows] = RejectionReason.CONFLICT, case.notes.line[np.roll(rows, -1)]
    elif values.shape[1] == 1:
        keep_one(case.notes, rows, int(rows[np.argmax(values[:, 0] == winners[0])]), RejectionReason.MERGED)
    else:
        _fill(case, rows, winners)


def _fill(case: TableCheckup, rows: RowIndices, values: Floats) -> None:
    """The first row gets these values and stays."""
    case.of.values[rows[0]] = values
    case.changed[rows[0]] = True
    keep_one(case.notes, rows, int(rows[0]), RejectionReason.MERGED)


def _most_common(column: Floats) -> float:
    """NaN for a tie, or where nothing is known."""
    values, counts = np.unique(column[~np.isnan(column)], return_counts=True)
    if not len(counts) or (counts == counts.max()).sum() > 1:
        return float("nan")
    return float(values[np.argmax(counts)])


CHECK = Check("conflicts", run, _OFFERS)
