"""Where results are written to: over no file that was imported or predicted, and into no project's own folders."""

from collections.abc import Callable
from pathlib import Path

import pytest

from sciapp.actions.dataset_views import changes_between, export_changes, export_rejected, export_split
from sciapp.cli.main import main
from sciapp.errors import BadInput, SciAppError
from sciapp.records.atomic import new_file
from sciapp.records.dataset.card import DatasetFolder
from sciapp.records.plan.plan import TrainPlan
from sciapp.records.project.outputs import check_not_protected, check_out
from sciapp.records.project.project import Project
from tests.helpers.messages import refused


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """With two datasets of `t.csv` and a run that has done nothing."""
    made = Project.create(tmp_path / "p", domain="text")
    table = tmp_path / "t.csv"
    table.write_text("text,y\n" + "".join(f"word {i} of {i * 3},{i / 7:.3f}\n" for i in range(40)), encoding="utf-8")
    for _ in range(2):
        assert main(["import", str(made.folder), str(table), "--input", "text", "--target", "y"]) == 0
    made.new_run(TrainPlan(dataset="t-1"))
    return made


def places(project: Project) -> dict[Path, str]:
    """Where nothing may be written, and what is said of it."""
    own = project.folder
    (own.parent / "link.csv").symlink_to(own / "datasets/t-1/card.json")
    (own.parent / "circle").mkdir()
    (own.parent / "circle" / "back").symlink_to(own / "runs")
    return {
        own.parent / "t.csv": "“t.csv” is what dataset “t-1” was imported from; it would be overwritten.",
        own / ".." / "t.csv": "“t.csv” is what dataset “t-1” was imported from",
        project.file: "“p.sciproj” is a project file; it would be overwritten.",
        own / "datasets/t-1/table.parquet": "is inside the project’s folder “datasets”, which only SciApp writes to.",
        own / "datasets/new.csv": "is inside the project’s folder “datasets”",
        own / "runs/001-train/plan.json": "is inside the project’s folder “runs”",
        own.parent / "link.csv": "is inside the project’s folder “datasets”",
        own.parent / "circle/back/new.csv": "is inside the project’s folder “runs”",
        own: "is a folder.",
    }


def content(folder: Path) -> dict[Path, bytes]:
    return {file: file.read_bytes() for file in folder.rglob("*") if file.is_file()}


@pytest.mark.parametrize(
    "words",
    [
        ("split", "export", "PROJECT"),
        ("report", "PROJECT", "001-train"),
        ("diff", "PROJECT", "t-1", "t-2"),
        ("predict", "PROJECT", "001-train", "FILE"),
    ],
)
def test_commands_overwrite_nothing_that_is_needed(
    project: Project, capsys: pytest.CaptureFixture[str], words: tuple[str, ...]
) -> None:
    told = places(project)
    before = content(project.folder.parent)
    other = project.folder.parent / "other.csv"
    other.write_text("text\nword\n", encoding="utf-8")
    for place, said in told.items():
        given = {"PROJECT": str(project.folder), "FILE": str(other)}
        assert main([*(given.get(word, word) for word in words), "--out", str(place)]) == 1
        assert said in capsys.readouterr().err
    other.unlink()
    assert content(project.folder.parent) == before


def test_the_window_s_exports_overwrite_nothing_that_is_needed(project: Project) -> None:
    folder = project.dataset_folder("t-1")
    sets = [(card, project.dataset_folder(card.id)) for card in project.datasets()]
    _, changed = changes_between(*sets)
    exports: list[Callable[[Path], Path]] = [
        lambda out: export_split(folder=folder, out=out).file,
        lambda out: export_rejected(path=folder.rejected_file, out=out),
        lambda out: export_changes(table=changed.table, folder=folder, out=out),
    ]
    told = places(project)
    before = content(project.folder.parent)
    for export in exports:
        for place, said in told.items():
            with pytest.raises(SciAppError) as raised:
                export(place)
            assert said in str(raised.value)
    assert content(project.folder.parent) == before
    for export in exports:
        assert export(project.folder / "reports" / "x.csv").exists()


def test_another_project_is_left_alone_too(project: Project, tmp_path: Path) -> None:
    other = Project.create(tmp_path / "q", domain="text")
    for place in (other.file, other.datasets_folder / "x.csv"):
        with pytest.raises(BadInput):
            check_out(place, project.folder)
    (tmp_path / "runs").mkdir()  # a folder of that name that is no project's
    check_out(tmp_path / "runs" / "x.csv", project.folder)


def test_files_in_a_folder_that_was_imported_stay(project: Project, tmp_path: Path) -> None:
    texts = tmp_path / "texts"
    for name in ("good", "bad"):
        (texts / name).mkdir(parents=True)
        for i in range(10):
            (texts / name / f"{i}.txt").write_text(f"{name} word {i}", encoding="utf-8")
    assert main(["import", str(project.folder), str(texts)]) == 0
    with refused(BadInput, file="3.txt", card="texts-1"):
        check_out(texts / "good" / "3.txt", project.folder)
    check_out(texts / "split.csv", project.folder)


def test_the_file_to_predict_is_not_written_over(tmp_path: Path) -> None:
    file = tmp_path / "rows.csv"
    file.write_text("smiles\nCCO\n", encoding="utf-8")
    for out in (file, tmp_path / "." / "rows.csv", tmp_path, tmp_path / "absent" / "out.csv", file / "out.csv"):
        with pytest.raises(BadInput):
            check_out(out, tmp_path, predicted=file)
    check_out(tmp_path / "out.csv", tmp_path, predicted=file)
    check_not_protected(tmp_path / "absent" / "out.html", tmp_path)  # for those who make the folder


def test_links_in_a_circle_are_no_obstacle(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to(tmp_path / "b")
    (tmp_path / "b").symlink_to(tmp_path / "a")
    check_out(tmp_path / "a", tmp_path)
    assert DatasetFolder(tmp_path / "datasets" / "x").project_folder == tmp_path


def test_a_file_that_was_there_stays_when_writing_fails(tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    out.write_text("before", encoding="utf-8")
    with pytest.raises(RuntimeError), new_file(out) as file:
        file.write("half")
        raise RuntimeError
    assert out.read_text(encoding="utf-8") == "before"
    assert [entry.name for entry in tmp_path.iterdir()] == ["out.csv"]
