"""Tasks to choose from, for an import and for the settings of a loss."""

from sciapp.engine.data.targets.registry import all_tasks, task_facts, task_names

__all__ = ["all_tasks", "task_facts", "task_names"]
