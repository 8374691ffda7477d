"""Rows that an import set aside, by the kind of reason instead of its wording."""

from sciapp.engine.data.values.rejections import RejectionReason, sentence
from sciapp.records.dataset.card import DatasetCard


def set_aside(card: DatasetCard) -> dict[RejectionReason, int]:
    """The card's numbers of rows that were set aside."""
    kinds = {kind.label: kind for kind in RejectionReason}
    return {kinds[label]: count for label, count in card.set_aside_reasons.items()}


def reason(why: RejectionReason, *, line: int = 0, cell: str = "", target: str = "") -> str:
    """The reason that `rejected.csv` gives. line: of the other row; cell: the one that is wrong; target: its column."""
    return sentence(why, line, None, cell, target)
