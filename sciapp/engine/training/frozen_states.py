"""The encoder's states of a dataset's rows before training, kept beside the dataset: the next run on it reads them.

`datasets/<id>/states/<key>.npy` (rows, width). The key is made of everything that decides the numbers: the encoder's
weights, the rows' tokens, how they are put into batches, and what computes them.
"""

import contextlib
import io
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import torch

from sciapp.engine.data.tokens import TokenRows
from sciapp.engine.models.inference import Features, pooled_states
from sciapp.errors import OutOfSpace
from sciapp.records.atomic import write_bytes

_FORMAT = 1
_MOST_KEPT = 20  # files, each of some MB; the ones that were not asked for longest go


def frozen_states(
    model: Any, rows: TokenRows, pad: int, tokens_per_batch: int, folder: Path | None
) -> Iterator[int | Features]:
    """As `pooled_states`; at once where they are kept in `folder`."""
    kept = folder / f"{_key(model, rows, pad, tokens_per_batch)}.npy" if folder is not None else None
    if kept is not None and (found := _read(kept, len(rows))) is not None:
        yield len(rows)
        yield found
        return
    for said in pooled_states(model, rows, pad, tokens_per_batch):
        if not isinstance(said, int) and kept is not None:
            _keep(kept, said)
        yield said


def _key(model: Any, rows: TokenRows, pad: int, tokens_per_batch: int) -> str:
    encoder = model.base_model
    device = next(encoder.parameters()).device.type
    key = sha256(repr((_FORMAT, type(encoder).__name__, encoder.config.to_dict(), pad, tokens_per_batch)).encode())
    key.update(repr((device, torch.get_num_threads(), torch.is_autocast_enabled(device))).encode())
    for name, weights in encoder.state_dict().items():
        key.update(name.encode())
        key.update(weights.detach().cpu().contiguous().view(-1).view(torch.uint8).numpy())
    for array in (rows.numbers, rows.starts):
        key.update(np.ascontiguousarray(array).data)
    return key.hexdigest()[:20]


def _read(file: Path, rows: int) -> Features | None:
    """None where they are not there, or damaged."""
    try:
        states: Features = np.load(file, allow_pickle=False)
        file.touch()  # asked for just now
    except (OSError, ValueError, EOFError):
        return None
    return states if len(states) == rows and states.dtype == np.float32 else None


def _keep(file: Path, states: Features) -> None:
    """Write them; where that cannot be they are computed again the next time."""
    content = io.BytesIO()
    np.save(content, states)
    with contextlib.suppress(OSError, OutOfSpace):
        file.parent.mkdir(exist_ok=True)
        write_bytes(file, content.getvalue())
        newest = sorted(file.parent.glob("*.npy"), key=lambda other: other.stat().st_mtime, reverse=True)
        for old in newest[_MOST_KEPT:]:
            old.unlink(missing_ok=True)
