"""Names, notes and tags of runs and datasets lie beside them; plans, events and cards stay as they were."""

from pathlib import Path

import pytest

from sciapp.actions.items import annotate, item_of, rename, tag
from sciapp.errors import BadInput, NotFound, ProjectProblem
from sciapp.jobs.runs.summary import summarise
from sciapp.records.annotation import EMPTY, FILE_NAME, LONGEST_NAME, MOST_TAGS, read_annotation
from sciapp.records.plan.plan import TrainPlan
from sciapp.records.project.items import Item
from sciapp.records.project.project import Project
from sciapp.records.project_paths import OutsideProject
from sciapp.records.run.run import usual_name
from tests.helpers.made_projects import made_dataset, made_project, made_run
from tests.helpers.messages import names, refused

RUN, DATASET = Item(kind="run", id="001-train"), Item(kind="dataset", id="made-1")


@pytest.fixture
def project(tmp_path: Path) -> Project:
    made = made_project(tmp_path / "p")
    made.close()
    made_dataset(made)
    made_run(made, TrainPlan(dataset="made-1"))
    return made


def frozen_files(project: Project) -> dict[Path, bytes]:
    files = [file for item in (RUN, DATASET) for file in item.folder(project).rglob("*") if file.is_file()]
    return {file: file.read_bytes() for file in files if file.name != FILE_NAME}


def test_name_notes_and_tags_are_kept_and_nothing_else_changes(project: Project) -> None:
    before = frozen_files(project)
    for item in (RUN, DATASET):
        rename(project=project, item=item, name="  Best\nso far ")
        annotate(project=project, item=item, notes="25 °C\nshake flask\n")
        tag(project=project, item=item, add=["paper", "Paper", "to repeat"])
    summary, card = summarise(project.run("1")), project.dataset("made-1")
    for shown in (summary, card):
        assert (shown.name, shown.notes, shown.tags) == ("Best so far", "25 °C\nshake flask", ("paper", "to repeat"))
    assert project.run("1").title == summary.display_name == "Best so far"
    assert (project.run("1").id, card.id) == ("001-train", "made-1")
    assert frozen_files(project) == before


def test_without_a_name_a_run_has_its_number_and_a_dataset_what_it_was_imported_as(project: Project) -> None:
    assert names(project.run("1").title, number=1)
    assert usual_name("my run") == "my run"
    rename(project=project, item=DATASET, name="Solubility")
    assert project.dataset("made-1").name == "Solubility"
    rename(project=project, item=DATASET, name=" ")
    assert project.dataset("made-1").name == "made-1"


def test_tags_are_removed_whatever_their_case(project: Project) -> None:
    tag(project=project, item=RUN, add=["Paper", "old"])
    assert tag(project=project, item=RUN, add=["new"], remove=["paper"]).tags == ("old", "new")


@pytest.mark.parametrize("wrong", ["", " , ", "x" * 41])
def test_what_cannot_be_a_tag_is_refused(project: Project, wrong: str) -> None:
    with refused(BadInput, tag=wrong[:40]):
        tag(project=project, item=RUN, add=[wrong])
    assert not (RUN.folder(project) / FILE_NAME).exists()


def test_what_is_too_much_is_refused(project: Project) -> None:
    with refused(BadInput, length=LONGEST_NAME + 1):
        rename(project=project, item=RUN, name="x" * (LONGEST_NAME + 1))
    with refused(BadInput, count=MOST_TAGS + 1):
        tag(project=project, item=RUN, add=map(str, range(MOST_TAGS + 1)))


@pytest.mark.parametrize("content", [b"", b"{", b'{"name": 3}', b'{"tags": ["a, b", ""]}', b"\xff\xfe"])
def test_a_damaged_annotation_is_none(project: Project, content: bytes) -> None:
    (RUN.folder(project) / FILE_NAME).write_bytes(content)
    assert read_annotation(RUN.folder(project)) == EMPTY
    assert rename(project=project, item=RUN, name="Again").name == "Again"


def test_letters_that_turn_the_direction_of_text_are_left_out(project: Project) -> None:
    assert rename(project=project, item=RUN, name="a\u202eb\x1b[31mc").name == "a b [31mc"


def test_a_link_is_neither_read_nor_written(project: Project, tmp_path: Path) -> None:
    (tmp_path / "elsewhere.json").write_text('{"name": "theirs"}')
    (RUN.folder(project) / FILE_NAME).symlink_to(tmp_path / "elsewhere.json")
    assert read_annotation(RUN.folder(project)) == EMPTY
    with pytest.raises(OutsideProject):
        rename(project=project, item=RUN, name="mine")
    assert "theirs" in (tmp_path / "elsewhere.json").read_text()


def test_a_project_that_another_window_holds_is_only_read(project: Project) -> None:
    holder = Project.open(project.folder, lock=True)
    try:
        with pytest.raises(ProjectProblem):
            rename(project=Project.open(project.folder, lock=True), item=RUN, name="mine")
    finally:
        holder.close()


def test_runs_and_datasets_are_called_by_id_and_runs_by_number(project: Project) -> None:
    assert item_of(project=project, name="1") == item_of(project=project, name="001-train") == RUN
    assert item_of(project=project, name="made-1") == DATASET
    with refused(NotFound, id="made-2"):
        item_of(project=project, name="made-2")


def test_a_copy_of_the_project_has_the_names_too(project: Project, tmp_path: Path) -> None:
    rename(project=project, item=RUN, name="Best")
    copy = Project.open(project.save_as(tmp_path / "copy"))
    assert copy.run("1").title == "Best"
    assert [run.id for run in copy.runs()] == ["001-train"]
