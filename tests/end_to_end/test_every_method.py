"""Every method trains on a small real set and beats its own untrained state: domain × task × method.

A method is what a plan is told; those that fit only some tasks say so. `make test` takes each method and each set at
least once, `make prove` all of them together.
"""

from dataclasses import dataclass, field
from importlib.util import find_spec
from itertools import cycle
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sciapp.records.dataset.card import DatasetCard
from sciapp.records.plan.plan import TrainPlan, with_settings
from sciapp.records.project.project import Project
from tests.helpers.fits import fitted
from tests.helpers.small_sets import SETS, small_network, small_project

ALL = frozenset({"classification", "multilabel", "regression", "tagging"})


@dataclass(frozen=True)
class Method:
    """Settings, the tasks that they fit, how many times the usual learning rate, and the package that it needs.

    pretrained: it has nothing to build on in layers of random weights that stay as they are.
    """

    settings: dict[str, Any] = field(default_factory=dict)
    tasks: frozenset[str] = ALL
    rate: float = 1.0
    needs: str = ""
    pretrained: bool = False


METHODS: dict[str, Method] = {
    # what is trained
    "full": Method(),
    "head": Method({"tuning_method": "head"}, rate=3),
    "gradual": Method({"tuning_method": "gradual"}),
    "layer-wise decay": Method({"layerwise_lr_decay": 0.7}),
    "lora": Method({"tuning_method": "lora"}),
    "rslora of attention": Method({"tuning_method": "lora", "use_rslora": True, "lora_target": "attention"}),
    "dora": Method({"tuning_method": "lora", "use_dora": True, "lora_r": 4, "lora_alpha": 8}),
    "ia3": Method({"tuning_method": "ia3"}, rate=3),
    "prefix": Method({"tuning_method": "prefix", "num_virtual_tokens": 5}, rate=5, pretrained=True),
    "prompt": Method({"tuning_method": "prompt", "num_virtual_tokens": 5}, rate=3),
    # optimisers
    "sgd": Method({"optimizer": "sgd"}, rate=20),
    "adafactor": Method({"optimizer": "adafactor"}),
    "lion": Method({"optimizer": "lion"}, rate=0.3),
    "8-bit adamw": Method({"optimizer": "adamw_8bit"}, needs="bitsandbytes"),
    # schedules
    "cosine": Method({"lr_scheduler_type": "cosine"}),
    "constant": Method({"lr_scheduler_type": "constant_with_warmup"}),
    "one-cycle": Method({"lr_scheduler_type": "one_cycle"}),
    "plateau": Method({"lr_scheduler_type": "reduce_lr_on_plateau"}),
    # losses
    "focal": Method({"loss": "focal"}, ALL - {"regression"}),
    "label smoothing": Method({"label_smoothing_factor": 0.1}, frozenset({"classification", "tagging"})),
    "binary cross-entropy": Method({"loss": "binary_cross_entropy"}, frozenset({"classification", "multilabel"})),
    "balanced classes": Method({"class_weights": "balanced"}, ALL - {"regression"}),
    "huber": Method({"loss": "huber"}, frozenset({"regression"})),
    # averages
    "ema": Method({"weight_averaging": "ema", "ema_decay": 0.9}),
    "swa": Method({"weight_averaging": "swa", "swa_start": 0.5, "lr_scheduler_type": "constant_with_warmup"}),
    # together
    "several": Method(
        {"tuning_method": "gradual", "layerwise_lr_decay": 0.9, "optimizer": "lion", "weight_averaging": "ema",
         "gradient_accumulation_steps": 2}, rate=0.3,
    ),
}  # fmt: skip
USUAL = {
    "learning_rate": 3e-3, "num_train_epochs": 8, "tokens_per_batch": 1024, "max_length": 64, "dropout": 0.0,
    "threads": 1, "early_stopping_patience": 0, "save_steps": 1000, "descriptors": "off",
}  # fmt: skip
PRETRAINED = {"learning_rate": 1e-3, "num_train_epochs": 5}


def on_pretrained(domain: str, task: str, method: Method) -> bool:
    return method.pretrained or SETS[domain, task].pretrained


def plan_for(card: DatasetCard, network: Path, method: Method) -> TrainPlan:
    usual = USUAL | PRETRAINED if on_pretrained(card.domain, card.task, method) else USUAL
    rate = float(str(usual["learning_rate"])) * method.rate
    return with_settings(
        TrainPlan(dataset=card.id, model=str(network)), usual | {"learning_rate": rate} | method.settings
    )


def _cases() -> list[Any]:
    """All that fit; those that `make test` leaves out are marked. Pretrained networks take longer."""
    quick, sets = set(), cycle(s for s, how in SETS.items() if not how.pretrained)
    for name, method in METHODS.items():
        quick.add((*next(s for s in sets if s[1] in method.tasks), name))
    quick |= {(*s, "full") for s in SETS if all(case[:2] != s for case in quick)}
    return [
        pytest.param(*s, name, marks=[pytest.mark.prove] * ((*s, name) not in quick), id=f"{s[0]}-{s[1]}-{name}")
        for s in SETS
        for name, method in METHODS.items()
        if s[1] in method.tasks
    ]


Made = dict[tuple[str, str, bool], tuple[Project, DatasetCard, Path]]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """Projects and networks, each made when it is first asked for."""

    class Making(Made):
        def __missing__(self, key: tuple[str, str, bool]) -> tuple[Project, DatasetCard, Path]:
            domain, task, pretrained = key
            folder = tmp_path_factory.mktemp(f"{domain}-{task}")
            network = small_network(domain, folder / "network", pretrained=pretrained)
            self[key] = (*small_project(folder, domain, task), network)
            return self[key]

    return Making()


@pytest.mark.parametrize(("domain", "task", "name"), _cases())
def test_every_method_beats_its_own_untrained_state(
    made: Made, domain: str, task: str, name: str, tmp_path: Path
) -> None:
    method = METHODS[name]
    if method.needs and find_spec(method.needs) is None:
        pytest.skip(f"{method.needs} is not installed")
    project, card, network = made[domain, task, on_pretrained(domain, task, method)]
    assert card.task == task
    plan = plan_for(card, network, method)
    done = fitted(project, plan, tmp_path / "checkpoints")
    passes = np.array_split(done.losses, plan.stopping.num_train_epochs)
    assert passes[-1].mean() < passes[0].mean()
    assert done.is_better, (done.before, done.after)
