"""The task that a dataset's card and a plan's loss ask for."""

import numpy as np
import numpy.typing as npt

from sciapp.engine.tasks.base import Task
from sciapp.engine.tasks.classification import Classification
from sciapp.engine.tasks.regression import Regression
from sciapp.errors import BadInput
from sciapp.records.dataset import DatasetCard

_CLASS_LOSSES = ("cross_entropy", "binary_cross_entropy")


def task_of(card: DatasetCard, loss: str, train_targets: npt.NDArray[np.float64] | npt.NDArray[np.int64]) -> Task:
    """The task of `card`; raises BadInput for a loss that does not fit it."""
    if card.task == "regression":
        if loss in _CLASS_LOSSES:
            raise BadInput(
                f"The loss “{loss}” is for classes; this dataset has numbers.", hint="Leave the loss on auto."
            )
        return Regression(card.target_names, np.asarray(train_targets, dtype=np.float64))
    if loss == "mean_squared_error":
        raise BadInput("The loss “mean_squared_error” is for numbers; this dataset has classes.", hint="Use auto.")
    return Classification(card.class_names, one_against_rest=loss == "binary_cross_entropy")
