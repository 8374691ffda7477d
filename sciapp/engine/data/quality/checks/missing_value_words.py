"""Cells of targets that usually say that nothing is known: NA, NaN, None, n.d., “?”, dashes, errors of spreadsheets."""

from collections.abc import Mapping

from sciapp.engine.data.quality.base import Check, CheckResult, PolicyOffer, TableCheckup, choices, of_target
from sciapp.i18n import joined, msg
from sciapp.records.dataset.findings import MOST_LINES, Finding

KIND, GAP, CLASS = "gap_words", "gap", "class"
_OFFERS = (
    PolicyOffer(GAP, msg("They are gaps: nothing was measured")),
    PolicyOffer(CLASS, msg("They name a class"), lambda task: task.is_class_of_row),
)
_MOST_TARGETS = 8


def gaps_meant(repairs: Mapping[str, str]) -> bool:
    """True if such words are to be read as gaps."""
    return repairs.get(KIND, GAP) == GAP


def run(case: TableCheckup, policy: str) -> list[CheckResult]:
    """One finding for each target that has any; the targets were read as the policy says."""
    return _of_values(case) if case.of.unread else _of_classes(case, policy)


def _of_classes(case: TableCheckup, policy: str) -> list[CheckResult]:
    rows = case.of.gap_words
    if not rows:
        return []
    examples = list(rows[:MOST_LINES])
    finding = Finding(
        kind=KIND,
        title=msg("“{column}” holds words that stand for gaps", column=case.chosen.targets[0]),
        count=len(rows),
        consequence=msg(
            "Rows with NA, NaN, None, n.d., “?”, a dash and the like have no label and are set "
            "aside; where such a word names a class, say so."
        ),
        weight="note",
        choices=choices(_OFFERS),
        proposed=GAP,
        applied=policy,
    )
    return [of_target(case, 0, examples, finding)]


def _of_values(case: TableCheckup) -> list[CheckResult]:
    """Of numbers, and of yes and no; what programs write for a gap (NaN) is no news there."""
    several = len(case.chosen.targets) > 1
    results: list[CheckResult] = []
    for target, (name, unread) in enumerate(zip(case.chosen.targets, case.of.unread, strict=True)):
        if not unread.gaps or len(results) == _MOST_TARGETS:
            continue
        examples = unread.gaps[:MOST_LINES]
        message = (
            msg("These cells are gaps; their rows keep the other targets.")
            if several
            else msg("These rows are set aside.")
        )
        sentences = [message, case.kind.gap_advice]
        if unread.undetected:
            sentences.append(
                msg(
                    "{undetected:,} say “n.d.”: where that means not detected, the value lies below the limit "
                    "of the method; write the limit in its place, such as <0.5, and it can be learnt as a bound.",
                    undetected=unread.undetected,
                )
            )
        finding = Finding(
            kind=KIND,
            title=msg("“{name}” holds cells that say that nothing was measured", name=name),
            count=len(unread.gaps),
            consequence=joined(sentences),
            weight="note",
            choices=choices(_OFFERS[:1]),
            proposed=GAP,
            applied=GAP,
        )
        results.append(of_target(case, target, examples, finding))
    return results


CHECK = Check(KIND, run, _OFFERS, GAP)
