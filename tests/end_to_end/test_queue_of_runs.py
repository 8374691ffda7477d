"""The queue with real processes: one run after the other, failures, kills, two windows, chains, a reboot."""

import json
import os
import re
import signal
import subprocess
from itertools import pairwise
from pathlib import Path

import pytest

from sciapp.jobs.launch import launcher, processes
from sciapp.jobs.machine.liveness import process_of
from sciapp.jobs.queue import queue
from sciapp.jobs.queue.view import look
from sciapp.jobs.runs.follow import standing
from sciapp.jobs.runs.follow_up import begin, run_after
from sciapp.records.machine.queue_view import EntryStatus
from sciapp.records.plan.plan import PretrainPlan, TrainPlan, before_training
from sciapp.records.project.project import Project
from sciapp.records.project.study import StudyDesign
from sciapp.records.run.events import RunStarted, StepTaken
from sciapp.records.run.run import RunStatus
from tests.helpers.light_runs import light_engine, light_run
from tests.helpers.made_projects import made_dataset
from tests.helpers.queued import (
    keeper_pid,
    kill_keeper,
    one_after_the_other,
    spans,
    times_started,
    wait_until_idle,
)
from tests.helpers.runs import wait_for, wait_for_event
from tests.helpers.tiny import tiny_model, tiny_plan, tiny_project

__all__ = ["light_engine"]  # a fixture


@pytest.fixture
def project(tmp_path: Path, light_engine: None) -> Project:
    """Its run processes are real ones, but train nothing."""
    return Project.create(tmp_path / "p", domain="text")


def test_runs_come_one_after_the_other_and_a_failure_stops_nothing(project: Project) -> None:
    runs = [light_run(project, "no-such-model"), light_run(project), light_run(project, "no-such-model")]
    for run in runs:
        queue.add(run)
    assert look().moving
    wait_until_idle()
    assert [standing(run) for run in runs] == [RunStatus.FAILED, RunStatus.FINISHED, RunStatus.FAILED]
    assert one_after_the_other(runs)
    assert look().lines == () and keeper_pid() is None


def test_a_keeper_that_is_killed_at_any_moment_loses_no_run_and_starts_none_twice(project: Project) -> None:
    runs = [light_run(project, "no-such-model") for _ in range(4)] + [light_run(project)]
    for run in runs:
        queue.add(run)
    moments = [
        lambda: True,  # as soon as it is there, or before it signed
        lambda: runs[0].state().launched is not None,
        lambda: standing(runs[1]) is RunStatus.RUNNING,
        lambda: standing(runs[2]).is_over,
    ]
    for moment in moments:
        assert wait_for(moment)
        kill_keeper()
        queue.go_on()
    wait_until_idle()
    assert [standing(run) for run in runs] == [RunStatus.FAILED] * 4 + [RunStatus.FINISHED]
    assert one_after_the_other(runs)
    assert times_started(runs[-1]) == 1
    # A second process on a run's folder would log that it leaves the run to the first.
    assert not any(re.search(rf" ERROR root: .*{run.id}", run.log_file.read_text()) for run in runs)


def test_the_run_goes_on_when_its_keeper_is_killed_and_waits_for_a_word(project: Project) -> None:
    first, second = light_run(project, "long"), light_run(project)
    queue.add(first)
    queue.add(second)
    wait_for_event(first, lambda event: isinstance(event, StepTaken))
    assert kill_keeper()
    view = look()
    assert view.is_stranded and [line.run for line in view.of(EntryStatus.WAITING)] == [second.id]
    assert standing(first) is RunStatus.RUNNING
    queue.go_on()
    queue.stop(first)
    wait_until_idle()
    assert (standing(first), standing(second)) == (RunStatus.STOPPED, RunStatus.FINISHED)
    assert times_started(first) == times_started(second) == 1


def test_a_run_that_is_killed_makes_room_for_the_next(project: Project) -> None:
    first, second = light_run(project, "long"), light_run(project, "no-such-model")
    queue.add(first)
    queue.add(second)
    wait_for_event(first, lambda event: isinstance(event, StepTaken))
    assert wait_for(lambda: process_of(first.state()) is not None)
    os.kill(first.state().pid or 0, signal.SIGKILL)
    wait_until_idle()
    assert (standing(first), standing(second)) == (RunStatus.INTERRUPTED, RunStatus.FAILED)
    assert "was interrupted" in look().remarks[0]


def test_after_a_reboot_what_was_on_goes_on_before_what_waited(project: Project) -> None:
    first, second = light_run(project, "long"), light_run(project, "no-such-model")
    queue.add(first)
    queue.add(second)
    wait_for_event(first, lambda event: isinstance(event, StepTaken))
    assert kill_keeper()
    launcher.kill_tree(first)
    view = look()
    assert view.is_stranded
    assert [line.turn for line in view.lines] == [EntryStatus.INTERRUPTED, EntryStatus.WAITING]
    queue.go_on()
    wait_for_event(first, lambda event: isinstance(event, RunStarted) and event.resumed_at_step is not None)
    assert not standing(second).is_over
    queue.cancel(first)
    wait_until_idle()
    assert (standing(first), standing(second)) == (RunStatus.CANCELLED, RunStatus.FAILED)


def test_nothing_overtakes_the_training_that_follows_on_a_pretraining(project: Project) -> None:
    training = TrainPlan(dataset="d", model="short")
    plan = before_training(PretrainPlan(), training)
    learning = begin(project, StudyDesign(plan=plan, kind="pretraining_first", then=StudyDesign(plan=training)))
    waiting = light_run(project, "no-such-model")
    queue.add(learning)
    queue.add(waiting)
    wait_until_idle()
    then = run_after(project, learning)
    assert then is not None
    runs = [learning, then, waiting]
    assert [standing(run) for run in runs] == [RunStatus.FINISHED, RunStatus.FINISHED, RunStatus.FAILED]
    assert one_after_the_other(runs)
    assert times_started(then) == 1


@pytest.mark.prove
@pytest.mark.timeout(900)
def test_a_real_training_has_its_turn_after_one_that_fails(tmp_path: Path) -> None:
    real, card = tiny_project(tmp_path / "p", rows=60)
    model = tiny_model(tmp_path / "model")
    plans = [tiny_plan(card, folder, num_train_epochs=1) for folder in (tmp_path / "no-such-model", model)]
    runs = [real.new_run(plan) for plan in plans]
    for run in runs:
        queue.add(run)
    wait_until_idle(800)
    assert [standing(run) for run in runs] == [RunStatus.FAILED, RunStatus.FINISHED]
    assert one_after_the_other(runs)
    assert times_started(runs[1]) == 1


def test_two_projects_and_two_command_lines_share_one_queue(project: Project, tmp_path: Path) -> None:
    made_dataset(project, "d")
    other = Project.open(project.save_as(tmp_path / "other"))
    words = ["--queue", "--json", "--model", "molecule-starter"]
    places = [project, other, project]
    begun = [
        subprocess.Popen(processes.own_command("train", str(one.folder), *words), stdout=subprocess.PIPE)
        for one in places
    ]
    said = [json.loads(process.communicate()[0]) for process in begun]
    assert all(answer["queued"] for answer in said)
    runs = [one.run(answer["run"]) for one, answer in zip(places, said, strict=True)]
    wait_until_idle()
    assert [standing(run) for run in runs] == [RunStatus.FINISHED] * 3
    assert [times_started(run) for run in runs] == [1, 1, 1]
    ordered = sorted(spans(runs))
    assert all(before[1] <= after[0] for before, after in pairwise(ordered))
    listed = subprocess.run(processes.own_command("queue", "--json"), capture_output=True, text=True)
    assert json.loads(listed.stdout)["lines"] == []


def test_the_command_line_moves_pauses_and_goes_on(project: Project) -> None:
    def say(*words: str) -> dict[str, object]:
        done = subprocess.run(processes.own_command("queue", *words, "--json"), capture_output=True, text=True)
        return json.loads(done.stdout)  # type: ignore[no-any-return]

    say("pause")
    runs = [light_run(project, "no-such-model") for _ in range(3)]
    for run in runs:
        queue.add(run)
    moved = say("move", "3", "1")
    assert moved["paused"] is True and [line["place"] for line in moved["lines"]] == [1, 2, 3]  # type: ignore[attr-defined]
    assert [line.run for line in look().lines] == [runs[2].id, runs[0].id, runs[1].id]
    assert "number 9" in str(say("remove", "9")["error"])
    say("remove", "3")
    assert standing(runs[1]) is RunStatus.CANCELLED
    say("go-on")
    wait_until_idle()
    assert one_after_the_other([runs[2], runs[0]])
    assert standing(runs[1]) is RunStatus.CANCELLED and runs[1].events() == []
