"""Reasons for which rows of a table are set aside: kinds for the counts on the card, sentences for `rejected.csv`."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import IntEnum

import numpy as np
import numpy.typing as npt

from sciapp.engine.data.values.cells import SPREADSHEET_ERRORS
from sciapp.engine.data.values.number_notations import DESCRIBED, written
from sciapp.errors import shortened
from sciapp.i18n import ANY_NUMBER, Message, Value, joined, msg, term
from sciapp.records.dataset.card import INVALID_INPUT
from sciapp.records.dataset.findings import MOST_LINES


class RejectionReason(IntEnum):
    """KEPT, or the first thing that was wrong with a row."""

    KEPT = 0
    MISFIT = 1
    EMPTY = 2
    INVALID = 3
    MISSING = 4
    NO_NUMBER = 5
    NO_SPLIT = 6
    DUPLICATE = 7
    CONFLICT = 8
    NOT_BINARY = 9
    UNIT_LABELS = 10
    MERGED = 11
    OUTLIER = 12
    NO_LOGARITHM = 13
    INFINITE = 14
    NO_WEIGHT = 15
    EMPTY_SECOND = 16
    ONLY_BOUND = 17
    NO_GROUP = 20
    NO_TIME = 21
    NOT_IN_SPLIT_FILE = 22
    NO_ROW = 30
    UNMATCHED = 31
    SUMMARY = 32
    NO_POINT = 33
    NO_SERIES = 34
    UNLIKE = 35
    UNCLEAR = 36

    @property
    def label(self) -> str:
        """A few words for people."""
        return _LABELS[self]


_LABELS = {
    RejectionReason.KEPT: msg("used"),
    RejectionReason.MISFIT: msg("more or fewer cells than the header"),
    RejectionReason.EMPTY: msg("empty input"),
    RejectionReason.INVALID: INVALID_INPUT,
    RejectionReason.MISSING: msg("missing label"),
    RejectionReason.NO_NUMBER: msg("target is not a number"),
    RejectionReason.NO_SPLIT: msg("unknown split name"),
    RejectionReason.DUPLICATE: msg("duplicate"),
    RejectionReason.CONFLICT: msg("same input, different values"),
    RejectionReason.NOT_BINARY: msg("target is not 0 or 1"),
    RejectionReason.UNIT_LABELS: msg("labels do not match the input"),
    RejectionReason.MERGED: msg("merged into a row of the same input"),
    RejectionReason.OUTLIER: msg("outlier"),
    RejectionReason.NO_LOGARITHM: msg("target is not above zero"),
    RejectionReason.INFINITE: msg("target is infinite"),
    RejectionReason.NO_WEIGHT: msg("no usable weight"),
    RejectionReason.EMPTY_SECOND: msg("empty second input"),
    RejectionReason.ONLY_BOUND: msg("only a bound is known, by which nothing can be judged"),
    RejectionReason.NO_GROUP: msg("no group"),
    RejectionReason.NO_TIME: msg("no date or number to order by"),
    RejectionReason.NOT_IN_SPLIT_FILE: msg("not in the split file"),
    RejectionReason.UNMATCHED: msg("an id that the second file does not have"),
    RejectionReason.UNCLEAR: msg("an id for which the second file has two different rows"),
    RejectionReason.SUMMARY: msg("totals, means or empty rows at the end of the table"),
    RejectionReason.NO_POINT: msg("a point of a series that cannot be read"),
    RejectionReason.NO_SERIES: msg("labels of an object that has no series"),
    RejectionReason.UNLIKE: msg("points of one object that contradict each other"),
    RejectionReason.NO_ROW: msg("no row of the table: a stray quotation mark, or the header again"),
}


# The sentence for one row, and the counts over all.

FEWEST_ROWS = 10  # usable ones that a dataset needs


_SHOWN = 60


def sentence(why: RejectionReason, detail: int, message: str, cell: str, target: str) -> str:
    """The reason for one row.

    detail: the other line for duplicates. message: of the reader or the domain. cell: the text of the cell that
    is wrong, if one is. target: the name of its column.
    """
    short = _short(cell)
    match why:
        case RejectionReason.EMPTY:
            return msg("the input is empty")
        case RejectionReason.EMPTY_SECOND:
            return msg("the second input is empty")
        case RejectionReason.NO_SPLIT:
            return msg("the split column says “{short}”", short=short) if short else msg("the split column is empty")
        case RejectionReason.NO_GROUP:
            return msg("the group column is empty")
        case RejectionReason.NO_TIME:
            return msg("the time column says “{short}”", short=short) if short else msg("the time column is empty")
        case RejectionReason.NOT_IN_SPLIT_FILE:
            return msg("the split file does not name this input")
        case RejectionReason.DUPLICATE:
            return msg("duplicate of line {detail}", detail=detail)
        case RejectionReason.MERGED:
            return msg("the row of the same input on line {detail} was kept", detail=detail)
        case RejectionReason.CONFLICT:
            return msg("the same input has another value on line {detail}", detail=detail)
        case _:
            return _about_target(why, cell, shortened(target)) or message or why.label


def _about_target(why: RejectionReason, cell: str, target: str) -> str:
    """The reason that lies in a row's target or weight; empty for a reason of another kind."""
    short = _short(cell)
    match why:
        case RejectionReason.MISSING:
            error = SPREADSHEET_ERRORS.get(cell.lower())
            if error:
                return msg("“{target}” is “{cell}”: {error}", target=target, cell=short, error=error)
            return msg("no target value was given")
        case RejectionReason.NO_NUMBER:
            if notation := written(cell):
                problem = DESCRIBED[notation.notation]
                return msg("“{target}” is “{cell}”, {problem}", target=target, cell=short, problem=problem)
            return msg("“{target}” is “{cell}”, not a number", target=target, cell=short)
        case RejectionReason.INFINITE:
            return msg("“{target}” is “{short}”, an infinity, which cannot be learnt from", target=target, short=short)
        case RejectionReason.NOT_BINARY:
            return msg("“{target}” is “{cell}”, not 0 or 1", target=target, cell=short)
        case RejectionReason.UNIT_LABELS:
            return msg("“{target}” {problem}", target=target, problem=cell)
        case RejectionReason.OUTLIER:
            return msg("“{target}” is “{short}”, an outlier, and no other target was given", target=target, short=short)
        case RejectionReason.NO_LOGARITHM:
            return msg("“{target}” is “{short}”, which has no logarithm", target=target, short=short)
        case RejectionReason.ONLY_BOUND:
            return msg(
                "“{target}” is “{short}”, a bound, by which a validation or test row cannot be judged",
                target=target,
                short=short,
            )
        case RejectionReason.NO_WEIGHT:
            if not short:
                return msg("no weight was given")
            return msg("the weight “{target}” is “{short}”, not a number of 0 or more", target=target, short=short)
        case _:
            return ""


def _short(cell: str) -> str:
    return cell if len(cell) <= _SHOWN else cell[:_SHOWN] + "…"


def counted(why: npt.NDArray[np.int8]) -> dict[str, int]:
    """Numbers of rows set aside by reason, most first."""
    counts = {kind.label: int((why == kind).sum()) for kind in RejectionReason if kind is not RejectionReason.KEPT}
    return {label: count for label, count in sorted(counts.items(), key=lambda item: -item[1]) if count}


def most_common(counts: dict[str, int], limit: int = 3) -> str:
    """“12 × invalid input, 3 × duplicate”."""
    parts = [msg("{count:,} × {reason}", count=count, reason=term(reason)) for reason, count in counts.items()]
    first = joined(parts[:limit], ", ")
    return msg("{reasons} …", reasons=first) if len(parts) > limit else first


# Why inputs were rejected, counted by reason while rows stream by: what differs from row to row is left out.


_MOST_REASONS = 200
_OTHER = msg("other reasons")
_QUOTED = re.compile(r"(?<![A-Za-z])'[^']*'?")
_REPEATED = re.compile(r"…( …)+")
_PARSED = re.compile(r"(while parsing|for input|parsing): .*", re.IGNORECASE | re.DOTALL)
_NUMBER = re.compile(r"(?<!“)\d+(?:[.,]\d+)*")  # a letter that is told of stands in quotation marks


@dataclass
class RejectionCount:
    """Number of rows, the indices of the first, and the messages on those."""

    count: int = 0
    rows: list[int] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)


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
                reason.messages.append(message)


def common(reason: str) -> str:
    """The part of a reason that other rows share; of a message a message, as long as its values are what differs.

    >>> common("Explicit valence for atom # 1 N, 4, is greater than permitted")
    'Explicit valence for atom # … N, …, is greater than permitted'
    """
    short = _QUOTED.sub("…", _PARSED.sub(r"\1", str(reason)))
    short = _REPEATED.sub("…", _NUMBER.sub("…", short)).strip()
    if isinstance(reason, Message):
        message = _without_rows_own(reason)
        return message if message == short else short
    return short


def _without_rows_own(reason: Message) -> Message:
    """The message with “…” for numbers and for what was quoted; what stands in quotation marks stays."""
    values: dict[str, Value] = {}
    for name, value in reason.values.items():
        quoted = isinstance(value, str) and f"“{{{name}}}" in reason.template
        values[name] = value if quoted else common(value) if isinstance(value, str) else ANY_NUMBER
    return Message(reason.template, values, many=reason.many, count=reason.number)
