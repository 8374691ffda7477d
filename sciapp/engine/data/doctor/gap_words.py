"""Words in a column of classes that usually say that nothing is known: NA, NaN, None, null."""

from collections.abc import Mapping

from sciapp.engine.data.doctor.case import Case, Found, Offer, choices
from sciapp.engine.data.doctor.check import Check
from sciapp.records.findings import MOST_LINES, Finding

KIND, GAP, CLASS = "gap_words", "gap", "class"
_OFFERS = (Offer(GAP, "They are gaps: nothing was measured"), Offer(CLASS, "They name a class"))


def gaps_meant(repairs: Mapping[str, str]) -> bool:
    """Whether such words are to be read as gaps."""
    return repairs.get(KIND, GAP) == GAP


def run(case: Case, policy: str) -> list[Found]:
    """One finding; the targets were read as the policy says."""
    rows = case.of.gap_words
    if not rows:
        return []
    shown = list(rows[:MOST_LINES])
    finding = Finding(
        kind=KIND,
        title=f"“{case.chosen.targets[0]}” holds words that stand for gaps",
        count=len(rows),
        column=case.chosen.targets[0],
        lines=case.lines(shown),
        consequence="Rows with NA, NaN, None, null and the like have no label and are set aside; where such a word "
        "names a class, say so.",
        weight="note",
        choices=choices(_OFFERS),
        proposed=GAP,
        applied=policy,
    )
    return [Found(finding, shown, case.chosen.target_places[0])]


CHECK = Check(KIND, run, _OFFERS, GAP)
