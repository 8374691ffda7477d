"""Self-supervision with real processes: the loss falls, a kill changes nothing, Stop keeps, a training follows."""

import json
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

from sciapp.actions.projects import sample_request
from sciapp.engine.data.ingest.import_table import import_table
from sciapp.engine.data.ingest.unlabelled import UnlabelledRows
from sciapp.engine.training.self_supervision import tokens
from sciapp.jobs.launch import launcher
from sciapp.jobs.runs.follow import outcome
from sciapp.jobs.runs.follow_up import begin, run_after
from sciapp.records.dataset.card import DatasetCard
from sciapp.records.plan.plan import PretrainPlan, TrainPlan, before_training, with_settings
from sciapp.records.project.project import Project
from sciapp.records.project.study import StudyDesign
from sciapp.records.run.events import CheckpointSaved, Noted, StepTaken, Validated
from sciapp.records.run.pretraining import Pretraining
from sciapp.records.run.run import Run, RunStatus
from tests.end_to_end.test_exact_resume import weights
from tests.helpers.printed import says
from tests.helpers.runs import started_and_killed_when, wait_for_event, wait_until_over
from tests.helpers.tiny import tiny_model, tiny_plan, tiny_project

QUICK = {
    "size": "tiny",
    "threads": 1,
    "num_train_epochs": 3,
    "learning_rate": 2e-3,
    "save_steps": 5,
    "precision": "fp32",
}


def pretrain_plan(**settings: object) -> PretrainPlan:
    return with_settings(PretrainPlan(), QUICK | settings)


def ran(project: Project, plan: PretrainPlan) -> Run:
    run = project.new_run(plan)
    launcher.start(run)
    assert wait_until_over(run) is RunStatus.FINISHED, run.log_file.read_text()
    return run


def loss(run: Run, side: str) -> float:
    record = run.pretraining()
    assert record is not None
    score = getattr(record, side).get("masked_loss")
    return float(score.value)


@pytest.fixture(scope="module")
def esol(tmp_path_factory: pytest.TempPathFactory) -> tuple[Project, Run]:
    """ESOL, and a network from scratch that learnt its training rows and their descriptors undisturbed."""
    project = Project.create(tmp_path_factory.mktemp("esol") / "p", domain="molecule")
    card = import_table(project, sample_request())
    return project, ran(project, pretrain_plan(dataset=card.id, span_length=2))


def test_its_curves_are_written_for_tensorboard_as_those_of_a_training(esol: tuple[Project, Run]) -> None:
    run = esol[1]
    read = EventAccumulator(str(run.tensorboard_folder), size_guidance={"scalars": 0}).Reload()
    steps = [event.step for event in run.events() if isinstance(event, StepTaken)]
    assert [one.step for one in read.Scalars("train/loss")] == steps
    scores = [event.score for event in run.events() if isinstance(event, Validated)]
    assert [one.value for one in read.Scalars("validation/masked_loss")] == pytest.approx(scores)


def test_the_loss_falls_and_the_model_stands_alone(esol: tuple[Project, Run]) -> None:
    run = esol[1]
    assert loss(run, "after") < loss(run, "before") - 0.5
    validated = [event for event in run.events() if isinstance(event, Validated)]
    assert {event.score_name for event in validated} == {"masked_loss"}
    assert validated[-1].score < validated[0].score
    code = (
        "import sys; sys.modules['sciapp'] = None\n"
        "from transformers import AutoModelForMaskedLM, AutoTokenizer\n"
        "tokenizer = AutoTokenizer.from_pretrained(sys.argv[1])\n"
        "model, said = AutoModelForMaskedLM.from_pretrained(sys.argv[1], output_loading_info=True)\n"
        "assert not said['missing_keys'] and not said['unexpected_keys'], said\n"
        "ids = tokenizer('CC<mask>O', return_tensors='pt')\n"
        "print(model(**ids).logits.shape[-1] == len(tokenizer))"
    )
    said = subprocess.run([sys.executable, "-c", code, str(run.model_folder)], capture_output=True, text=True)
    assert said.stdout.strip() == "True", said.stderr
    record = run.pretraining()
    assert record is not None and record.described == record.rows > 800
    assert f"{record.tokens:,}" in (run.model_folder / "README.md").read_text(encoding="utf-8")


MOMENTS = {
    "in the first pass": lambda e: isinstance(e, StepTaken) and e.step == 2,
    "right after a checkpoint": lambda e: isinstance(e, CheckpointSaved) and e.step >= 10,
}


@pytest.mark.parametrize(
    "moment", [pytest.param("in the first pass", marks=pytest.mark.prove), "right after a checkpoint"]
)
def test_killed_and_resumed_it_ends_with_the_same_weights(esol: tuple[Project, Run], moment: str) -> None:
    project, undisturbed = esol
    run = project.new_run(undisturbed.plan())
    started_and_killed_when(run, MOMENTS[moment])
    launcher.resume(run)
    assert wait_until_over(run) is RunStatus.FINISHED, run.log_file.read_text()
    assert weights(run) == weights(undisturbed)
    assert run.pretraining() == undisturbed.pretraining()


def test_a_training_goes_on_from_the_runs_model_after_the_project_was_moved(
    esol: tuple[Project, Run], tmp_path: Path
) -> None:
    project, run = esol
    moved = Project.open(project.save_as(tmp_path / "moved"))
    plan = TrainPlan(dataset=moved.datasets()[0].id, model=f"run:{run.id}")
    train = moved.new_run(with_settings(plan, {"num_train_epochs": 1, "threads": 1}))
    launcher.start(train)
    assert wait_until_over(train) is RunStatus.FINISHED, train.log_file.read_text()
    assert f"run {run.id}" in (train.model_folder / "README.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def proteins(tmp_path_factory: pytest.TempPathFactory) -> tuple[Project, DatasetCard, Path]:
    folder = tmp_path_factory.mktemp("proteins")
    project, card = tiny_project(folder / "project")
    return project, card, tiny_model(folder / "model")


Proteins = tuple[Project, DatasetCard, Path]


def learning_first(project: Project, first: PretrainPlan, training: TrainPlan) -> Run:
    """The self-supervised run of a study whose training follows; not started."""
    plan = before_training(first, training)
    return begin(project, StudyDesign(plan=plan, kind="pretraining_first", then=StudyDesign(plan=training)))


def test_stop_keeps_a_model_and_the_training_follows(proteins: Proteins) -> None:
    project, card, model = proteins
    long = pretrain_plan(num_train_epochs=5000, tokens_per_batch=256)
    run = learning_first(project, long, tiny_plan(card, model))
    launcher.start(run)
    wait_for_event(run, lambda e: isinstance(e, Validated))
    launcher.ask_to_stop(run)
    assert wait_until_over(run) is RunStatus.STOPPED, run.log_file.read_text()
    assert (run.model_folder / "model.safetensors").exists() and run.pretraining() is not None
    following = run_after(project, run)
    assert following is not None
    assert any(following.id in event.message for event in run.events() if isinstance(event, Noted))
    assert wait_until_over(following) is RunStatus.FINISHED, following.log_file.read_text()
    assert following.evaluation() is not None


def test_cancelled_it_is_followed_by_nothing_until_it_is_resumed(proteins: Proteins) -> None:
    project, card, model = proteins
    first = pretrain_plan(num_train_epochs=15, tokens_per_batch=256)
    run = learning_first(project, first, tiny_plan(card, model))
    launcher.start(run)
    wait_for_event(run, lambda e: isinstance(e, StepTaken))
    launcher.ask_to_cancel(run)
    assert wait_until_over(run) is RunStatus.CANCELLED
    assert run_after(project, run) is None
    launcher.resume(run)
    assert wait_until_over(run) is RunStatus.FINISHED, run.log_file.read_text()
    following = run_after(project, run)
    assert following is not None and wait_until_over(following) is RunStatus.FINISHED


def test_a_failure_is_followed_by_nothing(proteins: Proteins) -> None:
    project, card, model = proteins
    training = tiny_plan(card, model).model_copy(update={"model": "run:999-pretrain"})
    run = learning_first(project, pretrain_plan(), training)
    launcher.start(run)
    assert wait_until_over(run) is RunStatus.FAILED
    assert "999-pretrain" in outcome(run).message
    assert run_after(project, run) is None


def test_rows_that_changed_meanwhile_are_noticed(proteins: Proteins, tmp_path: Path) -> None:
    project = proteins[0]
    file = fasta(tmp_path / "rows.fasta")
    run = project.new_run(pretrain_plan(file=str(file), num_train_epochs=5000))
    started_and_killed_when(run, lambda e: isinstance(e, StepTaken))
    file.write_text(file.read_text(encoding="utf-8") + ">more\nMKTAYIAK\n", encoding="utf-8")
    launcher.resume(run)
    assert wait_until_over(run) is RunStatus.FAILED
    assert "changed" in outcome(run).message


def fasta(file: Path, rows: int = 60) -> Path:
    """Sequences of few motifs, some longer than the window; one that is none."""
    rng = random.Random(0)
    motifs = ["MKTAYIAK", "QRQISFVK", "SHFSRQLE", "GDGTQDNL"]
    records = [f">{n}\n{''.join(rng.choices(motifs, k=rng.randint(2, 40)))}\n" for n in range(rows)]
    file.write_text("".join(records) + ">bad\nMK1\n", encoding="utf-8")
    return file


def command(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "sciapp", *words], capture_output=True, text=True)


def test_a_fasta_file_alone_is_enough_and_the_model_is_where_it_was_wanted(tmp_path: Path) -> None:
    file, out = fasta(tmp_path / "many.fasta"), tmp_path / "my-model"
    quick = ("threads=1", "max_length=64", "num_train_epochs=2", "masked_share=0.2")
    settings = [word for setting in quick for word in ("--set", setting)]
    words = ["pretrain", str(file), "--domain", "protein", "--size", "tiny", "--out", str(out), *settings]
    said = command(*words, "--json")
    assert said.returncode == 0, said.stderr
    value: dict[str, Any] = json.loads(said.stdout)
    assert value["model"] == str(out) and (out / "model.safetensors").exists()
    assert value["pretraining"]["rows"] + value["pretraining"]["held_out"] == 60
    assert says(said.stderr, UnlabelledRows, total=1, reason=...) and says(said.stderr, tokens, longest=64, cropped=...)
    shown = command("show", value["project"], value["run"])
    assert says(shown.stdout, Pretraining, rows=3, loss=...)
    assert command(*words).returncode == 1  # the folder is not empty any more


def test_the_command_for_both_runs_follows_both(proteins: Proteins) -> None:
    project, card, model = proteins
    quick = ["--set", "num_train_epochs=1", "--set", "threads=1", "--then-set", "num_train_epochs=1"]
    words = ["pretrain", str(project.folder), "--dataset", card.id, "--from", str(model), "--then-train", *quick]
    said = command(*words, "--json")
    assert said.returncode == 0, said.stderr
    value = json.loads(said.stdout)
    following = project.run(value["then"])
    assert following.plan() == with_settings(
        TrainPlan(dataset=card.id, model=f"run:{value['run']}"), {"num_train_epochs": 1}
    )
    assert following.evaluation() is not None


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("{file}",), "--domain"),
        (("{file}", "--domain", "protein", "--then-train"), "need a project"),
        (("{project}", "--file", "nowhere.fasta"), "nowhere.fasta"),
        (("{project}", "--domain", "text"), "proteins, not texts"),
        (("{project}", "--set", "maskd_share=0.2"), "masked_share"),
    ],
)
def test_what_cannot_be_is_said_before_anything_begins(
    proteins: Proteins, tmp_path: Path, words: tuple[str, ...], said: str
) -> None:
    project = proteins[0]
    before = len(project.runs())
    file = fasta(tmp_path / "f.fasta")
    answer = command("pretrain", *(word.format(file=file, project=project.folder) for word in words))
    assert answer.returncode == 1
    assert said in answer.stderr
    assert len(project.runs()) == before
