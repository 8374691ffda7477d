"""A domain's repairs on single inputs: what is found in them, and what the chosen policies make of them."""

from collections.abc import Mapping
from itertools import product

from sciapp.engine.domains.base import Domain, Policy, Rejected, Repair

TURNED = 1 << 14  # of the bits in `found`: a pair the other way round than in its identity
MENDABLE = 1 << 15  # of the bits in `found`: the input was rejected, and a repair would save it


class Mender:
    """Mends and cleans one input after another; says of the last one what was `found` and `mended` (bits)."""

    def __init__(self, domain: Domain, chosen: Mapping[str, str]) -> None:
        """chosen: kind → policy; kinds that are not the domain's are somebody else's."""
        self._domain = domain
        self._repairs = list(domain.repairs.values())
        self._usual = [
            repair.policies[chosen.get(kind, next(iter(repair.policies)))] for kind, repair in domain.repairs.items()
        ]
        self.found = self.mended = 0

    def cleaned(self, value: str) -> str:
        """The canonical form of the mended value. Raises Rejected."""
        self.found = self.mended = 0
        return self._through(value, self._usual)

    def mendable(self, value: str) -> bool:
        """True if some choice of policies makes a value good that `cleaned` rejected."""
        before = self.found, self.mended
        open_ = [
            list(repair.policies.values()) if before[0] & 1 << place else [usual]
            for place, (repair, usual) in enumerate(zip(self._repairs, self._usual, strict=True))
        ]
        saved = any(self._is_good(value, list(policies)) for policies in product(*open_))
        self.found, self.mended = before
        return saved

    def _is_good(self, value: str, policies: list[Policy]) -> bool:
        try:
            self._through(value, policies)
        except Rejected:
            return False
        return True

    def _through(self, value: str, policies: list[Policy]) -> str:
        value = self._stage(value, policies, canonical=False)
        return self._stage(self._domain.clean(value), policies, canonical=True)

    def _stage(self, value: str, policies: list[Policy], *, canonical: bool) -> str:
        for place, (repair, policy) in enumerate(zip(self._repairs, policies, strict=True)):
            if repair.canonical is canonical and repair.found(value):
                value = self._mended(value, repair, policy, 1 << place)
        return value

    def _mended(self, value: str, repair: Repair, policy: Policy, bit: int) -> str:
        self.found |= bit
        after = policy.mend(value)
        if after != value:
            self.mended |= bit
        if not after.strip():
            raise Rejected(f"nothing is left of it ({policy.title.lower()})")
        return after
