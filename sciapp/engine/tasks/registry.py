"""The task that a dataset's card and a plan's loss ask for, or that a saved model was trained for."""

from typing import Any

import numpy as np
from torch import Tensor

from sciapp.engine.data.tables import Targets
from sciapp.engine.data.unit_labels import UnitLabels
from sciapp.engine.domains.registry import domain_named
from sciapp.engine.tasks.base import TASK_KEY, Task
from sciapp.engine.tasks.class_weights import balanced
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


def task_of(card: DatasetCard, loss: str, train_targets: Targets, class_weights: str = "none") -> Task:
    """The task of `card`; raises BadInput for a loss or class weights that do not fit it."""
    what, fitting = _LOSSES[card.task]
    if loss not in {"auto", *fitting}:
        raise BadInput(f"The loss “{loss}” does not fit: this dataset has {what}.", hint="Leave the loss on auto.")
    weights = _weights(card, train_targets) if class_weights == "balanced" else None
    match card.task:
        case "regression":
            return Regression(card.target_names, np.asarray(train_targets, dtype=np.float64))
        case "multilabel":
            return Multilabel(card.target_names, weights=weights)
        case "tagging":
            return Tagging(card.class_names, domain_named(card.domain).label_separator or "", weights=weights)
        case "classification":
            return Classification(card.class_names, one_against_rest=loss == "binary_cross_entropy", weights=weights)


def _weights(card: DatasetCard, train_targets: Targets) -> Tensor:
    """Balanced weights from the training rows. Raises BadInput for numbers, which have no classes."""
    match card.task:
        case "multilabel":
            values = np.asarray(train_targets, dtype=np.float64)
            return balanced(np.stack([(values == 0).sum(axis=0), (values == 1).sum(axis=0)], axis=1))
        case "tagging":
            assert isinstance(train_targets, UnitLabels)
            counted = train_targets.codes[train_targets.counts]
            return balanced(np.bincount(counted[counted >= 0], minlength=len(card.class_names)))
        case "classification":
            return balanced(np.bincount(np.asarray(train_targets), minlength=len(card.class_names)))
        case "regression":
            raise BadInput("Numbers have no classes to balance.", hint="Leave class_weights on none.")


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
