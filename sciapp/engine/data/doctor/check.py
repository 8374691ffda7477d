"""A check: one kind of finding, and what can be done about it."""

from collections.abc import Callable
from dataclasses import dataclass

from sciapp.engine.data.doctor.case import Case, Found, Offer


@dataclass(frozen=True)
class Check:
    """run(case, policy): look, do what the policy says, tell. offers: the first is what is done without being asked.

    A check without offers only tells. needs_targets: it is left out where targets cannot be read.
    """

    kind: str
    run: Callable[[Case, str], list[Found]]
    offers: tuple[Offer, ...] = ()
    proposed: str = ""
    needs_targets: bool = True

    def policy(self, case: Case) -> str:
        """What was asked for, or what is usual."""
        return case.repairs.get(self.kind, self.offers[0].policy) if self.offers else ""
