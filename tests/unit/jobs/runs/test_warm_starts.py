"""How many passes a training has in all when it goes on from a run, told from that run's checkpoints."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from sciapp.errors import BadInput, RunProblem
from sciapp.jobs.runs.follow_up import begin, continuation, next_run
from sciapp.records.plan.plan import TrainPlan, read_plan, with_settings
from sciapp.records.project.project import Project
from sciapp.records.project.studies.continuation import continued_from
from sciapp.records.project.study import StudyDesign
from sciapp.records.run.run import Run
from tests.helpers.made_projects import made_dataset, made_project, made_run
from tests.helpers.messages import refused


@pytest.fixture
def run(tmp_path: Path) -> Iterator[tuple[Project, Run]]:
    project = made_project(tmp_path / "p")
    plan = with_settings(
        TrainPlan(dataset=made_dataset(project).id), {"num_train_epochs": 30, "max_steps": 50, "learning_rate": 1e-4}
    )
    yield project, made_run(project, plan)
    project.close()


def continued_plan(project: Project, run: Run, epochs: int, settings: dict[str, object] | None = None) -> TrainPlan:
    plan = continuation(project, run, epochs, settings).training
    assert plan is not None
    return plan


def checkpoint(run: Run, step: int, *, epoch: int, batch: int, files: tuple[str, ...] = ("training.pt",)) -> None:
    folder = run.checkpoints / f"step-{step:06d}"
    folder.mkdir(parents=True)
    for name in ("model.safetensors", *files):
        (folder / name).write_bytes(b"x")
    (folder / "state.json").write_text(json.dumps({"step": step, "epoch": epoch, "batch": batch}))


@pytest.mark.parametrize(
    ("epoch", "batch", "total"),
    [(29, 10, 33), (6, 3, 10), (7, 0, 10)],
    ids=["all passes done", "stopped within the seventh", "stopped after the seventh"],
)
def test_the_passes_begun_and_those_asked_for_are_planned(
    run: tuple[Project, Run], epoch: int, batch: int, total: int
) -> None:
    project, before = run
    checkpoint(before, 40, epoch=2, batch=0)
    checkpoint(before, 73, epoch=epoch, batch=batch)
    plan = continued_plan(project, before, 3)
    assert plan.stopping.num_train_epochs == total
    assert plan.stopping.max_steps == 0, "a limit that was reached would end it at once"
    later = begin(project, continuation(project, before, 3))
    assert continued_from(project, later.id) == before.id and continued_from(project, before.id) == ""
    assert plan.optimization.learning_rate == 1e-4
    assert read_plan(json.loads(plan.model_dump_json())) == plan


def test_a_checkpoint_that_is_not_complete_counts_for_nothing(run: tuple[Project, Run]) -> None:
    project, before = run
    checkpoint(before, 73, epoch=9, batch=0, files=())
    with refused(RunProblem, "checkpoints", run=before.id):
        continued_plan(project, before, 3)
    checkpoint(before, 40, epoch=2, batch=0)
    assert continued_plan(project, before, 3).stopping.num_train_epochs == 5


def test_what_follows_on_the_run_does_not_follow_again(run: tuple[Project, Run]) -> None:
    project, before = run
    told = before.plan()
    assert isinstance(told, TrainPlan)
    more = with_settings(told, {"augmentations": "randomized_smiles"})
    other = begin(project, StudyDesign(plan=more, kind="ablation"))
    other.write_state(other.state().model_copy(update={"status": "finished"}))
    checkpoint(other, 10, epoch=1, batch=0)
    later = begin(project, continuation(project, other, 1))
    assert later.training_plan().augmentation.is_on
    assert next_run(later) is None
    assert next_run(other) is not None, "the comparison with the run itself is still to come"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("weight_decay", 0.1),
        ("layerwise_lr_decay", 0.8),
        ("optimizer", "sgd"),
        ("optimizer", "lion"),
        ("weight_averaging", "swa"),
        ("tokens_per_batch", 512),
        ("dataset", "other"),
    ],
)
def test_what_the_optimiser_and_the_order_of_data_have_settled_cannot_change(
    run: tuple[Project, Run], name: str, value: object
) -> None:
    project, before = run
    checkpoint(before, 40, epoch=2, batch=0)
    with pytest.raises(BadInput, match=f"cannot change {name}\\.") as refused:
        continued_plan(project, before, 3, {name: value, "learning_rate": 1e-5})
    assert f"--model run:{before.id}" in refused.value.hint


def test_rate_patience_checkpoints_and_devices_may_change_on_the_way(run: tuple[Project, Run]) -> None:
    project, before = run
    checkpoint(before, 40, epoch=2, batch=0)
    wanted = {"learning_rate": "1e-5", "early_stopping_patience": 3, "save_steps": 7, "threads": 1, "devices": 2}
    plan = continued_plan(project, before, 3, wanted)
    assert (plan.optimization.learning_rate, plan.devices, plan.stopping.save_steps) == (1e-5, 2, 7)


def test_more_passes_than_a_plan_can_have_are_refused(run: tuple[Project, Run]) -> None:
    project, before = run
    checkpoint(before, 40, epoch=30, batch=0)
    with pytest.raises(BadInput, match="more passes") as refused:
        continued_plan(project, before, 10_000)
    assert "9,970" in refused.value.hint
