"""Cards of recent projects and samples: what is read of a project that nobody has opened."""

import json
from pathlib import Path

import pytest

from sciapp import settings
from sciapp.actions.projects import sample_request
from sciapp.actions.recent_projects import (
    forget_recent,
    look_at_project,
    pictures_of,
    sample_choices,
    sample_rows,
)
from sciapp.engine.domains.registry import domain_named
from sciapp.errors import NotFound
from sciapp.records.plan.plan import TrainPlan
from sciapp.records.project.project import Project
from sciapp.records.run.run import Run
from tests.helpers.made_projects import evaluation, made_dataset, made_project, made_run


@pytest.fixture
def project(tmp_path: Path) -> Project:
    made = made_project(tmp_path / "Solubility")
    made.close()
    return made


def judged(run: Run, *, beats: bool) -> Run:
    run.write_evaluation(evaluation(value=0.6).model_copy(update={"beats_simple_baseline": beats}))
    return run


def test_a_project_is_summed_up_by_its_newest_dataset_and_its_best_training(project: Project) -> None:
    assert look_at_project(file=project.file).standing == "empty"
    made_dataset(project)
    seen = look_at_project(file=project.file)
    assert (seen.standing, seen.rows, seen.runs, seen.best) == ("untrained", 2500, 0, None)
    assert seen.inputs[:2] == ("C0", "C1") and len(seen.inputs) == 6
    judged(made_run(project, TrainPlan(dataset="made-1"), value=0.6), beats=True)
    made_run(project, TrainPlan(dataset="made-1", model="other"), value=0.7)
    seen = look_at_project(file=project.file)
    assert (seen.standing, seen.runs, seen.best.id) == ("useful", 2, "001-train")
    judged(project.run("001-train"), beats=False)
    assert look_at_project(file=project.file).standing == "unproven"


def test_looking_changes_nothing_on_disk(project: Project) -> None:
    record = json.loads(project.file.read_text(encoding="utf-8"))
    older = {name: value for name, value in record.items() if name != "domain"} | {
        "schema_version": 1, "modality": "molecule",
    }  # fmt: skip
    project.file.write_text(json.dumps(older), encoding="utf-8")
    before = {path: path.stat().st_mtime_ns for path in project.folder.rglob("*")}
    assert look_at_project(file=project.file).domain == "molecule"
    assert {path: path.stat().st_mtime_ns for path in project.folder.rglob("*")} == before


def test_a_project_that_is_gone_or_damaged_says_so(project: Project) -> None:
    gone = look_at_project(file=project.folder / "gone.sciproj")
    assert (gone.standing, gone.name) == ("missing", "gone") and gone.problem
    project.file.write_bytes(b"\x00\xff")
    damaged = look_at_project(file=project.file)
    assert damaged.standing == "damaged" and damaged.problem and damaged.hint


def test_inputs_that_can_be_drawn_come_with_pictures(project: Project, tmp_path: Path) -> None:
    made_dataset(project)
    seen = pictures_of(project=look_at_project(file=project.file))
    assert seen.pictures == () and not seen.letters  # C0 … is no molecule
    empty = pictures_of(project=look_at_project(file=tmp_path / "gone.sciproj"))
    assert empty.pictures == ()


def test_a_project_is_taken_off_the_list_and_the_others_stay(tmp_path: Path) -> None:
    files = tuple(str(tmp_path / name) for name in ("a.sciproj", "b.sciproj"))
    settings.save(settings.Settings(recent_projects=files))
    assert forget_recent(file=Path(files[0])) == (files[1],)
    assert settings.load().recent_projects == (files[1],)


def test_every_sample_has_a_question_rows_and_an_import_that_reads_it() -> None:
    samples = sample_choices()
    counts = sample_rows(samples=samples)
    assert counts["molecule"] == 1128 and counts["text"] == 916
    assert {"molecule", "protein", "nucleotide", "text", "series", "material"} <= set(counts)
    for sample in samples:
        assert sample.question and sample.icon
        request = sample_request(sample.domain)
        assert Path(request.file) == sample.file
        assert request.split.method == "random" or request.split.method in {
            "column",
            *domain_named(sample.domain).splits,
        }
    with pytest.raises(NotFound):
        sample_request("stone")
