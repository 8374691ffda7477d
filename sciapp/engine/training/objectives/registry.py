"""The loss of a batch that a plan asks for."""

from collections.abc import Callable, Mapping

from sciapp.engine.runtime.device import Device
from sciapp.engine.tasks.base import Task
from sciapp.engine.training.objectives.adversarial import Adversarial
from sciapp.engine.training.objectives.base import BatchLoss, PlainLoss
from sciapp.engine.training.objectives.mixup import Mixup
from sciapp.engine.training.objectives.r_drop import RDrop
from sciapp.errors import BadInput
from sciapp.i18n import msg
from sciapp.records.plan.augmentation import Regularization
from sciapp.records.plan.plan import TrainPlan

_LOSSES: Mapping[str, Callable[[PlainLoss, Regularization], BatchLoss]] = {
    "off": lambda plain, _: plain,
    "fgm": lambda plain, plan: Adversarial(plain, plan.adversarial_epsilon, steps=1),
    "pgd": lambda plain, plan: Adversarial(plain, plan.adversarial_epsilon, plan.adversarial_steps),
    "r_drop": lambda plain, plan: RDrop(plain, plan.r_drop_weight),
    "mixup": lambda plain, plan: Mixup(plain, plan.mixup_alpha),
}


def batch_loss_for(plan: TrainPlan, task: Task, device: Device) -> BatchLoss:
    regularization = plan.regularization
    return _LOSSES[regularization.regularizer](PlainLoss(task, device), regularization)


def check_regularization(plan: TrainPlan, task: Task, *, bounds: bool = False) -> None:
    """Raise BadInput for what does not fit the task or the other settings. bounds: whether of some training rows only
    a bound is known."""
    regularizer = plan.regularization.regularizer
    if regularizer == "mixup" and task.per_unit:
        raise BadInput(
            msg("Mixup mixes rows as a whole; where every unit has a label of its own there is nothing to mix."),
            hint=msg("Choose another regularizer: fgm, pgd or r_drop."),
        )
    if regularizer == "mixup" and bounds:
        raise BadInput(
            msg("Mixup mixes the values of two rows, and of some rows of this dataset only a bound is known."),
            hint=msg("Choose another regularizer: fgm, pgd or r_drop."),
        )
    if regularizer == "r_drop" and not plan.dropout:
        raise BadInput(
            msg("R-Drop compares two readings of a row under different dropout, and the dropout is 0."),
            hint=msg("Set dropout to 0.1 or so, or choose another regularizer."),
        )
