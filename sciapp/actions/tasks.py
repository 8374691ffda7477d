"""Tasks to choose from, for an import and for the settings of a loss."""

from collections.abc import Mapping

from sciapp.engine.data.targets.base import TaskOption
from sciapp.engine.data.targets.registry import all_tasks, target_kind, target_kinds, task_facts, task_names
from sciapp.records.dataset.card import DatasetCard

__all__ = ["TaskOption", "all_tasks", "options_of_task", "targets_title", "task_facts", "task_names", "task_options"]


def targets_title(card: DatasetCard) -> str:
    """The targets of a dataset, as a heading."""
    return target_kind(card.task).words.title(card)


def options_of_task(task: str) -> tuple[TaskOption, ...]:
    """Options of an import for this task. Raises NotFound."""
    return target_kind(task).options


def task_options() -> Mapping[str, TaskOption]:
    """The options of all tasks by name."""
    return {option.name: option for kind in target_kinds().values() for option in kind.options}
