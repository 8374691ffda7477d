"""“Train N more epochs”: a new run that goes on from the last step of another."""

import hashlib
import json
import shutil
from pathlib import Path

import pytest

from sciapp.cli import follow
from sciapp.cli.main import main
from sciapp.engine.training.checkpoints.warm_start import going_on, take_over
from sciapp.engine.training.optim.schedule import learning_rate
from sciapp.errors import BadInput, RunProblem
from sciapp.jobs.launch import launcher
from sciapp.jobs.runs.follow import standing
from sciapp.jobs.runs.follow_up import begin, continuation
from sciapp.records.plan.plan import CompressPlan, TrainPlan, with_settings
from sciapp.records.plan.resume_rules import must_go_on_alike
from sciapp.records.project.project import Project
from sciapp.records.project.studies.continuation import continued_from
from sciapp.records.project.study import StudyDesign
from sciapp.records.run import checkpoints
from sciapp.records.run.events import Noted, RunStarted, StepTaken, Validated
from sciapp.records.run.run import Run, RunStatus
from tests.helpers.printed import says
from tests.helpers.runs import started_and_killed_when, wait_until_over
from tests.helpers.tiny import tiny_model, tiny_plan, tiny_project

CONSTANT = {"lr_scheduler_type": "constant_with_warmup", "warmup_ratio": 0.0, "dropout": 0.2}


class Made:
    """Trainings of two passes, one of them with a constant rate, and one of four at one go."""

    def __init__(self, folder: Path) -> None:
        self.project, self.card = tiny_project(folder / "project", rows=80)
        self.model = tiny_model(folder / "model")
        self.short = self.finished(self.plan(2, **CONSTANT))
        self.long = self.finished(self.plan(4, **CONSTANT))

    def plan(self, epochs: int, **settings: object) -> TrainPlan:
        return tiny_plan(self.card, self.model, **settings | {"num_train_epochs": epochs})

    def finished(self, plan: TrainPlan) -> Run:
        return self.carried_out(StudyDesign(plan=plan))

    def carried_out(self, design: StudyDesign) -> Run:
        run = begin(self.project, design)
        launcher.start(run)
        assert wait_until_over(run) is RunStatus.FINISHED, run.log_file.read_text()
        return run


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    return Made(tmp_path_factory.mktemp("on"))


def weights(run: Run) -> str:
    return hashlib.sha256((run.model_folder / "model.safetensors").read_bytes()).hexdigest()


def last_checkpoint(run: Run) -> str:
    newest = sorted(run.checkpoints.glob("step-*"))[-1]
    return newest.name + hashlib.sha256((newest / "model.safetensors").read_bytes()).hexdigest()


def contents(run: Run) -> dict[str, str]:
    files = [file for file in run.folder.rglob("*") if file.is_file()]
    return {str(file): hashlib.sha256(file.read_bytes()).hexdigest() for file in files}


def steps(run: Run) -> list[StepTaken]:
    return [event for event in run.events() if isinstance(event, StepTaken)]


def test_two_passes_and_two_more_are_four_at_one_go_bit_for_bit(made: Made) -> None:
    before = contents(made.short)
    run = made.carried_out(continuation(made.project, made.short, 2))
    assert last_checkpoint(run) == last_checkpoint(made.long)
    assert weights(run) == weights(made.long) != weights(made.short)
    assert [(event.step, event.loss, event.learning_rate) for event in steps(run)] == [
        (event.step, event.loss, event.learning_rate) for event in steps(made.long)
    ]
    validated = [event.step for event in run.events() if isinstance(event, Validated)]
    assert validated == sorted(set(validated)) and len(validated) == 4
    assert contents(made.short) == before
    plan = run.plan()
    assert isinstance(plan, TrainPlan) and continued_from(made.project, run.id) == made.short.id
    messages = [event.message for event in run.events() if isinstance(event, Noted)]
    assert any(says(message, going_on, run=made.short.id, step=steps(made.short)[-1].step) for message in messages)


def test_a_kill_while_the_curve_is_taken_over_leaves_it_whole_and_once(made: Made) -> None:
    run = begin(made.project, continuation(made.project, made.short, 2))
    plan = run.training_plan()
    killed = take_over(run, plan)
    for _ in range(3):
        run.append_event(next(killed))
    killed.close()
    for event in take_over(run, plan):
        run.append_event(event)
    curve = [event for event in made.short.events() if isinstance(event, StepTaken | Validated)]
    assert run.events() == curve and not list(take_over(run, plan))


def test_the_rates_that_are_told_are_those_after_a_setback(made: Made) -> None:
    run = begin(made.project, continuation(made.project, made.short, 2))
    plan = run.training_plan()
    rate = plan.optimization.learning_rate / 2
    taken = {"run": "x", "step": 5, "total_steps": 10, "rate_share": 0.5, "learning_rate": rate}
    run.continued_file.write_text(json.dumps(taken))
    assert says(going_on(run, plan, 20), going_on, last=rate, following=rate)


@pytest.mark.prove
def test_a_run_that_goes_on_is_killed_and_resumed_as_exactly(made: Made) -> None:
    run = begin(made.project, continuation(made.project, made.short, 2))
    first = steps(made.short)[-1].step
    started_and_killed_when(run, lambda e: isinstance(e, StepTaken) and e.step == first + 4)
    launcher.resume(run)
    assert wait_until_over(run) is RunStatus.FINISHED, run.log_file.read_text()
    assert weights(run) == weights(made.long)


def test_a_schedule_that_had_fallen_to_zero_is_stretched(made: Made, capsys: pytest.CaptureFixture[str]) -> None:
    run = made.finished(made.plan(2, lr_scheduler_type="linear", tuning_method="lora"))
    end = steps(run)[-1]
    known = {one.id for one in made.project.runs()}
    assert main(["train", str(made.project.folder), "--continue", run.id, "--epochs", "2"]) == 0
    assert says(capsys.readouterr().out, follow, step=end.step)
    longer = next(one for one in made.project.runs() if one.id not in known)
    assert any(isinstance(event, RunStarted) and event.resumed_at_step == end.step for event in longer.events())
    following = next(event for event in steps(longer) if event.step == end.step + 1)
    plan = longer.plan()
    assert isinstance(plan, TrainPlan) and plan.stopping.num_train_epochs == 4
    assert following.total_steps == 2 * end.total_steps
    assert following.learning_rate == learning_rate(end.step, following.total_steps, plan.optimization)
    assert following.learning_rate > end.learning_rate * 3


def test_a_plan_that_changes_the_optimiser_on_the_way_is_refused_by_the_run_too(made: Made) -> None:
    design = continuation(made.project, made.short, 1)
    assert design.training is not None
    other = with_settings(design.training, {"optimizer": "sgd"})
    run = begin(made.project, design.model_copy(update={"plan": other}))
    launcher.start(run)
    assert wait_until_over(run) is RunStatus.FAILED
    assert says(run.state().message, must_go_on_alike, names="optimizer")


def test_the_command_goes_on_with_another_rate_on_two_devices(made: Made, capsys: pytest.CaptureFixture[str]) -> None:
    known = {one.id for one in made.project.runs()}
    options = ["--continue", made.short.id, "--epochs", "1", "--devices", "2", "--set", "learning_rate=1e-5"]
    assert main(["train", str(made.project.folder), *options]) == 0
    plan = next(one for one in made.project.runs() if one.id not in known).plan()
    assert isinstance(plan, TrainPlan) and plan.devices == 2
    was, now = (one.optimization.learning_rate for one in (made.plan(2, **CONSTANT), plan))
    assert says(capsys.readouterr().out, going_on, last=was, following=now)


def test_what_is_no_training_that_ended_is_refused(made: Made) -> None:
    waiting = made.project.new_run(made.plan(1))
    with pytest.raises(RunProblem) as refused:
        continuation(made.project, waiting, 1)
    assert refused.value.message.values == {"run": waiting.id, "now": standing(waiting)}
    other = made.project.new_run(CompressPlan(run=made.short.id))
    with pytest.raises(RunProblem) as refused:
        continuation(made.project, other, 1)
    assert refused.value.message.values == {"run": other.id}
    for epochs in (0, 9_999):
        with pytest.raises(BadInput) as impossible:
            continuation(made.project, made.short, epochs)
        assert impossible.value.message.values == {"epochs": epochs}


def test_a_run_whose_checkpoints_are_gone_is_refused_when_asked_and_when_started(made: Made, tmp_path: Path) -> None:
    copy = Project.open(made.project.save_as(tmp_path / "copy"))
    other = copy.run(made.short.id)
    run = begin(copy, continuation(copy, other, 1))
    shutil.rmtree(other.checkpoints)
    with pytest.raises(RunProblem) as refused:
        continuation(copy, other, 1)
    assert says(refused.value.message, checkpoints, run=other.id)
    assert f"--model run:{other.id}" in refused.value.hint
    launcher.start(run)
    assert wait_until_over(run) is RunStatus.FAILED
    assert says(run.state().message, checkpoints, run=other.id)


@pytest.mark.parametrize(
    "options",
    [["--continue", "001"], ["--epochs", "3"], ["--continue", "001", "--epochs", "3", "--model", "text-starter"]],
)
def test_the_command_says_what_does_not_go_together(
    made: Made, options: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["train", str(made.project.folder), *options]) == 1
    assert "--epochs" in capsys.readouterr().err
