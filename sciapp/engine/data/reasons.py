"""Why inputs were rejected, counted by reason while rows stream by: what differs from row to row is left out."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from sciapp.records.findings import MOST_LINES

_MOST_REASONS = 200
_OTHER = "other reasons"
_QUOTED = re.compile(r"(?<![A-Za-z])'[^']*'?")
_REPEATED = re.compile(r"…( …)+")
_PARSED = re.compile(r"(while parsing|for input|parsing): .*", re.IGNORECASE | re.DOTALL)
_NUMBER = re.compile(r"(?<!“)\d+")  # a letter that is told of stands in quotation marks


@dataclass
class Reason:
    """How many rows, the places of the first, and what was said of each of those."""

    count: int = 0
    rows: list[int] = field(default_factory=list)
    said: list[str] = field(default_factory=list)


class Reasons:
    """Reasons by their common wording: numbers and what was quoted from the input become “…”."""

    def __init__(self) -> None:
        self.by_wording: dict[str, Reason] = {}

    def add(self, rows: Iterable[tuple[int, str]]) -> None:
        """(place of the row, what was said)."""
        for place, said in rows:
            wording = common(said)
            if wording not in self.by_wording and len(self.by_wording) >= _MOST_REASONS:
                wording = _OTHER
            reason = self.by_wording.setdefault(wording, Reason())
            reason.count += 1
            if len(reason.rows) < MOST_LINES:
                reason.rows.append(place)
                reason.said.append(said)


def common(said: str) -> str:
    """The part of a reason that other rows share.

    >>> common("Explicit valence for atom # 1 N, 4, is greater than permitted")
    'Explicit valence for atom # … N, …, is greater than permitted'
    """
    short = _QUOTED.sub("…", _PARSED.sub(r"\1", said))
    return _REPEATED.sub("…", _NUMBER.sub("…", short)).strip()
