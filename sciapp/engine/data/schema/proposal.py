"""The proposed roles of a table's columns."""

from dataclasses import dataclass, replace

from sciapp.i18n import joined
from sciapp.records.dataset.card import Roles, SplitMethod
from sciapp.records.dataset.tasks import TaskName


@dataclass(frozen=True)
class Proposal:
    """Column names for the roles; `input` is empty and `targets` are none when nothing fits.

    reason: why this is learnt, as this task. notes: sentences on what is proposed otherwise than one might expect.
    """

    input: str
    targets: tuple[str, ...]
    split_column: str | None
    split: SplitMethod
    task: TaskName
    reason: str
    mask: str | None = None
    group: str | None = None
    time: str | None = None
    covariates: tuple[str, ...] = ()
    weight: str | None = None
    second_input: str | None = None
    notes: tuple[str, ...] = ()

    @property
    def explanation(self) -> str:
        """Reason and notes in one."""
        return joined((self.reason, *self.notes))

    def because(self, more: str) -> "Proposal":
        """The same with one more note, if there is something to say."""
        return replace(self, notes=(*self.notes, more)) if more else self

    @property
    def roles(self) -> Roles:
        return Roles(
            input=self.input,
            targets=self.targets,
            split=self.split_column,
            mask=self.mask,
            covariates=self.covariates,
            group=self.group,
            time=self.time,
            weight=self.weight,
            second_input=self.second_input,
        )
