"""Judgement of an evaluation in plain words: a traffic light, a headline and the numbers that both rest on.

Only what was measured decides: the stored 95 % intervals, and the paired difference from the simple baseline.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from sciapp.i18n import Message, joined, msg, plural
from sciapp.records.run.evaluation import Evaluation, PairedDifference, Score
from sciapp.records.run.score_format import rounded, score_title, value_beside, with_margin

Light = Literal["good", "caution", "bad", "unknown"]


@dataclass(frozen=True)
class Judgement:
    """light: good (better than the simple method), caution (no better), bad (no better than guessing), or unknown."""

    light: Light
    headline: str
    reason: str


def judge(evaluation: Evaluation, leaks: tuple[str, ...] = ()) -> Judgement:
    """The judgement of a run's main score over all targets.

    leaks: known conditions that give the answer away; with any of them no score counts.
    """
    if leaks:
        return Judgement(
            "bad",
            msg("Do not trust these scores: the answer was among the inputs"),
            msg("{names} gives the answer away. Train again without it.", names=list(leaks)),
        )
    if evaluation.before_compression is not None:
        return _of_compression(evaluation)
    score = main_score(evaluation)
    if score is None or score.value is None:
        return Judgement("unknown", msg("There is no score to judge it by"), msg("Too few test rows are measured."))
    beats_guess = better_than_guessing(evaluation)
    if beats_guess is False:
        return Judgement("bad", msg("Do not use it: no better than guessing"), _measured(evaluation, score))
    beats, rival = evaluation.beats_simple_baseline, _simple(evaluation)
    if beats:
        headline = msg("Clearly better than the simple method")
        return Judgement("good", headline, joined([_measured(evaluation, score), _luck(evaluation)]))
    if beats is None or rival is None:
        headline = (
            msg("Better than guessing; with the simple method it cannot be compared")
            if beats_guess
            else msg("It can be compared neither with guessing nor with the simple method")
        )
        return Judgement("unknown", headline, _measured(evaluation, score))
    worse = (difference := paired_difference(evaluation)) is not None and not difference.may_be_luck
    if beats_guess is None:
        headline = msg("The simple method is better") if worse else msg("No better than the simple method")
    elif worse:
        headline = msg("Better than guessing, but the simple method is better still")
    else:
        headline = msg("Better than guessing, but no better than the simple method")
    return Judgement("caution", headline, joined([_measured(evaluation, score), _luck(evaluation)]))


def main_score(evaluation: Evaluation) -> Score | None:
    return evaluation.model.get(evaluation.main_score)


def better_than_guessing(evaluation: Evaluation) -> bool | None:
    """False if the 95 % interval of the main score reaches the score of guessing; None where that is not known."""
    score, trivial = main_score(evaluation), evaluation.trivial_baseline
    guess = trivial.get(evaluation.main_score) if trivial is not None else None
    if score is None or score.value is None:
        return False
    if guess is None or guess.value is None:
        return None
    nearest = score.low if score.greater_is_better else score.high
    edge = score.value if nearest is None else nearest
    return edge > guess.value if score.greater_is_better else edge < guess.value


def paired_difference(evaluation: Evaluation) -> PairedDifference | None:
    """The difference from the simple baseline; of older evaluations as the verdict's message carries it."""
    if evaluation.difference is not None:
        return evaluation.difference
    figures = _figures(evaluation.verdict)
    return PairedDifference(**figures) if figures else None


def _figures(text: object) -> dict[str, float]:
    """Values of the message that tells the difference, anywhere inside `text`; empty where there is none."""
    if not isinstance(text, Message):
        return {}
    names = ("difference", "low", "high")
    if all(name in text.values for name in names):
        numbers = [_number(text.values[name]) for name in names]
        return {name: value for name, value in zip(names, numbers, strict=True) if value is not None}
    return next((found for value in text.values.values() if len(found := _figures(value)) == len(names)), {})


def _number(value: object) -> float | None:
    values: Mapping[str, object] = value.values if isinstance(value, Message) else {}
    number = values.get("number")
    return float(number) if isinstance(number, int | float) else None


def _simple(evaluation: Evaluation) -> Score | None:
    simple = evaluation.simple_baseline
    return simple.get(evaluation.main_score) if simple is not None else None


def _measured(evaluation: Evaluation, score: Score) -> str:
    """“On 111 rows it had never seen: RMSE 0.50 ± 0.07; the simple method (random forest) 0.55.”"""
    rows = plural("{n:,} row", "{n:,} rows", evaluation.model.rows)
    ours = joined([score_title(score.name), with_margin(score)])
    simple, rival = evaluation.simple_baseline, _simple(evaluation)
    if simple is None or rival is None:
        return msg("On {rows} it had never seen: {ours}.", rows=rows, ours=ours)
    return msg(
        "On {rows} it had never seen: {ours}; the simple method ({name:l}) {theirs}.",
        rows=rows,
        ours=ours,
        name=simple.predictor,
        theirs=value_beside(rival, score),
    )


def _luck(evaluation: Evaluation) -> str:
    """Whether the difference may be luck; empty where none was measured."""
    difference = paired_difference(evaluation)
    if difference is None:
        return ""
    score = main_score(evaluation)
    size, low, high = (
        rounded(value, (difference.high - difference.low) / 2)
        for value in (abs(difference.difference), difference.low, difference.high)
    )
    if difference.may_be_luck:
        return msg(
            "The difference of {size} may be luck (95 % range {low} to {high}, row by row).",
            size=size,
            low=low,
            high=high,
        )
    better = score is not None and (difference.difference > 0) == score.greater_is_better
    return msg(
        "{who} is better by {size} (95 % range {low} to {high}, row by row): more than luck.",
        who=msg("The model") if better else msg("The simple method"),
        size=size,
        low=low,
        high=high,
    )


def _of_compression(evaluation: Evaluation) -> Judgement:
    """The smaller model beside the one that it was made from, by the interval of that one."""
    score = main_score(evaluation)
    before = evaluation.before_compression.get(evaluation.main_score) if evaluation.before_compression else None
    if score is None or score.value is None or before is None or before.value is None:
        return Judgement("unknown", msg("There is no score to judge it by"), str(evaluation.verdict))
    reason = msg(
        "{score} {after}, before {before}.",
        score=score_title(score.name),
        after=with_margin(score),
        before=value_beside(before, score),
    )
    if before.low is None or before.high is None:
        headline = msg("It is not known whether it is as good as the original: its score has no range")
        return Judgement("unknown", headline, reason)
    if before.low <= score.value <= before.high:
        return Judgement("good", msg("As good as the original, within its 95 % range"), reason)
    if (score.value > before.value) == score.greater_is_better:
        return Judgement("good", msg("Better than the original"), reason)
    return Judgement("caution", msg("Smaller, but worse than the original"), reason)
