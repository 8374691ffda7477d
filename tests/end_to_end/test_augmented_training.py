"""Augmentation reaches training rows and no others; what is averaged at prediction is saved with the model."""

import csv
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sciapp.engine.data.dataset.table import read_split
from sciapp.engine.data.ingest.import_table import import_table
from sciapp.engine.data.targets.base import RowValues
from sciapp.engine.models.saved_model import SavedModel
from sciapp.engine.models.test_time_augmentation import TestTimeAugmentation, spellings_for
from sciapp.engine.runs.execute import execute
from sciapp.engine.runtime.device import choose_device
from sciapp.engine.runtime.progress import RunProgress
from sciapp.engine.training.setup.fine_tuning import FineTuningInputs, FineTuningSetup, prepare
from sciapp.errors import BadInput
from sciapp.records.dataset.card import DatasetCard, ImportRequest, Roles, SplitPlan
from sciapp.records.plan.plan import CompressPlan, PredictPlan, TrainPlan, with_settings
from sciapp.records.project.project import Project
from sciapp.records.run.events import Event, RunStarted, StageBegan, StepTaken
from sciapp.records.run.run import Run
from tests.helpers.heard import carried_out
from tests.helpers.printed import says
from tests.helpers.tiny import tiny_model, tiny_plan, tiny_project

MOLECULE_MODEL = "molecule-starter"


def done(project: Project, plan: TrainPlan | CompressPlan | PredictPlan) -> Run:
    run = project.new_run(plan)
    execute(plan, run, RunProgress(run.append_event))
    return run


def prepared(project: Project, plan: TrainPlan) -> FineTuningSetup:
    run = project.new_run(plan)
    return prepare(FineTuningInputs.read(plan, run, choose_device(), RunProgress()))


@pytest.fixture(scope="module")
def proteins(tmp_path_factory: pytest.TempPathFactory) -> tuple[Project, DatasetCard, Path]:
    folder = tmp_path_factory.mktemp("proteins")
    project, card = tiny_project(folder / "p", rows=60)
    return project, card, tiny_model(folder / "model")


@given(
    names=st.lists(st.sampled_from(["blosum_substitutions", "end_crops"]), unique=True, min_size=1),
    strength=st.floats(0.1, 1),
    share=st.floats(0.1, 1),
    masking=st.sampled_from([0.0, 0.3]),
    seed=st.integers(0, 1000),
)
@settings(deadline=None, max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_validation_and_test_rows_are_what_they_are_without_augmentation(
    proteins: tuple[Project, DatasetCard, Path],
    names: list[str],
    strength: float,
    share: float,
    masking: float,
    seed: int,
) -> None:
    project, card, model = proteins
    plain = tiny_plan(card, model, seed=seed)
    changed = {
        "augmentations": tuple(names),
        "augmentation_strength": strength,
        "augmented_share": share,
        "token_masking": masking,
    }
    table = project.dataset_folder(card.id).table_file.read_bytes()
    with_it, without = (prepared(project, plan) for plan in (with_settings(plain, changed), plain))
    assert with_it.validation_tokens.rows.numbers.tolist() == without.validation_tokens.rows.numbers.tolist()
    assert np.array_equal(np.asarray(with_it.validation_values()[0]), np.asarray(without.validation_values()[0]))
    assert with_it.train.augmented is not None
    rows = with_it.train.augmented.rows.inputs
    assert rows == read_split(project.dataset_folder(card.id), card, "train").inputs  # it knows no other rows
    assert project.dataset_folder(card.id).table_file.read_bytes() == table


def test_judged_rows_are_in_the_predictions_as_they_were_imported(proteins: tuple[Project, DatasetCard, Path]) -> None:
    project, card, model = proteins
    changed = {"augmentations": "end_crops", "augmented_share": 1, "token_masking": 0.2, "num_train_epochs": 2}
    run = done(project, tiny_plan(card, model, **changed))
    table = pq.read_table(run.predictions_file)
    for split in ("validation", "test"):
        rows = read_split(project.dataset_folder(card.id), card, split)
        told = table.filter([value == split for value in table["split"].to_pylist()])
        assert told["input"].to_pylist() == rows.inputs
        again = SavedModel.open(run.model_folder).values(rows.inputs)
        assert np.allclose(np.asarray(again)[:, 0], told["prediction:y0"].to_numpy(), atol=1e-6)
    assert not (run.model_folder / "test_time.json").exists()


@pytest.fixture(scope="module")
def averaged(tmp_path_factory: pytest.TempPathFactory) -> tuple[Project, DatasetCard, Run]:
    """A short training of the molecule starter with randomised SMILES and test-time averaging."""
    folder = tmp_path_factory.mktemp("molecules")
    project = Project.create(folder / "p", domain="molecule")
    table = folder / "t.csv"
    with table.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["smiles", "y"])
        for n in range(60):
            writer.writerow(["C" * (n % 12 + 1) + ["O", "N", "(C)O", "c1ccccc1", "C(=O)O"][n // 12], n % 12 + n // 24])
    request = ImportRequest(
        file=str(table), roles=Roles(input="smiles", targets=("y",)), task="regression",
        split=SplitPlan(method="random", fractions=(0.6, 0.2, 0.2)),
    )  # fmt: skip
    card = import_table(project, request)
    changed = {
        "augmentations": "randomized_smiles", "augmentation_strength": 1.0, "test_time": 3, "max_steps": 3,
        "threads": 1, "descriptors": "on",
    }  # fmt: skip
    return project, card, done(project, with_settings(TrainPlan(dataset=card.id, model=MOLECULE_MODEL), changed))


def read_alone(saved: SavedModel, value: str, of: str) -> float:
    """The prediction of one spelling by itself; descriptors are those of the row, however it is spelt."""
    assert saved.recipe is not None
    alone = replace(saved, contents=replace(saved.contents, test_time=None))
    tokens = saved.tokens([value], lambda done: None)
    values = alone.values_of([value], tokens, lambda done: None, saved.recipe.matrix([of]))
    return float(np.asarray(values)[0, 0])


def first(values: RowValues) -> list[float]:
    return [float(value) for value in np.asarray(values)[:, 0]]


def test_a_saved_model_gives_the_mean_over_a_row_and_its_copies(averaged: tuple[Project, DatasetCard, Run]) -> None:
    project, card, run = averaged
    saved = SavedModel.open(run.model_folder)
    test_time = saved.contents.test_time
    assert test_time is not None
    rows = read_split(project.dataset_folder(card.id), card, "test").inputs
    expected = [np.mean([read_alone(saved, one, value) for one in (value, *test_time.of(value))]) for value in rows]
    assert first(saved.values(rows)) == pytest.approx(expected, abs=1e-4)
    assert first(saved.values(rows)) != pytest.approx([read_alone(saved, value, value) for value in rows], abs=1e-4)


def test_evaluation_prediction_and_compression_all_average(
    averaged: tuple[Project, DatasetCard, Run], tmp_path: Path
) -> None:
    project, _, run = averaged
    judged = pq.read_table(run.predictions_file, filters=[("split", "=", "test")])
    file = tmp_path / "new.csv"
    file.write_text("smiles\n" + "\n".join(reversed(judged["input"].to_pylist())) + "\n", encoding="utf-8")
    predicted = pq.read_table(done(project, PredictPlan(run=run.id, file=str(file), threads=1)).predictions_file)
    said = predicted["prediction:y"].to_pylist()[::-1]
    assert said == pytest.approx(judged["prediction:y"].to_pylist(), abs=1e-4)
    evaluation = run.evaluation()
    assert evaluation is not None and any(says(remark, TestTimeAugmentation, count=3) for remark in evaluation.remarks)
    small = done(project, CompressPlan(run=run.id, threads=1))
    before, after = (SavedModel.open(one.model_folder).contents for one in (run, small))
    assert before.test_time == after.test_time
    assert says(" ".join(small.evaluation().remarks), TestTimeAugmentation, count=3)  # type: ignore[union-attr]
    assert "test_time.json" in (run.model_folder / "README.md").read_text(encoding="utf-8")


HARDER: list[dict[str, object]] = [
    {"augmentations": "blosum_substitutions,end_crops"},
    {"token_masking": 0.2},
    {"regularizer": "fgm"},
    {"regularizer": "pgd", "descriptors": "on"},
    {"regularizer": "r_drop", "gradient_accumulation_steps": 2},
    {"regularizer": "mixup"},
    {"regularizer": "mixup", "descriptors": "on", "augmentations": "end_crops", "token_masking": 0.1},
]


def trained_until(project: Project, plan: TrainPlan, leave_after: int | None) -> dict[str, bytes]:
    """The weights of a training that, if asked, is left after a step and taken up again from its checkpoint."""
    run = project.new_run(plan)
    resumed: list[int | None] = []
    for leaving in [leave_after, None] if leave_after else [None]:

        def is_last(event: Event, leaving: int | None = leaving) -> bool:
            if isinstance(event, StepTaken):
                return event.step == leaving
            return isinstance(event, StageBegan) and event.stage == "evaluation"

        events = carried_out(execute, plan, run, until=is_last)
        resumed += [event.resumed_at_step for event in events if isinstance(event, RunStarted)]
    assert resumed == ([None, 3] if leave_after else [None])
    return {file.name: file.read_bytes() for file in run.model_folder.glob("*.safetensors")}


@pytest.mark.parametrize("harder", HARDER, ids=str)
def test_each_way_to_make_training_harder_is_taken_up_again_bit_by_bit(
    proteins: tuple[Project, DatasetCard, Path], harder: dict[str, object]
) -> None:
    """Without a process of its own; with one, killed: test_exact_resume.py."""
    project, card, model = proteins
    usual = {"num_train_epochs": 2, "dropout": 0.2, "tokens_per_batch": 128}
    plan = tiny_plan(card, model, **usual, **harder)
    undisturbed = trained_until(project, plan, None)
    assert trained_until(project, plan, leave_after=4) == undisturbed
    assert undisturbed != trained_until(project, tiny_plan(card, model, **usual), None)


def test_what_does_not_fit_a_dataset_is_refused_before_anything_is_loaded(
    proteins: tuple[Project, DatasetCard, Path],
) -> None:
    project, card, model = proteins
    with pytest.raises(BadInput) as unknown:
        prepared(project, tiny_plan(card, model, augmentations="randomized_smiles"))
    assert unknown.value.message.values == {"domain": "protein", "name": "randomized_smiles"}
    with pytest.raises(BadInput) as not_averaged:
        prepared(project, tiny_plan(card, model, augmentations="end_crops", test_time=4))
    assert says(not_averaged.value.message, spellings_for)
