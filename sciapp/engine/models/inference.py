"""Logits of many rows, in batches of like length."""

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import torch

from sciapp.engine.data.batches import Batch, ordered_batches
from sciapp.engine.data.tokens import TokenRows


def padded(rows: TokenRows, batch: Batch, pad: int, device: torch.device) -> tuple[torch.Tensor, torch.Tensor]:
    """input_ids and attention_mask (rows, length) of one batch."""
    ids, mask = rows.padded(batch.rows, batch.length, pad)
    return torch.from_numpy(ids).to(device), torch.from_numpy(mask).to(device)


def predict_logits(
    model: Any,
    rows: TokenRows,
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
            for batch in ordered_batches(rows.lengths, tokens_per_batch):
                check(done)
                ids, mask = padded(rows, batch, pad, device)
                logits = model(input_ids=ids, attention_mask=mask).logits.float().cpu().numpy()
                if out is None:
                    out = np.empty((len(rows), logits.shape[1]))
                out[batch.rows] = logits
                done += len(batch.rows)
    finally:
        model.train(was_training)
    return out if out is not None else np.empty((0, int(model.config.num_labels)))
