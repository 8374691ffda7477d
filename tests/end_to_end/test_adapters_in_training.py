"""Trainings that move few weights: what checkpoints hold, that resuming is exact, what is saved."""

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
from safetensors.torch import load_file, save_file
from transformers import AutoModelForSequenceClassification

from sciapp.engine.models.peft import qlora
from sciapp.engine.models.peft.prefix_tuning import PREFIX_FILE
from sciapp.engine.models.saved_model import SavedModel
from sciapp.engine.reports.build import build_report
from sciapp.engine.reports.text import training
from sciapp.engine.training.checkpoints.frozen_weights import FrozenWeights
from sciapp.jobs.launch import launcher
from sciapp.records.plan.plan import CompressPlan, TrainPlan
from sciapp.records.project.project import Project
from sciapp.records.run.events import CheckpointSaved, Noted, StepTaken
from sciapp.records.run.run import Run, RunStatus
from tests.helpers.printed import says
from tests.helpers.runs import started_and_killed_when, wait_until_over
from tests.helpers.tiny import tiny_model, tiny_plan, tiny_project

METHODS: dict[str, dict[str, object]] = {
    "dora": {"tuning_method": "lora", "use_dora": True},
    "ia3 joined": {"tuning_method": "ia3", "descriptors": "on"},
    "prefix joined": {"tuning_method": "prefix", "num_virtual_tokens": 3, "descriptors": "on"},
    "prompt": {"tuning_method": "prompt", "num_virtual_tokens": 3},
}


class Made:
    """A project with a dataset, and a tiny model."""

    def __init__(self, folder: Path) -> None:
        self.project, self.card = tiny_project(folder / "project", rows=80)
        self.model = tiny_model(folder / "model")

    def plan(self, **settings: object) -> TrainPlan:
        return tiny_plan(self.card, self.model, num_train_epochs=3, **settings)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    return Made(tmp_path_factory.mktemp("adapters"))


@pytest.fixture(scope="module")
def lora(made: Made) -> Run:
    return finished(made.project, made.plan(tuning_method="lora", dropout=0.2))


@pytest.fixture(scope="module")
def prefix(made: Made) -> Run:
    return finished(made.project, made.plan(**METHODS["prefix joined"]))


def finished(project: Project, plan: TrainPlan | CompressPlan) -> Run:
    run = project.new_run(plan)
    launcher.start(run)
    assert wait_until_over(run) is RunStatus.FINISHED, run.log_file.read_text()
    return run


def weights(run: Run) -> dict[str, str]:
    files = sorted(run.model_folder.glob("*.safetensors"))
    return {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in files}


def said_before(run: Run, split: str = "test") -> np.ndarray:
    table = pq.read_table(run.predictions_file).to_pandas()
    return table[table["split"] == split]["prediction:y0"].to_numpy()


def inputs(run: Run, split: str = "test") -> list[str]:
    table = pq.read_table(run.predictions_file).to_pandas()
    return list(table[table["split"] == split]["input"])


def test_a_checkpoint_holds_what_is_trained_and_no_more(lora: Run) -> None:
    held = [load_file(file) for file in lora.checkpoints.glob("*/model.safetensors")]
    assert len(held) >= 2
    for names in held:
        assert all("lora_" in name or name.startswith("classifier.") or "position_ids" in name for name in names)
        assert any("lora_" in name for name in names)


def test_the_run_says_how_few_weights_learn(lora: Run) -> None:
    said = [event.message for event in lora.events() if isinstance(event, Noted)]
    assert [message for message in said if message.startswith("LoRA trains 0.0") and "million weights" in message]
    evaluation = lora.evaluation()
    assert evaluation is not None and evaluation.remarks[0].startswith("LoRA trains")
    assert "LoRA trains" in (lora.model_folder / "README.md").read_text()


def test_the_report_says_what_was_put_beside_the_encoder(made: Made, lora: Run, prefix: Run, tmp_path: Path) -> None:
    for run, values in ((lora, {"lora_r": 16}), (prefix, {"num_virtual_tokens": 3})):
        page = build_report(made.project, run, tmp_path / "report.html").read_text(encoding="utf-8")
        assert says(page, training, **values) and training.ENCODER_UNCHANGED in page


def test_the_saved_model_is_plain_and_says_the_same(lora: Run) -> None:
    model = AutoModelForSequenceClassification.from_pretrained(lora.model_folder)
    assert not [name for name in model.state_dict() if "lora" in name]
    assert not list(lora.model_folder.glob("adapter*"))
    said = SavedModel.open(lora.model_folder).values(inputs(lora))
    np.testing.assert_allclose(np.asarray(said).ravel(), said_before(lora), rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize(
    "method", ["dora", *(pytest.param(name, marks=pytest.mark.prove) for name in METHODS if name != "dora")]
)
def test_an_adapter_killed_and_resumed_ends_with_the_same_weights(made: Made, method: str) -> None:
    plan = made.plan(dropout=0.2, **METHODS[method])
    undisturbed = finished(made.project, plan)
    run = made.project.new_run(plan)
    started_and_killed_when(run, lambda e: isinstance(e, StepTaken) and e.step == 8)
    launcher.resume(run)
    assert wait_until_over(run) is RunStatus.FINISHED, run.log_file.read_text()
    assert weights(run) == weights(undisturbed)
    assert run.evaluation() == undisturbed.evaluation()


def test_checkpoints_beside_another_base_are_refused(made: Made, tmp_path: Path) -> None:
    model = shutil.copytree(made.model, tmp_path / "model")
    run = made.project.new_run(made.plan(tuning_method="lora").model_copy(update={"model": str(model)}))
    started_and_killed_when(run, lambda e: isinstance(e, CheckpointSaved))
    weights_file, tensors = model / "model.safetensors", load_file(model / "model.safetensors")
    name = "encoder.layer.0.attention.self.query.weight"
    save_file(tensors | {name: tensors[name] + 0.5}, weights_file, metadata={"format": "pt"})
    launcher.resume(run)
    assert wait_until_over(run) is RunStatus.FAILED
    assert says(run.state().message, FrozenWeights.must_be)


def test_a_prefix_tuned_model_keeps_its_prefix_beside_it_and_its_card_says_so(prefix: Run) -> None:
    held = load_file(prefix.model_folder / PREFIX_FILE)
    assert [tuple(tensor.shape) for tensor in held.values()] == [(2, 2, 3, 8)] * 2
    said = SavedModel.open(prefix.model_folder).values(inputs(prefix))
    np.testing.assert_allclose(np.asarray(said).ravel(), said_before(prefix), rtol=1e-4, atol=1e-4)
    card = (prefix.model_folder / "README.md").read_text()
    assert PREFIX_FILE in card and "SavedModel" in card and "config.json" in card


def test_plain_transformers_gives_an_error_that_names_the_prefix_and_no_other_numbers(prefix: Run) -> None:
    """In a process of its own: SciApp would teach transformers to read it."""
    lines = "import sys; from transformers import AutoModel; AutoModel.from_pretrained(sys.argv[1])"
    done = subprocess.run(
        [sys.executable, "-c", lines, str(prefix.model_folder)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode != 0
    assert PREFIX_FILE in done.stderr and "README.md" in done.stderr


def test_a_prefix_tuned_model_can_be_compressed(made: Made, prefix: Run) -> None:
    small = finished(made.project, CompressPlan(run=prefix.id, threads=1))
    assert (small.model_folder / PREFIX_FILE).read_bytes() == (prefix.model_folder / PREFIX_FILE).read_bytes()
    np.testing.assert_allclose(said_before(small), said_before(prefix), atol=0.2)
    assert np.std(said_before(small) - said_before(prefix)) > 0


def test_base_weights_in_four_bits_are_refused_on_the_processor(made: Made) -> None:
    run = made.project.new_run(made.plan(tuning_method="lora", base_weights="nf4"))
    launcher.start(run)
    assert wait_until_over(run) is RunStatus.FAILED
    assert says(run.state().message, qlora, base_weights="nf4") and "base_weights" in run.state().hint
