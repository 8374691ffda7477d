"""The estimate of a training's memory: grows with everything that costs memory, and holds for a real run."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from sciapp.actions.models import memory_needed
from sciapp.engine.hub.catalog import describe
from sciapp.engine.hub.memory_estimate import training_memory
from sciapp.engine.hub.parameter_count import method_weights, trained_weights
from sciapp.engine.models.architectures.feature_fusion import join
from sciapp.engine.models.load import load_classifier
from sciapp.engine.models.peft.apply import adapt, trained_share
from sciapp.records.model.info import ModelFacts
from sciapp.records.plan.plan import Averaging, Batching, Optimization, TrainPlan, with_settings
from sciapp.records.plan.tuning import Tuning

SMALL = ModelFacts(
    name="small", origin="hub", parameters=8_000_000, layers=6, width=320, heads=20, context=1024, here=False
)

RUN = """
import sys
from pathlib import Path
from sciapp.engine.runs.execute import execute
from sciapp.engine.runtime.peak_memory import peak_memory
from sciapp.engine.runtime.progress import RunProgress
from tests.helpers.tiny import tiny_plan, tiny_project
project, card = tiny_project(Path(sys.argv[1]))
settings = {"max_steps": 3, "tokens_per_batch": 2048, "num_train_epochs": 3}
plan = tiny_plan(card, Path("."), **settings).model_copy(update={"model": "molecule-starter"})
execute(plan, project.new_run(plan), RunProgress())
print(peak_memory() / 1e6)
"""


@pytest.mark.parametrize(
    "larger",
    [{"parameters": 9_000_000}, {"layers": 7}, {"width": 384}, {"heads": 24}],
    ids=["parameters", "layers", "width", "heads"],
)
def test_more_of_a_network_needs_more_memory(larger: dict[str, int]) -> None:
    usual = Batching()
    small, large = training_memory(SMALL, usual), training_memory(SMALL.model_copy(update=larger), usual)
    assert small is not None and large is not None and large > small


def test_larger_batches_and_longer_rows_need_more_memory() -> None:
    needed = [
        training_memory(SMALL, Batching(tokens_per_batch=tokens, max_length=length))
        for tokens, length in ((512, 64), (2048, 64), (2048, 256), (8192, 256), (8192, 1024), (8192, 4096))
    ]
    assert None not in needed
    assert needed[:5] == sorted(set(needed[:5]))  # type: ignore[type-var]
    assert needed[5] == needed[4], "rows are cut at what the model can take"


@pytest.mark.parametrize("facts", [SMALL, describe("protein-starter")], ids=["unread", "read"])
def test_what_does_not_learn_needs_neither_gradient_nor_moments(facts: ModelFacts) -> None:
    ways = [
        Tuning(),
        Tuning(tuning_method="lora"),
        Tuning(tuning_method="lora", base_weights="int8"),
        Tuning(tuning_method="lora", base_weights="nf4"),
        Tuning(tuning_method="head"),
    ]
    needed = [training_memory(facts, Batching(), tuning) for tuning in ways]
    assert None not in needed
    assert needed == sorted(set(needed), reverse=True)  # type: ignore[type-var]
    assert training_memory(facts, Batching()) == needed[0]


def test_optimisers_with_fewer_means_need_less_memory_and_averages_more() -> None:
    names = ("adamw", "sgd", "adamw_8bit", "adafactor")
    ways = [Optimization(optimizer=name) for name in names]  # type: ignore[arg-type]
    needed = [training_memory(SMALL, Batching(), Tuning(), way) for way in ways]
    assert None not in needed
    assert needed == sorted(set(needed), reverse=True)  # type: ignore[type-var]
    assert training_memory(SMALL, Batching(), Tuning(), Optimization(optimizer="lion")) == needed[1]
    averaged = training_memory(SMALL, Batching(), Tuning(), ways[0], Averaging(weight_averaging="ema"))
    assert averaged is not None and needed[0] is not None and averaged - needed[0] == 32, "MB: four bytes a weight"


def test_higher_ranks_and_more_tokens_are_more_weights_that_learn() -> None:
    facts = describe("text-starter")
    ranks = [trained_weights(facts, Tuning(tuning_method="lora", lora_r=rank)) for rank in (1, 8, 64)]
    tokens = [trained_weights(facts, Tuning(tuning_method="prefix", num_virtual_tokens=n)) for n in (1, 10, 100)]
    for counts in (ranks, tokens):
        assert None not in counts and counts == sorted(set(counts))  # type: ignore[type-var]
    dora = trained_weights(facts, Tuning(tuning_method="lora", lora_r=8, use_dora=True))
    assert dora is not None and ranks[1] is not None and dora > ranks[1]


@pytest.mark.parametrize(
    "tuning",
    [
        Tuning(tuning_method="lora"),
        Tuning(tuning_method="lora", lora_target="attention", lora_r=4),
        Tuning(tuning_method="prompt", num_virtual_tokens=7),
        Tuning(tuning_method="head"),
    ],
)
def test_the_share_of_weights_that_learn_is_one_figure_before_and_after(tuning: Tuning) -> None:
    """Whatever the head reads, of which nothing is known before the run asks the validation rows."""
    folder, plan = Path("resources/models/molecule-starter"), with_settings(TrainPlan(dataset="d"), tuning.model_dump())
    plan = plan.model_copy(update={"model": "molecule-starter"})
    before = memory_needed(describe("molecule-starter"), plan)
    classifier: Any = load_classifier(
        folder, labels=["y"], problem_type="regression", dropout=0.0, seed=0, pad_token_id=1
    )
    adapt(classifier, plan, list(range(5, 12)) if tuning.tuning_method == "prompt" else [])
    for model in (classifier, join(classifier, 400, outputs=1, dropout=0.0, seed=0)):
        after = trained_share(model, plan, Path())
        assert after.removesuffix(".") == before
    if tuning.tuning_method == "lora":  # and it is the right one
        added = sum(weight.numel() for name, weight in classifier.named_parameters() if "lora_" in name)
        assert method_weights(describe("molecule-starter"), tuning) == added


def test_nothing_is_made_up_for_a_model_that_is_not_known() -> None:
    assert training_memory(ModelFacts(name="org/name", origin="hub", here=False), Batching()) is None


def test_the_estimate_is_within_a_factor_of_two_of_a_real_run(tmp_path: Path) -> None:
    pytest.importorskip("resource")
    done = subprocess.run(
        [sys.executable, "-c", RUN, str(tmp_path / "p")], capture_output=True, text=True, timeout=240, check=False
    )
    assert done.returncode == 0, done.stderr
    measured = float(done.stdout.splitlines()[-1])
    estimated = training_memory(describe("molecule-starter"), Batching())
    assert estimated is not None
    assert measured / 2 < estimated < measured * 2, (measured, estimated)
