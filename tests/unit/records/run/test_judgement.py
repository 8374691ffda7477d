"""The traffic light of a result, and numbers rounded to what their ± allows."""

import pytest

from sciapp.i18n import msg
from sciapp.records.run.evaluation import Evaluation, PairedDifference, Score
from sciapp.records.run.judgement import better_than_guessing, judge, paired_difference
from sciapp.records.run.score_format import range_text, rounded, with_margin
from tests.helpers.made_projects import evaluation, scores


def judged(*, beats: bool | None, difference: PairedDifference | None = None, value: float = 0.6) -> Evaluation:
    return evaluation(value=value).model_copy(update={"beats_simple_baseline": beats, "difference": difference})


def test_green_for_a_win_amber_for_none_and_red_for_no_better_than_guessing() -> None:
    assert judge(judged(beats=True)).light == "good"
    assert judge(judged(beats=False)).light == "caution"
    assert judge(judged(beats=True, value=1.9)).light == "bad", "1.71 to 2.09 reaches the 2.0 of guessing"


def test_an_answer_among_the_inputs_outweighs_every_score() -> None:
    judgement = judge(judged(beats=True), leaks=("dose",))
    assert judgement.light == "bad" and "dose" in judgement.reason


def test_a_lost_comparison_and_one_that_may_be_luck_are_told_apart() -> None:
    lost = judge(judged(beats=False, difference=PairedDifference(difference=0.2, low=0.1, high=0.3)))
    luck = judge(judged(beats=False, difference=PairedDifference(difference=0.05, low=-0.1, high=0.2)))
    assert lost.light == luck.light == "caution" and lost.headline != luck.headline
    assert "0.10" in luck.reason and "0.20" in luck.reason


def test_a_compression_is_judged_by_the_model_before_it() -> None:
    same = evaluation(value=0.6, compressed=True)
    worse = same.model_copy(update={"model": scores("after", 0.9)})
    assert judge(same).light == "good" and judge(worse).light == "caution"


def test_what_was_not_measured_is_not_claimed() -> None:
    without_guess = judged(beats=None).model_copy(update={"trivial_baseline": None})
    assert better_than_guessing(without_guess) is None
    neither, with_guess = judge(without_guess), judge(judged(beats=None))
    assert neither.light == with_guess.light == "unknown" and neither.headline != with_guess.headline
    lost = judged(beats=False).model_copy(update={"trivial_baseline": None})
    assert judge(lost).light == "caution" and judge(lost).headline != judge(judged(beats=False)).headline


def test_a_compression_without_a_range_is_not_as_good_as_the_original() -> None:
    few = evaluation(value=0.6, compressed=True)
    bare = few.before_compression.scores[0].model_copy(update={"low": None, "high": None})
    before = few.before_compression.model_copy(update={"scores": (bare,)})
    assert judge(few.model_copy(update={"before_compression": before})).light == "unknown"


def test_older_evaluations_carry_the_difference_in_their_verdict() -> None:
    from sciapp.engine.evaluation.evaluate import signed

    figures = msg("{difference} ({low} to {high})", difference=signed(-0.05), low=signed(-0.1), high=signed(0.002))
    old = evaluation().model_copy(update={"verdict": msg("Equal: {figures}.", figures=figures)})
    reread = Evaluation.model_validate_json(old.model_dump_json())
    assert paired_difference(reread) == PairedDifference(difference=-0.05, low=-0.1, high=0.002)
    assert paired_difference(evaluation()) is None


@pytest.mark.parametrize(
    ("value", "spread", "text"),
    [
        (0.49837, 0.0669, "0.50"),
        (0.6912, 0.095, "0.69"),
        (12.34, 2.04, "12.3"),
        (1234.0, 56.0, "1230"),
        (-0.04, 0.5, "0.0"),
        (-3.14, 0.12, "−3.14"),
    ],
)
def test_a_number_has_the_decimals_that_its_margin_allows(value: float, spread: float, text: str) -> None:
    assert rounded(value, spread) == text


def test_half_the_interval_is_the_margin() -> None:
    score = Score(name="rmse", value=0.49837, low=0.43192, high=0.56566, greater_is_better=False)
    assert with_margin(score) == "0.50 ± 0.07" and range_text(score) == "0.43 to 0.57"
    assert with_margin(score.model_copy(update={"low": None})) == "0.498"
