"""The encoder's states of a dataset's rows before training, kept beside the dataset: the next run on it reads them.

`datasets/<id>/states/<key>.npy` (rows, width). The key is made of what decides the numbers: the encoder's weights, the
rows' tokens, how they are put into batches, and what computes them.
"""

import contextlib
import io
import os
import time
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
_LARGEST = 256 << 20  # bytes of a file; states of more rows are computed each time
_MOST = 1 << 30  # bytes of all; the ones that were not asked for longest go
_LEFT_BEHIND = 3600.0  # seconds after which a file that is still being written has nobody who writes it
_NO_MATTER = {"_name_or_path", "id2label", "label2id", "problem_type", "transformers_version"}


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
    config = encoder.config.to_dict()
    settings = {k: v for k, v in config.items() if k not in _NO_MATTER and "dropout" not in k}
    key = sha256(repr((_FORMAT, type(encoder).__name__, settings, pad, tokens_per_batch, *_computer(encoder))).encode())
    for name, weights in encoder.state_dict().items():
        if not name.startswith("pooler."):  # not asked, and made by chance where the model has none
            key.update(name.encode())
            key.update(weights.detach().cpu().contiguous().view(-1).view(torch.uint8).numpy())
    for array in (rows.numbers, rows.starts):
        key.update(np.ascontiguousarray(array).data)
    return key.hexdigest()[:20]


def _computer(encoder: Any) -> tuple[object, ...]:
    """What rounds: device, library, number format, how many threads share a sum."""
    device = next(encoder.parameters()).device.type
    name = torch.cuda.get_device_name() if device == "cuda" else ""
    formats = (
        torch.is_autocast_enabled(device),
        torch.get_autocast_dtype(device),
        torch.get_float32_matmul_precision(),
    )
    return device, name, torch.__version__, *formats, torch.get_num_threads()


def _read(file: Path, rows: int) -> Features | None:
    """None where they are not there, or damaged."""
    try:
        states: Features = np.load(file, allow_pickle=False)
    except (OSError, ValueError, EOFError):
        return None
    with contextlib.suppress(OSError):  # a colleague's file on a shared disk
        os.utime(file)  # asked for just now
    return states if states.ndim == 2 and len(states) == rows and states.dtype == np.float32 else None


def _keep(file: Path, states: Features) -> None:
    """Write them; where that cannot be they are computed again the next time."""
    if states.nbytes > _LARGEST:
        return
    content = io.BytesIO()
    np.save(content, states)
    with contextlib.suppress(OSError, OutOfSpace):
        file.parent.mkdir(exist_ok=True)
        write_bytes(file, content.getvalue())
        _tidy_up(file.parent)


def _tidy_up(folder: Path) -> None:
    for torn in folder.glob(".*"):
        if time.time() - torn.stat().st_mtime > _LEFT_BEHIND:
            torn.unlink(missing_ok=True)
    left = _MOST
    for file in sorted(folder.glob("*.npy"), key=lambda other: other.stat().st_mtime, reverse=True):
        left -= file.stat().st_size
        if left < 0:
            file.unlink(missing_ok=True)
