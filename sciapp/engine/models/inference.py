"""Logits of many rows, in batches of like length."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
import torch

from sciapp.engine.inputs.tokenization.batches import Batch, ordered_batches
from sciapp.engine.inputs.tokenization.tokens import TokenRows
from sciapp.engine.models.batch_halving import within_memory
from sciapp.engine.runtime.progress import SILENT, Progress
from sciapp.engine.tasks.base import Task

Features = npt.NDArray[np.float32]


def model_inputs(
    rows: TokenRows, batch: Batch, pad: int, device: torch.device, features: Features | None = None
) -> dict[str, torch.Tensor]:
    """Keyword arguments of a model: input_ids (or what `rows` are instead) and attention_mask (rows, length) of a
    batch.

    features (all rows, numbers): what a joined model reads beside the tokens; its part goes in as `features`.
    """
    ids, mask = rows.padded(batch.rows, batch.length, pad)
    inputs = {rows.name: torch.from_numpy(ids).to(device), "attention_mask": torch.from_numpy(mask).to(device)}
    if features is not None:
        inputs["features"] = torch.from_numpy(features[batch.rows]).to(device)
    return inputs


def logits_for(
    task: Task,
    model: Any,
    rows: TokenRows,
    *,
    pad: int,
    tokens_per_batch: int,
    features: Features | None = None,
    check: Callable[[int], None] = lambda done: None,
) -> npt.NDArray[np.float64]:
    """Logits for the task to decode: (rows, outputs), or (tokens, outputs) where every unit gets an answer."""
    if task.per_unit:
        return predict_token_logits(model, rows, pad=pad, tokens_per_batch=tokens_per_batch, check=check)
    return predict_logits(model, rows, pad=pad, tokens_per_batch=tokens_per_batch, features=features, check=check)


def predict_logits(
    model: Any,
    rows: TokenRows,
    *,
    pad: int,
    tokens_per_batch: int,
    features: Features | None = None,
    check: Callable[[int], None] = lambda done: None,
) -> npt.NDArray[np.float64]:
    """Logits (rows, outputs) in the order of `rows`; the model is put in evaluation mode and back.

    `check(done)` is called between batches and may raise to give up.
    """
    out: npt.NDArray[np.float64] | None = None
    for batch, logits in _batches(model, rows, pad, tokens_per_batch, features, check):
        if out is None:
            out = np.empty((len(rows), logits.shape[-1]))
        out[batch.rows] = logits
    return out if out is not None else np.empty((0, int(model.config.num_labels)))


def predict_token_logits(
    model: Any,
    rows: TokenRows,
    *,
    pad: int,
    tokens_per_batch: int,
    check: Callable[[int], None] = lambda done: None,
) -> npt.NDArray[np.float64]:
    """Logits (tokens, outputs) of a token classifier, one behind the other as in `rows.numbers`."""
    out = np.empty((len(rows.numbers), int(model.config.num_labels)))
    for batch, logits in _batches(model, rows, pad, tokens_per_batch, None, check):
        real = np.arange(batch.length) < rows.lengths[batch.rows][:, None]
        positions = rows.starts[batch.rows][:, None] + np.arange(batch.length)
        out[positions[real]] = logits[real]
    return out


def _batches(
    model: Any,
    rows: TokenRows,
    pad: int,
    tokens_per_batch: int,
    features: Features | None,
    check: Callable[[int], None],
) -> Iterator[tuple[Batch, npt.NDArray[np.float32]]]:
    """Each batch with its logits; the model is put in evaluation mode and, at the end, back."""
    device = next((p.device for p in model.parameters()), torch.device("cpu"))

    def answer(batch: Batch) -> npt.NDArray[np.float32]:
        inputs = model_inputs(rows, batch, pad, device, features)
        logits: npt.NDArray[np.float32] = model(**inputs).logits.float().cpu().numpy()
        return logits

    was_training = model.training
    model.eval()
    done = 0
    try:
        with torch.no_grad():
            for batch, logits in within_memory(ordered_batches(rows.lengths, tokens_per_batch), answer):
                check(done)
                yield batch, logits
                done += len(batch.rows)
    finally:
        model.train(was_training)


def pooled_states(
    model: Any, rows: TokenRows, pad: int, tokens_per_batch: int, *, progress: Progress = SILENT
) -> Features:
    """The encoder's states averaged over real tokens (rows, width).

    model: a classifier as it was loaded; its head is not asked. Raises Cancelled.
    """
    encoder = model.base_model
    device = next(encoder.parameters()).device
    out = np.empty((len(rows), int(encoder.config.hidden_size)), dtype=np.float32)

    def answer(batch: Batch) -> Features:
        with torch.no_grad():
            inputs = model_inputs(rows, batch, pad, device)
            means: Features = mean_over_tokens(encoder, **inputs).float().cpu().numpy()
            return means

    was_training = model.training
    model.eval()
    done = 0
    try:
        for batch, means in within_memory(ordered_batches(rows.lengths, tokens_per_batch), answer):
            progress.report(done, len(rows))
            out[batch.rows] = means
            done += len(batch.rows)
    finally:
        model.train(was_training)
    progress.report(done, len(rows))
    return out


def mean_over_tokens(encoder: Any, *, attention_mask: torch.Tensor, **inputs: torch.Tensor) -> torch.Tensor:
    """The mean of the last hidden states over real tokens (rows, width)."""
    states: torch.Tensor = encoder(attention_mask=attention_mask, **inputs).last_hidden_state
    weights = attention_mask.unsqueeze(-1).to(states.dtype)
    return (states * weights).sum(dim=1) / weights.sum(dim=1).clamp(min=1)
