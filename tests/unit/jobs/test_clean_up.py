"""Space is freed, and nothing goes that a run which is on, or another run, still needs."""

from pathlib import Path

import pytest

from sciapp.errors import BadInput, ProjectProblem, RunProblem
from sciapp.jobs.clean_up import disk_pieces, free_space
from sciapp.jobs.machine.liveness import this_process
from sciapp.jobs.queue import queue
from sciapp.jobs.runs.summary import summarise
from sciapp.records.lock import ProjectLock
from sciapp.records.plan.plan import CompressPlan, PredictPlan, TrainPlan
from sciapp.records.project.disk_usage import DiskPiece, freed, objection, removal_question
from sciapp.records.project.project import Project
from sciapp.records.project.study import Study, write_study
from sciapp.records.run.run import Run, RunStatus
from tests.helpers.made_projects import made_dataset, made_project, made_run
from tests.helpers.messages import names, refused


@pytest.fixture
def project(tmp_path: Path) -> Project:
    made = made_project(tmp_path / "p")
    made.close()
    made_dataset(made)
    return made


def filled(run: Run, checkpoints: int = 5000, tensorboard: int = 300) -> Run:
    """With files of these sizes in bytes."""
    for folder, size in ((run.checkpoints / "step-000010", checkpoints), (run.tensorboard_folder, tensorboard)):
        folder.mkdir(parents=True)
        (folder / "file").write_bytes(b"x" * size)
    return run


def trained(project: Project, **plan: object) -> Run:
    return filled(made_run(project, TrainPlan(dataset="made-1", **plan)))  # type: ignore[arg-type]


def stands(run: Run, **state: object) -> Run:
    run.write_state(run.state().model_copy(update=state))
    return run


def is_on(run: Run) -> Run:
    pid, moment, host = this_process()
    return stands(run, status="running", pid=pid, process_started=moment, host=host)


def piece(project: Project, key: str) -> DiskPiece:
    return next(piece for piece in disk_pieces(project) if piece.key == key)


def test_sizes_are_those_of_the_files(project: Project) -> None:
    run = trained(project)
    (project.dataset_folder("made-1").descriptors_file).write_bytes(b"d" * 700)
    sizes = {piece.key: piece.bytes for piece in disk_pieces(project)}
    assert sizes["checkpoints:001-train"] == 5000
    assert sizes["tensorboard:001-train"] == 300
    assert sizes["caches:made-1"] == 700
    assert sizes["run:001-train"] == sum(file.stat().st_size for file in run.folder.rglob("*") if file.is_file())
    assert sizes["dataset:made-1"] > 700


def test_checkpoints_of_a_finished_run_go_and_its_model_stays(project: Project) -> None:
    run = trained(project)
    run.model_folder.mkdir()
    (run.model_folder / "model.safetensors").write_bytes(b"weights")
    assert "trained further" in piece(project, "checkpoints:001-train").lost
    assert free_space(project, {"checkpoints:001-train"}) == 5000
    assert not run.checkpoints.exists()
    assert (run.model_folder / "model.safetensors").read_bytes() == b"weights"
    assert run.evaluation() is not None and summarise(run).standing is RunStatus.FINISHED


def test_of_a_run_that_is_on_nothing_can_go(project: Project) -> None:
    run = is_on(trained(project))
    for kind in ("run", "checkpoints", "tensorboard"):
        with pytest.raises(BadInput, match="is on"):
            free_space(project, {f"{kind}:{run.id}"})
    with pytest.raises(BadInput, match="is on"):
        free_space(project, {"dataset:made-1"})
    assert run.checkpoints.is_dir() and project.dataset("made-1")


def test_a_run_taken_up_in_the_same_moment_keeps_everything(project: Project) -> None:
    run = trained(project)
    lock = ProjectLock(run.folder / ".lock")
    assert lock.acquire()
    try:
        with pytest.raises(RunProblem, match="is on"):
            free_space(project, {f"run:{run.id}"})
    finally:
        lock.release()
    assert run.checkpoints.is_dir()


PLANS_THAT_NEED_A_RUN = {
    "its compression": lambda run, id: CompressPlan(run=id),
    "its predictions": lambda run, id: PredictPlan(run=id, file="/rows.csv"),
    "a training from its model": lambda run, id: TrainPlan(dataset="made-1", model=f"run:{id}"),
    "a training from its model's folder": lambda run, id: TrainPlan(dataset="made-1", model=str(run.model_folder)),
}


@pytest.mark.parametrize("plan", PLANS_THAT_NEED_A_RUN.values(), ids=PLANS_THAT_NEED_A_RUN)
def test_a_run_that_another_names_goes_only_together_with_it(project: Project, plan: object) -> None:
    run = trained(project)
    other = made_run(project, plan(run, run.id))  # type: ignore[operator]
    with refused(BadInput, "needed by", ids=(other.id,)):
        free_space(project, {f"run:{run.id}"})
    assert run.folder.is_dir()
    free_space(project, {f"run:{run.id}", f"run:{other.id}"})
    assert project.runs() == []


@pytest.mark.parametrize("kind", ["ablation", "continuation", "cross_validation"])
def test_a_run_that_others_of_its_study_follow_on_goes_only_together_with_them(project: Project, kind: str) -> None:
    run = trained(project)
    other = trained(project)
    study = Study(id=f"001-{kind}", kind=kind, plan=run.plan(), runs=(run.id, other.id))
    write_study(project.folder, study)
    with refused(BadInput, "needed by", ids=(other.id,)):
        free_space(project, {f"run:{run.id}"})
    free_space(project, {f"run:{other.id}"})
    assert [one.runs for one in project.studies()] == [(run.id,)], "its number may be given to another run"
    free_space(project, {f"run:{run.id}"})
    assert project.runs() == [] and project.studies() == []


def test_checkpoints_stay_for_a_run_that_goes_on_from_them_until_it_has_finished(project: Project) -> None:
    run = trained(project)
    later = stands(trained(project, model=f"run:{run.id}"), status="failed")
    with refused(BadInput, "needed by", ids=(later.id,)):
        free_space(project, {f"checkpoints:{run.id}"})
    stands(later, status="finished")
    assert free_space(project, {f"checkpoints:{run.id}"}) == 5000


def test_what_a_failed_run_learned_is_said_to_be_lost(project: Project) -> None:
    run = stands(trained(project), status="failed")
    found = piece(project, f"checkpoints:{run.id}")
    assert "is lost" in found.lost and not found.finished
    free_space(project, {found.key})
    assert not run.checkpoints.exists()


def test_a_dataset_goes_when_no_run_names_it_and_its_caches_at_any_time(project: Project) -> None:
    run = trained(project)
    folder = project.dataset_folder("made-1")
    folder.variants_folder.mkdir()
    (folder.variants_folder / "a.parquet").write_bytes(b"v" * 10)
    with refused(BadInput, "needed by", ids=("001-train",)):
        free_space(project, {"dataset:made-1"})
    assert free_space(project, {"caches:made-1"}) == 10
    assert folder.table_file.exists() and not folder.variants_folder.exists()
    free_space(project, {"dataset:made-1", f"run:{run.id}"})
    assert project.datasets() == [] and not folder.folder.exists()


def test_of_a_run_that_lies_elsewhere_only_the_link_goes(project: Project, tmp_path: Path) -> None:
    run = trained(project)
    elsewhere = run.folder.rename(tmp_path / "on another disk")
    run.folder.symlink_to(elsewhere)
    assert piece(project, "run:001-train").bytes == 0
    assert [other.kind for other in disk_pieces(project) if other.owner == run.id] == ["run"]
    assert free_space(project, {"run:001-train"}) == 0
    assert not run.folder.is_symlink()
    assert (elsewhere / "checkpoints/step-000010/file").is_file()


def test_a_whole_and_its_parts_are_counted_once_and_removed_together(project: Project) -> None:
    run = trained(project)
    pieces = disk_pieces(project)
    keys = {f"run:{run.id}", f"checkpoints:{run.id}", f"tensorboard:{run.id}"}
    assert freed(pieces, keys) == piece(project, f"run:{run.id}").bytes
    free_space(project, keys)
    assert not run.folder.exists()


def test_the_question_has_bytes_and_what_is_lost(project: Project) -> None:
    trained(project)
    question, hint = removal_question(disk_pieces(project), {"checkpoints:001-train"})
    assert names(question, size="5.0 kB", owner="001-train") and "checkpoints" in question
    assert "undone" in hint and "trained further" in hint


def test_what_is_not_there_is_said(project: Project) -> None:
    with pytest.raises(BadInput, match="no checkpoints 009-train"):
        free_space(project, {"checkpoints:009-train"})
    assert objection(disk_pieces(project), set()) == ""


def test_a_project_that_another_window_holds_is_left_alone(project: Project, tmp_path: Path) -> None:
    trained(project)
    holder = Project.open(project.folder, lock=True)
    try:
        with pytest.raises(ProjectProblem, match="open elsewhere"):
            free_space(Project.open(project.folder, lock=True), {"checkpoints:001-train"})
    finally:
        holder.close()


def test_a_project_that_is_reached_by_a_link_still_knows_what_needs_what(project: Project, tmp_path: Path) -> None:
    first = trained(project)
    waiting = project.new_run(TrainPlan(dataset="made-1", model=str(first.folder)))
    (tmp_path / "link").symlink_to(project.folder)

    assert waiting.id in piece(Project.open(tmp_path / "link"), "run:001-train").needed_by


def test_what_a_queued_run_of_another_project_begins_from_stays(project: Project, tmp_path: Path) -> None:
    first = trained(project)
    other = Project.create(tmp_path / "other", domain="molecule")
    waiting = other.new_run(TrainPlan(dataset="d", model=str(first.folder)))
    queue.pause()
    queue.add(waiting)

    assert "other needs" in piece(project, "run:001-train").kept_because
    with pytest.raises(BadInput):
        free_space(project, {"run:001-train"})
