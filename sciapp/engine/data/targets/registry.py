"""Kinds of target by the stored name of their task: the files beside this one that hold a `KIND`."""

import pkgutil
from collections.abc import Mapping
from functools import cache
from importlib import import_module

from sciapp.engine.data.targets.base import TargetKind
from sciapp.errors import NotFound, nearest
from sciapp.i18n import msg
from sciapp.records.dataset.card import DatasetCard
from sciapp.records.dataset.tasks import AUTOMATIC, LossName, TaskFacts, TaskName, TaskWish

PACKAGE = "sciapp.engine.data.targets"


@cache
def target_kinds() -> Mapping[TaskName, TargetKind]:
    """The kinds of all tasks by name, in the order of lists."""
    files = [file.name for file in pkgutil.iter_modules(import_module(PACKAGE).__path__)]
    modules = [import_module(f"{PACKAGE}.{name}") for name in files if name != __name__.rpartition(".")[2]]
    kinds: list[TargetKind] = [module.KIND for module in modules if hasattr(module, "KIND")]
    return {kind.facts.name: kind for kind in sorted(kinds, key=lambda kind: (kind.facts.order, kind.facts.name))}


def target_kind(task: TaskName) -> TargetKind:
    """The kind of target of a task. Raises NotFound with the nearest name."""
    if task not in target_kinds():
        raise NotFound(msg("There is no task “{task}”.", task=task), hint=nearest(task, list(target_kinds())))
    return target_kinds()[task]


def task_facts(task: TaskName) -> TaskFacts:
    """Facts of a task. Raises NotFound with the nearest name."""
    return target_kind(task).facts


def all_tasks() -> tuple[TaskFacts, ...]:
    """Facts of all tasks, in the order of lists."""
    return tuple(kind.facts for kind in target_kinds().values())


def task_names(*, loss: LossName | None = None) -> tuple[TaskName, ...]:
    """The stored names of all tasks, or of those that may be learnt by this loss."""
    return tuple(task.name for task in all_tasks() if loss is None or loss in task.losses)


def may_be_per_unit(wish: TaskWish) -> bool:
    """True if this choice of an import may turn out to label single units."""
    return wish == AUTOMATIC or task_facts(wish).per_unit


def class_names(card: DatasetCard) -> tuple[str, ...]:
    """Values of one target, in label order: classes or the labels of units; () for several targets or numbers."""
    return card.class_names if task_facts(card.task).has_classes else ()
