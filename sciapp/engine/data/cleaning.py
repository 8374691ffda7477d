"""Bringing inputs into their canonical form, in chunks; in several processes where a domain's cleaning is slow."""

import hashlib
from collections.abc import Generator, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from sciapp.engine.data.mending import MENDABLE, TURNED, Mender
from sciapp.engine.data.pool import in_order
from sciapp.engine.domains.base import Rejected
from sciapp.engine.domains.registry import domain_named
from sciapp.records.dataset import SplitMethod

POOL_FROM_ROWS = 20_000
DIGEST_BYTES, GROUP_BYTES = 16, 8

T = TypeVar("T")


@dataclass(frozen=True)
class CleanedChunk:
    """Canonical forms of a chunk of inputs, row by row.

    values: None where rejected, and then `reasons` says why. lengths: in the domain's units. digests (rows, 2) and
    groups (rows,): hashes of the identity and of the group, 0 where rejected. found, mended (rows,): bits of the
    domain's repairs that an input asks for (and MENDABLE, TURNED), and of those that changed it.
    """

    values: list[str | None]
    reasons: list[str | None]
    lengths: npt.NDArray[np.int32]
    digests: npt.NDArray[np.uint64]
    groups: npt.NDArray[np.uint64]
    found: npt.NDArray[np.uint16]
    mended: npt.NDArray[np.uint16]


def clean_chunk(
    domain_name: str,
    values: list[str | None],
    splitter: SplitMethod | None = None,
    repairs: Mapping[str, str] | None = None,
) -> CleanedChunk:
    """Clean `values` (None: a row that is out already); with `splitter` name each row's group as well.

    repairs: the policy of each of the domain's repairs that is not dealt with as usual.
    """
    domain = domain_named(domain_name)
    mender = Mender(domain, repairs or {})
    group_of = domain.splits[splitter] if splitter else None
    cleaned: list[str | None] = []
    reasons: list[str | None] = []
    lengths: list[int] = []
    digests, groups = bytearray(), bytearray()
    found, mended = np.zeros(len(values), dtype=np.uint16), np.zeros(len(values), dtype=np.uint16)
    for place, value in enumerate(values):
        canonical = reason = group = identity = None
        try:
            if value is not None:
                canonical = mender.cleaned(value)
                group = group_of(canonical) if group_of else None
                identity, turned = domain.identity(canonical)
                found[place] |= TURNED if turned else 0
        except Rejected as error:
            canonical, reason = None, error.reason
        if value is not None and mender.found:
            mended[place] = mender.mended if canonical is not None else 0
            found[place] |= mender.found | (MENDABLE if canonical is None and mender.mendable(value) else 0)
        cleaned.append(canonical)
        reasons.append(reason)
        lengths.append(len(domain.units(canonical)) if canonical is not None else 0)
        digests += digest(identity, DIGEST_BYTES)
        groups += digest(group, GROUP_BYTES)
    return CleanedChunk(
        cleaned,
        reasons,
        np.array(lengths, dtype=np.int32),
        np.frombuffer(bytes(digests), dtype="<u8").reshape(-1, 2),
        np.frombuffer(bytes(groups), dtype="<u8"),
        found,
        mended,
    )


def cleaned_in_order(
    chunks: Iterable[tuple[T, list[str | None]]],
    domain_name: str,
    splitter: SplitMethod | None,
    repairs: Mapping[str, str] | None = None,
    *,
    rows: int,
) -> Generator[tuple[T, CleanedChunk], None, None]:
    """Each label with its chunk's cleaned inputs, in the order given.

    A domain that is costly to clean gets processes of its own when there are many rows.
    """
    parallel = rows >= POOL_FROM_ROWS and domain_named(domain_name).costly
    work = partial(clean_chunk, domain_name, splitter=splitter, repairs=dict(repairs or {}))
    return in_order(work, chunks, parallel=parallel)


def digest(text: str | None, size: int = DIGEST_BYTES) -> bytes:
    """What stands for the identity of a value among the rows of an import; zeros for None."""
    if text is None:
        return bytes(size)
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=size).digest()
