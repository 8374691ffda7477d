"""The task that a dataset's card and a plan's loss ask for, or that a saved model was trained for."""

from typing import Any

from sciapp.engine.data.targets.base import Targets
from sciapp.engine.data.targets.registry import task_facts
from sciapp.engine.tasks.base import Floats, RegisteredTask, Task
from sciapp.engine.tasks.classification import Classification
from sciapp.engine.tasks.multilabel import Multilabel
from sciapp.engine.tasks.regression import Regression
from sciapp.engine.tasks.saved_keys import TASK_KEY
from sciapp.engine.tasks.token_classification import TokenClassification
from sciapp.errors import BadInput
from sciapp.i18n import any_of, msg
from sciapp.records.dataset.card import DatasetCard
from sciapp.records.plan.optimization import Optimization

_TASKS: dict[str, type[RegisteredTask]] = {
    task.task: task for task in (Classification, Multilabel, Regression, TokenClassification)
}


def task_of(card: DatasetCard, how: Optimization, train_targets: Targets, row_weights: Floats | None = None) -> Task:
    """The task of `card`; raises BadInput for a loss, label smoothing or class weights that do not fit it.

    row_weights: of the training rows (rows,), None: all count the same. Classes are balanced by the weights of their
    rows, numbers are standardised by weighted means.
    """
    task = _TASKS[card.task]
    _check_fits(card, how, task.labels_phrase)
    return task.for_training(card, how, train_targets, row_weights)


def saved_task(config: Any) -> Task:
    """The task of a saved model's config. Models from before the key was written were of two kinds."""
    names = {int(index): name for index, name in config.id2label.items()}
    outputs = tuple(names[index] for index in sorted(names))
    before_key = Regression if config.problem_type == Regression.problem_type else Classification
    return _TASKS.get(getattr(config, TASK_KEY, before_key.task), Classification).saved_as(outputs, config)


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


def _check_fits(card: DatasetCard, how: Optimization, labels: str) -> None:
    facts = task_facts(card.task)
    if how.loss not in {"auto", *facts.losses}:
        raise BadInput(
            msg("The loss “{loss}” does not fit: this dataset has {what}.", loss=how.loss, what=labels),
            hint=msg("Leave the loss on auto, or choose {fitting}.", fitting=any_of(sorted(facts.losses))),
        )
    if how.class_weights != "none" and facts.is_quantity:
        raise BadInput(msg("Numbers have no classes to balance."), hint=msg("Leave class_weights on none."))
    if how.label_smoothing_factor and (not facts.has_classes or how.loss not in {"auto", "cross_entropy"}):
        reason = (
            msg("the loss is {loss}", loss=how.loss)
            if facts.has_classes
            else msg("this dataset has {labels}", labels=labels)
        )
        raise BadInput(
            msg("Label smoothing belongs to the cross-entropy of classes, and {reason}.", reason=reason),
            hint=msg("Leave label_smoothing_factor on 0."),
        )
