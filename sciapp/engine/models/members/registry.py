"""Every member, in the order in which they are fitted and told of."""

from collections.abc import Sequence

from sciapp.engine.models.members.base import Member
from sciapp.engine.models.members.kernel import RadialMember, SharedTermsMember
from sciapp.engine.models.members.linear import LinearOnCounts, LinearOnNumbers
from sciapp.engine.models.members.trees import BoostingMember, BoostingOnCounts, ExtraTreesMember

MEMBERS: Sequence[Member] = (
    LinearOnNumbers(),
    RadialMember(),
    ExtraTreesMember(),
    BoostingMember(),
    LinearOnCounts(),
    SharedTermsMember(),
    BoostingOnCounts(),
)


def member_named(key: str) -> Member:
    """Raises KeyError."""
    return {member.key: member for member in MEMBERS}[key]
