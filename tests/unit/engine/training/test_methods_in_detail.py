"""Which weights move, by how much, which are kept, and that a killed training goes on to the same bits."""

from pathlib import Path
from typing import Any
from unittest.mock import ANY

import pytest
import torch
from safetensors.torch import load_file
from torch.optim.swa_utils import AveragedModel

from sciapp.engine.runtime.progress import NeverStop
from sciapp.engine.training.checkpoints.frozen_weights import FrozenWeights
from sciapp.engine.training.optim.freezing import Freezing, check_tuning, rate_shares
from sciapp.engine.training.optim.optimizer import build_optimizer
from sciapp.engine.training.optim.weight_averaging import AveragedWeights
from sciapp.engine.training.preflight.forecast import disk_forecast
from sciapp.errors import BadInput
from sciapp.records.dataset.card import DatasetCard
from sciapp.records.plan.plan import Averaging, Optimization, Tuning
from sciapp.records.project.project import Project
from sciapp.records.run.events import Noted, StepTaken
from tests.helpers.fits import fitted, killed_at, prepared_fit
from tests.helpers.messages import has_part, refused_exactly
from tests.helpers.tiny import tiny_model, tiny_plan, tiny_project

Made = tuple[Project, DatasetCard, Path]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    folder = tmp_path_factory.mktemp("methods")
    return (*tiny_project(folder / "project", rows=80), tiny_model(folder / "model"))


RESUMED: dict[str, dict[str, Any]] = {
    "sgd": {"optimizer": "sgd", "learning_rate": 0.05},
    "adafactor": {"optimizer": "adafactor"},
    "lion": {"optimizer": "lion"},
    "8-bit adamw": {"optimizer": "adamw_8bit"},
    "one-cycle": {"lr_scheduler_type": "one_cycle"},
    "plateau": {"lr_scheduler_type": "reduce_lr_on_plateau", "plateau_patience": 1, "eval_steps": 2},
    "head": {"tuning_method": "head"},
    "gradual": {"tuning_method": "gradual", "unfreeze_epochs": 0.7},
    "layer-wise decay": {"layerwise_lr_decay": 0.7},
    "ema": {"weight_averaging": "ema"},
    "swa": {"weight_averaging": "swa", "swa_start": 0.3},
    "gradual lion with ema on plateau": {
        "tuning_method": "gradual", "optimizer": "lion", "weight_averaging": "ema", "plateau_patience": 1,
        "lr_scheduler_type": "reduce_lr_on_plateau", "eval_steps": 2, "gradient_accumulation_steps": 2,
    },
}  # fmt: skip


@pytest.mark.parametrize("name", RESUMED)
def test_a_training_that_is_killed_ends_with_the_same_bits(made: Made, name: str, tmp_path: Path) -> None:
    if "8-bit" in name:
        pytest.importorskip("bitsandbytes")
    project, card, model = made
    plan = tiny_plan(card, model, dropout=0.2, **RESUMED[name])
    whole = fitted(project, plan, tmp_path / "whole")
    killed_at(project, plan, tmp_path / "killed", 8)  # checkpoints after steps 3 and 6
    resumed = fitted(project, plan, tmp_path / "killed")
    assert len(resumed.losses) == len(whole.losses) - 6
    assert resumed.losses == whole.losses[6:]
    assert [e.learning_rate for e in whole.events if isinstance(e, StepTaken)][6:] == [
        e.learning_rate for e in resumed.events if isinstance(e, StepTaken)
    ]
    expected, found = whole.weights(), resumed.weights()
    assert all(torch.equal(found[key], tensor) for key, tensor in expected.items())
    seconds = {"seconds": 0.0}
    assert vars(resumed.trainer.state) | seconds == vars(whole.trainer.state) | seconds


def test_a_plateau_lowers_the_rate_and_says_so(made: Made, tmp_path: Path) -> None:
    project, card, model = made
    plan = tiny_plan(card, model, **RESUMED["plateau"] | {"learning_rate": 1e-5, "num_train_epochs": 2})
    done = fitted(project, plan, tmp_path / "c")
    said = [event.message for event in done.events if isinstance(event, Noted)]
    assert len([message for message in said if has_part(message, rate=ANY)]) == round(
        -torch.log2(torch.tensor(done.trainer.state.rate_factor)).item()
    )


def test_only_the_head_moves_and_only_it_has_optimiser_state(made: Made, tmp_path: Path) -> None:
    project, card, model = made
    trainer, prepared = prepared_fit(project, tiny_plan(card, model, tuning_method="head"), tmp_path / "c")
    before = {name: tensor.clone() for name, tensor in prepared.model.state_dict().items()}
    for _ in trainer.events(NeverStop()):
        pass
    after = prepared.model.state_dict()
    moved = {name for name in before if not torch.equal(before[name], after[name])}
    assert moved
    assert all(name.startswith("classifier.") for name in moved)
    with_state = sum(len(group["params"]) for group in trainer.optimizer.param_groups)
    assert with_state == len(trainer.optimizer.state) == len(moved)


def test_layers_are_unfrozen_from_the_head_down_and_frozen_ones_take_no_state(made: Made, tmp_path: Path) -> None:
    project, card, model = made
    plan = tiny_plan(card, model, tuning_method="gradual", unfreeze_epochs=1.0, max_steps=9)
    trainer, prepared = prepared_fit(project, plan, tmp_path / "c")
    for event in trainer.events(NeverStop()):
        if isinstance(event, StepTaken):
            learning = {n for n, p in prepared.model.named_parameters() if p.requires_grad}
            opened = (event.step - 1) // trainer.steps_per_epoch
            assert ("roberta.encoder.layer.1.output.dense.weight" in learning) == (opened >= 1)
            assert ("roberta.encoder.layer.0.output.dense.weight" in learning) == (opened >= 2)
            assert not any("embeddings" in name for name in learning)
            assert len(trainer.optimizer.state) == len(learning)
    assert trainer.state.step == 9


def test_a_training_too_short_to_unfreeze_all_layers_says_so(made: Made, tmp_path: Path) -> None:
    project, card, model = made
    done = fitted(project, tiny_plan(card, model, tuning_method="gradual", num_train_epochs=2), tmp_path / "c")
    said = [event.message for event in done.events if isinstance(event, Noted)]
    assert any(has_part(text, layers={"lowest": 1}) for text in said)


def test_each_layer_learns_at_a_share_of_the_rate_above_it(made: Made, tmp_path: Path) -> None:
    _, prepared = prepared_fit(made[0], tiny_plan(made[1], made[2]), tmp_path / "c")
    shares = rate_shares(prepared.model, Tuning(layerwise_lr_decay=0.5))
    assert shares["classifier.dense.weight"] == 1
    assert shares["roberta.encoder.layer.1.output.dense.weight"] == 0.5
    assert shares["roberta.encoder.layer.0.output.dense.weight"] == 0.25
    assert shares["roberta.embeddings.word_embeddings.weight"] == 0.125
    optimizer = build_optimizer(prepared.model, Optimization(), shares)
    assert {group["rate_share"] for group in optimizer.param_groups} == {1, 0.5, 0.25, 0.125}


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"optimizer": "sgd", "learning_rate": 0.05},
        {"optimizer": "lion"},
        {"optimizer": "adafactor"},
        {"tuning_method": "head"},
        {"tuning_method": "lora"},
        {"weight_averaging": "ema"},
    ],
    ids=["adamw", "sgd", "lion", "adafactor", "head", "lora", "ema"],
)
def test_what_a_checkpoint_will_take_is_told_before_the_first_step(
    made: Made, settings: dict[str, Any], tmp_path: Path
) -> None:
    project, card, model = made
    plan = tiny_plan(card, model, max_steps=9, **settings)
    trainer, prepared = prepared_fit(project, plan, tmp_path / "checkpoints")
    trainer.checkpointer.leave_out(FrozenWeights.of(prepared.model, plan.tuning))
    told = disk_forecast(plan, prepared, trainer, tmp_path)
    list(trainer.events(NeverStop()))
    newest = sorted((tmp_path / "checkpoints").glob("step-*"))[-1]
    training = torch.load(newest / "training.pt", weights_only=True)
    moments = [value for state in training["optimizer"]["state"].values() for value in state.values()]
    held = [*load_file(newest / "model.safetensors").values(), *moments, *training["averaged"]["mean"].values()]
    taken = sum(4 * tensor.numel() for tensor in held if torch.is_tensor(tensor) and tensor.numel() > 1)
    # Adafactor's means of rows and columns are next to nothing in networks that are wider than this one.
    assert told.checkpoint == pytest.approx(taken, rel=0.3 if settings.get("optimizer") == "adafactor" else 0.01)
    every = sum(file.stat().st_size for file in tmp_path.rglob("*") if file.is_file())
    model = sum(4 * tensor.numel() for tensor in prepared.model.state_dict().values())
    assert told.least <= every + model and told.checkpoint < told.needed


def test_layers_cannot_be_slowed_down_where_only_the_head_learns() -> None:
    with refused_exactly(BadInput) as raised:
        check_tuning(Tuning(tuning_method="head", layerwise_lr_decay=0.9))
    assert "tuning_method=full" in raised.value.hint
    with refused_exactly(BadInput) as raised:
        check_tuning(Tuning(tuning_method="prompt", layerwise_lr_decay=0.9))
    assert "virtual tokens" in raised.value.message


def test_an_optimiser_whose_package_is_missing_says_which(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "bitsandbytes.optim", None)
    with refused_exactly(BadInput) as raised:
        build_optimizer(torch.nn.Linear(2, 2), Optimization(optimizer="adamw_8bit"))
    assert "bitsandbytes" in raised.value.message and "sciapp[cuda]" in raised.value.hint


def test_eight_bit_adamw_without_its_package_is_refused_before_the_model_is_loaded(
    made: Made, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "bitsandbytes.optim", None)
    plan = tiny_plan(made[1], tmp_path / "no model", optimizer="adamw_8bit")
    with refused_exactly(BadInput) as raised:
        prepared_fit(made[0], plan, tmp_path / "c")
    assert "bitsandbytes" in raised.value.message and "sciapp[cuda]" in raised.value.hint


@pytest.mark.parametrize(
    ("method", "part"), [("ia3", "ia3_l"), ("prefix", "prefix"), ("prompt", "trainable_tokens_delta")]
)
def test_what_zero_would_spoil_is_not_decayed_as_matrices_are(
    made: Made, tmp_path: Path, method: str, part: str
) -> None:
    trainer, prepared = prepared_fit(made[0], tiny_plan(made[1], made[2], tuning_method=method), tmp_path / "c")
    decay = {id(p): group["weight_decay"] for group in trainer.optimizer.param_groups for p in group["params"]}
    of = {name: decay[id(p)] for name, p in prepared.model.named_parameters() if p.requires_grad}
    added = {name: value for name, value in of.items() if part in name}
    assert added and set(added.values()) == {0}
    assert of["classifier.dense.weight"] > 0


def walk(averaging: Averaging, steps: int, *, per_epoch: int) -> tuple[AveragedWeights, torch.nn.Linear, Any]:
    """A layer whose weights walk at random, and torch's own mean of those that SWA takes in."""
    torch.manual_seed(0)
    layer = torch.nn.Linear(3, 2)
    averaged = AveragedWeights(layer, averaging, per_epoch, steps)
    theirs = AveragedModel(layer)
    first = round(averaging.swa_start * steps)
    for step in range(1, steps + 1):
        with torch.no_grad():
            for parameter in layer.parameters():
                parameter.add_(torch.randn_like(parameter))
        averaged.after_step(step)
        if step > first and (step - first) % per_epoch == 0:
            theirs.update_parameters(layer)
    return averaged, layer, theirs


def test_swa_is_the_mean_of_the_weights_after_each_pass_as_torch_has_it() -> None:
    averaged, layer, theirs = walk(Averaging(weight_averaging="swa", swa_start=0.5), 200, per_epoch=10)
    own = layer.weight.detach().clone()
    with averaged.in_place():
        assert torch.allclose(layer.weight, theirs.module.weight, atol=1e-6)
        assert not torch.allclose(layer.weight, own)
    assert torch.equal(layer.weight, own)


def test_a_mean_of_swa_is_forgotten_where_the_longer_training_has_not_come_to_averaging_yet() -> None:
    averaging = Averaging(weight_averaging="swa", swa_start=0.5)
    short, layer, _ = walk(averaging, 100, per_epoch=10)
    later, at_once = (AveragedWeights(layer, averaging, 10, total) for total in (300, 150))
    for longer in (later, at_once):
        longer.load_state_dict(short.state_dict(), 100)
    own = layer.weight.detach().clone()
    with later.in_place():
        assert torch.equal(layer.weight, own)
    with at_once.in_place():
        assert torch.equal(layer.weight, short.state_dict()["mean"]["weight"])


def test_ema_follows_its_recurrence() -> None:
    averaged, _, _ = walk(Averaging(weight_averaging="ema", ema_decay=0.9), 50, per_epoch=10)
    torch.manual_seed(0)
    layer, mean = torch.nn.Linear(3, 2), None
    for step in range(50):
        with torch.no_grad():
            for parameter in layer.parameters():
                parameter.add_(torch.randn_like(parameter))
        weight = layer.weight.detach()
        decay = min(0.9, (1 + step) / (10 + step))
        mean = weight.clone() if mean is None else decay * mean + (1 - decay) * weight
    assert mean is not None
    assert torch.allclose(averaged.state_dict()["mean"]["weight"], mean, atol=1e-5)


def test_the_average_of_a_training_that_begins_from_a_fitted_model_forgets_it_slowly_and_never_beyond_its_end() -> None:
    settings = Averaging(weight_averaging="ema", ema_decay=0.99)
    shares = {}
    for steps in (50, 5000):
        layer = torch.nn.Linear(1, 1, bias=False)
        averaged = AveragedWeights(layer, settings, 10, steps, begins_fitted=True)
        with torch.no_grad():
            layer.weight.fill_(1.0)
        averaged.after_step(1)
        with torch.no_grad():
            layer.weight.fill_(0.0)
        for step in range(2, 52):
            averaged.after_step(step)
        shares[steps] = averaged.state_dict()["mean"]["weight"].item()
    assert shares == pytest.approx({50: 0.8**50, 5000: 0.99**50}, rel=1e-4)


def test_the_averaged_weights_are_judged_and_kept_and_the_training_goes_on_from_its_own(
    made: Made, tmp_path: Path
) -> None:
    project, card, model = made
    plain = fitted(project, tiny_plan(card, model), tmp_path / "plain")
    done = fitted(project, tiny_plan(card, model, weight_averaging="ema"), tmp_path / "ema")
    assert done.losses == plain.losses
    last = max((tmp_path / "ema").glob("step-*"))
    training = torch.load(last / "training.pt", weights_only=True)
    assert done.trainer.state.best_step == done.trainer.total_steps  # the average of a falling loss is best at the end
    kept = done.weights()
    for name, mean in training["averaged"]["mean"].items():
        assert torch.equal(kept[name], mean)


def test_freezing_leaves_a_full_training_as_it_was() -> None:
    layer = torch.nn.Linear(2, 2)
    Freezing(layer, Tuning(), 5).before_step(0)
    assert all(parameter.requires_grad for parameter in layer.parameters())
