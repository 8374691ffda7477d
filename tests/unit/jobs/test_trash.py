"""Deleted runs and datasets lie in the project's trash for 30 days, and come back as they were."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from sciapp.errors import BadInput, NotFound, ProjectProblem, RunProblem
from sciapp.jobs import trash
from sciapp.jobs.clean_up import disk_pieces, free_space
from sciapp.jobs.machine.liveness import this_process
from sciapp.jobs.runs.summary import summarise
from sciapp.records.lock import ProjectLock
from sciapp.records.plan.plan import CompressPlan, TrainPlan
from sciapp.records.project.deletions import RECORD, deletions_in, trash_folder
from sciapp.records.project.items import Item
from sciapp.records.project.project import Project
from sciapp.records.project.study import Study, write_study
from tests.helpers.made_projects import made_dataset, made_project, made_run
from tests.helpers.messages import refused

DATASET = Item(kind="dataset", id="made-1")


def run(number: int, kind: str = "train") -> Item:
    return Item(kind="run", id=f"{number:03d}-{kind}")


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A dataset, two trainings, a compression of the second."""
    made = made_project(tmp_path / "p")
    made.close()
    made_dataset(made)
    made_run(made, TrainPlan(dataset="made-1"))
    made_run(made, TrainPlan(dataset="made-1"))
    made_run(made, CompressPlan(run="002-train"))
    return made


def content(project: Project) -> dict[str, bytes]:
    files = [file for file in project.folder.rglob("*") if file.is_file() and file.name != ".lock"]
    return {file.relative_to(project.folder).as_posix(): file.read_bytes() for file in files}


def ids(project: Project) -> list[str]:
    return [run.id for run in project.runs()]


def test_what_was_deleted_comes_back_byte_by_byte(project: Project) -> None:
    before = content(project)
    deletion = trash.delete(project, [DATASET], dependents=True)
    assert {item.id for item in deletion.items} == {"made-1", "001-train", "002-train", "003-compress"}
    assert project.runs() == [] and project.datasets() == []
    trash.restore(project, deletion.id)
    assert content(project) == before
    assert deletions_in(project.folder) == []


def test_what_depends_on_it_is_named_first_and_goes_only_together(project: Project) -> None:
    plan = trash.plan_deletion(project, [run(2)])
    assert [item.id for item in plan.items] == ["002-train"]
    assert [item.id for item in plan.dependents] == ["003-compress"]
    before = content(project)
    with refused(BadInput, names=("003-compress",)):
        trash.delete(project, [run(2)], dependents=False)
    assert content(project) == before
    trash.delete(project, [run(2)], dependents=True)
    assert ids(project) == ["001-train"]


def test_runs_that_hang_on_each_other_through_a_third_go_together(project: Project) -> None:
    made_run(project, CompressPlan(run="003-compress"))
    plan = trash.plan_deletion(project, [run(2)])
    assert [item.id for item in plan.dependents] == ["003-compress", "004-compress"]


def test_a_run_that_is_on_is_not_deleted_nor_what_it_reads(project: Project) -> None:
    pid, moment, host = this_process()
    live = project.run("1")
    state = {"status": "running", "pid": pid, "process_started": moment, "host": host}
    live.write_state(live.state().model_copy(update=state))
    for item in (run(1), DATASET):
        assert trash.plan_deletion(project, [item]).refused
        with pytest.raises(BadInput):
            trash.delete(project, [item], dependents=True)
    assert not trash.plan_deletion(project, [run(2)]).refused
    assert not trash_folder(project.folder).exists()


def test_a_run_that_waits_for_its_turn_is_not_deleted(project: Project) -> None:
    waiting = project.new_run(TrainPlan(dataset="made-1"))
    assert trash.plan_deletion(project, [Item(kind="run", id=waiting.id)]).refused


def test_a_run_that_a_process_took_up_meanwhile_stays(project: Project) -> None:
    lock = ProjectLock(project.run("2").lock_file)
    assert lock.acquire()
    try:
        with refused(RunProblem, run="002-train"):
            trash.delete(project, [run(2)], dependents=True)
    finally:
        lock.release()
    assert len(project.runs()) == 3


@pytest.mark.parametrize("order", [(2, 3), (3, 2)])
def test_studies_come_back_whole_in_whatever_order(project: Project, order: tuple[int, int]) -> None:
    third = made_run(project, TrainPlan(dataset="made-1"))
    members = ("001-train", "002-train", third.id)
    study = Study(id="001-hand_made", kind="cross_validation", plan=third.plan(), runs=members)
    write_study(project.folder, study)
    free_space(project, {"run:003-compress"})
    last = trash.delete(project, [Item(kind="run", id=third.id)], dependents=False)
    middle = trash.delete(project, [run(2)], dependents=False)
    assert [one.runs for one in project.studies()] == [("001-train",)]
    for deletion in (middle, last) if order[0] == 2 else (last, middle):
        trash.restore(project, deletion.id)
    assert project.studies() == [study]


def test_a_study_of_which_nothing_was_left_comes_back(project: Project) -> None:
    study = Study(id="001-ablation", kind="ablation", plan=project.run("1").plan(), runs=("001-train", "002-train"))
    write_study(project.folder, study)
    deletion = trash.delete(project, [run(1)], dependents=True)
    assert project.studies() == [] and ids(project) == []
    trash.restore(project, deletion.id)
    assert project.studies() == [study]


def test_numbers_and_ids_in_the_trash_are_not_given_again(project: Project) -> None:
    trash.delete(project, [DATASET], dependents=True)
    assert project.new_run(TrainPlan(dataset="x")).id == "004-train"
    assert project.new_dataset_id("made.csv") == "made-2"
    trash.empty(project)
    assert project.new_dataset_id("made.csv") == "made-1"


def test_nothing_is_restored_over_something_else(project: Project) -> None:
    deletion = trash.delete(project, [run(1)], dependents=False)
    (project.runs_folder / "001-train").mkdir()
    with refused(ProjectProblem, id="001-train"):
        trash.restore(project, deletion.id)
    assert [item.id for one in deletions_in(project.folder) for item in one.items] == ["001-train"]


def test_what_cannot_be_moved_leaves_everything_as_it_was(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    before, rename = content(project), Path.rename

    def refuses(source: Path, target: Path) -> Path:
        if source.name == "002-train" and "trash" in target.parts:
            raise PermissionError(13, "in use", str(source))
        return rename(source, target)

    monkeypatch.setattr(Path, "rename", refuses)
    with refused(ProjectProblem, id="002-train", reason="in use"):
        trash.delete(project, [run(2)], dependents=True)
    left = {name: text for name, text in content(project).items() if not name.endswith(RECORD)}
    assert left == before
    assert deletions_in(project.folder) == []


def test_a_deletion_is_found_by_what_is_in_it(project: Project) -> None:
    deletion = trash.delete(project, [run(1)], dependents=False)
    for name in (deletion.id, "001-train", "1"):
        assert trash.deletion_named(project, name).id == deletion.id
    with refused(NotFound, id="009-train"):
        trash.deletion_named(project, "009-train")


def test_without_its_record_a_deletion_can_still_be_restored(project: Project) -> None:
    deletion = trash.delete(project, [run(1)], dependents=False)
    (deletion.folder(project.folder) / RECORD).write_text("{")
    trash.restore(project, "001-train")
    assert "001-train" in ids(project)


def test_after_thirty_days_it_is_gone_for_good_and_not_before(project: Project) -> None:
    now = datetime.now(UTC)
    trash.delete(project, [run(1)], dependents=False, now=now - timedelta(days=31))
    trash.delete(project, [run(2)], dependents=True, now=now - timedelta(days=29))
    removed = trash.empty_expired(project, now=now)
    assert [item.id for deletion in removed for item in deletion.items] == ["001-train"]
    left = {item.id for deletion in deletions_in(project.folder) for item in deletion.items}
    assert left == {"002-train", "003-compress"}
    assert trash.empty_expired(project, now=now) == []


def test_the_trash_is_counted_and_can_be_cleaned_up(project: Project) -> None:
    used = project.disk_use()
    deletion = trash.delete(project, [run(1)], dependents=False)
    assert project.disk_use() >= used
    piece = next(piece for piece in disk_pieces(project) if piece.kind == "trash")
    assert piece.owner == deletion.id and piece.bytes > 1000 and piece.may_go_alone
    assert free_space(project, {piece.key}) == piece.bytes
    assert deletions_in(project.folder) == [] and project.disk_use() < used


def test_a_damaged_dataset_can_be_deleted_and_restored(project: Project) -> None:
    trash.delete(project, [run(1), run(2)], dependents=True)
    project.dataset_folder("made-1").card_file.write_text("{")
    deletion = trash.delete(project, [DATASET], dependents=False)
    assert project.damaged_datasets() == []
    trash.restore(project, deletion.id)
    assert [damage.id for damage in project.damaged_datasets()] == ["made-1"]


def test_a_copy_of_the_project_leaves_the_trash_behind(project: Project, tmp_path: Path) -> None:
    trash.delete(project, [run(1)], dependents=False)
    copy = Project.open(project.save_as(tmp_path / "copy"))
    assert not trash_folder(copy.folder).exists() and ids(copy) == ["002-train", "003-compress"]


def test_a_project_that_another_window_holds_is_left_alone(project: Project) -> None:
    holder = Project.open(project.folder, lock=True)
    try:
        reader = Project.open(project.folder, lock=True)
        with pytest.raises(ProjectProblem):
            trash.delete(reader, [run(1)], dependents=False)
        assert trash.empty_expired(reader) == []
    finally:
        holder.close()
    assert summarise(project.run("1")).standing.is_over
