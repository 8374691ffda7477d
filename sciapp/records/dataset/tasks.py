"""Tasks: what can be learnt from labels, as records, command line and window know them.

`engine/data/targets` has the kind of target that belongs to each task, `engine/tasks` the task itself.
"""

from dataclasses import dataclass
from typing import Literal

TaskName = Literal["classification", "multilabel", "regression", "tagging"]
"""As stored and typed; “tagging” is token classification."""
TaskWish = TaskName | Literal["auto"]
LossName = Literal["auto", "cross_entropy", "binary_cross_entropy", "focal", "mean_squared_error", "huber"]

AUTOMATIC: Literal["auto"] = "auto"


@dataclass(frozen=True)
class TaskFacts:
    """Facts of a task that need neither data nor network.

    title: for a list of choices. read_as: what it makes of the targets, in a sentence. has_classes: its one target has
    classes with names. per_unit: every residue, base or word has a label; else the row as a whole. is_quantity:
    numbers, else classes or yes and no. several_targets: it may learn more than one at once. losses: of a plan, the
    default aside.
    """

    name: TaskName
    title: str
    read_as: str
    losses: tuple[LossName, ...]
    has_classes: bool = False
    per_unit: bool = False
    is_quantity: bool = False
    several_targets: bool = False

    @property
    def is_binary(self) -> bool:
        """True if each target is yes or no."""
        return not self.has_classes and not self.is_quantity

    @property
    def is_class_of_row(self) -> bool:
        """True if each row has one class."""
        return self.has_classes and not self.per_unit


TASKS: tuple[TaskFacts, ...] = (
    TaskFacts(
        "classification",
        "Classification",
        "The target is read as a class.",
        ("cross_entropy", "binary_cross_entropy", "focal"),
        has_classes=True,
    ),
    TaskFacts(
        "multilabel",
        "Several yes-or-no targets",
        "Every target is read as 0 or 1 (no or yes); an empty cell means not measured.",
        ("binary_cross_entropy", "focal"),
        several_targets=True,
    ),
    TaskFacts(
        "regression",
        "Regression",
        "Every target is read as a number.",
        ("mean_squared_error", "huber"),
        is_quantity=True,
        several_targets=True,
    ),
    TaskFacts(
        "tagging",
        "A label for each residue, base or word",
        "The target is read as one label for each residue, base or word of the input.",
        ("cross_entropy", "focal"),
        has_classes=True,
        per_unit=True,
    ),
)

_BY_NAME: dict[str, TaskFacts] = {task.name: task for task in TASKS}


def task_facts(name: str) -> TaskFacts:
    """The facts of the task with this stored name. Raises KeyError."""
    return _BY_NAME[name]


def task_names(*, loss: LossName | None = None) -> tuple[TaskName, ...]:
    """The stored names of all tasks, or of those that may be learnt by this loss."""
    return tuple(task.name for task in TASKS if loss is None or loss in task.losses)


def may_be_per_unit(wish: str) -> bool:
    """True if this choice of an import may turn out to label single units."""
    return wish == AUTOMATIC or task_facts(wish).per_unit
