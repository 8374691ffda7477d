"""Rows of two splits as one, and back."""

import numpy as np

from sciapp.engine.data.dataset.table import Rows
from sciapp.engine.data.targets.regression import NumberTargets
from sciapp.engine.data.targets.token_classification import TokenLabels


def rows(first: int, last: int, **more: object) -> Rows:
    numbers = np.arange(first, last)
    return Rows(numbers, [f"C{n}" for n in numbers], NumberTargets(numbers.reshape(-1, 1) / 10), **more)


def test_rows_of_two_splits_are_one_table_from_which_each_comes_back() -> None:
    both = rows(0, 3, weights=np.ones(3)).followed_by(rows(7, 9, weights=np.zeros(2)))
    assert both.line.tolist() == [0, 1, 2, 7, 8] and both.inputs[3] == "C7"
    back = both.of(np.arange(3, 5))
    assert np.asarray(back.targets).ravel().tolist() == [0.7, 0.8]
    assert back.weights.tolist() == [0, 0] and back.covariates is None


def test_labels_of_units_are_one_after_the_other_too() -> None:
    first, second = TokenLabels.of([[0, 1], [2]]), TokenLabels.of([[1, 1, 0]])
    both = first.followed_by(second)
    assert len(both) == 3
    for part, whole in ((first, both[np.arange(2)]), (second, both[np.arange(2, 3)])):
        assert part.codes.tolist() == whole.codes.tolist() and part.starts.tolist() == whole.starts.tolist()
