"""A training that begins from a run of another project: what is taken over, told, and refused."""

import shutil
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from sciapp.actions.models import models_of_project
from sciapp.cli.main import main
from sciapp.engine.data.dataset.table import read_inputs
from sciapp.engine.data.ingest.import_table import import_table
from sciapp.engine.hub.catalog import describe, resolve
from sciapp.engine.training.setup import fine_tuning
from sciapp.engine.training.setup.contamination import must_not_know
from sciapp.errors import BadInput, NotFound
from sciapp.jobs.launch import launcher
from sciapp.records.dataset.card import DatasetCard, ImportRequest, Roles, SplitPlan
from sciapp.records.model.reference import model_words
from sciapp.records.plan.plan import PretrainPlan, TrainPlan
from sciapp.records.project.project import Project
from sciapp.records.run.events import Noted
from sciapp.records.run.run import Run, RunStatus
from tests.helpers.printed import says
from tests.helpers.runs import wait_until_over
from tests.helpers.tiny import tiny_model, tiny_plan, tiny_project

QUERY = "encoder.layer.1.attention.self.query.weight"


class Made:
    """Project “first” with a finished training, joined with descriptors."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.project, self.card = tiny_project(folder / "first", rows=80)
        self.model = tiny_model(folder / "model")
        self.run = self.project.new_run(tiny_plan(self.card, self.model, descriptors="on", num_train_epochs=2))
        launcher.start(self.run)
        assert wait_until_over(self.run) is RunStatus.FINISHED, self.run.log_file.read_text()
        # So short a training may keep the encoder as it began; this tells it apart in any case.
        weights = self.run.model_folder / "model.safetensors"
        tensors = load_file(weights)
        save_file(tensors | {QUERY: tensors[QUERY] + 0.25}, weights, metadata={"format": "pt"})

    def other(self, name: str, rows: list[str], *, split: SplitPlan | None = None) -> tuple[Project, DatasetCard]:
        """A project with these sequences; the value of each is its length."""
        project = Project.create(self.folder / name, domain="protein")
        table = self.folder / f"{name}.csv"
        table.write_text("s,y\n" + "".join(f"{row},{len(row)}\n" for row in rows))
        request = ImportRequest(
            file=str(table),
            roles=Roles(input="s", targets=("y",)),
            task="regression",
            split=split or SplitPlan(method="random", fractions=(0.6, 0.2, 0.2)),
        )
        return project, import_table(project, request)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    return Made(tmp_path_factory.mktemp("warm"))


def known_rows(made: Made, *splits: str) -> list[str]:
    return read_inputs(made.project.dataset_folder(made.card.id), *splits)


def fresh_rows(count: int) -> list[str]:
    return ["MK" + "ACDEFGHIKL"[i % 10] * (3 + i // 10) + "VLSP"[i % 4] for i in range(count)]


def asked(project: Project, card: DatasetCard, model: Path) -> tuple[str, ...]:
    plan = TrainPlan(dataset=card.id, model=str(model))
    return must_not_know(project.new_run(plan), plan, read_inputs(project.dataset_folder(card.id), "test"))


def test_the_encoder_of_a_run_of_another_project_is_taken_over(made: Made, capsys: pytest.CaptureFixture[str]) -> None:
    project, _ = made.other("second", fresh_rows(60))
    settings = ["learning_rate=1e-8", "num_train_epochs=1", "threads=1", "descriptors=off", "weight_decay=0"]
    more = [word for setting in settings for word in ("--set", setting)]
    assert main(["train", str(project.folder), "--model", str(made.run.folder), *more]) == 0, capsys.readouterr().err
    run = project.runs()[-1]
    plan = run.plan()
    assert isinstance(plan, TrainPlan) and plan.model == str(made.run.folder)
    learned, taken = (load_file(one.model_folder / "model.safetensors") for one in (made.run, run))
    torch.testing.assert_close(taken[f"roberta.{QUERY}"], learned[QUERY], atol=1e-5, rtol=0)
    begun = load_file(made.model / "model.safetensors")[QUERY]
    assert not torch.allclose(begun, learned[QUERY], atol=0.1)
    assert f"run {made.run.id} of first" in (run.model_folder / "README.md").read_text()


def test_a_run_is_named_by_its_folder_or_its_model_folder(made: Made) -> None:
    for path in (made.run.folder, made.run.model_folder):
        assert resolve(str(path)).folder == made.run.model_folder
        assert describe(str(path)).display_name == model_words(str(path)) == f"run {made.run.id} of first"
    waiting = made.project.new_run(TrainPlan(dataset=made.card.id))
    with pytest.raises(BadInput) as refused:
        resolve(str(waiting.folder))
    assert refused.value.message.values == {"run": waiting.id}


@pytest.mark.parametrize("part", ["", "model"])
def test_test_rows_that_a_run_of_another_project_was_trained_on_are_refused(made: Made, part: str) -> None:
    rows = known_rows(made, "train", "validation")
    project, card = made.other(f"leaking{part}", rows + fresh_rows(20))
    with pytest.raises(BadInput) as refused:
        asked(project, card, made.run.folder / part)
    values = refused.value.message.values
    assert values["named"].values == {"id": made.run.id, "project": "first"}
    tested = set(read_inputs(project.dataset_folder(card.id), "test"))
    assert (values["known"], values["asked"]) == (len(tested & set(rows)), len(tested))


def test_a_run_of_the_other_project_in_between_hides_nothing(made: Made) -> None:
    between = made.project.new_run(PretrainPlan(dataset=made.card.id, model=f"run:{made.run.id}"))
    project, card = made.other("between", known_rows(made, "train", "validation"))
    with pytest.raises(BadInput) as refused:
        asked(project, card, between.folder)
    assert refused.value.message.values["named"].values == {"id": made.run.id, "project": "first"}


def test_rows_that_it_never_saw_are_no_harm(made: Made) -> None:
    project, card = made.other("clean", fresh_rows(50))
    assert asked(project, card, made.run.folder) == ()


def test_a_copy_of_a_project_has_the_same_split_and_may_begin_from_the_original(made: Made) -> None:
    copy = Project.open(made.project.save_as(made.folder / "copied"))
    assert asked(copy, copy.dataset(made.card.id), made.run.folder) == ()


def test_a_run_whose_rows_are_gone_is_told(made: Made, tmp_path: Path) -> None:
    copy = Project.open(made.project.save_as(tmp_path / "emptied"))
    shutil.rmtree(copy.datasets_folder)
    project, card = made.other("told", fresh_rows(40))
    (said,) = asked(project, card, copy.run(made.run.id).folder)
    assert says(said, must_not_know, error=...)


def test_a_tokenizer_of_another_domain_is_told(made: Made) -> None:
    project = Project.create(made.folder / "molecules", domain="molecule")
    table = made.folder / "molecules.csv"
    table.write_text("smiles,y\n" + "".join(f"{'C' * (i % 20 + 1)}(=O)N{'C' * (i // 20)},{i}\n" for i in range(60)))
    request = ImportRequest(
        file=str(table),
        roles=Roles(input="smiles", targets=("y",)),
        task="regression",
        split=SplitPlan(method="random"),
    )
    card = import_table(project, request)
    run = project.new_run(tiny_plan(card, made.run.folder, num_train_epochs=1))
    launcher.start(run)
    assert wait_until_over(run) is RunStatus.FINISHED, run.log_file.read_text()
    warned = [event.message for event in run.events() if isinstance(event, Noted) and event.level == "warning"]
    assert any(says(message, fine_tuning, count_with=..., rows=...) for message in warned)


def test_the_finished_runs_of_a_project_are_offered(made: Made, tmp_path: Path) -> None:
    offered = models_of_project(path=made.project.file)
    assert [Path(facts.name) for facts in offered] == [made.run.folder]
    assert made.run.id in offered[0].display_name and "RMSE" in offered[0].display_name
    empty = Project.create(tmp_path / "empty", domain="protein")
    with pytest.raises(NotFound) as refused:
        models_of_project(path=empty.file)
    assert refused.value.message.values == {"record": "empty"}


def test_a_run_folder_alone_is_still_a_model(made: Made, tmp_path: Path) -> None:
    """Copied away from its project, its rows cannot be asked: told, not refused."""
    alone = Path(shutil.copytree(made.run.folder, tmp_path / "somewhere" / "runs" / made.run.id))
    project, card = made.other("alone", fresh_rows(40))
    assert resolve(str(alone)).folder == alone / "model"
    (said,) = asked(project, card, alone)
    assert says(said, must_not_know, error=...)
    assert isinstance(Run(alone).plan(), TrainPlan)
