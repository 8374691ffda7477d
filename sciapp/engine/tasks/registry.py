"""The task that a dataset's card and a plan's loss ask for, or that a saved model was trained for.

Tasks are the files beside this one that hold a `TASK`.
"""

import pkgutil
from collections.abc import Mapping
from functools import cache
from importlib import import_module
from typing import Any

from sciapp.engine.data.targets.base import Targets
from sciapp.engine.data.targets.registry import task_facts
from sciapp.engine.tasks.base import TASK_KEY, Floats, RegisteredTask, Task
from sciapp.engine.tasks.evaluator import Evaluator
from sciapp.errors import BadInput, NotFound, nearest
from sciapp.i18n import any_of, msg
from sciapp.records.dataset.card import DatasetCard
from sciapp.records.dataset.tasks import TaskName
from sciapp.records.plan.optimization import Optimization

PACKAGE = "sciapp.engine.tasks"
_BEFORE_KEY = {"regression": "regression"}
"""Tasks by `problem_type`, of models from before the key was written; all others were classifications."""


@cache
def registered_tasks() -> Mapping[TaskName, type[RegisteredTask]]:
    """All tasks by their stored names."""
    files = [file.name for file in pkgutil.iter_modules(import_module(PACKAGE).__path__) if not file.ispkg]
    modules = [import_module(f"{PACKAGE}.{name}") for name in files if name != __name__.rpartition(".")[2]]
    tasks: list[type[RegisteredTask]] = [module.TASK for module in modules if hasattr(module, "TASK")]
    return {task.task: task for task in tasks}


def registered_task(name: TaskName) -> type[RegisteredTask]:
    """The task with this stored name. Raises NotFound with the nearest name."""
    if name not in registered_tasks():
        raise NotFound(msg("There is no task “{task}”.", task=name), hint=nearest(name, list(registered_tasks())))
    return registered_tasks()[name]


def task_of(card: DatasetCard, how: Optimization, train_targets: Targets, row_weights: Floats | None = None) -> Task:
    """The task of `card`; raises BadInput for a loss, label smoothing or class weights that do not fit it.

    row_weights: of the training rows (rows,), None: all count the same. Classes are balanced by the weights of their
    rows, numbers are standardised by weighted means.
    """
    task = registered_task(card.task)
    _check_fits(card, how, task.labels_phrase)
    return task.for_training(card, how, train_targets, row_weights)


def evaluator_of(card: DatasetCard, train_targets: Targets, seed: int) -> Evaluator:
    """The evaluator of the card's task. train_targets: of the training rows, as in `Rows`."""
    return registered_task(card.task).evaluator(card, train_targets, seed)


def saved_task(config: Any) -> Task:
    """The task of a saved model's config. Raises BadInput for a damaged config, NotFound for an unknown task."""
    names = {int(index): name for index, name in config.id2label.items()}
    outputs = tuple(names[index] for index in sorted(names))
    before_key = _BEFORE_KEY.get(config.problem_type, "classification")
    return registered_task(getattr(config, TASK_KEY, before_key)).saved_as(outputs, config)


def config_keys() -> tuple[str, ...]:
    """The keys of config.json that tasks write, each once: tasks may share some."""
    keys = (key for task in registered_tasks().values() for key in task.config_keys)
    return tuple(dict.fromkeys((TASK_KEY, *keys)))


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
