"""Findings of the quality checks in a table, and the choices for dealing with each."""

from typing import Literal

from pydantic import Field

from sciapp.i18n import Text
from sciapp.records.plan.plan import Frozen

MOST_LINES, MOST_EXAMPLES, LONGEST_EXAMPLE = 10, 6, 90


class PolicyChoice(Frozen):
    """One way to deal with a finding: the word that `--repair KIND=POLICY` takes, and what people read."""

    policy: str
    title: Text


Gravity = Literal["problem", "note"]


class Finding(Frozen):
    """One thing that a person should know about their table.

    kind: the word before the `=` of `--repair`, where there is a choice. lines, examples: of some of the rows, side by
    side. choices: what can be done; the first is what happens when nothing is asked for. proposed: what we would do.
    applied: what is done. changed: values that were changed by it; they are listed in `repairs.csv`.
    """

    kind: str
    title: Text
    count: int = Field(description="rows, or what the title says")
    column: str = ""
    lines: tuple[int, ...] = ()
    examples: tuple[Text, ...] = ()
    consequence: Text = ""
    weight: Gravity = "problem"
    choices: tuple[PolicyChoice, ...] = ()
    proposed: str = ""
    applied: str = ""
    changed: int = 0

    @property
    def repaired(self) -> bool:
        """True if something else is done than without being asked."""
        return bool(self.choices) and self.applied != self.choices[0].policy

    @property
    def done(self) -> str:
        """The policy applied, for people; empty where there is nothing to choose."""
        return next((choice.title for choice in self.choices if choice.policy == self.applied), "")


class QualityReport(Frozen):
    """Everything that was found in a table that may be imported; `sciapp doctor --json` prints one."""

    file: str
    rows_read: int
    rows_usable: int
    task: str = ""
    task_reason: Text = ""
    findings: tuple[Finding, ...] = ()

    @property
    def problems(self) -> int:
        """Findings that are more than notes."""
        return sum(finding.weight == "problem" for finding in self.findings)


def choice_text(finding: Finding) -> str:
    """The choices as the command line shows them: “conflicts=set_aside (now) | mean | median”."""
    listed = [c.policy + (" (now)" if c.policy == finding.applied else "") for c in finding.choices]
    return f"{finding.kind}={' | '.join(listed)}" if len(listed) > 1 else ""
