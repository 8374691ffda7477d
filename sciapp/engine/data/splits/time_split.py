"""Old rows train, newer ones validate, the newest test: what a model meets is later than what it has seen."""

import numpy as np
import numpy.typing as npt

from sciapp.engine.data.values.dates import DateReader
from sciapp.engine.data.values.split_names import TEST, TRAIN, VALIDATION, Division, share_out
from sciapp.errors import BadInput
from sciapp.i18n import msg, plural
from sciapp.records.dataset.card import SplitPlan

Moments = npt.NDArray[np.float64]


def time_split(moments: Moments, reader: DateReader, plan: SplitPlan) -> Division:
    """Cut where the shares come nearest to the wanted ones; rows of one moment are never parted.

    moments (rows,) without NaN. With folds the rows are cut into folds + 2 blocks: fold 1 trains on the first, each
    further one on one block more; the block behind validates and all newer ones test (a growing window: Bergmeir &
    Benítez 2012, Inf. Sci. 191:192).
    """
    different, counts = np.unique(moments, return_counts=True)
    if len(different) < 3:
        message = plural("{n} moment", "{n} different moments", len(different))
        raise BadInput(
            msg("“{column}” has only {moments}; three parts need at least three.", column=plan.column, moments=message),
            hint=msg("Split another way."),
        )
    ends = np.cumsum(counts)
    train, validation, _ = _split_sizes(len(moments), plan)
    first = _nearest(ends[:-2], train)
    second = first + 1 + _nearest(ends[first + 1 : -1], train + validation)
    codes = np.full(len(moments), TEST, dtype=np.int8)
    codes[moments <= different[second]] = VALIDATION
    codes[moments <= different[first]] = TRAIN
    message = msg(
        "By “{column}”: training rows up to {train}, validation up to {validation}, test from {test} on.",
        column=plan.column,
        train=reader.text(different[first]),
        validation=reader.text(different[second]),
        test=reader.text(different[second + 1]),
    )
    return Division(codes, (message,))


def _split_sizes(rows: int, plan: SplitPlan) -> tuple[float, float, float]:
    if plan.folds is None:
        train, validation, test = share_out(rows, plan.fractions)
        return train, validation, test
    block = rows / (plan.folds + 2)
    return plan.fold * block, block, rows - (plan.fold + 1) * block


def _nearest(ends: npt.NDArray[np.int64], wanted: float) -> int:
    return int(np.abs(ends - wanted).argmin())
