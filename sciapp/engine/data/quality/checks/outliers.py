"""Numbers far from all others, by the robust z-score of Iglewicz & Hoaglin (1993, ASQC Basic References 16, ch. 3)."""

import numpy as np
import numpy.typing as npt

from sciapp.engine.data.quality.base import Check, CheckResult, PolicyOffer, TableCheckup, choices, of_target, share
from sciapp.engine.data.values.rejections import RejectionReason
from sciapp.engine.data.values.safe_float import grown, mean_and_spread, tamed
from sciapp.i18n import msg
from sciapp.records.dataset.findings import Finding
from sciapp.records.formatting import number_text

Floats = npt.NDArray[np.float64]

FARTHEST = 5.0  # the authors flag 3.5; measured quantities have longer tails than a normal distribution
_OFFERS = (PolicyOffer("keep", msg("Keep them")), PolicyOffer("leave_out", msg("Leave these values out")))
_FEWEST = 10
_TAIL = 0.02  # share of the values: so many are no slips but the shape of the distribution
_OF_A_FEW = msg("Squared errors make them weigh most; they may be slips of the pen or the most interesting rows.")
_OF_A_TAIL = msg("So many are no slips: the distribution is skewed, and squared errors make the tail weigh most.")


def run(case: TableCheckup, policy: str) -> list[CheckResult]:
    """A finding for each target that has any."""
    if not case.facts.is_quantity:
        return []
    results = []
    for index, name in enumerate(case.chosen.targets):
        column = np.where(case.notes.usable, case.of.values[:, index], np.nan)
        far = np.abs(robust_z(column)) > FARTHEST
        rows = np.flatnonzero(far)
        if not len(rows):
            continue
        known = ~np.isnan(column)
        small, scale = tamed(column)
        middle = float(np.nanmedian(small))
        examples = [int(row) for row in rows[np.argsort(-np.abs(small[rows] - middle))][:10]]
        typical = float(mean_and_spread(column[:, None])[1][0])
        tail = len(rows) > _TAIL * known.sum()
        finding = Finding(
            kind="outliers",
            title=msg("“{name}” has a long tail", name=name)
            if tail
            else msg("“{name}” has values far from all others", name=name),
            count=len(rows),
            consequence=msg(
                "{share} values are more than {farthest:g} robust standard deviations from the median ({middle}). "
                "{advice}",
                share=share(len(rows), int(known.sum())),
                farthest=FARTHEST,
                middle=number_text(grown(middle, scale), typical),
                advice=_OF_A_TAIL if tail else _OF_A_FEW,
            ),
            weight="note",
            choices=choices(_OFFERS),
            proposed="keep",
            applied=policy,
            changed=len(rows) if policy == "leave_out" else 0,
        )
        results.append(of_target(case, index, examples, finding))
        if policy == "leave_out":
            _leave_out(case, rows, index)
    return results


def robust_z(column: Floats) -> Floats:
    """0.6745 (x - median) / MAD, NaN for gaps; where over half of the values are alike, the mean deviation serves."""
    column, _ = tamed(column)
    known = column[~np.isnan(column)]
    if len(known) < _FEWEST:
        return np.full(len(column), np.nan)
    deviation = np.abs(known - np.median(known))
    scale = float(np.median(deviation)) / 0.6745 or float(deviation.mean()) * 1.253314
    if scale <= 0:
        return np.zeros(len(column))
    with np.errstate(over="ignore"):  # 1e300 among numbers around 1: infinitely far is far enough
        return (column - np.median(known)) / scale


def _leave_out(case: TableCheckup, rows: npt.NDArray[np.int64], target: int) -> None:
    """The values become gaps; a row without any other is set aside."""
    case.of.values[rows, target] = np.nan
    case.changed[rows] = True
    bare = rows[case.of.bare[rows]]
    case.notes.why[bare], case.notes.detail[bare] = RejectionReason.OUTLIER, target


CHECK = Check("outliers", run, _OFFERS, "keep")
