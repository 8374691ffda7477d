"""The story of a training: how it stands, what it is compared with, what happened."""

import pytest

from sciapp.records.run.events import (
    BaselineMeasured,
    Event,
    Noted,
    Progressed,
    RunEnded,
    RunStarted,
    StageBegan,
    StepTaken,
    Validated,
)
from sciapp.records.run.story import RunStory


def step(number: int) -> StepTaken:
    return StepTaken(
        step=number, total_steps=100, epoch=number / 10, loss=1, learning_rate=1e-3, gradient_norm=1, tokens=number,
        seconds=number * 2.0,
    )  # fmt: skip


def looked(number: int, score: float, *, best: bool, name: str = "rmse", greater: bool = False) -> Validated:
    return Validated(
        step=number, epoch=number / 10, loss=score, score_name=name, score=score, greater_is_better=greater, best=best
    )


SIMPLE = BaselineMeasured(name="Random forest", score_name="rmse", score=0.74, greater_is_better=False)
BEFORE: list[Event] = [RunStarted(total_steps=100), StageBegan(stage="data", title="Loading the data")]
TRAINING = StageBegan(stage="training", title="Training")


@pytest.fixture
def story() -> RunStory:
    return RunStory()


def test_before_the_first_step_its_stages_are_what_there_is_to_see(story: RunStory) -> None:
    assert story.phase == "waiting"
    story.add([*BEFORE, StageBegan(stage="tokens", title="Tokens"), Progressed(stage="tokens", done=5, total=20)])
    assert story.phase == "preparing"
    assert [stage.over for stage in story.stages] == [True, False]
    assert story.share == 0.25 and story.headline.values == {"stage": "Tokens"}


def test_the_best_score_is_compared_with_the_simple_method_on_the_same_rows(story: RunStory) -> None:
    story.add([*BEFORE, SIMPLE, TRAINING, step(10), looked(10, 0.9, best=True)])
    assert story.is_ahead is False
    story.add([step(20), looked(20, 0.7, best=True)])
    assert story.is_ahead is True and story.phase == "training"
    assert [one.kind for one in story.milestones] == ["done", "note", "best"], "ahead, not yet proven"
    assert story.best.passes == 2.0 and story.share == 0.2 and story.all_passes == 10


def test_a_score_that_grows_is_better_when_it_is_larger(story: RunStory) -> None:
    simple = SIMPLE.model_copy(update={"score_name": "roc_auc", "greater_is_better": True})
    story.add([*BEFORE, simple, looked(10, 0.9, best=True, name="roc_auc", greater=True)])
    assert story.is_ahead is True


def test_nothing_is_compared_with_a_score_of_another_kind(story: RunStory) -> None:
    story.add([*BEFORE, SIMPLE, looked(10, 0.9, best=True, name="masked_loss")])
    assert story.is_ahead is None


def test_a_run_that_no_longer_gains_says_so(story: RunStory) -> None:
    story.add([*BEFORE, TRAINING, looked(10, 0.7, best=True), looked(20, 0.8, best=False)])
    so_far = story.headline.template
    story.add([looked(25, 0.6, best=True)])
    gaining = story.headline.template
    assert gaining != so_far  # a look that is worse than the one before is no gain
    story.add([looked(number, 0.8, best=False) for number in (30, 40, 50)])
    assert story.since_best == 3 and story.headline.template not in {gaining, so_far}


def test_time_left_comes_of_the_pace_and_only_while_it_trains(story: RunStory) -> None:
    story.add([*BEFORE, TRAINING, step(10)])
    assert story.seconds_left is None
    story.add([step(20)])
    assert story.seconds_left == pytest.approx(160)
    story.add([StageBegan(stage="evaluation", title="Judging")])
    assert story.seconds_left is None and story.phase == "judging"


def test_a_resumed_run_forgets_what_is_trained_again(story: RunStory) -> None:
    story.add([*BEFORE, looked(10, 0.7, best=True), looked(20, 0.6, best=True), RunStarted(resumed_at_step=15)])
    assert [point.step for point in story.points] == [10]


@pytest.mark.parametrize("end", [[RunEnded(ending="stopped")], []], ids=["stopped", "killed"])
def test_a_resumed_run_prepares_again_before_it_trains(story: RunStory, end: list[Event]) -> None:
    stages: list[Event] = [StageBegan(stage="data", title="Loading the data"), TRAINING]
    story.add([*stages, RunStarted(total_steps=100), step(10), looked(10, 0.7, best=True), *end])
    story.add(stages[:1])
    assert story.phase == "preparing" and story.headline.values == {"stage": "Loading the data"}
    story.add([*stages[1:], RunStarted(resumed_at_step=10, total_steps=100)])
    assert story.phase == "training"


def test_ahead_since_half_a_pass_is_since_the_first(story: RunStory) -> None:
    story.add([*BEFORE, SIMPLE, TRAINING, step(4), looked(4, 0.7, best=True)])
    ahead = next(one for one in story.milestones if one.kind == "note")
    assert "0" not in str(ahead.detail)


def test_warnings_are_milestones_and_remarks_are_not(story: RunStory) -> None:
    story.add([*BEFORE, Noted(message="fine"), Noted(level="warning", message="careful")])
    assert [(one.kind, one.detail) for one in story.milestones] == [("warning", "careful")]


def test_a_run_that_ended_stays_with_its_best(story: RunStory) -> None:
    story.add([*BEFORE, looked(10, 0.7, best=True), RunEnded(ending="finished")])
    assert story.phase == "over" and all(stage.over for stage in story.stages)
