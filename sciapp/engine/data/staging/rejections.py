"""Reasons for which rows are set aside: kinds for the counts on the card, sentences for `rejected.csv`."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from sciapp.engine.data.values.cells import SPREADSHEET_ERRORS
from sciapp.engine.data.values.number_notations import DESCRIBED, written
from sciapp.engine.data.values.rejection_reason import RejectionReason
from sciapp.errors import shortened
from sciapp.records.dataset.findings import MOST_LINES

FEWEST_ROWS = 10  # usable ones that a dataset needs


_SHOWN = 60


def sentence(why: RejectionReason, detail: int, told: str | None, cell: str, target: str) -> str:
    """The reason for one row.

    detail: the other line for duplicates. told: what the reader or the domain said. cell: the text of the cell that
    is wrong, if one is. target: the name of its column.
    """
    target = shortened(target)
    short = cell if len(cell) <= _SHOWN else cell[:_SHOWN] + "…"
    match why:
        case RejectionReason.EMPTY:
            return "the input is empty"
        case RejectionReason.EMPTY_SECOND:
            return "the second input is empty"
        case RejectionReason.MISSING:
            error = SPREADSHEET_ERRORS.get(cell.lower())
            return f"“{target}” is “{short}”: {error}" if error else "no target value was given"
        case RejectionReason.NO_NUMBER:
            if notation := written(cell):
                return f"“{target}” is “{short}”, {DESCRIBED[notation.notation]}"
            return f"“{target}” is “{short}”, not a number"
        case RejectionReason.INFINITE:
            return f"“{target}” is “{short}”, an infinity, which cannot be learnt from"
        case RejectionReason.NOT_BINARY:
            return f"“{target}” is “{short}”, not 0 or 1"
        case RejectionReason.UNIT_LABELS:
            return f"“{target}” {cell}"
        case RejectionReason.NO_SPLIT:
            return f"the split column says “{short}”" if short else "the split column is empty"
        case RejectionReason.NO_GROUP:
            return "the group column is empty"
        case RejectionReason.NO_TIME:
            return f"the time column says “{short}”" if short else "the time column is empty"
        case RejectionReason.NOT_IN_SPLIT_FILE:
            return "the split file does not name this input"
        case RejectionReason.DUPLICATE:
            return f"duplicate of line {detail}"
        case RejectionReason.MERGED:
            return f"the row of the same input on line {detail} was kept"
        case RejectionReason.OUTLIER:
            return f"“{target}” is “{short}”, an outlier, and no other target was given"
        case RejectionReason.NO_LOGARITHM:
            return f"“{target}” is “{short}”, which has no logarithm"
        case RejectionReason.ONLY_BOUND:
            return f"“{target}” is “{short}”, a bound, by which a validation or test row cannot be judged"
        case RejectionReason.NO_WEIGHT:
            return f"the weight “{target}” is “{short}”, not a number of 0 or more" if short else "no weight was given"
        case RejectionReason.CONFLICT:
            return f"the same input has another value on line {detail}"
        case _:
            return told or why.label


def counted(why: npt.NDArray[np.int8]) -> dict[str, int]:
    """Numbers of rows set aside by reason, most first."""
    counts = {kind.label: int((why == kind).sum()) for kind in RejectionReason if kind is not RejectionReason.KEPT}
    return {label: count for label, count in sorted(counts.items(), key=lambda item: -item[1]) if count}


def most_common(counts: dict[str, int], limit: int = 3) -> str:
    """“12 × invalid input, 3 × duplicate”."""
    parts: Sequence[str] = [f"{count:,} × {label}" for label, count in counts.items()]
    return ", ".join(parts[:limit]) + (" …" if len(parts) > limit else "")


# Why inputs were rejected, counted by reason while rows stream by: what differs from row to row is left out.


_MOST_REASONS = 200
_OTHER = "other reasons"
_QUOTED = re.compile(r"(?<![A-Za-z])'[^']*'?")
_REPEATED = re.compile(r"…( …)+")
_PARSED = re.compile(r"(while parsing|for input|parsing): .*", re.IGNORECASE | re.DOTALL)
_NUMBER = re.compile(r"(?<!“)\d+")  # a letter that is told of stands in quotation marks


@dataclass
class RejectionCount:
    """Number of rows, the indices of the first, and the messages on those."""

    count: int = 0
    rows: list[int] = field(default_factory=list)
    said: list[str] = field(default_factory=list)


class RejectionCounts:
    """Reasons by their common wording: numbers and what was quoted from the input become “…”."""

    def __init__(self) -> None:
        self.by_wording: dict[str, RejectionCount] = {}

    def add(self, rows: Iterable[tuple[int, str]]) -> None:
        """(place of the row, what was said)."""
        for index, message in rows:
            wording = common(message)
            if wording not in self.by_wording and len(self.by_wording) >= _MOST_REASONS:
                wording = _OTHER
            reason = self.by_wording.setdefault(wording, RejectionCount())
            reason.count += 1
            if len(reason.rows) < MOST_LINES:
                reason.rows.append(index)
                reason.said.append(message)


def common(said: str) -> str:
    """The part of a reason that other rows share.

    >>> common("Explicit valence for atom # 1 N, 4, is greater than permitted")
    'Explicit valence for atom # … N, …, is greater than permitted'
    """
    short = _QUOTED.sub("…", _PARSED.sub(r"\1", said))
    return _REPEATED.sub("…", _NUMBER.sub("…", short)).strip()
