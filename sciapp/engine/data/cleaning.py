"""Bringing inputs into their canonical form, in chunks; in several processes where a domain's cleaning is slow."""

import hashlib
from collections.abc import Generator, Iterable
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

import numpy as np
import numpy.typing as npt

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
    groups (rows,): hashes of the canonical form and of its group, 0 where rejected.
    """

    values: list[str | None]
    reasons: list[str | None]
    lengths: npt.NDArray[np.int32]
    digests: npt.NDArray[np.uint64]
    groups: npt.NDArray[np.uint64]


def clean_chunk(domain_name: str, values: list[str | None], splitter: SplitMethod | None = None) -> CleanedChunk:
    """Clean `values` (None: a row that is out already); with `splitter` name each row's group as well."""
    domain = domain_named(domain_name)
    group_of = domain.splits[splitter] if splitter else None
    cleaned: list[str | None] = []
    reasons: list[str | None] = []
    lengths: list[int] = []
    digests, groups = bytearray(), bytearray()
    for value in values:
        canonical = reason = group = None
        try:
            if value is not None:
                canonical = domain.clean(value)
                group = group_of(canonical) if group_of else None
        except Rejected as error:
            canonical, reason = None, error.reason
        cleaned.append(canonical)
        reasons.append(reason)
        lengths.append(len(domain.units(canonical)) if canonical is not None else 0)
        digests += digest(canonical, DIGEST_BYTES)
        groups += digest(group, GROUP_BYTES)
    return CleanedChunk(
        cleaned,
        reasons,
        np.array(lengths, dtype=np.int32),
        np.frombuffer(bytes(digests), dtype="<u8").reshape(-1, 2),
        np.frombuffer(bytes(groups), dtype="<u8"),
    )


def cleaned_in_order(
    chunks: Iterable[tuple[T, list[str | None]]], domain_name: str, splitter: SplitMethod | None, *, rows: int
) -> Generator[tuple[T, CleanedChunk], None, None]:
    """Each label with its chunk's cleaned inputs, in the order given.

    A domain that is costly to clean gets processes of its own when there are many rows.
    """
    parallel = rows >= POOL_FROM_ROWS and domain_named(domain_name).costly
    work = partial(clean_chunk, domain_name, splitter=splitter)
    return in_order(work, chunks, parallel=parallel)


def digest(text: str | None, size: int = DIGEST_BYTES) -> bytes:
    """What stands for a canonical form among the rows of an import; zeros for None."""
    if text is None:
        return bytes(size)
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=size).digest()
