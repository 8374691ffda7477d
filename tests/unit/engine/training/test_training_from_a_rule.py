"""A forecast begins with the best simple rule: the same predictions before any step, kept where nothing is clearly
better, and saved with the model."""

import csv
import json
from pathlib import Path

import numpy as np
import pytest
import torch

from sciapp.engine.data.ingest.import_table import import_table
from sciapp.engine.data.targets.forecast_values import forecast_targets
from sciapp.engine.domains.series.values import Series
from sciapp.engine.models.saved_model import SavedModel
from sciapp.engine.runs.train import train
from sciapp.engine.runtime.progress import RunProgress
from sciapp.engine.training.save import keep_model
from sciapp.engine.training.setup.fine_tuning import FineTuningInputs, prepare
from sciapp.errors import BadInput
from sciapp.records.dataset.card import DatasetCard, ImportRequest, Roles, SplitPlan
from sciapp.records.plan.plan import TrainPlan
from sciapp.records.project.project import Project
from sciapp.records.regular import json_in
from tests.helpers.fits import CPU, prepared_fit
from tests.helpers.tiny import tiny_plan

MODEL = Path("fresh:tiny")


def dataset(
    folder: Path, series: list[Series], task: str = "forecasting", **options: int
) -> tuple[Project, DatasetCard]:
    file, third = folder / "series.csv", len(series) // 3
    with file.open("w", newline="", encoding="utf-8") as out:
        writer = csv.writer(out)
        writer.writerow(["set", "mass", "track"])
        for index, one in enumerate(series):
            writer.writerow([("train", "validation", "test")[min(2, index // third)], f"{index % 7}.5", one.text])
    project = Project.create(folder / "p", domain="series")
    request = ImportRequest(
        file=str(file),
        roles=Roles(input="track", targets=() if task == "forecasting" else ("mass",)),
        task=task,
        split=SplitPlan(method="column", column="set"),
        task_options=options,
    )
    return project, import_table(project, request)


def parabolas() -> list[Series]:
    times, rng = np.arange(9.0), np.random.default_rng(0)
    return [Series.even({"x": a * times**2 + b, "y": b * times}) for a, b in rng.uniform(1, 3, (36, 2))]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Project, DatasetCard]:
    return dataset(tmp_path_factory.mktemp("rule"), parabolas(), horizon=2)


def plan(card: DatasetCard, **settings: object) -> TrainPlan:
    return tiny_plan(card, MODEL, **settings)


@pytest.mark.parametrize("descriptors", ["off", "on"])
def test_before_any_step_the_model_is_the_rule(
    made: tuple[Project, DatasetCard], tmp_path: Path, descriptors: str
) -> None:
    project, card = made
    _, setup = prepared_fit(project, plan(card, descriptors=descriptors), tmp_path)
    assert setup.recipe is not None and setup.recipe.rule is not None
    assert setup.recipe.rule.rule.to_json()["rule"] == {"kind": "curve", "degree": 2, "points": 3}
    values, score = setup.validation_values()
    assert np.asarray(values) == pytest.approx(forecast_targets(setup.validation_targets).relative, abs=1e-4)
    assert score == pytest.approx(0, abs=1e-4)
    assert (setup.recipe.described > 0) == (descriptors == "on")


def test_a_saved_model_holds_its_rule(made: tuple[Project, DatasetCard], tmp_path: Path) -> None:
    project, card = made
    _, setup = prepared_fit(project, plan(card), tmp_path)
    run = project.new_run(plan(card))
    keep_model(run, setup)
    saved = SavedModel.open(run.model_folder)
    later = [Series.even({"x": 3 * np.arange(7.0) ** 2, "y": 5 * np.arange(7.0)}).text]
    assert np.asarray(saved.values(later))[0] == pytest.approx([13 / 6, 28 / 6, 1, 2], abs=1e-3)
    assert saved.extra_features is not None and saved.extra_features.rule
    assert json_in(run.model_folder / "descriptors.json")["format"] == 2


def test_a_damaged_rule_is_refused(made: tuple[Project, DatasetCard], tmp_path: Path) -> None:
    project, card = made
    _, setup = prepared_fit(project, plan(card), tmp_path)
    run = project.new_run(plan(card))
    keep_model(run, setup)
    file = run.model_folder / "descriptors.json"
    file.write_text(file.read_text("utf-8").replace('"curve"', '"hunch"'), encoding="utf-8")
    with pytest.raises(BadInput):
        SavedModel.open(run.model_folder)


def test_the_rule_is_kept_where_no_step_is_clearly_better(made: tuple[Project, DatasetCard]) -> None:
    project, card = made
    run = project.new_run(plan(card, num_train_epochs=2, learning_rate=0.5, warmup_ratio=0.0))
    train(run.plan(), run, RunProgress(run.append_event))
    evaluation = run.evaluation()
    assert evaluation is not None and evaluation.extra_features is not None
    assert evaluation.extra_features.rule == evaluation.simple_baseline.predictor
    main = [side.get("mase").value for side in (evaluation.model, evaluation.simple_baseline)]
    assert main == pytest.approx([0, 0], abs=1e-4)


def test_what_a_rule_misses_is_learnt(tmp_path: Path) -> None:
    """Every series turns at the end of its input, by as much as its first value says."""
    rng = np.random.default_rng(1)
    signs, ends = rng.choice([-1.0, 1.0], 600), 0.05 * rng.normal(size=(600, 10))
    values = ends.cumsum(axis=1)
    values[:, 0] = signs
    values[:, 8:] += 2 * signs[:, None]
    project, card = dataset(tmp_path, [Series.even(one - one[7]) for one in values], horizon=2)
    run = project.new_run(plan(card, num_train_epochs=30, tokens_per_batch=1024, learning_rate=3e-3))
    train(run.plan(), run, RunProgress(run.append_event))
    evaluation = run.evaluation()
    assert evaluation is not None and evaluation.validation_before is not None
    before, after = (side.get("mase").value for side in (evaluation.validation_before, evaluation.validation_after))
    assert after < before


def test_the_rule_of_a_run_is_the_same_when_it_is_resumed(made: tuple[Project, DatasetCard]) -> None:
    project, card = made
    run = project.new_run(plan(card))
    first = prepare(FineTuningInputs.read(plan(card), run, CPU, RunProgress()))
    decision = json_in(run.feature_selection_file)
    decision["rule"]["rule"] = {"kind": "drift"}
    run.feature_selection_file.write_text(json.dumps(decision), encoding="utf-8")
    again = prepare(FineTuningInputs.read(plan(card), run, CPU, RunProgress()))
    kinds = [setup.recipe.rule.rule.to_json()["rule"]["kind"] for setup in (first, again)]
    assert kinds == ["curve", "drift"]


def test_a_run_of_an_earlier_version_goes_on_as_it_began(made: tuple[Project, DatasetCard]) -> None:
    project, card = made
    run = project.new_run(plan(card))
    (run.checkpoints / "step-3").mkdir(parents=True)
    setup = prepare(FineTuningInputs.read(plan(card), run, CPU, RunProgress()))
    assert setup.recipe is None
    far = torch.full((1, len(setup.task.outputs)), 10.0)
    loss = float(setup.task.loss(far, torch.zeros_like(far)))
    assert loss == pytest.approx(100 * len(setup.task.outputs))  # squares throughout


@pytest.mark.parametrize("task", ["forecasting", "regression"])
def test_a_row_on_another_axis_is_named_before_training(tmp_path: Path, task: str) -> None:
    series = parabolas()
    series[30] = Series.even({"x": np.arange(9.0), "y": np.arange(9.0)}, start=5000)
    project, card = dataset(tmp_path, series, task)
    with pytest.raises(BadInput) as error:
        prepared_fit(project, plan(card), tmp_path / "checkpoints")
    assert error.value.message.values["line"] == 32
