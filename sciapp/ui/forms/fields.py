"""Description of a plan's settings for forms: label, plain words, control, and when it is shown.

The fields themselves: a file for each heading in `sections/`.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from sciapp.records.plan.applicability import APPLIES
from sciapp.records.plan.applicability import AppliesWhen as AppliesWhen


@dataclass(frozen=True)
class WholeField:
    """A whole number; `zero_means` is shown in place of 0."""

    low: int
    high: int
    step: int = 1
    zero_means: str = ""


@dataclass(frozen=True)
class DecimalField:
    """A number; `scientific` for rates that span decades."""

    low: float
    high: float
    step: float
    decimals: int = 3
    scientific: bool = False
    zero_means: str = ""


@dataclass(frozen=True)
class ChoiceField:
    """One of a few words: value → what people read. when: what must hold for a value to be offered."""

    options: tuple[tuple[str | bool, str], ...]
    when: tuple[tuple[str, AppliesWhen], ...] = ()

    def offered(self, facts: Mapping[str, object]) -> tuple[str | bool, ...]:
        out = {value for value, when in self.when if not when.holds(facts)}
        return tuple(value for value, _ in self.options if value not in out)


@dataclass(frozen=True)
class Field:
    """One leaf setting of a plan. when: what must hold for it to be shown beside what `APPLIES` says of it.

    label: plain words; term: the field's own, where that is another one.
    """

    name: str
    label: str
    help: str
    control: WholeField | DecimalField | ChoiceField
    when: tuple[AppliesWhen, ...] = ()
    term: str = ""

    @property
    def conditions(self) -> tuple[AppliesWhen, ...]:
        """Everything that must hold for it to be shown; nothing: it always is."""
        belongs = APPLIES.get(self.name)
        return self.when if belongs is None else (belongs, *self.when)


@dataclass(frozen=True)
class Section:
    """Fields that belong together under one heading of the form. name: of its widget."""

    name: str
    title: str
    fields: tuple[Field, ...]
