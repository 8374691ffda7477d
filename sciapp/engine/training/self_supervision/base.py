"""Self-supervision by the kind of inputs: what is hidden of a row, and what is asked of the network.

A new kind is one file here, of the name that it has in `engine/inputs/kinds`.
"""

import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
from transformers import PreTrainedModel

from sciapp.engine.domains.base import Domain
from sciapp.engine.inputs.registry import KIND_KEY, TOKENS
from sciapp.engine.runtime.device import Device
from sciapp.engine.runtime.progress import RunProgress
from sciapp.engine.training.parts import TrainingParts
from sciapp.errors import BadInput
from sciapp.i18n import msg
from sciapp.records.plan.plan import PretrainPlan
from sciapp.records.run.evaluation import Scores
from sciapp.records.run.run import Run

PACKAGE = "sciapp.engine.training.self_supervision"


@dataclass(frozen=True)
class StartingModel:
    """The model that the training begins from. tokenizer: or another reader; longest: what is read of a row, in tokens
    or patches; remark: for people, or empty."""

    tokenizer: Any
    network: PreTrainedModel
    longest: int
    remark: str


@dataclass(frozen=True)
class UnlabelledTraining:
    """inputs: canonical rows. judged, learnt: positions of the rows that are held out and of all others."""

    plan: PretrainPlan
    run: Run
    domain: Domain
    inputs: list[str]
    judged: npt.NDArray[np.int64]
    learnt: npt.NDArray[np.int64]
    device: Device
    progress: RunProgress


@dataclass(frozen=True)
class PretrainingSetup:
    """model: on its device; its `network` is saved. scores: of the held-out rows, under a label. described: rows whose
    descriptors are learnt as well."""

    model: Any
    tokenizer: Any
    parts: TrainingParts[Any]
    scores: Callable[[str], Scores]
    described: int = 0


class SelfSupervision(Protocol):
    """A module with these functions."""

    def check(self, reader: Any) -> None:
        """Raise BadInput for a model whose reader cannot hide anything."""

    def prepared(self, training: UnlabelledTraining, start: StartingModel) -> PretrainingSetup:
        """Rows in memory, and what is learnt of them. Raises Cancelled."""


def self_supervision(reader: Any) -> SelfSupervision:
    """The self-supervision of networks with such a reader. Raises BadInput where there is none."""
    kind = str(getattr(reader, KIND_KEY, TOKENS))
    if kind not in _kinds():
        raise BadInput(
            msg("A model that reads {kind} cannot be pre-trained here.", kind=kind), hint=msg("Train it on labels.")
        )
    module: SelfSupervision = import_module(f"{PACKAGE}.{kind}")
    return module


@cache
def _kinds() -> frozenset[str]:
    files = (file.name for file in pkgutil.iter_modules(import_module(PACKAGE).__path__))
    return frozenset(files) - {"base"}
