"""The kind of target that belongs to each task."""

from sciapp.engine.data.targets.base import TargetKind
from sciapp.engine.data.targets.classification import ClassKind
from sciapp.engine.data.targets.multilabel import MultilabelKind
from sciapp.engine.data.targets.regression import NumberKind
from sciapp.engine.data.targets.token_classification import TokenLabelKind

_KINDS: dict[str, TargetKind] = {
    kind.name: kind for kind in (ClassKind(), MultilabelKind(), NumberKind(), TokenLabelKind())
}


def target_kind(task: str) -> TargetKind:
    """The kind of target of the task with this stored name. Raises KeyError."""
    return _KINDS[task]
