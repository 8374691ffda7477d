"""Report text about findings in the data before the training, and what was done about them."""

from sciapp.records.dataset.card import DatasetCard
from sciapp.records.formatting import lower_first

_NOTHING = "told, nothing changed"


def found(card: DatasetCard) -> list[tuple[str, str, str]]:
    """Title, count and what was done, for each finding of the card; none for cards from before the doctor."""
    return [
        (
            one.title,
            f"{one.count:,}" if one.count else "",
            (one.done or _NOTHING) + (f"; {one.changed:,} values changed" if one.changed else ""),
        )
        for one in card.findings
    ]


def sentence(card: DatasetCard) -> str:
    """For a methods section: the repairs that somebody chose; empty where there were none."""
    done = [
        f"{lower_first(one.title)}: {lower_first(one.done)} ({one.count:,} affected)"
        for one in card.findings
        if one.repaired
    ]
    return f"Repairs before the split: {'; '.join(done)}." if done else ""
