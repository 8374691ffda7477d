"""Reasons for which rows of a table are set aside."""

from enum import IntEnum


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

    @property
    def label(self) -> str:
        """A few words for people."""
        return _LABELS[self]


_LABELS = {
    RejectionReason.KEPT: "used",
    RejectionReason.MISFIT: "more or fewer cells than the header",
    RejectionReason.EMPTY: "empty input",
    RejectionReason.INVALID: "invalid input",
    RejectionReason.MISSING: "missing label",
    RejectionReason.NO_NUMBER: "target is not a number",
    RejectionReason.NO_SPLIT: "unknown split name",
    RejectionReason.DUPLICATE: "duplicate",
    RejectionReason.CONFLICT: "same input, different values",
    RejectionReason.NOT_BINARY: "target is not 0 or 1",
    RejectionReason.UNIT_LABELS: "labels do not match the input",
    RejectionReason.MERGED: "merged into a row of the same input",
    RejectionReason.OUTLIER: "outlier",
    RejectionReason.NO_LOGARITHM: "target is not above zero",
    RejectionReason.INFINITE: "target is infinite",
    RejectionReason.NO_WEIGHT: "no usable weight",
    RejectionReason.EMPTY_SECOND: "empty second input",
    RejectionReason.ONLY_BOUND: "only a bound is known, by which nothing can be judged",
    RejectionReason.NO_GROUP: "no group",
    RejectionReason.NO_TIME: "no date or number to order by",
    RejectionReason.NOT_IN_SPLIT_FILE: "not in the split file",
    RejectionReason.UNMATCHED: "an id that the second file does not have",
    RejectionReason.SUMMARY: "totals, means or empty rows at the end of the table",
    RejectionReason.NO_ROW: "no row of the table: a stray quotation mark, or the header again",
}
