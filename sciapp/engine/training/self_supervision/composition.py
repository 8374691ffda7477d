"""Self-supervision of networks that read compositions: hidden elements, of which the fraction is seen.

Which element makes up 60 % of the atoms beside 40 % iron? Masked tokens (Devlin et al. 2019, BERT) without an order.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from torch import Tensor, nn
from torch.nn import functional

from sciapp.engine.inputs.kinds.composition import HIDDEN, CompositionReader
from sciapp.engine.inputs.registry import encode
from sciapp.engine.runtime.device import Device
from sciapp.engine.runtime.progress import StopFlag
from sciapp.engine.tasks.masked_lm import MaskedLMScore, masked_scores
from sciapp.engine.training.hidden_parts import Floats, HiddenParts, HidingRows, mean_result
from sciapp.engine.training.parts import TrainingParts, Validation, ValidationResult
from sciapp.engine.training.self_supervision.base import PretrainingSetup, StartingModel, UnlabelledTraining
from sciapp.i18n import msg
from sciapp.records.run.evaluation import Scores

_NAMES = ("masked_loss", "masked_accuracy")


class ElementPretraining(nn.Module):
    """`network`: with the head that names hidden elements."""

    def __init__(self, network: Any) -> None:
        super().__init__()
        self.network = network

    def forward(self, elements: Tensor, mask: Tensor, hidden: Tensor) -> Tensor:
        """Logits (hidden elements, numbers of elements)."""
        visible = elements.clone()
        visible[..., 0].masked_fill_(hidden, HIDDEN)
        logits: Tensor = self.network(visible, mask).logits[hidden]
        return logits


def losses(model: Any, batch: HiddenParts, device: Device) -> tuple[Tensor, Tensor]:
    """Cross-entropy of each hidden element (hidden elements,), and whether it is the most likely one."""
    elements, mask, hidden = batch.tensors(device.torch_device)
    with device.arithmetic():
        logits = model(elements, mask, hidden)
    truth = elements[hidden][:, 0].long()
    return functional.cross_entropy(logits.float(), truth, reduction="none"), logits.argmax(dim=1) == truth


@dataclass(frozen=True)
class ElementObjective:
    """Mean cross-entropy of the hidden elements."""

    device: Device

    def counts(self, batches: Sequence[HiddenParts]) -> tuple[int, ...]:
        return (sum(int(batch.hidden.sum()) for batch in batches),)

    def loss(self, model: Any, batch: HiddenParts, counts: tuple[int, ...]) -> Tensor:
        return losses(model, batch, self.device)[0].sum() / counts[0]


@dataclass(frozen=True)
class HeldOutCompositions:
    """Rows that a pre-training is validated on, always with the same elements hidden."""

    data: HidingRows
    tokens_per_batch: int
    device: Device
    stop: StopFlag

    def row_scores(self, model: nn.Module) -> Floats:
        """(rows, 3): loss summed over each row's hidden elements, number predicted right, their number. Raises
        Cancelled."""

        def of_elements(batch: HiddenParts) -> Floats:
            loss, right = losses(model, batch, self.device)
            columns = (batch.owners, loss.double().cpu().numpy(), right.cpu().numpy(), np.ones(len(loss)))
            return np.stack(columns, axis=1)

        return self.data.held_out(self.tokens_per_batch, self.stop).sums(model, of_elements, len(self.data.rows))

    def evaluate(self, model: nn.Module) -> ValidationResult:
        return mean_result(self.row_scores(model), _NAMES)


def check(reader: Any) -> None:
    """Every reader of compositions can hide an element."""


def prepared(training: UnlabelledTraining, start: StartingModel) -> PretrainingSetup:
    """Read the rows as elements. Raises Cancelled."""
    plan, device, progress = training.plan, training.device, training.progress
    reader: CompositionReader = start.tokenizer
    reading = progress.stage("tokens", msg("Reading the compositions"))
    rows = encode(reader, training.inputs, start.longest, lambda done: reading.report(done, len(training.inputs))).rows
    data, seen = (
        HidingRows(rows.of_rows(chosen), plan.masking, plan.seed, HIDDEN)
        for chosen in (training.learnt, training.judged)
    )
    model = ElementPretraining(start.network).to(device.torch_device)
    held_out = HeldOutCompositions(seen, max(4096, plan.batching.tokens_per_batch), device, progress.stop)
    parts = TrainingParts(data, ElementObjective(device), Validation(MaskedLMScore(), held_out.evaluate))

    def scores(label: str) -> Scores:
        return masked_scores(label, held_out.row_scores(model), plan.seed)

    return PretrainingSetup(model, reader, parts, scores)
