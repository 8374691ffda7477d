"""The encoder's states of a dataset's rows before training, kept beside the dataset: the next run on it reads them.

`datasets/<id>/states/<key>.f32`: the sha256 of what follows, then the numbers (rows, width). The key is made of what
decides the numbers: the encoder's weights, the rows' tokens, how they are put into batches, and what computes them.
"""

import contextlib
import os
import re
import time
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import torch

from sciapp.engine.inputs.tokenization.tokens import TokenRows
from sciapp.engine.models.inference import Features, pooled_states
from sciapp.engine.runtime.progress import SILENT, Progress
from sciapp.errors import OutOfSpace
from sciapp.records.atomic import write_bytes
from sciapp.records.regular import bytes_in

_FORMAT = 1
_LARGEST = 256 << 20  # bytes of a file; states of more rows are computed each time
_MOST = 1 << 30  # bytes of all; the ones that were not asked for longest go
_LEFT_BEHIND = 3600.0  # seconds after which a file that is still being written has nobody who writes it
# Settings that change no state: names, and what is dropped in training alone (not ESM's token_dropout, which rescales).
_NO_MATTER = {
    "_name_or_path",
    "attention_dropout",
    "attention_probs_dropout_prob",
    "classifier_dropout",
    "embedding_dropout",
    "hidden_dropout_prob",
    "id2label",
    "label2id",
    "mlp_dropout",
    "problem_type",
    "transformers_version",
}
_OWN = re.compile(r"[0-9a-f]{20}\.f32|\.[0-9a-f]{20}\.f32\..*\.tmp")


def frozen_states(
    model: Any, rows: TokenRows, pad: int, tokens_per_batch: int, folder: Path | None, *, progress: Progress = SILENT
) -> Features:
    """As `pooled_states`; at once where they are kept in `folder`."""
    shape = (len(rows), int(model.base_model.config.hidden_size))
    file = None
    if folder is not None and 4 * shape[0] * shape[1] <= _LARGEST:
        file = folder / f"{_key(model, rows, pad, tokens_per_batch)}.f32"
    if file is not None and (cached := _read(file, shape)) is not None:
        progress.report(len(rows), len(rows))
        return cached
    states = pooled_states(model, rows, pad, tokens_per_batch, progress=progress)
    if file is not None:
        _keep(file, states)
    return states


def _key(model: Any, rows: TokenRows, pad: int, tokens_per_batch: int) -> str:
    encoder = model.base_model
    config = encoder.config.to_dict()
    settings = {k: v for k, v in config.items() if k not in _NO_MATTER}
    key = sha256(repr((_FORMAT, type(encoder).__name__, settings, pad, tokens_per_batch, *_computer(encoder))).encode())
    for name, weights in encoder.state_dict().items():
        if not name.startswith("pooler."):  # not asked, and made by chance where the model has none
            key.update(name.encode())
            key.update(weights.detach().cpu().contiguous().view(-1).view(torch.uint8).numpy())
    for array in (rows.numbers, rows.starts):
        key.update(np.ascontiguousarray(array).data)
    return key.hexdigest()[:20]


def _computer(encoder: Any) -> tuple[object, ...]:
    """Everything that affects rounding: device, library, number format, threads that share a sum."""
    device = next(encoder.parameters()).device.type
    name = torch.cuda.get_device_name() if device == "cuda" else ""
    formats = (
        torch.is_autocast_enabled(device),
        torch.get_autocast_dtype(device),
        torch.get_float32_matmul_precision(),
    )
    return device, name, torch.__version__, *formats, torch.get_num_threads()


def _read(file: Path, shape: tuple[int, int]) -> Features | None:
    """None where they are not there, or damaged."""
    try:
        content = bytes_in(file, 32 + 4 * shape[0] * shape[1])
    except (OSError, ValueError):
        return None
    sha, numbers = content[:32], content[32:]
    if len(numbers) != 4 * shape[0] * shape[1] or sha256(numbers).digest() != sha:
        return None
    with contextlib.suppress(OSError):  # a colleague's file on a shared disk
        os.utime(file)  # asked for just now
    return np.frombuffer(numbers, dtype="<f4").reshape(shape).astype(np.float32)


def _keep(file: Path, states: Features) -> None:
    """Write them; where that cannot be they are computed again the next time."""
    numbers = states.astype("<f4").tobytes()
    with contextlib.suppress(OSError, OutOfSpace):
        file.parent.mkdir(exist_ok=True)
        write_bytes(file, sha256(numbers).digest() + numbers)
        _tidy_up(file.parent)


def _tidy_up(folder: Path) -> None:
    """Remove what is too much; of our own files only, wherever a link may lead."""
    ours = [path for path in folder.iterdir() if _OWN.fullmatch(path.name)]
    left = _MOST
    for file in sorted(ours, key=lambda other: other.stat().st_mtime, reverse=True):
        torn = file.name.startswith(".")
        left -= 0 if torn else file.stat().st_size
        if left < 0 or (torn and time.time() - file.stat().st_mtime > _LEFT_BEHIND):
            file.unlink(missing_ok=True)
