"""A longer proof, run by `make prove`: kills at random moments, several in one run; about ten minutes."""

import random
from pathlib import Path

import pytest

from sciapp.jobs import launcher
from sciapp.records.events import CheckpointSaved, Event, StepTaken
from sciapp.records.run import Ending
from tests.helpers.runs import started_and_killed_when, wait_until_over
from tests.helpers.tiny import tiny_model, tiny_plan, tiny_project


@pytest.mark.prove
@pytest.mark.timeout(1800)
def test_twenty_runs_killed_up_to_three_times_each_end_with_the_same_weights(tmp_path: Path) -> None:
    project, card = tiny_project(tmp_path / "p")
    plan = tiny_plan(card, tiny_model(tmp_path / "model"), dropout=0.2)
    undisturbed = project.new_run(plan)
    launcher.start(undisturbed)
    assert wait_until_over(undisturbed) is Ending.FINISHED
    steps = max(event.step for event in undisturbed.events() if isinstance(event, StepTaken))
    wanted = (undisturbed.model_folder / "model.safetensors").read_bytes()
    rng = random.Random(0)
    for number in range(20):
        run = project.new_run(plan)
        moments = sorted(rng.sample(range(1, steps), rng.randint(1, 3)))
        for step in moments:
            started_and_killed_when(run, lambda event, step=step: _reached(event, step))
        launcher.resume(run)
        assert wait_until_over(run) is Ending.FINISHED, run.log_file.read_text()
        assert (run.model_folder / "model.safetensors").read_bytes() == wanted, moments
        print(f"run {number + 1}: killed at {moments}, same weights")


def _reached(event: Event, step: int) -> bool:
    return isinstance(event, StepTaken | CheckpointSaved) and event.step >= step
