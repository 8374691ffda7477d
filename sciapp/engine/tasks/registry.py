"""The task that a dataset's card and a plan's loss ask for, or that a saved model was trained for."""

from typing import Any

import numpy as np
import numpy.typing as npt
from torch import Tensor

from sciapp.engine.data.targets.base import Targets
from sciapp.engine.data.targets.token_classification import TokenLabels
from sciapp.engine.domains.registry import domain_named
from sciapp.engine.tasks.base import Floats, Task
from sciapp.engine.tasks.classification import Classification
from sciapp.engine.tasks.losses import ClassLoss, balanced
from sciapp.engine.tasks.multilabel import Multilabel
from sciapp.engine.tasks.regression import Regression
from sciapp.engine.tasks.saved_keys import SEPARATOR_KEY, TASK_KEY
from sciapp.engine.tasks.token_classification import TokenClassification
from sciapp.errors import BadInput
from sciapp.i18n import msg
from sciapp.records.dataset.card import DatasetCard
from sciapp.records.plan.plan import Optimization

_LOSSES = {
    "classification": ("classes", {"cross_entropy", "binary_cross_entropy", "focal"}),
    "multilabel": ("targets that are 0 or 1", {"binary_cross_entropy", "focal"}),
    "regression": ("numbers", {"mean_squared_error", "huber"}),
    "tagging": ("labels of single units", {"cross_entropy", "focal"}),
}
_SMOOTHED = {"classification", "tagging"}


def task_of(card: DatasetCard, how: Optimization, train_targets: Targets, row_weights: Floats | None = None) -> Task:
    """The task of `card`; raises BadInput for a loss, label smoothing or class weights that do not fit it.

    row_weights: of the training rows (rows,), None: all count the same. Classes are balanced by the weights of their
    rows, numbers are standardised by weighted means.
    """
    _check_fits(card, how)
    if card.task == "regression":
        delta = how.huber_delta if how.loss == "huber" else None
        targets = np.asarray(train_targets, dtype=np.float64)
        return Regression(card.target_names, targets, row_weights, huber_delta=delta)
    loss = ClassLoss(
        _weights(card, train_targets, row_weights) if how.class_weights == "balanced" else None,
        how.focal_gamma if how.loss == "focal" else 0.0,
        how.label_smoothing_factor,
    )
    match card.task:
        case "multilabel":
            return Multilabel(card.target_names, loss=loss)
        case "tagging":
            return TokenClassification(card.class_names, domain_named(card.domain).label_separator or "", loss=loss)
        case "classification":
            against_rest = how.loss == "binary_cross_entropy"
            return Classification(card.class_names, one_against_rest=against_rest, loss=loss)


def check_masked(how: Optimization) -> None:
    """Raise BadInput for what does not fit self-supervision, where hidden tokens are guessed."""
    usual = Optimization()
    for name in ("loss", "label_smoothing_factor", "class_weights"):
        if getattr(how, name) != getattr(usual, name):
            raise BadInput(
                msg(
                    "The setting “{name}” does not fit: hidden tokens are always learnt by their cross-entropy.",
                    name=name,
                ),
                hint=msg("Leave it out here; it may be set for the training that follows."),
            )


def _check_fits(card: DatasetCard, how: Optimization) -> None:
    what, fitting = _LOSSES[card.task]
    if how.loss not in {"auto", *fitting}:
        raise BadInput(
            msg("The loss “{loss}” does not fit: this dataset has {what}.", loss=how.loss, what=what),
            hint=msg("Leave the loss on auto, or choose {fitting}.", fitting=" or ".join(sorted(fitting))),
        )
    if how.class_weights != "none" and card.task == "regression":
        raise BadInput(msg("Numbers have no classes to balance."), hint=msg("Leave class_weights on none."))
    if how.label_smoothing_factor and (card.task not in _SMOOTHED or how.loss not in {"auto", "cross_entropy"}):
        reason = f"this dataset has {what}" if card.task not in _SMOOTHED else f"the loss is {how.loss}"
        raise BadInput(
            msg("Label smoothing belongs to the cross-entropy of classes, and {reason}.", reason=reason),
            hint=msg("Leave label_smoothing_factor on 0."),
        )


def _weights(card: DatasetCard, train_targets: Targets, rows: Floats | None) -> Tensor:
    """Balanced weights from the training rows."""
    match card.task:
        case "multilabel":
            values = np.asarray(train_targets, dtype=np.float64)
            counts = [_summed(values == answer, rows) for answer in (0, 1)]
            return balanced(np.stack(counts, axis=1))
        case "tagging":
            assert isinstance(train_targets, TokenLabels)
            counted = train_targets.counts & (train_targets.codes >= 0)
            of_units = None if rows is None else np.repeat(rows, np.diff(train_targets.starts))[counted]
            return balanced(np.bincount(train_targets.codes[counted], of_units, minlength=len(card.class_names)))
        case _:
            return balanced(np.bincount(np.asarray(train_targets), rows, minlength=len(card.class_names)))


def _summed(said: npt.NDArray[np.bool_], rows: Floats | None) -> Floats:
    """How many rows say so, or their weights together. said (rows, targets)."""
    return np.asarray(said.sum(axis=0) if rows is None else (said * rows[:, None]).sum(axis=0), dtype=np.float64)


def saved_task(config: Any) -> Task:
    """The task of a saved model's config. Models from before the key was written were of two kinds."""
    names = {int(place): name for place, name in config.id2label.items()}
    outputs = tuple(names[place] for place in sorted(names))
    old = "regression" if config.problem_type == "regression" else "classification"
    match getattr(config, TASK_KEY, old):
        case "regression":
            return Regression.saved_as(outputs, config)
        case "multilabel":
            return Multilabel(outputs)
        case "tagging":
            return TokenClassification(outputs, str(getattr(config, SEPARATOR_KEY, "")))
        case _:
            against_rest = config.problem_type == "multi_label_classification"
            return Classification(outputs, one_against_rest=against_rest)
