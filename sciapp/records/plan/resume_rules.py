"""Settings that may differ between a training and the run that it goes on from."""

from sciapp.errors import BadInput
from sciapp.i18n import msg
from sciapp.records.plan.plan import TrainPlan, differing_settings

MAY_DIFFER = frozenset(
    {
        "num_train_epochs",
        "max_steps",
        "early_stopping_patience",
        "eval_steps",
        "save_steps",
        "save_total_limit",
        "learning_rate",
        "lr_scheduler_type",
        "warmup_ratio",
        "plateau_patience",
        "plateau_factor",
        "max_grad_norm",
        "gradient_checkpointing",
        "threads",
        "devices",
    }
)
"""Settings that are read anew at each step or look. All others are in the optimiser's state, in the weights, or in the
order of the data that are taken over: changed they would do nothing, or not fit."""


def must_go_on_alike(plan: TrainPlan, before: TrainPlan, *, run: str) -> None:
    """Raise BadInput where `plan`, which goes on from `run`, changes what that run's plan, `before`, has settled."""
    names = [name for name in differing_settings(before, plan) if name not in MAY_DIFFER]
    if names:
        raise BadInput(
            msg(
                "A training that goes on from a run keeps that run’s data, model, optimiser and order of "
                "data, so it cannot change {names}.",
                names=", ".join(names),
            ),
            hint=msg(
                "Leave that out, or begin a new training from the run’s model with it: --model run:{run}.", run=run
            ),
        )
