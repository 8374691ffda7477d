"""Report text about findings in the data before the training, and what was done about them."""

from sciapp.i18n import joined, msg
from sciapp.records.dataset.card import DatasetCard
from sciapp.records.dataset.findings import Finding

NOTHING = msg("told, nothing changed")


def findings(card: DatasetCard) -> list[tuple[str, str, str]]:
    """Title, count and what was done, for each finding of the card; none for cards of older versions."""
    return [
        (
            one.title,
            f"{one.count:,}" if one.count else "",
            _done(one),
        )
        for one in card.findings
    ]


def _done(finding: Finding) -> str:
    done = finding.done or NOTHING
    return msg("{done}; {changed:,} values changed", done=done, changed=finding.changed) if finding.changed else done


def sentence(card: DatasetCard) -> str:
    """For a methods section: the repairs that somebody chose; empty where there were none."""
    done = [
        msg(
            "{title:l}: {done:l} ({count:,} affected)",
            title=one.title,
            done=one.done,
            count=one.count,
        )
        for one in card.findings
        if one.repaired
    ]
    return msg("Repairs before the split: {done}.", done=joined(done, "; ")) if done else ""
