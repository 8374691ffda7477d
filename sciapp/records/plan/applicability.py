"""Settings of a plan that have an effect only while another one has certain values.

The forms hide them while they do not apply; a plan that changes them all the same, a shared recipe for example, is
told so.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sciapp.i18n import any_of, msg
from sciapp.records.plan.plan import PretrainPlan, TrainPlan, changed_settings, leaf_settings


@dataclass(frozen=True)
class AppliesWhen:
    """Something is shown while another setting has one of these values.

    setting: a leaf setting of the form, or what else is known: `task`, the kind of labels of the chosen dataset;
    `bitsandbytes`, whether that package is installed.
    """

    setting: str
    one_of: tuple[object, ...]

    def holds(self, facts: Mapping[str, object]) -> bool:
        """True if the condition is met; a setting that is not known hides nothing."""
        return self.setting not in facts or facts[self.setting] in self.one_of


_LORA = AppliesWhen("tuning_method", ("lora",))
_PLATEAU = AppliesWhen("lr_scheduler_type", ("reduce_lr_on_plateau",))

APPLIES: Mapping[str, AppliesWhen] = {
    "lora_r": _LORA,
    "lora_alpha": _LORA,
    "lora_dropout": _LORA,
    "lora_target": _LORA,
    "use_rslora": _LORA,
    "use_dora": _LORA,
    "base_weights": _LORA,
    "num_virtual_tokens": AppliesWhen("tuning_method", ("prefix", "prompt")),
    "unfreeze_epochs": AppliesWhen("tuning_method", ("gradual",)),
    "focal_gamma": AppliesWhen("loss", ("focal",)),
    "huber_delta": AppliesWhen("loss", ("huber",)),
    "ema_decay": AppliesWhen("weight_averaging", ("ema",)),
    "swa_start": AppliesWhen("weight_averaging", ("swa",)),
    "warmup_ratio": AppliesWhen(
        "lr_scheduler_type", ("linear", "cosine", "constant_with_warmup", "reduce_lr_on_plateau")
    ),
    "plateau_patience": _PLATEAU,
    "plateau_factor": _PLATEAU,
    "adversarial_epsilon": AppliesWhen("regularizer", ("fgm", "pgd")),
    "adversarial_steps": AppliesWhen("regularizer", ("pgd",)),
    "r_drop_weight": AppliesWhen("regularizer", ("r_drop",)),
    "mixup_alpha": AppliesWhen("regularizer", ("mixup",)),
}
"""Setting → the choice that it belongs to."""


def without_effect(plan: TrainPlan | PretrainPlan) -> Iterator[str]:
    """Of each changed setting that does nothing with what else is chosen, a sentence that says why."""
    leaves = leaf_settings(plan)
    for name, value in changed_settings(plan).items():
        when = APPLIES.get(name)
        if when is not None and not when.holds(leaves):
            values = any_of(str(one) for one in when.one_of)
            yield msg(
                "{name}={value} has no effect: it belongs to {setting}={values}, not {actual}.",
                name=name,
                value=value,
                setting=when.setting,
                values=values,
                actual=leaves[when.setting],
            )
    yield from _late_plateau(leaves)


def _late_plateau(leaves: Mapping[str, Any]) -> Iterator[str]:
    patience, ends = leaves["plateau_patience"], leaves["early_stopping_patience"]
    if _PLATEAU.holds(leaves) and 0 < ends <= patience:
        yield (
            msg(
                "The learning rate never falls: plateau_patience={patience} validations without a better score "
                "are not fewer than the early_stopping_patience={ends} after which training ends.",
                patience=patience,
                ends=ends,
            )
        )
