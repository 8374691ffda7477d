"""Logits of many rows, in batches of like length."""

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import torch

from sciapp.engine.data.batches import Batch, ordered_batches


def padded(rows: list[list[int]], batch: Batch, pad: int) -> torch.Tensor:
    """input_ids (rows, length) of one batch."""
    ids = torch.full((len(batch.rows), batch.length), pad, dtype=torch.int64)
    for place, row in enumerate(batch.rows.tolist()):
        ids[place, : len(rows[row])] = torch.tensor(rows[row])
    return ids


def attention_mask(rows: list[list[int]], batch: Batch) -> torch.Tensor:
    """1 for real tokens (rows, length); from the lengths, since a model may use its pad token for real."""
    lengths = torch.tensor([len(rows[row]) for row in batch.rows.tolist()])
    return (torch.arange(batch.length)[None, :] < lengths[:, None]).long()


def predict_logits(
    model: Any,
    rows: list[list[int]],
    *,
    pad: int,
    tokens_per_batch: int,
    check: Callable[[int], None] = lambda done: None,
) -> npt.NDArray[np.float64]:
    """Logits (rows, outputs) in the order of `rows`; the model is put in evaluation mode and back.

    `check(done)` is called between batches and may raise to give up.
    """
    device = next((p.device for p in model.parameters()), torch.device("cpu"))
    out: npt.NDArray[np.float64] | None = None
    was_training = model.training
    model.eval()
    done = 0
    try:
        with torch.no_grad():
            for batch in ordered_batches([len(row) for row in rows], tokens_per_batch):
                check(done)
                ids, mask = padded(rows, batch, pad).to(device), attention_mask(rows, batch).to(device)
                logits = model(input_ids=ids, attention_mask=mask).logits.float().cpu().numpy()
                if out is None:
                    out = np.empty((len(rows), logits.shape[1]))
                out[batch.rows] = logits
                done += len(batch.rows)
    finally:
        model.train(was_training)
    return out if out is not None else np.empty((0, int(model.config.num_labels)))
