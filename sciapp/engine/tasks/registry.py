"""The task that a dataset's card and a plan's loss ask for, or that a saved model was trained for."""

from typing import Any

import numpy as np

from sciapp.engine.data.tables import Targets
from sciapp.engine.domains.registry import domain_named
from sciapp.engine.tasks.base import TASK_KEY, Task
from sciapp.engine.tasks.classification import Classification
from sciapp.engine.tasks.multilabel import Multilabel
from sciapp.engine.tasks.regression import Regression
from sciapp.engine.tasks.tagging import SEPARATOR_KEY, Tagging
from sciapp.errors import BadInput
from sciapp.records.dataset import DatasetCard

_LOSSES = {
    "classification": ("classes", {"cross_entropy", "binary_cross_entropy"}),
    "multilabel": ("targets that are 0 or 1", {"binary_cross_entropy"}),
    "regression": ("numbers", {"mean_squared_error"}),
    "tagging": ("labels of single units", {"cross_entropy"}),
}


def task_of(card: DatasetCard, loss: str, train_targets: Targets) -> Task:
    """The task of `card`; raises BadInput for a loss that does not fit it."""
    what, fitting = _LOSSES[card.task]
    if loss not in {"auto", *fitting}:
        raise BadInput(f"The loss “{loss}” does not fit: this dataset has {what}.", hint="Leave the loss on auto.")
    match card.task:
        case "regression":
            return Regression(card.target_names, np.asarray(train_targets, dtype=np.float64))
        case "multilabel":
            return Multilabel(card.target_names)
        case "tagging":
            return Tagging(card.class_names, domain_named(card.domain).label_separator or "")
        case "classification":
            return Classification(card.class_names, one_against_rest=loss == "binary_cross_entropy")


def saved_task(config: Any) -> Task:
    """The task of a saved model's config. Models from before the key was written were of two kinds."""
    names = {int(place): name for place, name in config.id2label.items()}
    outputs = tuple(names[place] for place in sorted(names))
    old = "regression" if config.problem_type == "regression" else "classification"
    match getattr(config, TASK_KEY, old):
        case "regression":
            return Regression.in_own_units(outputs)
        case "multilabel":
            return Multilabel(outputs)
        case "tagging":
            return Tagging(outputs, str(getattr(config, SEPARATOR_KEY, "")))
        case _:
            against_rest = config.problem_type == "multi_label_classification"
            return Classification(outputs, one_against_rest=against_rest)
