"""Efforts of a training: quick, normal, thorough. Each is a name for some settings of a plan, with the reasons."""

from collections.abc import Sequence
from typing import Literal

from sciapp.errors import BadInput, nearest
from sciapp.i18n import Text, msg
from sciapp.records.base import Frozen
from sciapp.records.plan.plan import TrainPlan, leaf_settings, with_settings

EffortName = Literal["quick", "normal", "thorough"]


class EffortSetting(Frozen):
    """A leaf setting of a plan that an effort changes, and the reason for its value."""

    name: str
    value: int
    reason: Text


class Effort(Frozen):
    """A named amount of training. text: one sentence for the person who chooses; settings: those that differ from the
    defaults of a plan."""

    name: EffortName
    title: Text
    text: Text
    settings: tuple[EffortSetting, ...] = ()


EFFORTS: tuple[Effort, ...] = (
    Effort(
        name="quick",
        title=msg("Quick"),
        text=msg("A first look: is there anything to learn?"),
        settings=(
            EffortSetting(
                name="num_train_epochs",
                value=8,
                reason=msg("the first passes bring most of the gain, enough to see whether there is any"),
            ),
            EffortSetting(
                name="early_stopping_patience",
                value=3,
                reason=msg("a first look does not wait long for a late gain"),
            ),
        ),
    ),
    Effort(name="normal", title=msg("Normal"), text=msg("One full training. Right for most questions.")),
    Effort(
        name="thorough",
        title=msg("Thorough"),
        text=msg("More passes over the data, and more patience before it stops."),
        settings=(
            EffortSetting(
                name="num_train_epochs",
                value=90,
                reason=msg("the step size shrinks three times slower, so that late passes still learn"),
            ),
            EffortSetting(
                name="early_stopping_patience",
                value=20,
                reason=msg("scores of few validation rows jump; a longer wait tells a pause from the end"),
            ),
        ),
    ),
)
"""In the order in which they are offered."""

EFFORT_SETTINGS: frozenset[str] = frozenset(setting.name for effort in EFFORTS for setting in effort.settings)
"""Names of the settings that efforts decide on."""


def effort_named(name: str, efforts: Sequence[Effort] = EFFORTS) -> Effort:
    """The effort of that name. Raises BadInput."""
    for effort in efforts:
        if effort.name == name:
            return effort
    raise BadInput(
        msg("There is no effort “{name}”.", name=name), hint=nearest(name, [effort.name for effort in efforts])
    )


def with_effort(plan: TrainPlan, name: str) -> TrainPlan:
    """`plan` with the settings of an effort; its other settings stay. Raises BadInput."""
    return with_settings(plan, effort_settings(name))


def effort_settings(name: str) -> dict[str, object]:
    """Value of every setting that efforts decide on, under the effort of that name. Raises BadInput."""
    usual = leaf_settings(TrainPlan(dataset=""))
    changed = {setting.name: setting.value for setting in effort_named(name).settings}
    return {setting: changed.get(setting, usual[setting]) for setting in sorted(EFFORT_SETTINGS)}


def effort_of(plan: TrainPlan) -> Effort | None:
    """The effort whose settings a plan has; None for a plan with values of its own. Other settings do not count."""
    leaves = leaf_settings(plan)
    held = {name: leaves[name] for name in EFFORT_SETTINGS}
    return next((effort for effort in EFFORTS if effort_settings(effort.name) == held), None)
