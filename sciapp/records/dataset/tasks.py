"""Words for what can be learnt from labels, as files, records and command line have them.

The tasks themselves are files: `engine/data/targets` has the kind of target of each, `engine/tasks` the task.
"""

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import StringConstraints

TaskName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
"""The stored name of a task in `engine/data/targets`, where the list of them is."""
TaskWish = TaskName
"""A task, or AUTOMATIC."""
LossName = Literal["auto", "cross_entropy", "binary_cross_entropy", "focal", "mean_squared_error", "huber"]

AUTOMATIC: Literal["auto"] = "auto"


@dataclass(frozen=True)
class TaskFacts:
    """Facts of a task that need neither data nor network.

    name: as stored and typed. title: for a list of choices; order: of lists, lowest first. read_as: what it makes of
    the targets, in a sentence. losses: of a plan, the default aside. has_classes: its one target has classes with
    names. per_unit: every residue, base or word has a label; else the row as a whole. is_quantity: numbers, else
    classes or yes and no. several_targets: it may learn more than one at once. from_input: its targets are cut off the
    input, so no target column is chosen.
    """

    name: TaskName
    title: str
    read_as: str
    losses: tuple[LossName, ...]
    order: int = 100
    has_classes: bool = False
    per_unit: bool = False
    is_quantity: bool = False
    several_targets: bool = False
    from_input: bool = False

    @property
    def is_binary(self) -> bool:
        """True if each target is yes or no."""
        return not self.has_classes and not self.is_quantity

    @property
    def is_class_of_row(self) -> bool:
        """True if each row has one class."""
        return self.has_classes and not self.per_unit
