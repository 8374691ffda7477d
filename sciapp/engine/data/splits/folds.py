"""Cross-validation: every row is tested once. A dataset holds one fold; the same seed gives the same folds."""

import heapq

import numpy as np
import numpy.typing as npt

from sciapp.engine.data.values.split_names import TEST, TRAIN, VALIDATION, Division, Keys, mixed
from sciapp.errors import BadInput
from sciapp.i18n import msg
from sciapp.records.dataset.card import SplitPlan


def folded(bins: npt.NDArray[np.int64], plan: SplitPlan) -> Division:
    """Test on the plan's fold, validate on the next (after the last comes the first), train on the others.

    bins (rows,): 0 to folds - 1. Raises BadInput where a fold is empty.
    """
    assert plan.folds is not None
    filled = np.bincount(bins, minlength=plan.folds)
    if not filled.all():
        raise BadInput(
            msg("The rows are too few, or form too few groups, for {folds} folds.", folds=plan.folds),
            hint=msg("Take fewer."),
        )
    codes = np.full(len(bins), TRAIN, dtype=np.int8)
    codes[bins == plan.fold % plan.folds] = VALIDATION
    codes[bins == plan.fold - 1] = TEST
    return Division(codes, (msg("Fold {fold} of {folds}; the next fold validates.", fold=plan.fold, folds=plan.folds),))


def bins_of_rows(keys: Keys, strata: npt.NDArray[np.int64], plan: SplitPlan) -> npt.NDArray[np.int64]:
    """Folds of like size and, where rows are of several strata, like mixture. strata (rows,): all 0: by chance."""
    assert plan.folds is not None
    bins = np.empty(len(keys), dtype=np.int64)
    bins[np.lexsort((mixed(keys, plan.seed), strata))] = np.arange(len(keys)) % plan.folds
    return bins


def bins_of_groups(groups: Keys, plan: SplitPlan) -> npt.NDArray[np.int64]:
    """No group in two folds: the largest first, each into the fold with fewest rows so far. groups (rows,): names."""
    assert plan.folds is not None
    names, members, sizes = np.unique(groups, return_inverse=True, return_counts=True)
    emptiest = [(0, index) for index in range(plan.folds)]
    of_group = np.empty(len(names), dtype=np.int64)
    for group in np.lexsort((mixed(names, plan.seed), -sizes)):
        rows, index = heapq.heappop(emptiest)
        of_group[group] = index
        heapq.heappush(emptiest, (rows + int(sizes[group]), index))
    return np.asarray(of_group[members])
