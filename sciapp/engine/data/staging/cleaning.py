"""Bringing inputs into their canonical form, in chunks; in several processes where a domain's cleaning is slow."""

import hashlib
from collections.abc import Generator, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import product
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from sciapp.engine.domains.base import Domain, Policy, Rejected, Repair
from sciapp.engine.domains.registry import domain_named
from sciapp.engine.domains.row_input import RowInput, parts_of
from sciapp.engine.runtime.parallel import in_order
from sciapp.i18n import msg
from sciapp.records.dataset.card import SplitMethod

POOL_FROM_ROWS = 20_000
DIGEST_BYTES, GROUP_BYTES = 16, 8

T = TypeVar("T")


@dataclass(frozen=True)
class CleanedInputs:
    """Canonical forms of a chunk of inputs, row by row.

    values: None where rejected, and then `reasons` says why. lengths: in the domain's units. digests (rows, 2) and
    groups (rows,): hashes of the identity and of the group, 0 where rejected. detected, mended (rows,): bits of the
    domain's repairs that an input asks for (and MENDABLE, TURNED), and of those that changed it.
    """

    values: list[RowInput | None]
    reasons: list[str | None]
    lengths: npt.NDArray[np.int32]
    digests: npt.NDArray[np.uint64]
    groups: npt.NDArray[np.uint64]
    detected: npt.NDArray[np.uint16]
    mended: npt.NDArray[np.uint16]


def clean_chunk(
    domain_name: str,
    values: list[RowInput | None],
    splitter: SplitMethod | None = None,
    repairs: Mapping[str, str] | None = None,
) -> CleanedInputs:
    """Clean `values` (None: a row that is out already); with `splitter` name each row's group as well.

    repairs: the policy of each of the domain's repairs that is not dealt with as usual.
    """
    domain = domain_named(domain_name)
    mender = InputCleaner(domain, repairs or {})
    group_of = domain.splits[splitter] if splitter else None
    cleaned: list[RowInput | None] = []
    reasons: list[str | None] = []
    lengths: list[int] = []
    digests, groups = bytearray(), bytearray()
    detected, mended = np.zeros(len(values), dtype=np.uint16), np.zeros(len(values), dtype=np.uint16)
    for index, value in enumerate(values):
        canonical = reason = group = identity = None
        try:
            if value is not None:
                canonical = mender.cleaned(value)
                group = group_of(canonical) if group_of else None
                identity, turned = domain.identity(canonical)
                detected[index] |= TURNED if turned else 0
        except Rejected as error:
            canonical, reason = None, error.reason
        if value is not None and mender.detected:
            mended[index] = mender.mended if canonical is not None else 0
            detected[index] |= mender.detected | (MENDABLE if canonical is None and mender.mendable(value) else 0)
        cleaned.append(canonical)
        reasons.append(reason)
        lengths.append(len(domain.units(canonical)) if canonical is not None else 0)
        digests += digest(identity, DIGEST_BYTES)
        groups += digest(group, GROUP_BYTES)
    return CleanedInputs(
        cleaned,
        reasons,
        np.array(lengths, dtype=np.int32),
        np.frombuffer(bytes(digests), dtype="<u8").reshape(-1, 2),
        np.frombuffer(bytes(groups), dtype="<u8"),
        detected,
        mended,
    )


def cleaned_in_order(
    chunks: Iterable[tuple[T, list[RowInput | None]]],
    domain_name: str,
    splitter: SplitMethod | None,
    repairs: Mapping[str, str] | None = None,
    *,
    rows: int,
) -> Generator[tuple[T, CleanedInputs], None, None]:
    """Each label with its chunk's cleaned inputs, in the order given.

    A domain that is costly to clean gets processes of its own when there are many rows.
    """
    parallel = rows >= POOL_FROM_ROWS and domain_named(domain_name).costly
    work = partial(clean_chunk, domain_name, splitter=splitter, repairs=dict(repairs or {}))
    return in_order(work, chunks, parallel=parallel)


def digest(text: str | None, size: int = DIGEST_BYTES) -> bytes:
    """Digest that identifies a value among the rows of an import; zeros for None."""
    if text is None:
        return bytes(size)
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=size).digest()


# A domain's repairs on single inputs: what is found in them, and what the chosen policies make of them.


TURNED = 1 << 14  # of the bits in `found`: a pair the other way round than in its identity
MENDABLE = 1 << 15  # of the bits in `found`: the input was rejected, and a repair would save it


class InputCleaner:
    """Mends and cleans one input after another; says of the last one what was `detected` and `mended` (bits)."""

    def __init__(self, domain: Domain, chosen: Mapping[str, str]) -> None:
        """chosen: kind → policy; kinds that are not the domain's are somebody else's."""
        self._domain = domain
        self._repairs = list(domain.repairs.values())
        self._usual = [
            repair.policies[chosen.get(kind, next(iter(repair.policies)))] for kind, repair in domain.repairs.items()
        ]
        self.detected = self.mended = 0

    def cleaned(self, value: RowInput) -> RowInput:
        """The canonical form of the mended value. Raises Rejected."""
        self.detected = self.mended = 0
        return self._through(value, self._usual)

    def mendable(self, value: RowInput) -> bool:
        """True if some choice of policies makes a value good that `cleaned` rejected."""
        before = self.detected, self.mended
        open_ = [
            list(repair.policies.values()) if before[0] & 1 << index else [usual]
            for index, (repair, usual) in enumerate(zip(self._repairs, self._usual, strict=True))
        ]
        saved = any(self._is_good(value, list(policies)) for policies in product(*open_))
        self.detected, self.mended = before
        return saved

    def _is_good(self, value: RowInput, policies: list[Policy[RowInput]]) -> bool:
        try:
            self._through(value, policies)
        except Rejected:
            return False
        return True

    def _through(self, value: RowInput, policies: list[Policy[RowInput]]) -> RowInput:
        value = self._stage(value, policies, canonical=False)
        return self._stage(self._domain.clean(value), policies, canonical=True)

    def _stage(self, value: RowInput, policies: list[Policy[RowInput]], *, canonical: bool) -> RowInput:
        for index, (repair, policy) in enumerate(zip(self._repairs, policies, strict=True)):
            if repair.canonical is canonical and repair.detects(value):
                value = self._mended(value, repair, policy, 1 << index)
        return value

    def _mended(self, value: RowInput, repair: Repair[RowInput], policy: Policy[RowInput], bit: int) -> RowInput:
        self.detected |= bit
        after = policy.mend(value)
        if after != value:
            self.mended |= bit
        if not any(part.strip() for part in parts_of(after)):
            raise Rejected(msg("nothing is left of it ({title:l})", title=policy.title))
        return after
