"""What a self-supervised batch of series hides, and that a network learns to tell it."""

import numpy as np
import torch

from sciapp.engine.domains.series.values import Series
from sciapp.engine.inputs.registry import encode
from sciapp.engine.inputs.tokenization.batches import Batch
from sciapp.engine.models.architectures.from_scratch import fresh_network, fresh_reader
from sciapp.engine.runtime.device import choose_device
from sciapp.engine.runtime.progress import NeverStop
from sciapp.engine.training.self_supervision.series import HeldOutPatches, PatchObjective, PatchPretraining, PatchRows
from sciapp.records.plan.plan import Masking

RNG = np.random.default_rng(0)
TIMES = np.linspace(0, 1, 64)
ROWS = [Series.even(RNG.normal() * np.sin(6 * TIMES) + RNG.normal() * TIMES).text for _ in range(60)]
READER = fresh_reader("series", ROWS)
PATCHES = encode(READER, ROWS, 512, lambda done: None).rows
DATA = PatchRows(PATCHES, Masking(masked_share=0.3), 0, points=READER.patch)


def batch(seed: int):  # type: ignore[no-untyped-def]
    return DATA.batch(Batch(np.arange(60), 40), np.random.default_rng(seed))


def test_a_third_of_the_real_patches_is_hidden_and_of_every_row_at_least_one() -> None:
    hidden = batch(1)
    assert hidden.hidden.any(axis=1).all() and not hidden.hidden[hidden.mask == 0].any()
    assert 0.2 < hidden.hidden.sum() / hidden.mask.sum() < 0.4
    assert (batch(1).hidden == hidden.hidden).all() and (batch(2).hidden != hidden.hidden).any()


def test_hidden_patches_are_learnt_from_the_others() -> None:
    device = choose_device("fp32")
    model = PatchPretraining(fresh_network("series", READER, "tiny", 0))
    held_out = HeldOutPatches(DATA, 4096, device, NeverStop())
    before = held_out.evaluate(model)
    objective = PatchObjective(DATA, device)
    optimizer = torch.optim.AdamW(model.parameters(), 1e-3)
    for step in range(40):
        part = batch(step)
        optimizer.zero_grad()
        objective.loss(model, part, objective.counts([part])).backward()
        optimizer.step()
    after = held_out.evaluate(model)
    assert after.loss < 0.5 * before.loss
    assert after.scores["masked_r2"] > 0.4 > before.scores["masked_r2"]
