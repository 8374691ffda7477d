"""Reasons for which rows of a table are set aside."""

from enum import IntEnum

from sciapp.i18n import msg
from sciapp.records.dataset.card import INVALID_INPUT


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
    RejectionReason.SUMMARY: msg("totals, means or empty rows at the end of the table"),
    RejectionReason.NO_POINT: msg("a point of a series that cannot be read"),
    RejectionReason.NO_SERIES: msg("labels of an object that has no series"),
    RejectionReason.UNLIKE: msg("points of one object that contradict each other"),
    RejectionReason.NO_ROW: msg("no row of the table: a stray quotation mark, or the header again"),
}
